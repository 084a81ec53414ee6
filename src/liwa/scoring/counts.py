"""True and false positives and negatives, and precision, recall and F1 out of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, NamedTuple


class Counts(NamedTuple):
    """How many items were found rightly (tp), wrongly (fp), and not at all (fn)."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @classmethod
    def of(cls, gold: Iterable[Hashable], predicted: Iterable[Hashable]) -> Counts:
        """Compare two sets of items; equal items match."""
        right, found = set(gold), set(predicted)
        return cls(len(right & found), len(found - right), len(right - found))

    def plus(self, other: Counts) -> Counts:
        """Return the sum of two counts."""
        return Counts(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)

    @property
    def support(self) -> int:
        """The number of gold items."""
        return self.tp + self.fn

    @property
    def precision(self) -> float | None:
        """The share of found items that are right; None where nothing was found."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else None

    @property
    def recall(self) -> float | None:
        """The share of gold items that were found; None where there is no gold."""
        return self.tp / self.support if self.support else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; None where there is neither gold nor prediction."""
        return 2 * self.tp / (2 * self.tp + self.fp + self.fn) if any(self) else None

    def to_dict(self) -> dict[str, Any]:
        """Return counts and rates as JSON-ready data; an undefined rate is null."""
        rates = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return {**rates, **self._asdict(), "support": self.support}


def total(counts: Iterable[Counts]) -> Counts:
    """Return the sum of counts: what a micro average is made of."""
    result = Counts()
    for one in counts:
        result = result.plus(one)
    return result


ByArticle = Mapping[str, Mapping[str, Counts]]
"""Counts by article, and in each by label or relation type."""
