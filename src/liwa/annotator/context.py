"""The article around a task: what stands before and behind it, and where something of it is not at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, or_, select

from liwa.annotator.schema import passages, tasks
from liwa.records import Range

SEPARATOR: Final = 3
"""Code points between two passages that are taken for a line break, not for a gap."""

MOST: Final = 100_000
"""Code points of an article that are sent on either side of a task."""


class Passage(NamedTuple):
    """A part of an article; a gap where its text is not at hand."""

    start: int
    end: int
    text: str = ""
    gap: bool = False


def around(connection: Connection, article: str, at: Range) -> tuple[list[Passage], list[Passage]]:
    """Return the passages of an article before and behind a range, in order, as many as `MOST` allows."""
    found = sorted(_outside(connection, article, at))
    before = [p for p in found if p.end <= at.start]
    after = [p for p in found if p.start >= at.end]
    last = max((p.end for p in after), default=at.end)
    return _with_gaps(_nearest(before[::-1])[::-1], 0, at.start), _with_gaps(_nearest(after), at.end, last)


def _outside(connection: Connection, article: str, at: Range) -> Iterator[Passage]:
    in_feed = select(tasks.c.start, tasks.c.end, tasks.c.row).where(
        tasks.c.article == article, tasks.c.position.is_not(None), _apart(tasks, at)
    )
    for start, end, row in connection.execute(in_feed):
        yield Passage(start, end, json.loads(row)["text"])
    beside = select(passages.c.start, passages.c.end, passages.c.text)
    for start, end, text in connection.execute(beside.where(passages.c.article == article, _apart(passages, at))):
        yield Passage(start, end, json.loads(text))


def _apart(table: Table, at: Range) -> ColumnElement[bool]:
    return or_(table.c.end <= at.start, table.c.start >= at.end)


def _nearest(found: Sequence[Passage]) -> list[Passage]:
    """Return passages from the nearest on, until there is text enough."""
    sizes = accumulate(len(passage.text) for passage in found)
    return [passage for passage, size in zip(found, sizes, strict=True) if size <= MOST]


def _with_gaps(found: Sequence[Passage], start: int, end: int) -> list[Passage]:
    """Return passages without overlaps, with a gap wherever more than a separator is missing from start to end."""
    listed: list[Passage] = []
    for passage in [*found, Passage(end, end)]:
        if passage.start - start > SEPARATOR:
            listed.append(Passage(start, passage.start, gap=True))
        if passage.start >= start and passage.text:
            listed.append(passage)
        start = max(start, passage.end)
    return listed
