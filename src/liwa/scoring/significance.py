"""Is the difference of two systems on one test set more than noise? A paired permutation test and a paired bootstrap.

Articles are swapped and drawn, not spans: errors of one article resemble each other. The test is approximate
randomisation (E. Noreen, Computer-Intensive Methods for Testing Hypotheses, 1989; A. Yeh, More accurate tests for the
statistical significance of result differences, COLING 2000): if two systems are equally good, it does not matter which
of them said what of an article.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from liwa.estimates import Estimate, percentiles, resampled

if TYPE_CHECKING:
    from numpy.typing import NDArray

Rate = Literal["precision", "recall", "f1"]
RATES: Final[tuple[Rate, ...]] = ("precision", "recall", "f1")

PERMUTATIONS: Final = 10_000
"""Random swaps behind a p-value; where all swaps are no more than these, all are looked at and p is exact."""

_PARTS: Final[Mapping[Rate, tuple[tuple[int, int, int], tuple[int, int, int]]]] = {
    "precision": ((1, 0, 0), (1, 1, 0)),
    "recall": ((1, 0, 0), (1, 0, 1)),
    "f1": ((2, 0, 0), (2, 1, 1)),
}
"""How often tp, fp and fn stand above and below the line of each rate."""

_CHUNK: Final = 2**22
"""Swaps held in memory at once: 32 MB."""

_EQUAL: Final = 1e-12
"""Differences nearer than this are one: sums in another order round otherwise."""


def rate(sums: NDArray[Any], of: Rate) -> NDArray[Any]:
    """Return a rate of counts whose last axis is tp, fp, fn; NaN where it is undefined."""
    import numpy as np

    above, below = (sums @ np.array(parts, dtype=float) for parts in _PARTS[of])
    return np.asarray(np.divide(above, below, out=np.full(np.shape(below), np.nan), where=below > 0))


def paired_bootstrap(a: NDArray[Any], b: NDArray[Any], *, samples: int, seed: int = 0) -> dict[Rate, list[Estimate]]:
    """Return for each rate how far each label's of the second system is above the first's, with the 95 % interval.

    a, b: counts of two systems over the same articles (articles x labels x 3); a sample draws the same articles of
    both.
    """
    sampled = [sums.reshape(-1, *a.shape[1:]) for sums in resampled([_flat(a), _flat(b)], samples, seed)]
    found = {}
    for of in RATES:
        values = rate(b.sum(axis=0), of) - rate(a.sum(axis=0), of)
        draws = rate(sampled[1], of) - rate(sampled[0], of)
        found[of] = [percentiles(value, draws[:, i]) for i, value in enumerate(values)]
    return found


def permutation_test(
    a: NDArray[Any], b: NDArray[Any], *, permutations: int = PERMUTATIONS, seed: int = 0
) -> dict[Rate, NDArray[Any]]:
    """Return for each rate the two-sided p-value of each label; NaN where the rate is undefined for either system.

    a, b: counts of two systems over the same articles (articles x labels x 3). Every swap is looked at where there are
    no more than ``permutations``, and p is exact; else p is (1 + as extreme) / (1 + permutations), never 0.
    """
    import numpy as np

    labels = a.shape[1]
    moved = _flat(b - a)
    moved = moved[np.any(moved != 0, axis=1)]
    first, second = a.sum(axis=0), b.sum(axis=0)
    seen = {of: rate(second, of) - rate(first, of) for of in RATES}
    exact = len(moved) < 63 and 2 ** len(moved) <= permutations
    extreme = {of: np.full(labels, 0 if exact else 1) for of in RATES}
    for swaps in _every_swap(len(moved)) if exact else _random_swaps(len(moved), permutations, seed):
        shift = (swaps @ moved).reshape(len(swaps), labels, 3)
        for of in RATES:
            change = rate(second - shift, of) - rate(first + shift, of)
            # An undefined rate counts as extreme: it says nothing against chance.
            extreme[of] += (~(np.abs(change) < np.abs(seen[of]) - _EQUAL)).sum(axis=0)
    size = 2 ** len(moved) if exact else permutations + 1
    return {of: np.where(np.isnan(seen[of]), np.nan, extreme[of] / size) for of in RATES}


def holm(ps: Sequence[float | None]) -> list[float | None]:
    """Return p-values adjusted for their number, so that one false alarm in all of them is as rare as each says.

    S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 1979.
    """
    order = sorted((p, i) for i, p in enumerate(ps) if p is not None)
    adjusted: list[float | None] = [None] * len(ps)
    highest = 0.0
    for rank, (p, i) in enumerate(order):
        highest = max(highest, min(1.0, p * (len(order) - rank)))
        adjusted[i] = highest
    return adjusted


def _flat(cells: NDArray[Any]) -> NDArray[Any]:
    return cells.reshape(len(cells), -1)


def _every_swap(articles: int) -> Iterator[NDArray[Any]]:
    import numpy as np

    numbers = np.arange(2**articles)[:, None]
    yield ((numbers >> np.arange(articles)) & 1).astype(float)


def _random_swaps(articles: int, permutations: int, seed: int) -> Iterator[NDArray[Any]]:
    import numpy as np

    rng = np.random.default_rng(seed)
    step = max(1, _CHUNK // articles)
    for start in range(0, permutations, step):
        size = (min(step, permutations - start), articles)
        yield rng.integers(0, 2, size=size, dtype=np.uint8).astype(float)
