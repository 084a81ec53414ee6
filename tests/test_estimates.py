from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liwa.estimates import resample, resampled


@given(st.integers(2, 40), st.integers(0, 30), st.integers(1, 2000), st.integers(0, 5))
def test_sums_are_exact_and_the_same_for_any_chunk(articles: int, samples: int, chunk: int, seed: int) -> None:
    tables = [np.random.default_rng(seed).integers(0, 9, (articles, columns)).astype(float) for columns in (3, 2)]
    tables[0][::2] = 0
    weights = resample(articles, samples, seed)
    for table, sums in zip(tables, resampled(tables, samples, seed, chunk=chunk), strict=True):
        assert (sums == weights @ table).all()
        assert sums.shape == (samples, table.shape[1])


def test_sums_too_large_for_32_bits_are_exact() -> None:
    table = np.full((700, 1), 2.0**24 + 1)
    (sums,) = resampled([table], 5, 0)
    assert (sums == 700 * (2**24 + 1)).all()


def test_every_sample_draws_as_many_articles_as_there_are() -> None:
    weights = resample(50, 300, 0)
    assert (weights.sum(axis=1) == 50).all()
    assert weights.mean() == 1
    assert weights.var() == pytest.approx(1 - 1 / 50, rel=0.05)


def test_a_single_article_has_no_samples() -> None:
    assert resample(1, 100, 0).shape == (0, 1)
    assert resampled([np.ones((1, 3))], 100, 0)[0].shape == (0, 3)
