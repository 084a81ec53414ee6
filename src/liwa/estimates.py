"""Measures over articles with their 95 % intervals, by a percentile bootstrap.

Articles are drawn, not spans: spans of one article resemble each other (B. Efron and R. Tibshirani, An Introduction to
the Bootstrap, 1993, chapter 13).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLES: Final = 1000
"""Bootstrap samples behind an interval."""

CHUNK: Final = 2**21
"""Weights that `resampled` holds at a time, 16 MB; another number gives the same sums."""


class Estimate(NamedTuple):
    """A measure and its 95 % interval; None where it is undefined."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


def estimate(cells: NDArray[Any], weights: NDArray[Any], measure: Callable[[NDArray[Any]], NDArray[Any]]) -> Estimate:
    """Take a measure of the articles' summed cells, with its interval.

    cells: a row an article; weights: as `resample` draws them; measure: of sums of rows, NaN where it is undefined.
    """
    return percentiles(measure(cells.sum(axis=0)), measure(weights @ cells))


def percentiles(value: Any, sampled: NDArray[Any]) -> Estimate:
    """Return a value with the interval that its samples give; samples that are NaN, undefined, are left out."""
    import numpy as np

    sampled = sampled[~np.isnan(sampled)]
    if np.isnan(value) or not sampled.size:
        return Estimate(None if np.isnan(value) else float(value))
    low, high = np.percentile(sampled, (2.5, 97.5))
    return Estimate(float(value), float(low), float(high))


def resample(articles: int, samples: int, seed: int) -> NDArray[Any]:
    """Draw how often each article is in each bootstrap sample, a row a sample; of a single article no samples."""
    import numpy as np

    return np.concatenate([np.empty((0, articles)), *_draws(articles, samples, seed, CHUNK)])


def resampled(cells: NDArray[Any], samples: int, seed: int, *, chunk: int = CHUNK) -> NDArray[Any]:
    """Return ``resample(...) @ cells``, the sums of cells over each sample, without holding all the weights.

    cells: whole numbers, a row an article. The sums are exact, so they are the same for any chunk.
    """
    import numpy as np

    sums = (weights @ cells for weights in _draws(len(cells), samples, seed, chunk))
    return np.concatenate([np.empty((0, cells.shape[1])), *sums])


def _draws(articles: int, samples: int, seed: int, chunk: int) -> Iterator[NDArray[Any]]:
    """Yield the rows of `resample`, as many at a time as fit in a chunk, at least one."""
    import numpy as np

    generator = np.random.default_rng(seed)
    rows = max(1, chunk // max(1, articles))
    for first in range(0, samples if articles > 1 else 0, rows):
        count = min(rows, samples - first)
        drawn = generator.integers(0, articles, size=(count, articles), dtype=np.int32)
        drawn = drawn + np.arange(count)[:, None] * articles
        yield np.bincount(drawn.ravel(), minlength=count * articles).reshape(count, articles).astype(float)
