"""Precision, recall and F1 with their 95 % intervals, by a bootstrap over articles."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from liwa.estimates import Estimate, estimate, percentiles, resampled
from liwa.scoring.counts import Counts

if TYPE_CHECKING:
    from numpy.typing import NDArray

K = TypeVar("K", bound=Hashable)

Measure = Callable[["NDArray[Any]"], "NDArray[Any]"]
"""Takes tp, fp and fn in the last axis; NaN where it is undefined."""


class Rates(NamedTuple):
    """Precision, recall and F1, each with its interval, and the counts behind them."""

    precision: Estimate
    recall: Estimate
    f1: Estimate
    counts: Counts

    def to_dict(self) -> dict[str, Any]:
        """Return rates, intervals and counts as JSON-ready data; what is undefined is null."""
        return {**_plain(self), **self.counts._asdict(), "support": self.counts.support}


class Macro(NamedTuple):
    """The means of several labels' precision, recall and F1, each with its interval.

    A label counts that has gold or predictions; without predictions its precision is 0, without gold its recall.
    """

    precision: Estimate = Estimate()
    recall: Estimate = Estimate()
    f1: Estimate = Estimate()

    def to_dict(self) -> dict[str, Any]:
        """Return rates and intervals as JSON-ready data; what is undefined is null."""
        return _plain(self)


@dataclass(frozen=True)
class Resampled(Generic[K]):
    """Counts by key: summed over all articles, of shape (3,), and over those of each bootstrap sample, (samples, 3).

    All keys share the samples, so that what is taken of several is comparable. articles: how many have any count; what
    stands in one article alone has no interval, since nothing is known of how another would differ.
    """

    whole: Mapping[K, NDArray[Any]]
    sampled: Mapping[K, NDArray[Any]]
    articles: Mapping[K, int]

    @classmethod
    def of(cls, cells: Mapping[K, NDArray[Any]], samples: int, seed: int) -> Resampled[K]:
        """Sum cells, which hold tp, fp and fn of one key in a row an article; at least one key."""
        sums = resampled(list(cells.values()), samples, seed)
        whole = {key: cell.sum(axis=0) for key, cell in cells.items()}
        articles = {key: int(cell.any(axis=1).sum()) for key, cell in cells.items()}
        return cls(whole, dict(zip(cells, sums, strict=True)), articles)

    def rates(self, key: K) -> Rates:
        """Estimate the rates of a key."""
        whole, sampled = self.whole[key], self.sampled[key][: None if self.articles[key] > 1 else 0]
        p, r, f = (percentiles(measure(whole), measure(sampled)) for measure in (_precision, _recall, _f1))
        return Rates(p, r, f, Counts(*(int(n) for n in whole)))

    def macro(self, keys: Iterable[K]) -> Macro:
        """Estimate the means of the rates of keys."""
        keys = list(keys)
        return Macro(*(percentiles(*self._means(m, keys)) for m in (_precision, _recall, _f1))) if keys else Macro()

    def f1(self, keys: Iterable[K]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the mean F1 of keys, at least one, over all articles and over each sample; NaN where undefined."""
        return self._means(_f1, list(keys))

    def _means(self, measure: Measure, keys: Sequence[K]) -> tuple[NDArray[Any], NDArray[Any]]:
        import numpy as np

        whole, sampled = (np.stack([side[key] for key in keys]) for side in (self.whole, self.sampled))
        return _mean(measure, whole), _mean(measure, sampled)


def rates(by_article: Sequence[Counts], weights: NDArray[Any]) -> Rates:
    """Estimate the rates of counts, one an article; weights: as `liwa.estimates.resample` draws them."""
    import numpy as np

    cells = np.array(by_article, dtype=float).reshape(-1, 3)
    p, r, f = (estimate(cells, weights, measure) for measure in (_precision, _recall, _f1))
    return Rates(p, r, f, Counts(*(int(n) for n in cells.sum(axis=0))))


def _precision(sums: NDArray[Any]) -> NDArray[Any]:
    return _share(sums[..., 0], sums[..., 0] + sums[..., 1])


def _recall(sums: NDArray[Any]) -> NDArray[Any]:
    return _share(sums[..., 0], sums[..., 0] + sums[..., 2])


def _f1(sums: NDArray[Any]) -> NDArray[Any]:
    return _share(2 * sums[..., 0], 2 * sums[..., 0] + sums[..., 1] + sums[..., 2])


def _share(part: NDArray[Any], whole: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    return np.asarray(np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0))


def _mean(measure: Measure, sums: NDArray[Any]) -> NDArray[Any]:
    """Return the mean of a measure over the first axis, the labels, of those that have any count."""
    import numpy as np

    some = sums.sum(axis=-1) > 0
    rates = np.where(some, np.nan_to_num(measure(sums)), 0)
    return _share(rates.sum(axis=0), some.sum(axis=0))


def _plain(found: Rates | Macro) -> dict[str, Any]:
    named = {"precision": found.precision, "recall": found.recall, "f1": found.f1}
    intervals = {f"{name}_interval": [rate.low, rate.high] for name, rate in named.items()}
    return {**{name: rate.value for name, rate in named.items()}, **intervals}
