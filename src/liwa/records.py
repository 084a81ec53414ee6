"""The records that every stage speaks of: articles, spans, relations and gold.

All offsets are Unicode code points (Python ``str`` indexes) into the exact text of an article; ``end`` is exclusive.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple


def sha256(text: str) -> str:
    """Return the hexadecimal SHA-256 of the UTF-8 of a text: the identity of an article."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


class Range(NamedTuple):
    """A run of code points in an article."""

    start: int
    end: int

    def holds(self, other: Range | Span) -> bool:
        """Say whether the other lies wholly inside this range."""
        return self.start <= other.start and other.end <= self.end


class Span(NamedTuple):
    """A labelled mention, flat: no two spans of one annotation overlap."""

    start: int
    end: int
    label: str

    def shifted(self, by: int) -> Span:
        """Return the span moved by a number of code points."""
        return Span(self.start + by, self.end + by, self.label)


class Relation(NamedTuple):
    """A directed, typed link from one span to another."""

    head: Span
    child: Span
    label: str

    def shifted(self, by: int) -> Relation:
        """Return the relation with both ends moved by a number of code points."""
        return Relation(self.head.shifted(by), self.child.shifted(by), self.label)


@dataclass(frozen=True)
class Article:
    """One news text as decoded, never edited afterwards.

    id: the name that gold, splits and the manifest use.
    source: what is known of its origin (outlet, url, date, licence, country ...), all strings.
    group: articles that share one must not be divided between training and test; "" when unknown.
    """

    id: str
    text: str
    source: Mapping[str, str] = field(default_factory=dict)
    group: str = ""

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the text's UTF-8."""
        return sha256(self.text)


@dataclass(frozen=True)
class Gold:
    """What was annotated in one article: the ranges that were read, and the spans and relations in them.

    article, sha256: identity of the whole article; sha256 is "" where a row names its article by id alone.
    ranges: the annotated ranges, sorted and disjoint; text outside them is unknown, never a negative.
    spans, relations: sorted, in article offsets.
    text: the part of the article that is at hand, or None where gold is stand-off and not yet hydrated.
    start: the offset in the article at which ``text`` begins.
    meta: whatever else the row said (outlet, date, split ...).
    where: ``file:line`` it was read from, for messages.
    extra: the row it was read from, kept for a round trip. Neither this nor ``where`` counts when two are compared.
    """

    article: str
    sha256: str
    ranges: tuple[Range, ...]
    spans: tuple[Span, ...] = ()
    relations: tuple[Relation, ...] = ()
    text: str | None = None
    start: int = 0
    meta: Mapping[str, Any] = field(default_factory=dict)
    where: str = field(default="", compare=False)
    extra: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def end(self) -> int:
        """The offset in the article at which ``text`` ends, or the last annotated offset without a text."""
        if self.text is None:
            return self.ranges[-1].end if self.ranges else self.start
        return self.start + len(self.text)

    def surface(self, span: Range | Span) -> str:
        """Return the characters of a span; needs the text."""
        assert self.text is not None, f"{self.article} has no text yet"
        return self.text[span.start - self.start : span.end - self.start]

    def within(self, window: Range) -> Gold:
        """Return the part of this gold inside a window of the article: text, ranges, spans and relations cut to it.

        A span or relation that only partly lies in the window is left out, so cut at passage borders.
        """
        if self.text is not None:
            window = Range(max(window.start, self.start), min(window.end, self.end))
        text = None if self.text is None else self.surface(window)
        return replace(
            self,
            ranges=clip(self.ranges, window),
            spans=tuple(s for s in self.spans if window.holds(s)),
            relations=tuple(r for r in self.relations if window.holds(r.head) and window.holds(r.child)),
            text=text,
            start=window.start,
        )


def first_difference(one: str, other: str) -> int | None:
    """Return the offset of the first code point in which two texts differ, None where they are the same."""
    if one == other:
        return None
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


def clip(ranges: Iterable[Range], window: Range) -> tuple[Range, ...]:
    """Return the non-empty parts of ranges that lie inside a window."""
    cut = (Range(max(r.start, window.start), min(r.end, window.end)) for r in ranges)
    return tuple(r for r in cut if r.start < r.end)


def union(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """Return sorted, disjoint ranges that cover the same code points; touching ranges are joined."""
    joined: list[Range] = []
    for r in sorted(ranges):
        if joined and r.start <= joined[-1].end:
            joined[-1] = Range(joined[-1].start, max(joined[-1].end, r.end))
        else:
            joined.append(Range(*r))
    return tuple(joined)
