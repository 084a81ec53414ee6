"""What else of the articles is at hand: the rejects that `liwa tasks` wrote beside its tasks, and the texts themselves.

Annotators read it around a task; nobody annotates it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, insert, select

from liwa import jsonl
from liwa.annotations.parse import is_integer
from liwa.annotator.schema import passages, tasks
from liwa.passages import paragraphs
from liwa.records import Range

_BATCH: Final = 500


class Reading(NamedTuple):
    """A passage for reading only: its article, and where it stands there."""

    article: str
    start: int
    end: int
    text: str


def add(connection: Connection, found: Iterable[Reading]) -> None:
    """Keep passages; one whose place is known is left as it is."""
    places = select(passages.c.article, passages.c.start, passages.c.end)
    known = {(article, start, end) for article, start, end in connection.execute(places)}
    rows: list[dict[str, Any]] = []
    for article, start, end, text in found:
        if (article, start, end) not in known:
            known.add((article, start, end))
            rows.append({"article": article, "start": start, "end": end, "text": json.dumps(text, ensure_ascii=False)})
    for first in range(0, len(rows), _BATCH):
        connection.execute(insert(passages), rows[first : first + _BATCH])


def articles(connection: Connection) -> dict[str, str]:
    """Return the articles of the feed, each with its SHA-256."""
    query = select(tasks.c.article, tasks.c.sha256).where(tasks.c.position.is_not(None)).distinct()
    return dict(connection.execute(query).all())


def rejects_of(source: str) -> Path | None:
    """Return the file of rejects beside a file of tasks, where there is one."""
    path = Path(source)
    stem, dot, endings = path.name.partition(".")
    beside = path.with_name(f"{stem}.rejects{dot}{endings}")
    return beside if source != jsonl.STDIO and beside.is_file() else None


def rejects(path: Path, wanted: Mapping[str, str]) -> Iterator[Reading]:
    """Yield the passages of a file of rejects that belong to some articles; rows of other texts are passed over."""
    for _, row in jsonl.read(path):
        article, start, end, text = (row.get(name) for name in Reading._fields)
        same = isinstance(article, str) and wanted.get(article) == row.get("sha256", "")
        if same and is_integer(start) and is_integer(end) and isinstance(text, str) and end - start == len(text):
            yield Reading(str(article), start, end, text)


def uncovered(connection: Connection, texts: Sequence[str]) -> Iterator[Reading]:
    """Yield what the articles of the feed say outside its tasks, where their texts are found, proved by SHA-256."""
    from liwa.corpus.read import read_articles

    wanted = {digest: article for article, digest in articles(connection).items()}
    for found in read_articles(texts):
        if article := wanted.get(found.sha256):
            here = select(tasks.c.start, tasks.c.end).where(tasks.c.article == article, tasks.c.position.is_not(None))
            for start, end in outside(found.text, (Range(*at) for at in connection.execute(here))):
                yield Reading(article, start, end, found.text[start:end])


def outside(text: str, covered: Iterable[Range]) -> Iterator[Range]:
    """Yield the paragraphs of a text, or parts of them, that stand outside some ranges."""
    position = 0
    for start, end in [*sorted(covered), Range(len(text), len(text))]:
        for found in paragraphs(text[position : max(start, position)]):
            yield Range(found.start + position, found.end + position)
        position = max(position, end)
