"""Reading spans, ranges and relations out of JSON, with a finding for whatever is wrong with them.

What the inline and the stand-off form have in common. A `Report` takes each finding: a strict reader raises it, a
check collects it and reads on without the broken part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeGuard

from liwa.annotations import rules
from liwa.findings import Finding, Rule
from liwa.records import Range, Relation, Span, union

Report = Callable[[Finding], None]


@dataclass(frozen=True)
class Parser:
    """Reads parts of one row.

    where: ``file:line``; article: its id; shift: where the row's offsets begin in the article. All for messages.
    """

    report: Report
    where: str
    article: str = ""
    shift: int = 0

    def complain(self, rule: Rule, message: str, at: Range | Span | None = None) -> None:
        """Report a breach of a rule, at a place in the article where one is known."""
        start, end = (at.start + self.shift, at.end + self.shift) if at else (None, None)
        self.report(Finding(rule, message, self.where, self.article, start, end))

    def offsets(self, value: Any, bounds: Range) -> Range | None:
        """Read ``start`` and ``end`` of an object: integers, in order, inside the bounds."""
        if not isinstance(value, Mapping):
            self.complain(rules.BAD_SPAN, f"expected an object with start and end, found {shown(value)}")
            return None
        start, end = value.get("start"), value.get("end")
        if not (is_integer(start) and is_integer(end)):
            self.complain(rules.BAD_OFFSETS, f"expected integers, found start={shown(start)} end={shown(end)}")
            return None
        found = Range(start, end)
        if not (bounds.holds(found) and found.start < found.end):
            self.complain(
                rules.BAD_OFFSETS, f"expected {bounds.start} <= start < end <= {bounds.end}, found {start} and {end}"
            )
            return None
        return found

    def span(self, value: Any, bounds: Range) -> Span | None:
        """Read one span: an object with ``start``, ``end`` and a ``label``."""
        found = self.offsets(value, bounds)
        if found is None:
            return None
        label = value.get("label")
        if not isinstance(label, str) or not label:
            self.complain(rules.BAD_SPAN, f"expected a label, found {shown(label)}", found)
            return None
        return Span(found.start, found.end, label)

    def spans(self, values: Any, bounds: Range) -> tuple[Span, ...]:
        """Read a list of spans, sorted; of two that overlap the later one is reported and left out."""
        read = [self.span(value, bounds) for value in self.listed(values, "spans")]
        return self.flat(span for span in read if span)

    def flat(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """Return the spans sorted; of two that overlap the later one is reported and left out."""
        kept: list[Span] = []
        for span in sorted(spans):
            if kept and span.start < kept[-1].end:
                self.complain(rules.OVERLAP, f"{named(span)} overlaps {named(kept[-1])}", span)
            else:
                kept.append(span)
        return tuple(kept)

    def ranges(self, values: Any, bounds: Range) -> tuple[Range, ...]:
        """Read the annotated ranges, ``[[start, end], ...]``, sorted and disjoint."""
        read: list[Range] = []
        for value in self.listed(values, "ranges"):
            if not (isinstance(value, list) and len(value) == 2):
                self.complain(rules.BAD_OFFSETS, f"expected a range [start, end], found {shown(value)}")
            elif found := self.offsets({"start": value[0], "end": value[1]}, bounds):
                read.append(found)
        return tuple(sorted(read)) if self._disjoint(read) else union(read)

    def inside(self, spans: tuple[Span, ...], ranges: tuple[Range, ...]) -> tuple[Span, ...]:
        """Return the spans that lie in an annotated range, and report the others."""
        kept = tuple(span for span in spans if any(r.holds(span) for r in ranges))
        for span in sorted(set(spans) - set(kept)):
            self.complain(rules.OUTSIDE, f"{named(span)} is outside the annotated ranges", span)
        return kept

    def relation(
        self, value: Any, spans: Mapping[Range, Span], head: Range | None, child: Range | None
    ) -> Relation | None:
        """Build one relation from the ranges of its ends, each of which must be a span."""
        label = value.get("label") if isinstance(value, Mapping) else None
        if not isinstance(label, str) or not label:
            self.complain(rules.BAD_RELATION, f"expected a relation with a label, found {shown(value)}")
            return None
        if head not in spans or child not in spans:
            end = "head" if head not in spans else "child"
            self.complain(rules.BAD_RELATION, f"the {end} of {label} is no span of the row", head or child)
            return None
        return Relation(spans[head], spans[child], label)  # type: ignore[index]

    def _disjoint(self, ranges: list[Range]) -> bool:
        clash = next((b for a, b in pairwise(sorted(ranges)) if b.start < a.end), None)
        if clash:
            self.complain(rules.OVERLAP, f"the annotated range {clash.start}-{clash.end} overlaps another", clash)
        return clash is None

    def listed(self, values: Any, name: str) -> list[Any]:
        """Return a list as it is and None as an empty one; anything else is reported."""
        if values is None:
            return []
        if isinstance(values, list):
            return values
        self.complain(rules.BAD_SPAN, f"expected {name} to be a list, found {shown(values)}")
        return []


def plain_range(value: Any) -> Range | None:
    """Return ``start`` and ``end`` of an object as a range where they are integers, else None."""
    # Types are compared rather than asked for: every token of a corpus comes through here, and JSON has no other.
    if type(value) is not dict:
        return None
    start, end = value.get("start"), value.get("end")
    return Range(start, end) if type(start) is int and type(end) is int else None


def is_sha256(value: Any) -> TypeGuard[str]:
    """Say whether a JSON value is a SHA-256 in lower-case hexadecimal digits."""
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


def is_integer(value: Any) -> TypeGuard[int]:
    """Say whether a JSON value is an integer; true and 1.0 are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def named(span: Span) -> str:
    """Return a span as it is written in messages."""
    return f"{span.label} {span.start}-{span.end}"


def shown(value: Any) -> str:
    """Return a value as it is written in messages, cut to a readable length."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
