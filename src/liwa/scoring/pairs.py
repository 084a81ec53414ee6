"""Gold and prediction of one article, side by side: what both have, and what only one of them has."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from liwa.annotations.disagreements import annotated
from liwa.annotations.gold import merge
from liwa.errors import LiwaError
from liwa.records import Gold, Range, Span

_WORD: Final = re.compile(r"\S+")


@dataclass(frozen=True)
class Pair:
    """The spans of one article, each sorted: in gold and prediction (both), in one alone, and masked predicted ones.

    gold: the whole article's gold. A predicted span that touches no annotated range is masked: of it nobody knows.
    """

    gold: Gold
    both: Sequence[Span]
    missed: Sequence[Span]
    spurious: Sequence[Span]
    masked: int = 0

    @property
    def found(self) -> list[Span]:
        """The predicted spans that count."""
        return sorted([*self.both, *self.spurious])


@dataclass(frozen=True)
class Pairs:
    """The articles of the gold in order of their ids, and the ids that only one side has."""

    articles: Sequence[Pair]
    missing: Sequence[str]
    unknown: Sequence[str]


def pair(gold: Iterable[Gold], predictions: Iterable[Gold], *, words: bool = False) -> Pairs:
    """Put the predictions of each article beside its gold; an article without prediction has all spans missed.

    words: widen both sides to white-space words, see `widened`. Raises LiwaError where there is no gold, or where gold
    and prediction have one id but different texts.
    """
    prepare = widened if words else _same
    right = {g.article: g for g in merge(map(prepare, gold))}
    found = {p.article: p for p in merge(map(prepare, predictions))}
    if not right:
        raise LiwaError("there is no gold to score against", hint="Name a file with accepted rows")
    articles = [_pair(right[article], found.get(article)) for article in sorted(right)]
    return Pairs(articles, sorted(right.keys() - found.keys()), sorted(found.keys() - right.keys()))


def widened(gold: Gold) -> Gold:
    """Return gold or a prediction with each span widened to whole white-space words, and equal spans made one."""
    if gold.text is None:
        raise LiwaError(
            f"article {gold.article} has no text, and words are found in texts",
            where=gold.where,
            hint="Run liwa gold load with --texts first",
        )
    words = [Range(m.start() + gold.start, m.end() + gold.start) for m in _WORD.finditer(gold.text)]
    return replace(gold, spans=tuple(sorted({_widen(span, words) for span in gold.spans})), relations=())


def _widen(span: Span, words: Sequence[Range]) -> Span:
    first = bisect_right(words, span.start, key=lambda w: w.start) - 1
    last = bisect_left(words, span.end, key=lambda w: w.end)
    return Span(words[first].start, words[last].end, span.label)


def _same(gold: Gold) -> Gold:
    return gold


def _pair(gold: Gold, prediction: Gold | None) -> Pair:
    if prediction is None:
        return Pair(gold, (), gold.spans, ())
    if prediction.sha256 != gold.sha256:
        raise LiwaError(
            f"article {gold.article}: gold and prediction are over different texts",
            where=gold.where,
            hint="Predict on the text that was annotated",
        )
    if prediction.spans == gold.spans:
        return Pair(gold, gold.spans, (), ())
    right, found = set(gold.spans), set(prediction.spans)
    both = right & found
    spurious = sorted(s for s in found - both if annotated(gold, s))
    return Pair(gold, sorted(both), sorted(right - both), spurious, len(found) - len(both) - len(spurious))
