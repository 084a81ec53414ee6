from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer import Typer
from typer.testing import CliRunner

from liwa.annotations.agree import MICRO, Agreement, agree, overlapping
from liwa.annotations.agreement_tables import FORMATS
from liwa.annotations.alpha import alpha
from liwa.annotations.rows import to_row
from liwa.annotations.standoff import to_standoff
from liwa.cli.agree import agree_cli, names
from liwa.errors import LiwaError
from liwa.estimates import Estimate, resample
from liwa.jsonl import write
from liwa.records import Article, Gold, Range, Span
from tests.annotations.layers import layers
from tests.gold import gold, story

FIRST = (
    "قال [اللواء](RANK 1) [سامي الدوري](PERSON HOLDS_RANK:1 COMMANDS:2)، قائد [الفرقة الثالثة](UNIT 2) "
    "في [معسكر الوادي](BASE)، إن [وليد](PERSON) عاد"
)
SECOND = (
    "قال [اللواء](RANK 1) [سامي الدوري](PERSON HOLDS_RANK:1 SERVES_IN:2)، قائد [الفرقة](UNIT 2) الثالثة "
    "في [معسكر الوادي](UNIT)، إن وليد عاد"
)


def kinds(a: str, b: str) -> dict[str, int]:
    report = agree([gold(a)], [gold(b)])
    return {kind: count for kind, count in report.kinds.items() if count}


def test_counts_and_rates() -> None:
    report = agree([gold(FIRST)], [gold(SECOND)], labels=["UNIT", "PERSON"])
    assert list(report.spans) == ["UNIT", "PERSON", "BASE", "RANK", MICRO]
    assert report.spans[MICRO].exact.counts == (2, 5, 4)
    assert report.spans[MICRO].exact.estimate.value == pytest.approx(4 / 9)
    assert report.spans["UNIT"].exact.counts == (0, 1, 2)
    assert report.spans["UNIT"].relaxed.counts == (1, 1, 2)
    assert report.relations["HOLDS_RANK"].given.counts == (1, 1, 1)
    assert report.relations["COMMANDS"].given.counts == (0, 0, 0)
    assert report.relations["COMMANDS"].end_to_end.counts == (0, 1, 0)


def test_kinds_of_disagreement() -> None:
    assert kinds(FIRST, SECOND) == {"missing": 1, "boundary": 1, "label": 1, "relation-ends": 2}
    assert kinds("[أ ب](X)", "[أ](Y) ب") == {"boundary+label": 1}
    assert kinds("[أ](X R:1) [ب](X 1)", "[أ](X) [ب](X)") == {"relation-missing": 1}
    assert kinds("[أ](X R:1) [ب](X 1)", "[أ](X S:1) [ب](X 1)") == {"relation-type": 1}
    assert kinds("[أ](X R:1) [ب](X 1)", "[أ](X 1) [ب](X R:1)") == {"relation-direction": 1}
    assert kinds("[أ](X R:1) [ب](X 1)", "[أ](X 1) [ب](X S:1)") == {"relation-type+direction": 1}
    assert kinds("[أ](X R:1 S:1) [ب](X 1)", "[أ](X S:1) [ب](X 1)") == {"relation-missing": 1}


@pytest.mark.parametrize(
    ("first", "second", "published"),
    [("0100000010", "1110010000", 0.095), ("aabbdcccedda", "babbbccceddd", 0.692)],
)
def test_alpha_is_that_of_the_published_examples(first: str, second: str, published: float) -> None:
    # Krippendorff 2011, sections A and B: two observers, binary and nominal data, none missing.
    mismatches = sum(x != y for x, y in zip(first, second, strict=True))
    marginals = list(Counter(first + second).values())
    assert float(alpha(mismatches, marginals)) == pytest.approx(published, abs=0.0005)


