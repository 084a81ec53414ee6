"""The four schemes of SemEval-2013 (task 9.1): strict, exact, partial and type, as nervaluate counts them.

Only spans that overlap can be matched, so it is enough to ask nervaluate about each cluster of spans that overlap each
other, and about clusters of one shape once; the counts are those of a pass over whole articles. Its ends are inclusive.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any, Final, NamedTuple

from liwa.errors import LiwaError
from liwa.records import Span
from liwa.scoring.pairs import Pair

SCHEMES: Final = ("strict", "exact", "partial", "ent_type")

MICRO: Final = ""
"""Stands for all labels together."""

Shape = tuple[tuple[Span, ...], tuple[Span, ...]]
"""Gold and predicted spans that overlap each other, with offsets from the first start."""


class Tally(NamedTuple):
    """The counts of one scheme, and the rates that they make; a rate is None where it is undefined."""

    correct: int = 0
    incorrect: int = 0
    partial: int = 0
    missed: int = 0
    spurious: int = 0
    weight: float = 0.0
    """What a partial match counts: a half in the schemes ``partial`` and ``ent_type``."""

    @property
    def possible(self) -> int:
        """The number of gold spans."""
        return self.correct + self.incorrect + self.partial + self.missed

    @property
    def actual(self) -> int:
        """The number of predicted spans."""
        return self.correct + self.incorrect + self.partial + self.spurious

    @property
    def precision(self) -> float | None:
        """The right share of what was predicted."""
        return (self.correct + self.weight * self.partial) / self.actual if self.actual else None

    @property
    def recall(self) -> float | None:
        """The right share of gold."""
        return (self.correct + self.weight * self.partial) / self.possible if self.possible else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall."""
        both = self.possible + self.actual
        return 2 * (self.correct + self.weight * self.partial) / both if both else None

    def to_dict(self) -> dict[str, Any]:
        """Return counts and rates as JSON-ready data."""
        counts = {key: value for key, value in self._asdict().items() if key != "weight"}
        totals = {"possible": self.possible, "actual": self.actual}
        return {**counts, **totals, "precision": self.precision, "recall": self.recall, "f1": self.f1}


@dataclass(frozen=True)
class Partial:
    """Tallies by scheme, and in each by label; MICRO is all labels together, where labels may be mistaken."""

    schemes: Mapping[str, Mapping[str, Tally]]

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data."""
        return {
            scheme: {
                "micro": tallies[MICRO].to_dict(),
                "labels": {label: tally.to_dict() for label, tally in tallies.items() if label != MICRO},
            }
            for scheme, tallies in self.schemes.items()
        }


def available() -> bool:
    """Say whether nervaluate is installed; it needs Python 3.11."""
    return find_spec("nervaluate") is not None


def score_partial(pairs: Iterable[Pair], labels: Sequence[str]) -> Partial:
    """Count the matches of gold and predicted spans in each scheme. labels: those of all the spans.

    Raises LiwaError where nervaluate is not installed.
    """
    strategies = _strategies()
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * 5)
    for shape, times in Counter(shape for pair in pairs for shape in _shapes(pair)).items():
        for label in (MICRO, *{span.label for side in shape for span in side}):
            gold, found = (_entities(side, label) for side in shape)
            for scheme, strategy in strategies.items():
                result, _ = strategy.evaluate(gold, found, list(labels))
                cell = sums[scheme, label]
                for number, name in enumerate(Tally._fields[:5]):
                    cell[number] += times * getattr(result, name)
    return Partial({scheme: {label: _tally(sums, scheme, label) for label in (MICRO, *labels)} for scheme in SCHEMES})


def _tally(sums: Mapping[tuple[str, str], Sequence[int]], scheme: str, label: str) -> Tally:
    correct, incorrect, half, missed, spurious = sums[scheme, label]
    weight = 0.5 if scheme in ("partial", "ent_type") else 0.0
    return Tally(correct, incorrect, half, missed, spurious, weight)


def _shapes(pair: Pair) -> Iterator[Shape]:
    """Yield the shape of each cluster of an article; a span alone, or two equal ones, have one shape of any length."""
    if not pair.missed and not pair.spurious:
        yield from (_equal(span.label) for span in pair.both)
        return
    tagged = sorted([*((s, True) for s in pair.gold.spans), *((s, False) for s in pair.found)])
    group: list[tuple[Span, bool]] = []
    end = 0
    for span, right in tagged:
        if group and span.start >= end:
            yield _shape(group)
            group, end = [], 0
        group.append((span, right))
        end = max(end, span.end)
    if group:
        yield _shape(group)


def _shape(group: Sequence[tuple[Span, bool]]) -> Shape:
    (first, right), (last, _) = group[0], group[-1]
    if len(group) == 1:
        return _alone(first.label, right)
    if len(group) == 2 and first == last:
        return _equal(first.label)
    moved = [(span.shifted(-first.start), side) for span, side in group]
    return tuple(s for s, side in moved if side), tuple(s for s, side in moved if not side)


@cache
def _alone(label: str, right: bool) -> Shape:
    return ((Span(0, 1, label),), ()) if right else ((), (Span(0, 1, label),))


@cache
def _equal(label: str) -> Shape:
    return (Span(0, 1, label),), (Span(0, 1, label),)


def _entities(spans: Iterable[Span], label: str) -> list[Any]:
    """Return spans of a label, or all, as nervaluate has them, with inclusive ends."""
    from nervaluate.entities import Entity

    return [Entity(s.label, s.start, s.end - 1) for s in spans if label in (MICRO, s.label)]


def _strategies() -> Mapping[str, Any]:
    try:
        from nervaluate import strategies as made
    except ImportError:
        hint = "Run pip install nervaluate, with Python 3.11 or later"
        raise LiwaError("partial schemes need nervaluate", hint=hint) from None
    return {
        "strict": made.StrictEvaluation(),
        "exact": made.ExactEvaluation(),
        "partial": made.PartialEvaluation(),
        "ent_type": made.EntityTypeEvaluation(),
    }
