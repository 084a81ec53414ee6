from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from hypothesis import given

from liwa.errors import LiwaError
from liwa.records import Gold, Range, Span
from liwa.scoring.pairs import pair
from liwa.scoring.partial import MICRO, SCHEMES, Tally, score_partial
from tests.gold import gold
from tests.scoring.invented import Pair, documents

nervaluate = pytest.importorskip("nervaluate", reason="nervaluate needs Python 3.11")


def tallies(right: str, found: str, label: str = MICRO) -> dict[str, tuple[int, ...]]:
    scored = score_partial(pair([gold(right)], [gold(found)]).articles, ["A", "B"])
    return {scheme: scored.schemes[scheme][label][:5] for scheme in SCHEMES}


def test_the_four_schemes_differ_on_ends_and_labels() -> None:
    right = "[واحد](A) و [اثنان ثلاثة](A) و [أربعة](B) و [خمسة](B)"
    assert tallies(right, "[واحد](A) و [اثنان](A) ثلاثة و [أربعة](A) و خمسة") == {
        "strict": (1, 2, 0, 1, 0), "exact": (2, 1, 0, 1, 0), "partial": (2, 0, 1, 1, 0), "ent_type": (2, 1, 0, 1, 0),
    }  # fmt: skip


def test_ends_are_inclusive_for_nervaluate_so_that_neighbours_do_not_overlap() -> None:
    assert tallies("[اب](A)جد", "اب[جد](A)")["partial"] == (0, 0, 0, 1, 1)
    assert tallies("[ابج](A)د", "اب[جد](A)")["partial"] == (0, 0, 1, 0, 0)
    right = Gold("a", "", (Range(0, 9),), (Span(0, 4, "A"), Span(4, 8, "B")))
    found = replace(right, spans=(Span(2, 6, "B"), Span(4, 6, "A")))  # the last touches the first gold span
    scored = score_partial(pair([right], [found]).articles, ["A", "B"])
    assert scored.schemes["ent_type"][MICRO][:5] == (1, 0, 0, 1, 1)


def test_an_empty_first_document_and_a_label_of_one_side_are_counted() -> None:
    empty, full = gold("خبر", "a"), gold("[خبر](A)", "b")
    other = gold("[خبر](B)", "b")
    scored = score_partial(pair([empty, full], [empty, other]).articles, ["A", "B"]).schemes["strict"]
    assert scored[MICRO][:5] == (0, 1, 0, 0, 0)
    assert (scored["A"].missed, scored["B"].spurious) == (1, 1)


def test_a_label_without_spans_keeps_its_row_with_undefined_rates() -> None:
    scored = score_partial(pair([gold("[خبر](A)")], [gold("[خبر](A)")]).articles, ["A", "C"])
    assert scored.schemes["strict"]["C"] == Tally()
    assert scored.schemes["strict"]["C"].f1 is None


def test_a_partial_match_counts_half() -> None:
    tally = Tally(1, 0, 1, 0, 0, 0.5)
    assert (tally.precision, tally.recall, tally.f1) == (0.75, 0.75, 0.75)


@given(documents())
def test_counts_and_rates_equal_a_whole_pass_of_nervaluate(documents: list[Pair]) -> None:
    sides = [[[_entity(span) for span in one[side].spans] for one in documents] for side in range(2)]
    expected = nervaluate.Evaluator(*sides, ["A", "B"], "dict").evaluate()
    found = score_partial(pair([g for g, _ in documents], [p for _, p in documents]).articles, ["A", "B"])
    for scheme in SCHEMES:
        _same(found.schemes[scheme][MICRO], expected["overall"][scheme])
        for label, results in expected["entities"].items():
            _same(found.schemes[scheme][label], results[scheme])


def _entity(span: tuple[int, int, str]) -> dict[str, object]:
    return {"label": span[2], "start": span[0], "end": span[1] - 1}


def _same(tally: Tally, result: object) -> None:
    names = ("correct", "incorrect", "partial", "missed", "spurious", "possible", "actual")
    assert [getattr(tally, name) for name in names] == [getattr(result, name) for name in names]
    for rate in ("precision", "recall", "f1"):
        assert (getattr(tally, rate) or 0) == pytest.approx(getattr(result, rate))


def test_without_nervaluate_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nervaluate", None)
    with pytest.raises(LiwaError, match=r"pip install nervaluate, with Python 3\.11"):
        score_partial(pair([Gold("a", "", ())], []).articles, [])
