from __future__ import annotations

import json
import re
import shlex
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
import typer

from liwa.cli.app import app
from liwa.errors import LiwaError
from liwa.scoring.counts import Counts
from liwa.scoring.gate import Outcome, figure, gate
from liwa.scoring.gate_tables import FORMATS, to_annotations, to_json, to_junit, to_markdown, to_text
from liwa.scoring.scorefile import ScoreFile
from liwa.scoring.thresholds import Limit, Regression, Thresholds, default_thresholds
from tests.conftest import ROOT, Run
from tests.scoring.score_files import plain, score_data, scores, write

BEFORE, AFTER = scores(0.6, "before.json"), scores(0.1, "after.json")


def limited(section: str, name: str, value: float, data: dict[str, Any] | None = None, **more: Any) -> Outcome:
    limit = Limit(section, tuple(name.split(".")), value, "gate.toml:7")
    file = ScoreFile.from_dict({**AFTER.data, **(data or {})}, "s.json")
    return gate(file, Thresholds([limit]), **more)


def test_a_figure_is_found_by_its_path() -> None:
    data = {"a": {"b": [0.25, 4]}, "missing": ["x", "y"], "known": True, "test": "12", "none": None}
    assert figure(data, ("a", "b", "1")) == 4
    assert figure(data, ("missing",)) == 2
    for path in ("a", "known", "test", "none", "a.c", "a.b.2", "a.b.-1", "test.0"):
        assert figure(data, tuple(path.split("."))) is None


@pytest.mark.parametrize(
    ("section", "name", "value", "held"),
    [
        ("minimum", "spans.micro.f1", 0.5, True),
        ("minimum", "spans.micro.f1", 1, False),
        ("minimum", "articles", 24, True),
        ("maximum", "masked", 0, True),
        ("maximum", "articles", 23, False),
        ("maximum", "missing", 0, True),
        ("maximum", "leakage.near", 10, False),
        ("minimum", "spans.labels.NONE.f1", 0, False),
    ],
)
def test_a_limit_holds_or_not_and_what_was_not_measured_does_not(
    section: str, name: str, value: float, held: bool
) -> None:
    outcome = limited(section, name, value)
    assert [verdict.held for verdict in outcome.verdicts] == [held]
    assert len(outcome.failed) == (not held)


def test_a_verdict_has_a_stable_id_a_place_and_a_remedy() -> None:
    (finding,) = limited("minimum", "spans.micro.f1", 1).failed
    assert str(finding).startswith("gate.toml:7: error S101.spans.micro.f1 below-minimum: spans.micro.f1: expected")
    (finding,) = limited("maximum", "alignment_lost", 0, {"alignment_lost": 4}).failed
    assert finding.rule.id == "S102.alignment_lost"
    assert finding.message == "alignment_lost: expected at most 0, found 4"
    (finding,) = limited("maximum", "leakage.near", 0, {"leakage": {"known": False}}).failed
    assert finding.message == "leakage.near: expected at most 0, found nothing measured"


def test_agreement_is_held_and_is_asked_for_where_it_is_wanting() -> None:
    report = {"format": "liwa-agreement", "spans": {"micro": {"exact": {"f1": 0.9}}}}
    assert not limited("agreement", "spans.micro.exact.f1", 0.8, agreement=report).failed
    (finding,) = limited("agreement", "spans.micro.exact.f1", 0.95, agreement=report).failed
    assert finding.rule.id == "S103.spans.micro.exact.f1"
    (finding,) = limited("agreement", "spans.micro.exact.f1", 0.8).failed
    assert "--agreement" in finding.rule.hint


def test_a_significant_fall_fails_and_noise_and_gains_do_not() -> None:
    watched = Thresholds(regression=Regression(where="gate.toml:9"))
    fallen = gate(BEFORE, watched, baseline=AFTER)
    assert "S201.spans.micro.f1" in {f.rule.id for f in fallen.failed}
    assert not gate(AFTER, watched, baseline=BEFORE).failed
    assert not gate(BEFORE, watched, baseline=BEFORE).failed
    nearly = scores(0.62, "nearly.json")
    assert not gate(nearly, watched, baseline=BEFORE).failed


