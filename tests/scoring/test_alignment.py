from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from liwa.records import Gold, Range, Span
from liwa.scoring.alignment import NONE, RIGHT, Error, confusion, errors, kinds
from liwa.scoring.pairs import pair
from tests.gold import gold
from tests.scoring.invented import Pair, documents

RIGHT_TEXT = "وصل [العقيد](RANK) [بشار كمال](PERSON) إلى [قاعدة الوادي](BASE) أمس"


def found(right: str, other: str) -> list[Error]:
    (one,) = pair([gold(right)], [gold(other)]).articles
    return errors(one)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (RIGHT_TEXT, []),
        ("وصل العقيد [بشار كمال](PERSON) إلى [قاعدة الوادي](BASE) أمس", ["missing"]),
        ("وصل [العقيد](UNIT) [بشار كمال](PERSON) إلى [قاعدة الوادي](BASE) أمس", ["label"]),
        ("وصل [العقيد](RANK) بشار [كمال](PERSON) إلى [قاعدة الوادي](BASE) أمس", ["boundary"]),
        ("وصل [العقيد](RANK) بشار [كمال](UNIT) إلى [قاعدة الوادي](BASE) أمس", ["boundary+label"]),
        ("وصل [العقيد](RANK) [بشار كمال](PERSON) إلى [قاعدة الوادي](BASE) [أمس](UNIT)", ["spurious"]),
        ("وصل [العقيد](RANK) [بشار](PERSON) [كمال](PERSON) إلى [قاعدة الوادي](BASE) أمس", ["boundary", "spurious"]),
    ],
)
def test_every_error_has_its_kind(other: str, expected: list[str]) -> None:
    assert [error.kind for error in found(RIGHT_TEXT, other)] == expected


def test_equal_ends_are_put_together_before_a_larger_overlap() -> None:
    right = Gold("a", "", (Range(0, 20),), (Span(5, 9, "A"),))
    other = replace(right, spans=(Span(0, 20, "B"), Span(5, 9, "B")))
    (one,) = pair([right], [other]).articles
    assert {(e.kind, e.found) for e in errors(one)} == {
        ("label", Span(5, 9, "B")), ("spurious", Span(0, 20, "B")),
    }  # fmt: skip


def test_a_span_over_two_gold_spans_stands_for_the_one_it_covers_more_of() -> None:
    (boundary, missing) = sorted(found("[طويل جدا](A) [قصر](A)", "[طويل جدا قصر](A)"), key=lambda e: e.kind)
    assert (boundary.kind, missing.kind) == ("boundary", "missing")
    assert boundary.gold and boundary.gold.start == 0
    assert missing.gold and missing.gold.end - missing.gold.start == 3


@given(documents())
def test_kinds_and_confusion_count_every_span_once(documents: list[Pair]) -> None:
    pairs = pair([g for g, _ in documents], [p for _, p in documents]).articles
    wrong = [error for one in pairs for error in errors(one)]
    table, tallies = confusion(pairs, wrong, ["A", "B"]), kinds(pairs, wrong, ["A", "B"])
    for label in ("A", "B"):
        assert sum(table[label].values()) == sum(s.label == label for g, _ in documents for s in g.spans)
        column = sum(row[label] for row in table.values())
        assert column == sum(s.label == label for _, p in documents for s in p.spans)
        assert tallies[label][RIGHT] == sum(s.label == label for one in pairs for s in one.both)
    assert NONE not in table[NONE]
    assert sum(n for tally in tallies.values() for n in tally.values()) == sum(
        n for r in table.values() for n in r.values()
    )
