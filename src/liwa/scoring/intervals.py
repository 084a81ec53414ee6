"""Precision, recall and F1 with their 95 % intervals, by a bootstrap over articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from liwa.estimates import Estimate, estimate
from liwa.scoring.counts import Counts

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Rates(NamedTuple):
    """Precision, recall and F1, each with its interval, and the counts behind them."""

    precision: Estimate
    recall: Estimate
    f1: Estimate
    counts: Counts

    def to_dict(self) -> dict[str, Any]:
        """Return rates, intervals and counts as JSON-ready data; what is undefined is null."""
        named = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        values = {name: rate.value for name, rate in named.items()}
        intervals = {f"{name}_interval": [rate.low, rate.high] for name, rate in named.items()}
        return {**values, **intervals, **self.counts._asdict(), "support": self.counts.support}


def rates(by_article: Sequence[Counts], weights: NDArray[Any]) -> Rates:
    """Estimate the rates of counts, one an article; weights: as `liwa.estimates.resample` draws them."""
    import numpy as np

    cells = np.array(by_article, dtype=float).reshape(-1, 3)
    precision, recall, f1 = (estimate(cells, weights, measure) for measure in (_precision, _recall, _f1))
    return Rates(precision, recall, f1, Counts(*(int(n) for n in cells.sum(axis=0))))


def _precision(sums: NDArray[Any]) -> NDArray[Any]:
    return _share(sums[..., 0], sums[..., 0] + sums[..., 1])


def _recall(sums: NDArray[Any]) -> NDArray[Any]:
    return _share(sums[..., 0], sums[..., 0] + sums[..., 2])


def _f1(sums: NDArray[Any]) -> NDArray[Any]:
    return _share(2 * sums[..., 0], 2 * sums[..., 0] + sums[..., 1] + sums[..., 2])


def _share(part: NDArray[Any], whole: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    return np.asarray(np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0))