def test_a_rate_that_the_baseline_has_and_that_is_undefined_now_fails_and_no_gold_is_no_question() -> None:
    found, silent = (
        ScoreFile.from_dict(plain({"x": {"A": counts, "B": Counts()}, "y": {"A": counts}}), "s.json")
        for counts in (Counts(1, 0, 1), Counts(0, 0, 2))
    )
    outcome = gate(silent, Thresholds(regression=Regression("precision")), baseline=found)
    ids = ["S201.spans.labels.A.precision", "S201.spans.micro.precision"]
    assert [verdict.rule.id for verdict in outcome.verdicts] == [f.rule.id for f in outcome.failed] == ids


def test_only_the_named_levels_and_the_named_rate_are_watched() -> None:
    micro = gate(BEFORE, Thresholds(regression=Regression("recall", levels=["spans.micro"])), baseline=AFTER)
    assert [verdict.rule.id for verdict in micro.verdicts] == ["S201.spans.micro.recall"]
    labels = gate(BEFORE, Thresholds(regression=Regression(levels=["spans.labels"])), baseline=AFTER)
    assert {verdict.rule.id for verdict in labels.verdicts} == {
        f"S201.spans.labels.{label}.f1" for label in ("PERSON", "RANK", "UNIT", "BASE")
    }


def test_what_the_baseline_has_must_be_measured_again() -> None:
    relations = {"relations_by_article": {"g00": {"R": [1, 0, 0]}}}
    baseline = ScoreFile.from_dict({**AFTER.data, **relations}, "b.json")
    now = ScoreFile.from_dict({**AFTER.data, "relations_by_article": {}}, "s.json")
    outcome = gate(now, Thresholds(regression=Regression()), baseline=baseline)
    assert [f.rule.id for f in outcome.failed] == ["S201.relations"]
    assert not gate(now, Thresholds(regression=Regression(levels=["spans.micro"])), baseline=baseline).failed


def test_without_a_baseline_a_regression_cannot_be_seen_and_the_gate_says_what_to_do() -> None:
    (finding,) = gate(AFTER, Thresholds(regression=Regression())).failed
    assert finding.rule.id == "S202"
    assert "--accept" in finding.rule.hint
    assert not gate(AFTER, Thresholds(regression=Regression()), accept=True).verdicts
    assert not gate(AFTER, Thresholds()).verdicts


def test_a_baseline_of_another_test_set_is_refused() -> None:
    other = ScoreFile.from_dict({**BEFORE.data, "test": "another"}, "b.json")
    with pytest.raises(LiwaError, match="two test sets"):
        gate(AFTER, Thresholds(regression=Regression()), baseline=other)


def test_each_threshold_is_a_line_a_test_case_and_a_row_and_only_failures_are_annotations() -> None:
    limits = [
        Limit("minimum", ("spans", "micro", "f1"), 1, "gate.toml:3"),
        Limit("maximum", ("masked",), 0, "gate.toml:5"),
    ]
    outcome = gate(BEFORE, Thresholds(limits, Regression(where="gate.toml:8")), baseline=AFTER)
    cases = ET.fromstring(to_junit(outcome)).findall("testcase")
    rows = [row for row in to_markdown(outcome).splitlines() if re.match(r"\| (held|\*\*failed\*\*) ", row)]
    assert len(outcome.verdicts) == len(cases) == len(rows) == len(to_text(outcome).splitlines()) - 1
    failed = len(outcome.failed)
    assert sum(case.find("failure") is not None for case in cases) == failed
    assert [row.startswith("| **failed**") for row in rows] == [True] * failed + [False] * (len(rows) - failed)
    *annotations, last = to_annotations(outcome).splitlines()
    assert len(annotations) == failed
    assert annotations[0].startswith("::error file=gate.toml,line=3,title=S101.spans.micro.f1 below-minimum::")
    assert f"the gate fails: {failed} of {len(rows)} thresholds do not hold; before.json, test set" in last
    data = json.loads(to_json(outcome))
    assert (data["format"], data["passed"], len(data["verdicts"])) == ("liwa-gate", False, len(rows))
    assert data["comparison"]["names"] == ["baseline", "now"]