def test_alpha_counts_tokens_with_texts_and_code_points_without() -> None:
    a, b = gold("[سامي](PERSON) عاد\nإلى [الرمال](BASE)"), gold("[سامي](PERSON) عاد\nإلى الرمال")
    with_text = agree([a], [b])
    assert (with_text.unit, with_text.units) == ("token", 4)
    assert with_text.spans["BASE"].alpha.value == pytest.approx(float(alpha(1, [1, 7])))
    without = agree([replace(a, text=None)], [replace(b, text=None)])
    assert (without.unit, without.units) == ("code point", len(a.text or ""))
    assert without.spans["BASE"].alpha.value == pytest.approx(float(alpha(6, [6, 2 * without.units - 6])))
    assert "for want of texts" in FORMATS["text"](without)


def test_only_what_both_annotated_counts() -> None:
    a = gold("[سامي](PERSON) عاد. [وليد](PERSON) عاد.")
    b = gold("[سامي](PERSON) عاد. وليد عاد.", ranges=((0, 9),))
    report = agree([a, gold("[أ](X)", "only-a")], [b, gold("[ب](X)", "only-b")])
    assert report.spans[MICRO].exact.counts == (1, 1, 1)
    assert report.outside == {"A": 1, "B": 0}
    assert report.only == {"A": ["only-a"], "B": ["only-b"]}
    assert report.articles == 1
    assert not report.disagreements
    text = FORMATS["text"](report)
    assert "1 articles only A has, not compared: only-a" in text
    assert "1 spans of A lie where only A annotated" in text


def test_nothing_in_common_is_an_error() -> None:
    with pytest.raises(LiwaError, match="no annotated range in common"):
        agree([gold("[أ](X)", "one")], [gold("[أ](X)", "two")])
    with pytest.raises(LiwaError, match="different texts"):
        agree([gold("[أ](X)")], [gold("[ب](X)")])


def test_the_list_has_context_only_where_texts_are() -> None:
    a, b = gold(FIRST), gold(SECOND)
    shown = agree([a], [b]).disagreements[0]
    assert "[الفرقة الثالثة](UNIT)" in shown.context["A"]
    assert "[الفرقة](UNIT) الثالثة" in shown.context["B"]
    bare = agree([replace(a, text=None)], [replace(b, text=None)])
    assert all(not d.context for d in bare.disagreements)
    assert "الفرقة" not in FORMATS["json"](bare)
    assert "الفرقة" not in FORMATS["json"](agree([a], [b]))


def test_control_characters_do_not_reach_a_terminal() -> None:
    report = agree([gold("[أ](X)\x1b[2J\nب")], [gold("أ\x1b[2J\nب")])
    assert "\x1b" not in FORMATS["text"](report)


def test_intervals_hold_the_value_and_are_never_nan() -> None:
    a = [gold(story(n), f"s{n}") for n in range(12)]
    b = [replace(g, spans=g.spans[n % 2 :], relations=()) for n, g in enumerate(a)]
    report = agree(a, b, labels=["ABSENT"])
    for spans in report.spans.values():
        for value, low, high in (spans.exact.estimate, spans.relaxed.estimate, spans.alpha):
            assert value is None or low is None or high is None or low <= value <= high
    low, high = report.spans[MICRO].exact.estimate[1:]
    assert low is not None and high is not None and 0.85 < low < high < 1
    assert report.spans["ABSENT"].exact.estimate == Estimate()
    assert "NaN" not in FORMATS["json"](report)
    assert report == agree(a, b, labels=["ABSENT"])
    assert (resample(12, 10, 0) != resample(12, 10, 1)).any()
    assert agree(a, b, samples=0).spans[MICRO].exact.estimate.low is None


@pytest.mark.parametrize("form", FORMATS)
def test_reports_say_everything(form: str) -> None:
    report = FORMATS[form](agree([gold(FIRST)], [gold(SECOND)], names=("first", "second")))
    for expected in ("first", "second", "HOLDS_RANK", "boundary", "relation-ends", "label", "missing"):
        assert expected in report
    if form == "json":
        data = json.loads(report)
        assert (data["format"], data["version"]) == ("liwa-agreement", 1)
        assert data["disagreements"][0]["says"]["first"] == [{"start": 29, "end": 43, "label": "UNIT"}]


