"""Answers from the app: what is refused, in which words, and in which order the rest is kept."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from liwa.annotations.views import VIEWS
from liwa.prodigy.answers import Tally, breaches, in_order, progress, validator
from liwa.prodigy.streams import as_task
from liwa.scheme import load_scheme
from tests.gold import gold, story

SCHEME = load_scheme()
TEXT = "قال [العميد](RANK 1) [سامي الدوري](PERSON HOLDS_RANK:1) كلاماً."


def answer(marked: str = TEXT, **more: Any) -> dict[str, Any]:
    """Return an answer as the app sends it, of a passage far down in its article."""
    row = as_task(gold(marked), VIEWS[1], {})
    row["meta"] |= {"start": 1000, "end": 1000 + len(row["text"])}
    return {**row, "answer": "accept", **more}


def span(start: int, end: int, label: str | None) -> dict[str, Any]:
    return {"start": start, "end": end, "label": label}


def only(row: dict[str, Any]) -> str:
    """Return the one breach of a row, which the validator raises too."""
    (found,) = breaches(row, SCHEME)
    with pytest.raises(ValueError) as raised:
        validator(SCHEME)(row)
    assert str(raised.value) == found
    return found


@pytest.mark.parametrize("number", range(8))
def test_what_keeps_the_rules_passes(number: int) -> None:
    validator(SCHEME)(answer(story(number).split("\n")[0]))


def test_a_relation_in_the_wrong_direction_is_refused_with_words_and_remedy() -> None:
    row = answer("قال [العميد](RANK 1 HOLDS_RANK:2) [سامي](PERSON 2).")
    assert only(row) == (
        "«العميد»: HOLDS_RANK goes from PERSON to RANK, found RANK to PERSON. Check the relation's type and direction."
    )


def test_a_relation_to_plain_words_is_refused() -> None:
    row = answer()
    row["relations"][0]["child_span"] = span(0, 3, None)
    said = "the child of HOLDS_RANK is no span of the row. Let both ends of a relation be spans of the row."
    assert only(row) == f"«سامي الدوري»: {said}"


def test_a_relation_given_twice_is_refused() -> None:
    row = answer()
    row["relations"] *= 2
    assert "is given 2 times" in only(row)


def test_a_relation_of_a_span_to_itself_is_refused() -> None:
    row = answer("[اللواء ٥](UNIT 1) هنا")
    row["relations"] = [{"head_span": row["spans"][0], "child_span": row["spans"][0], "label": "PART_OF"}]
    assert "PART_OF links a span to itself" in only(row)


def test_an_unknown_relation_is_refused() -> None:
    row = answer()
    row["relations"][0]["label"] = "KNOWS"
    assert "found KNOWS" in only(row)


def test_a_relation_over_a_line_break_is_refused() -> None:
    assert "crosses a line break" in only(answer("[العميد](RANK 1)\n[سامي](PERSON HOLDS_RANK:1)"))


def test_an_unknown_label_is_refused() -> None:
    assert "found CITY" in only(answer("في [الربيع](CITY) اليوم"))


def test_overlapping_spans_are_refused() -> None:
    row = answer("[سامي الدوري](PERSON) هنا")
    row["spans"].append(span(5, 11, "RANK"))
    assert (
        only(row) == "«الدوري»: RANK 5-11 overlaps PERSON 0-11. Keep one of the two: spans are flat, ranges disjoint."
    )


def test_white_space_at_an_edge_is_refused() -> None:
    row = answer("سامي الدوري هنا")
    row["spans"] = [span(0, 5, "PERSON")]
    assert "«سامي »: PERSON 0-5 has SPACE at its ends" in only(row)


def test_punctuation_at_an_edge_is_refused() -> None:
    assert "has FULL STOP at its ends" in only(answer("هنا [سامي.](PERSON)"))


def test_a_span_over_a_line_break_is_refused() -> None:
    row = answer("سامي\nالدوري هنا")
    row["spans"] = [span(0, 11, "PERSON")]
    assert "goes over a line break" in only(row)


def test_a_span_inside_a_token_is_refused() -> None:
    row = answer("سامي الدوري هنا")
    row["spans"] = [span(0, 7, "PERSON")]
    assert "ends inside a token" in only(row)


def test_a_span_without_a_label_is_refused() -> None:
    row = answer("سامي الدوري هنا")
    row["spans"] = [span(0, 4, None)]
    assert "expected a label" in only(row)


def test_every_breach_is_a_line() -> None:
    row = answer("[سامي](CITY) و[هاني](TOWN)")
    with pytest.raises(ValueError) as raised:
        validator(SCHEME)(row)
    assert len(str(raised.value).splitlines()) == 2


@pytest.mark.parametrize("other", ["reject", "ignore"])
def test_what_is_not_accepted_may_be_wrong(other: str) -> None:
    validator(SCHEME)(answer("في [الربيع](CITY) اليوم", answer=other))


def test_answers_are_kept_in_the_order_of_the_text_whatever_the_order_of_marking() -> None:
    row = answer(story(0).split("\n")[0])
    shuffled = deepcopy(row)
    for key in ("spans", "relations"):
        Random(3).shuffle(shuffled[key])
    assert shuffled != row
    assert in_order([shuffled]) == [row]


def test_keeping_answers_never_fails_on_odd_ones() -> None:
    odd: list[dict[str, Any]] = [{"text": "x", "spans": None}, {"spans": [{"label": None}], "relations": [{}]}, {}]
    assert in_order(odd) == odd


def test_the_tally_counts_answers_and_says_them_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    tally = Tally()
    assert tally.update([{"answer": "accept"}, {"answer": "ignore"}]) == 2
    assert tally.update([{"answer": "accept"}]) == 3
    tally.on_exit(None)
    assert capsys.readouterr().err == "2 accept, 0 reject, 1 ignore\n"


def test_progress_is_the_share_of_tasks_that_are_answered() -> None:
    share = progress(8)
    assert [share(SimpleNamespace(total_annotated=n), None) for n in (0, 2, 8, 9)] == [0.0, 0.25, 1.0, 1.0]
