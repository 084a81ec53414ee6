"""Measures over articles with their 95 % intervals, by a percentile bootstrap.

Articles are drawn, not spans: spans of one article resemble each other (B. Efron and R. Tibshirani, An Introduction to
the Bootstrap, 1993, chapter 13).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLES: Final = 1000
"""Bootstrap samples behind an interval."""


class Estimate(NamedTuple):
    """A measure and its 95 % interval; None where it is undefined."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


def estimate(cells: NDArray[Any], weights: NDArray[Any], measure: Callable[[NDArray[Any]], NDArray[Any]]) -> Estimate:
    """Take a measure of the articles' summed cells, with its interval.

    cells: a row an article; weights: as `resample` draws them; measure: of sums of rows, NaN where it is undefined.
    Samples on which it is undefined are left out.
    """
    import numpy as np

    value = float(measure(cells.sum(axis=0)))
    sampled = measure(weights @ cells)
    sampled = sampled[~np.isnan(sampled)]
    if np.isnan(value) or not sampled.size:
        return Estimate(None if np.isnan(value) else value)
    low, high = np.percentile(sampled, (2.5, 97.5))
    return Estimate(value, float(low), float(high))


def resample(articles: int, samples: int, seed: int) -> NDArray[Any]:
    """Draw how often each article is in each bootstrap sample, a row a sample; of a single article no samples."""
    import numpy as np

    size = samples if articles > 1 else 0
    drawn = np.random.default_rng(seed).multinomial(articles, [1 / articles] * articles, size=size)
    return drawn.astype(float)
