from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liwa.scoring import significance
from liwa.scoring.counts import Counts, total
from liwa.scoring.significance import holm, paired_bootstrap, permutation_test, rate

COUNTS = st.builds(Counts, st.integers(0, 4), st.integers(0, 4), st.integers(0, 4))
PAIRS = st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=6)


def cells(counts: Any) -> Any:
    return np.array(counts, dtype=float).reshape(-1, 1, 3)


@given(PAIRS)
def test_p_is_the_share_of_all_swaps_with_as_large_a_difference(pairs: list[tuple[Counts, Counts]]) -> None:
    found = permutation_test(*(cells(side) for side in zip(*pairs, strict=True)))
    changes = []
    for swaps in product((False, True), repeat=len(pairs)):
        sides = [pair[::-1] if swap else pair for pair, swap in zip(pairs, swaps, strict=True)]
        f1s = [total(side).f1 for side in zip(*sides, strict=True)]
        changes.append(None if None in f1s else f1s[1] - f1s[0])  # type: ignore[operator]
    if changes[0] is None:
        assert np.isnan(found["f1"][0])
        return
    extreme = sum(c is None or abs(c) >= abs(changes[0]) - 1e-9 for c in changes)
    assert found["f1"][0] == pytest.approx(extreme / len(changes))


def test_random_swaps_come_near_to_all_of_them_and_p_is_never_0() -> None:
    rng = np.random.default_rng(0)
    a, b = (rng.integers(0, 9, size=(12, 1, 3)).astype(float) for _ in range(2))
    exact, drawn = (permutation_test(a, b, permutations=n) for n in (4096, 4000))
    assert exact["f1"][0] == pytest.approx(drawn["f1"][0], abs=0.03)
    far = cells([Counts(9, 0, 0)] * 40), cells([Counts(0, 9, 9)] * 40)
    assert permutation_test(*far, permutations=99)["f1"][0] == 0.01


def test_labels_are_tested_at_once_as_they_are_alone() -> None:
    rng = np.random.default_rng(1)
    a, b = (rng.integers(0, 5, size=(9, 3, 3)).astype(float) for _ in range(2))
    together = permutation_test(a, b)["recall"]
    assert list(together) == [permutation_test(a[:, i : i + 1], b[:, i : i + 1])["recall"][0] for i in range(3)]


def test_swaps_are_the_same_for_one_seed_and_others_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    a, b = (rng.integers(0, 5, size=(40, 1, 3)).astype(float) for _ in range(2))
    first, again, other = (permutation_test(a, b, permutations=500, seed=s)["f1"][0] for s in (0, 0, 1))
    assert first == again != other


def test_equal_systems_have_p_1_and_no_difference() -> None:
    a = cells([Counts(3, 1, 2), Counts(1, 0, 4)])
    assert permutation_test(a, a)["f1"][0] == 1
    assert paired_bootstrap(a, a, samples=50)["f1"][0] == (0, 0, 0)


def test_the_bootstrap_draws_the_same_articles_of_both() -> None:
    """One system is better by the same on every article, however these differ: the difference hardly varies."""
    sizes = range(1, 41)
    a, b = (cells([Counts(n * k, 0, n * (10 - k)) for n in sizes]) for k in (6, 7))
    change = paired_bootstrap(a, b, samples=200)["recall"][0]
    assert change == pytest.approx((0.1, 0.1, 0.1))


def test_what_is_undefined_has_no_p_and_no_interval() -> None:
    nothing, some = cells([Counts(0, 0, 2)] * 3), cells([Counts(1, 0, 1)] * 3)
    assert np.isnan(permutation_test(nothing, some)["precision"][0])
    assert paired_bootstrap(nothing, some, samples=20)["precision"][0] == (None, None, None)
    assert paired_bootstrap(nothing, some, samples=20)["recall"][0].value == 0.5


@given(COUNTS)
def test_rates_are_those_of_the_counts(counts: Counts) -> None:
    for of in significance.RATES:
        found = float(rate(np.array(counts, dtype=float), of))
        assert (None if np.isnan(found) else found) == pytest.approx(getattr(counts, of))


def test_holm() -> None:
    assert holm([0.01, None, 0.04, 0.03]) == [pytest.approx(0.03), None, pytest.approx(0.06), pytest.approx(0.06)]
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([]) == []


@pytest.mark.slow
@pytest.mark.parametrize(("articles", "largest"), [(15, 120), (60, 30)])
def test_equally_good_systems_are_called_different_about_as_often_as_alpha_says(articles: int, largest: int) -> None:
    """Two draws of one system, with errors clustered by article: p < 0.05 in 3 to 7 of 100.

    Few articles with few spans each give few different values and many ties, which makes the test more cautious.
    """
    rng, alarms, draws = np.random.default_rng(0), np.zeros(3), 2000
    for draw in range(draws):
        size = rng.integers(1, largest, size=(articles, 1))
        skill = rng.beta(8, 2, size=size.shape)
        sides = []
        for _ in range(2):
            of_article = np.clip(skill + rng.normal(0, 0.08, size=size.shape), 0.01, 0.99)
            right = rng.binomial(size, of_article)
            sides.append(np.stack([right, rng.poisson(0.15 * size), size - right], axis=-1).astype(float))
        ps = permutation_test(sides[0], sides[1], permutations=999, seed=draw)
        alarms += [ps[of][0] < 0.05 for of in significance.RATES]
    assert all(0.03 <= share <= 0.07 for share in alarms / draws), alarms / draws