def test_the_command_fails_first_then_accepts_then_holds_then_sees_the_fall(liwa: Run, tmp_path: Path) -> None:
    write(tmp_path / "good.json", score_data(0.1))
    write(tmp_path / "worse.json", score_data(0.7))
    (tmp_path / "gate.toml").write_text("[minimum]\nspans.micro.f1 = 0.1\n[regression]\n", encoding="utf-8")

    def run(scores: str, *more: str) -> tuple[int, str]:
        done = liwa("gate", scores, "--baseline", "b.json", "--thresholds", "gate.toml", *more, cwd=tmp_path)
        return done.returncode, done.stdout + done.stderr

    code, said = run("good.json")
    assert code == 1
    assert "gate.toml:3: error S202 no-baseline" in said
    assert run("good.json", "--accept")[0] == 0
    assert (tmp_path / "b.json").read_text("utf-8") == (tmp_path / "good.json").read_text("utf-8")
    assert run("good.json")[0] == 0
    code, said = run("worse.json", "--junit", "g.xml", "--markdown", "g.md", "--format", "annotations")
    assert code == 1
    assert "::error file=gate.toml,line=3,title=S201.spans.micro.f1 regression::" in said
    assert ET.parse(tmp_path / "g.xml").getroot().get("failures") != "0"
    assert (tmp_path / "g.md").read_text("utf-8").startswith("### liwa gate: failed")


def test_thresholds_of_no_file_are_called_default_and_annotate_no_file() -> None:
    lost = ScoreFile.from_dict({**AFTER.data, "alignment_lost": 1}, "s.json")
    outcome = gate(lost, default_thresholds(lost.data), baseline=BEFORE)
    assert {verdict.held for verdict in outcome.verdicts} == {True, False}
    *lines, _ = to_text(outcome).splitlines()
    assert all(re.match(r"default thresholds: (held|error) S", line) for line in lines)
    cases = ET.fromstring(to_junit(outcome)).findall("testcase")
    assert all(case.get("name", "").endswith(" default thresholds") for case in cases)
    assert "file=" not in to_annotations(outcome)


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_is_printed(liwa: Run, tmp_path: Path, form: str) -> None:
    path = write(tmp_path / "s.json", score_data(0.3))
    done = liwa("gate", path, "--baseline", path, "--format", form)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_bad_input_is_one_line_and_exits_2(liwa: Run, tmp_path: Path) -> None:
    good = write(tmp_path / "good.json", score_data(0.3))
    other = write(tmp_path / "other.json", {**score_data(0.3), "test": "another"})
    (tmp_path / "bad.toml").write_text("[minimum]\nspans.micro.f1 = 70\n")
    for args, said in (
        ((good, "--baseline", other), "two test sets"),
        ((good, "--accept"), "--accept writes a baseline, and none is named"),
        ((good, "--thresholds", tmp_path / "bad.toml"), "Write 70 % as 0.7"),
        ((good, "--agreement", good), "expected a report of format liwa-agreement"),
        ((tmp_path / "none.json",), "cannot read"),
        ((tmp_path / "bad.toml",), "expected JSON"),
    ):
        done = liwa("gate", *args)
        assert (done.returncode, done.stdout) == (2, ""), said
        (line,) = done.stderr.splitlines()
        assert said in line


def test_the_workflow_to_copy_calls_commands_and_options_that_there_are() -> None:
    text = (ROOT / "docs" / "ci-workflow.yml").read_text(encoding="utf-8")
    joined = re.sub(r">\n +(?=liwa)", "", re.sub(r"\n +(?=--)", " ", text))
    root = typer.main.get_command(app)
    calls = [
        shlex.split(call) for call in re.findall(r"\bliwa ([a-z]+ [^\n)]*)", joined) if not call.startswith("gate with")
    ]
    assert len(calls) >= 8
    for call in calls:
        command: Any = root
        while hasattr(command, "commands"):
            command = command.commands[call.pop(0)]
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in call if word.startswith("-")} <= known, call
