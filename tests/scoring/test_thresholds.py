from __future__ import annotations

from pathlib import Path

import pytest

from liwa.errors import LiwaError
from liwa.scoring.thresholds import LEVELS, Limit, Regression, default_thresholds, read_thresholds
from tests.conftest import ROOT

GOOD = """# limits
[minimum]
spans.micro.f1 = 0.7  # lowest
spans.micro.f1_interval.0 = 0.6

[minimum.spans.labels]
"A.B".recall = 0.5
[maximum]
missing = 0

[regression]
alpha = 0.01
levels = ["spans.micro"]
[agreement]
spans.micro.alpha.alpha = 0.8
"""

BAD = {
    "empty": ("", "t.toml: expected thresholds, found a file without any"),
    "no limit": ("[minimum]\n[maximum.spans]\n", "t.toml: expected thresholds, found a file without any"),
    "broken": ("[minimum", "expected TOML, found"),
    "section": (
        "[minimal]\nx = 1",
        "t.toml:1: expected a table of thresholds, found minimal. Use [minimum], [maximum]",
    ),
    "no table": ("minimum = 1", "t.toml:1: expected a table of thresholds, found minimum"),
    "string": ('[minimum]\n\nspans.micro.f1 = "0.7"', "t.toml:3: expected a number for spans.micro.f1, found '0.7'"),
    "true": ("[maximum]\nmissing = true", "t.toml:2: expected a number for missing, found True"),
    "nan": ("[minimum]\nspans.micro.f1 = nan", "t.toml:2: expected a number for spans.micro.f1, found nan"),
    "percent": (
        "[minimum]\nspans.micro.f1 = 70",
        "expected a share from 0 to 1 for spans.micro.f1, found 70. Write 70 %",
    ),
    "unknown": ("[regression]\np = 0.05", "t.toml:1: expected rate, alpha, levels in [regression], found p"),
    "rate": ('[regression]\nrate = "f2"', "expected one of precision, recall, f1 for rate, found 'f2'"),
    "alpha": ("[regression]\nalpha = 5", "expected a number between 0 and 1 for alpha, found 5"),
    "levels": ('[regression]\nlevels = ["spans.macro"]', "expected some of spans.micro"),
    "no levels": ("[regression]\nlevels = []", "expected some of spans.micro"),
}


def test_limits_stand_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "t.toml"
    path.write_text(GOOD, encoding="utf-8")
    found = read_thresholds(path)
    assert list(found.limits) == [
        Limit("minimum", ("spans", "micro", "f1"), 0.7, f"{path}:3"),
        Limit("minimum", ("spans", "micro", "f1_interval", "0"), 0.6, f"{path}:4"),
        Limit("minimum", ("spans", "labels", "A.B", "recall"), 0.5, f"{path}:7"),
        Limit("maximum", ("missing",), 0, f"{path}:9"),
        Limit("agreement", ("spans", "micro", "alpha", "alpha"), 0.8, f"{path}:15"),
    ]
    assert found.regression == Regression("f1", 0.01, ["spans.micro"], f"{path}:11")


@pytest.mark.parametrize("name", BAD)
def test_what_no_gate_can_hold_is_refused_with_its_line(name: str, tmp_path: Path) -> None:
    text, said = BAD[name]
    (tmp_path / "t.toml").write_text(text, encoding="utf-8")
    with pytest.raises(LiwaError) as caught:
        read_thresholds(tmp_path / "t.toml")
    assert said in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LiwaError, match="cannot read"):
        read_thresholds(tmp_path / "none.toml")


def test_without_a_file_nothing_may_be_lost_or_fall_and_what_cannot_be_known_is_not_asked() -> None:
    found = default_thresholds({"alignment_lost": 3})
    assert [limit.name for limit in found.limits] == ["alignment_lost"]
    assert found.regression is not None
    assert found.regression.levels == LEVELS
    assert not default_thresholds({"alignment_lost": None}).limits


def test_the_projects_own_thresholds_can_be_read() -> None:
    found = read_thresholds(ROOT / "training" / "gate.toml")
    assert found.regression is not None
    assert all(int(limit.where.rpartition(":")[2]) > 1 for limit in found.limits)
