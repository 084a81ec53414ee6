from __future__ import annotations

import numpy as np
import pytest

from liwa.estimates import resample
from liwa.scoring.counts import Counts
from liwa.scoring.intervals import Resampled, rates


def test_rates_equal_those_of_the_summed_counts() -> None:
    by_article = [Counts(3, 1, 2), Counts(0, 0, 4), Counts(5, 2, 0)]
    found = rates(by_article, resample(3, 200, 0))
    assert found.counts == (whole := Counts(8, 3, 6))
    assert found.precision.value == whole.precision
    assert found.recall.value == whole.recall
    assert found.f1.value == pytest.approx(whole.f1)


def test_an_interval_holds_its_value_and_narrows_with_more_articles() -> None:
    few, many = ([Counts(3, 1, 1), Counts(1, 2, 3)] * n for n in (4, 100))
    widths = []
    for by_article in (few, many):
        f1 = rates(by_article, resample(len(by_article), 1000, 0)).f1
        assert f1.value is not None
        assert f1.low is not None
        assert f1.high is not None
        assert f1.low <= f1.value <= f1.high
        widths.append(f1.high - f1.low)
    assert widths[1] < widths[0] / 3


def test_a_perfect_score_has_a_closed_interval_and_an_empty_one_has_none() -> None:
    weights = resample(5, 100, 0)
    assert rates([Counts(2, 0, 0)] * 5, weights).f1 == (1, 1, 1)
    assert rates([Counts()] * 5, weights).f1 == (None, None, None)
    assert rates([Counts(0, 0, 3)] * 5, weights).precision == (None, None, None)


def test_one_article_has_no_interval() -> None:
    assert rates([Counts(1, 1, 0)], resample(1, 100, 0)).precision == (0.5, None, None)


def test_a_label_that_a_sample_lacks_does_not_lower_its_macro_average() -> None:
    cells = {"often": np.array([[2, 0, 0]] * 6), "once": np.array([[1, 0, 0], *[[0, 0, 0]] * 5])}
    macro = Resampled.of(cells, 200, 0).macro(cells)
    assert macro == ((1, 1, 1),) * 3


def test_a_label_without_predictions_has_precision_0_in_the_macro_average() -> None:
    cells = {"found": np.array([[1, 0, 0]] * 3), "missed": np.array([[0, 0, 1]] * 3), "absent": np.zeros((3, 3))}
    macro = Resampled.of(cells, 50, 0).macro(cells)
    assert (macro.precision.value, macro.recall.value, macro.f1.value) == (0.5, 0.5, 0.5)
    assert Resampled.of(cells, 50, 0).macro([]).f1.value is None


@pytest.mark.slow
def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    """Articles of one truth, with clustered errors: 95 % intervals must hold it in 90 to 98 of 100 draws."""
    rng = np.random.default_rng(0)
    truth, hits = 0.8, 0
    for draw in range(300):
        skill = rng.beta(8, 2, size=60)
        sizes = rng.integers(5, 30, size=60)
        right = rng.binomial(sizes, skill)
        recall = rates([Counts(int(r), 0, int(n - r)) for r, n in zip(right, sizes, strict=True)],
                       resample(60, 400, draw)).recall  # fmt: skip
        hits += recall.low is not None and recall.high is not None and recall.low <= truth <= recall.high
    assert 0.90 <= hits / 300 <= 0.98