def test_greedy_pairing_is_the_best() -> None:
    a = [Span(0, 10, "X"), Span(10, 12, "X")]
    assert overlapping(a, [Span(0, 2, "X"), Span(2, 11, "X")]) == 2
    assert overlapping(a, [Span(0, 2, "X"), Span(3, 5, "X")]) == 1
    assert overlapping(a, [Span(10, 11, "X")]) == 1
    assert overlapping(a, [Span(12, 20, "X")]) == 0


@given(layers(), st.booleans())
def test_an_annotation_agrees_with_itself(said: dict[str, Gold], with_text: bool) -> None:
    one = said["A"] if with_text else replace(said["A"], text=None)
    report = agree([one], [one])
    assert not report.disagreements
    for value in values(report):
        assert value in (None, 1)


@given(layers())
def test_f1_and_alpha_are_symmetric(said: dict[str, Gold]) -> None:
    there, back = agree([said["A"]], [said["B"]]), agree([said["B"]], [said["A"]])
    assert values(there) == values(back)
    assert there.kinds == back.kinds


@given(layers())
def test_relaxed_is_never_less_than_exact_and_nothing_is_outside_bounds(said: dict[str, Gold]) -> None:
    report = agree([said["A"]], [said["B"]])
    for spans in report.spans.values():
        assert spans.exact.counts.both <= spans.relaxed.counts.both
        assert spans.relaxed.counts.both <= min(spans.relaxed.counts[1:])
        assert spans.alpha.value is None or (spans.alpha.value <= 1 and not math.isnan(spans.alpha.value))
    for relations in report.relations.values():
        assert relations.given.counts.both == relations.end_to_end.counts.both
        assert relations.given.counts.a <= relations.end_to_end.counts.a


@given(layers())
def test_every_difference_is_listed(said: dict[str, Gold]) -> None:
    report = agree([said["A"]], [said["B"]])
    micro = report.spans[MICRO].exact.counts
    listed = {
        name: sum(len(d.says.get(name, ())) for d in report.disagreements if "relation" not in d.kind) for name in "AB"
    }
    assert listed == {"A": micro.a - micro.both, "B": micro.b - micro.both}


def values(report: Agreement) -> list[Any]:
    spans = [(s.exact.estimate.value, s.relaxed.estimate.value, s.alpha.value) for s in report.spans.values()]
    relations = [(r.given.estimate.value, r.end_to_end.estimate.value) for r in report.relations.values()]
    return [value for line in (*spans, *relations) for value in line]


def test_ten_thousand_spans() -> None:
    text = "سامي عاد " * 100
    spans = tuple(Span(i * 9, i * 9 + 4, "X") for i in range(100))
    many = [Gold(f"n{n}", f"{n}", (Range(0, len(text)),), spans, text=text) for n in range(100)]
    fewer = [replace(g, spans=g.spans[1:]) for g in many]
    assert agree(many, fewer).spans[MICRO].exact.counts == (9900, 10000, 9900)


def test_names_of_layers() -> None:
    assert names(["x/first.jsonl", "y/second.jsonl.gz"]) == ["first", "second"]
    assert names(["x/gold", "y/gold"]) == ["x/gold", "y/gold"]
    assert names(["x", "x"]) == ["x", "x#2"]


def test_command(tmp_path: Path) -> None:
    app = Typer()
    app.command()(agree_cli)
    a, b = gold(FIRST), gold(SECOND)
    inline, standoff = tmp_path / "inline.jsonl", tmp_path / "standoff.jsonl"
    write(inline, [to_row(a)])
    write(standoff, [to_standoff(b, Article("a", b.text or ""))])
    result = CliRunner().invoke(app, [str(inline), str(standoff), "--format", "json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["kinds"]["boundary"] == 1
    (tmp_path / "a.txt").write_text(a.text or "", encoding="utf-8")
    result = CliRunner().invoke(app, [str(standoff), str(standoff), "--texts", str(tmp_path / "a.txt")])
    assert result.exit_code == 0
    assert "no disagreements" in result.stdout and "tokens" in result.stdout
