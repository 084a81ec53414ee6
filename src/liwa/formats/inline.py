"""Gold as plain parts, for formats that carry liwa's meta in a place of their own.

The meta says where a text stands in its article, under the keys of liwa's inline rows, so such a format loses nothing
of it; a text without it is an article of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from liwa.annotations.parse import Report
from liwa.annotations.rows import from_row
from liwa.records import Gold, Range, Relation, Span


class Local(NamedTuple):
    """The spans and relations of gold, in code points of its own text."""

    spans: tuple[Span, ...]
    relations: tuple[Relation, ...]


def local(gold: Gold) -> Local:
    """Return the spans and relations of gold with their offsets counted from the start of its text."""
    by = -gold.start
    return Local(tuple(s.shifted(by) for s in gold.spans), tuple(r.shifted(by) for r in gold.relations))


def meta_of(gold: Gold) -> dict[str, Any]:
    """Return the meta of gold with its article, its place in that and the annotated ranges where they are not all."""
    place: dict[str, Any] = {"article": gold.article, "sha256": gold.sha256, "start": gold.start, "end": gold.end}
    if not gold.sha256:
        del place["sha256"]
    if gold.ranges != (Range(gold.start, gold.end),):
        place["ranges"] = [list(r) for r in gold.ranges]
    return {**gold.meta, **place}


def gold_of(
    text: Any,
    meta: Mapping[str, Any],
    spans: Iterable[Mapping[str, Any]],
    relations: Iterable[Mapping[str, Any]],
    *,
    where: str,
    report: Report,
    answered: bool = True,
) -> Gold | None:
    """Return gold made of a text, a meta as `meta_of` makes it, and what was annotated; None where it cannot be read.

    spans: objects with ``start``, ``end`` (code points of the text), ``label`` and perhaps ``text``. relations: objects
    with ``head_span``, ``child_span``, ``label``. All are held against the rules of gold; what breaks one is reported
    and left out. answered: False for a task that nobody has answered, or a prediction.
    """
    mark: dict[str, Any] = {"answer": "accept"} if answered else {"_task_hash": 0}
    row = {"text": text, "meta": dict(meta), "spans": list(spans), "relations": list(relations), **mark}
    gold = from_row(row, where, report)
    return gold and replace(gold, extra={} if answered else mark)
