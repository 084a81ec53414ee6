"""Measures over articles with their 95 % intervals, by a percentile bootstrap.

Articles are drawn, not spans: spans of one article resemble each other (B. Efron and R. Tibshirani, An Introduction to
the Bootstrap, 1993, chapter 13).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLES: Final = 1000
"""Bootstrap samples behind an interval."""

CHUNK: Final = 2**21
"""Weights that `resampled` holds at a time, 16 MB; another number gives the same sums."""


_BLOCK: Final = 512
"""Articles that are multiplied at a time."""

_EXACT: Final = 2**24
"""Whole numbers up to it are exact in 32-bit floats."""


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

    drawn = [weights.T for weights in _draws(articles, samples, seed, CHUNK)]
    return np.concatenate([np.empty((0, articles)), *drawn])


def resampled(tables: Sequence[NDArray[Any]], samples: int, seed: int, *, chunk: int = CHUNK) -> list[NDArray[Any]]:
    """Return ``resample(...) @ table`` of each table, all over the same samples, without holding all the weights.

    tables: whole numbers, none negative, a row an article. The sums are exact, so they are the same for any chunk. Only
    rows that are not zero cost time.
    """
    import numpy as np

    rows = [np.flatnonzero(table.any(axis=1)) for table in tables]
    parts = [_small(table[some].T) for table, some in zip(tables, rows, strict=True)]
    sums: list[list[NDArray[Any]]] = [[np.empty((0, table.shape[1]))] for table in tables]
    for weights in _draws(len(tables[0]), samples, seed, chunk):
        for part, some, out in zip(parts, rows, sums, strict=True):
            out.append(_product(part, weights, some).T)
    return [np.concatenate(out) for out in sums]


def _product(part: NDArray[Any], weights: NDArray[Any], some: NDArray[Any]) -> NDArray[Any]:
    """Return ``part @ weights[some]``, in blocks that stay in the cache and are too small to be worth threads."""
    import numpy as np

    found = np.zeros((len(part), weights.shape[1]))
    for at in range(0, len(some), _BLOCK):
        found += part[:, at : at + _BLOCK] @ weights[some[at : at + _BLOCK]].astype(part.dtype)
    return found


def _small(table: NDArray[Any]) -> NDArray[Any]:
    """Return a table in 32-bit floats, which are multiplied twice as fast, where no sum can be too large for them."""
    import numpy as np

    largest = table.shape[1] * table.max(initial=0)
    return table.astype(np.float32 if largest < _EXACT else np.float64)


def _draws(articles: int, samples: int, seed: int, chunk: int) -> Iterator[NDArray[Any]]:
    """Yield how often each article is in some samples, a row an article, as many samples as fit in a chunk."""
    import numpy as np

    generator = np.random.default_rng(seed)
    most = max(1, chunk // max(1, articles))
    for first in range(0, samples if articles > 1 else 0, most):
        count = min(most, samples - first)
        drawn = generator.integers(0, articles, size=(count, articles), dtype=np.int32) * count
        drawn += np.arange(count, dtype=np.int32)[:, None]
        yield np.bincount(drawn.ravel(), minlength=count * articles).reshape(articles, count)
