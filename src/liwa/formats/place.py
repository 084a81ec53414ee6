"""Putting back what a format could not say: where in which article a document stands, and its exact white space."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from liwa.records import Article, Gold, Range, Relation, Span


class _View(NamedTuple):
    """An article as it is searched: its characters, and the offset of each in its text."""

    article: Article
    text: str
    offsets: Sequence[int]


class Places:
    """Articles in which documents are looked for by their text; all are held in memory.

    exact: code point for code point; else white space is left aside, for formats that do not keep it.
    """

    def __init__(self, articles: Iterable[Article], *, exact: bool) -> None:
        self._exact = exact
        self._views = [_View(article, *self._view(article.text)) for article in articles]

    def find(self, gold: Gold) -> Gold | None:
        """Return gold moved to the one place of the one article that has its characters, else None.

        Its text becomes that of the article, whole where all of the article's characters are there.
        """
        text, offsets = self._view(gold.text or "")
        found = [(view, at) for view in self._views for at in _all(text, view.text)]
        if not text or len(found) != 1:
            return None
        view, first = found[0]
        there = view.offsets[first : first + len(text)]
        whole = len(text) == len(view.text)
        window = Range(0, len(view.article.text)) if whole else Range(there[0], there[-1] + 1)
        return _moved(gold, view.article, window, dict(zip(offsets, there, strict=True)))

    def _view(self, text: str) -> tuple[str, Sequence[int]]:
        if self._exact:
            return text, range(len(text))
        offsets = [i for i, c in enumerate(text) if not c.isspace()]
        return "".join(text[i] for i in offsets), offsets


def _all(part: str, text: str) -> list[int]:
    """Return where a part stands in a text, overlapping or not; two places are enough to know that it is not one."""
    if part not in text:
        return []
    first = text.index(part)
    second = text.find(part, first + 1)
    return [first] if second < 0 else [first, second]


def _moved(gold: Gold, article: Article, window: Range, to: Mapping[int, int]) -> Gold | None:
    """Return gold with every offset mapped; None where a span has no character that could be."""
    spans = {s: Span(*place, s.label) for s in gold.spans if (place := _place(s, to))}
    if len(spans) < len(gold.spans):
        return None
    read = (window,) if gold.ranges == (Range(gold.start, gold.end),) else tuple(_place(r, to) for r in gold.ranges)
    return replace(
        gold,
        article=article.id,
        sha256=article.sha256,
        ranges=tuple(place for place in read if place),
        spans=tuple(spans.values()),
        relations=tuple(Relation(spans[r.head], spans[r.child], r.label) for r in gold.relations),
        text=article.text[window.start : window.end],
        start=window.start,
    )


def _place(place: Range | Span, to: Mapping[int, int]) -> Range | None:
    """Return a range at its new place; white space at its ends that was left aside is not in it."""
    inside = [to[i] for i in range(place.start, place.end) if i in to]
    return Range(inside[0], inside[-1] + 1) if inside else None
