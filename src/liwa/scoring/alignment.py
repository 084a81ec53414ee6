"""Which predicted span stands for which gold span, and what kind of error that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from liwa.records import Span
from liwa.scoring.pairs import Pair

RIGHT: Final = "right"
KINDS: Final = (RIGHT, "boundary", "label", "boundary+label", "missing", "spurious")
"""Of a gold span and the predicted one that stands for it; the last two have one of them only."""

NONE: Final = "none"
"""Stands for no span in a confusion table."""

Confusion = Mapping[str, Mapping[str, int]]
"""Number of spans by gold label, and by the label of the predicted span that overlaps, `NONE` on either side."""


class Error(NamedTuple):
    """A gold span, and the predicted span that stands for it and is not the same; one of them may be None."""

    gold: Span | None
    found: Span | None

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        if self.gold is None or self.found is None:
            return "missing" if self.gold else "spurious"
        if self.gold[:2] == self.found[:2]:
            return "label"
        return "boundary" if self.gold.label == self.found.label else "boundary+label"

    @property
    def span(self) -> Span:
        """The gold span, or else the predicted one: where the error counts."""
        span = self.gold or self.found
        assert span is not None
        return span


def errors(pair: Pair) -> list[Error]:
    """Return the errors in one article, in order of their places.

    Each span is in one error at most. Spans with equal ends are put together first, then those with the largest
    overlap; what overlaps nothing that is left stands alone.
    """
    missed, spurious = set(pair.missed), set(pair.spurious)
    found = []
    for _, gold, other in sorted(_overlapping(pair.missed, pair.spurious)):
        if gold in missed and other in spurious:
            missed.remove(gold)
            spurious.remove(other)
            found.append(Error(gold, other))
    alone = [*(Error(span, None) for span in missed), *(Error(None, span) for span in spurious)]
    return sorted([*found, *alone], key=lambda error: error.span)


def confusion(pairs: Iterable[Pair], found: Iterable[Error], labels: Sequence[str]) -> Confusion:
    """Count spans by gold and predicted label, whatever their ends; every label has a row, and NONE the last."""
    counts = Counter((span.label, span.label) for pair in pairs for span in pair.both)
    counts.update((e.gold.label if e.gold else NONE, e.found.label if e.found else NONE) for e in found)
    names = [*labels, NONE]
    return {g: {p: counts[g, p] for p in names if (g, p) != (NONE, NONE)} for g in names}


def kinds(pairs: Iterable[Pair], found: Iterable[Error], labels: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
    """Count the kinds by label; a spurious span counts under its own label, all others under the gold's."""
    counts = Counter((span.label, RIGHT) for pair in pairs for span in pair.both)
    counts.update((error.span.label, error.kind) for error in found)
    return {label: {kind: counts[label, kind] for kind in KINDS} for label in labels}


def _overlapping(gold: Sequence[Span], found: Sequence[Span]) -> Iterator[tuple[tuple[bool, int], Span, Span]]:
    """Yield the pairs of spans that overlap, each after what it is ordered by: equal ends, then a large overlap."""
    for one in gold:
        for other in found:
            common = min(one.end, other.end) - max(one.start, other.start)
            if common > 0:
                yield (one[:2] != other[:2], -common), one, other
