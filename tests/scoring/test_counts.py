from __future__ import annotations

from liwa.scoring.counts import Counts, total


def test_counts_of_two_sets() -> None:
    counts = Counts.of("abcd", "bcx")
    assert counts == Counts(tp=2, fp=1, fn=2)
    assert counts.support == 4
    assert counts.precision == 2 / 3
    assert counts.recall == 0.5
    assert counts.f1 == 4 / 7


def test_a_rate_without_items_is_undefined_not_zero() -> None:
    nothing = Counts()
    assert nothing.precision is nothing.recall is nothing.f1 is None
    assert Counts(fn=3).f1 == 0
    assert Counts(fn=3).precision is None
    assert Counts(fp=3).recall is None


def test_total_adds() -> None:
    assert total([Counts(1, 2, 3), Counts(4, 5, 6)]) == Counts(5, 7, 9)
    assert total([]) == Counts()
