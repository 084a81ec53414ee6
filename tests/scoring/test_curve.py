from __future__ import annotations

from pathlib import Path

import pytest

from liwa import jsonl
from liwa.annotations.rows import to_row
from liwa.cli.curve import curve
from liwa.errors import LiwaError
from tests.gold import gold, story

QUICK = {"training.max_steps": 40, "training.eval_frequency": 20}


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("split")
    for part, numbers in (("train", range(24)), ("dev", range(24, 28)), ("test", range(28, 34))):
        jsonl.write(folder / f"{part}.jsonl", (to_row(gold(story(n), f"s{n:02}")) for n in numbers))
    return folder


def test_points_grow_by_nested_shares_and_are_drawn(split: Path, tmp_path: Path) -> None:
    points = curve(split, output=tmp_path, shares="0.25,1", overrides=QUICK)
    assert [(p.share, p.articles) for p in points] == [(0.25, 6), (1, 24)]
    assert points[0].words < points[1].words
    drawn = [{row["meta"]["article"] for _, row in jsonl.read(tmp_path / s / "train.jsonl")} for s in ("0.25", "1")]
    assert drawn[0] < drawn[1]
    assert [p.scores.micro.counts.support for p in points] == [24, 24]
    assert all((p.scores.micro.f1.value or 0) > 0.5 for p in points)
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "curve.json").stat().st_size > 0


@pytest.mark.parametrize("shares", ["", "0,1", "1,0.5", "0.5,2", "half"])
def test_shares_that_do_not_grow_from_0_to_1_are_an_error(split: Path, tmp_path: Path, shares: str) -> None:
    with pytest.raises(LiwaError, match="growing shares"):
        curve(split, output=tmp_path, shares=shares)
