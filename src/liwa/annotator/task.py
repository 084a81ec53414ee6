"""What a task is, and when two are the same: article, SHA-256, place and text.

Prodigy's 32-bit hashes repeat in any large file, so they have no part in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from liwa.annotations.parse import is_integer, is_sha256, shown
from liwa.annotations.rows import from_row
from liwa.annotator.checking import Body
from liwa.errors import LiwaError
from liwa.findings import stop
from liwa.records import Gold, Range, sha256

_REMAKE: Final = "Keep what liwa tasks wrote, or make the tasks again"


class Place(NamedTuple):
    """Where a task's text stands: article, SHA-256 of the article ("" if not known), code points."""

    article: str
    sha256: str
    start: int
    end: int


def identity(place: Place, text: str) -> str:
    """Return what a task is known by: 32 hexadecimal digits of a SHA-256 over its place and text."""
    return hashlib.sha256(json.dumps([*place, text]).encode("ascii")).hexdigest()[:32]


def place_of(row: Mapping[str, Any], where: str = "") -> Place:
    """Return where a task stands, by its meta; a row without one is an article of its own. LiwaError for a bad meta."""
    text, meta = row.get("text"), row.get("meta") or {}
    if not isinstance(text, str) or not text or not isinstance(meta, Mapping):
        raise LiwaError(f"expected a task with a text, found {shown(dict(row))}", where=where, hint=_REMAKE)
    start, digest = meta.get("start", 0), meta.get("sha256") or ""
    end = meta.get("end", start + len(text) if is_integer(start) else None)
    if not (is_integer(start) and is_integer(end) and 0 <= start < 2**31 and end - start == len(text)):
        found = f"{shown(start)} to {shown(end)} of a text of {len(text)} code points"
        raise LiwaError(f"meta says {found}", where=where, hint=_REMAKE)
    if digest and not is_sha256(digest):
        raise LiwaError(f"expected a SHA-256 in meta, found {shown(digest)}", where=where, hint=_REMAKE)
    if not digest and "article" not in meta and start == 0:
        digest = sha256(text)
    article = str(meta.get("article") or (digest or sha256(text))[:12])
    if "\0" in article:
        raise LiwaError(f"expected an article's id, found {shown(article)}", where=where, hint=_REMAKE)
    return Place(article, digest, start, end)


def pre_annotation(row: Mapping[str, Any], where: str = "") -> Gold:
    """Return a task as gold with the spans and relations that it came with; LiwaError where they cannot be read."""
    gold = from_row({**row, "answer": "accept"}, where, stop)
    assert gold, "whatever cannot be read was raised"
    return gold


def said(task: Gold, body: Body) -> Gold:
    """Return a task as gold with what an annotator said of it, in offsets of the article."""
    return replace(
        task,
        ranges=(Range(task.start, task.end),),
        spans=tuple(span.shifted(task.start) for span in body.spans),
        relations=tuple(relation.shifted(task.start) for relation in body.relations),
    )
