"""A file of tasks is fed into a store: new tasks are added, those of an earlier feed keep their answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, exists, func, insert, select, update

from liwa import jsonl
from liwa.annotator.checking import RefusedError, require_legal
from liwa.annotator.schema import answers, tasks
from liwa.annotator.task import identity, place_of, pre_annotation
from liwa.errors import LiwaError
from liwa.records import Gold
from liwa.scheme import Scheme

PREVIEW: Final = 60
"""Code points of a text that the list of tasks shows."""

_BATCH: Final = 500
_ANNOTATED: Final = ("spans", "relations")


class Fed(NamedTuple):
    """What a feed did: its number of tasks, how many of them are new, and how many lines repeat an earlier one.

    aside: tasks of earlier feeds that are not in this one; they keep their answers and are not handed out.
    """

    tasks: int
    new: int
    repeated: int
    aside: int


def feed(connection: Connection, source: str, scheme: Scheme) -> Fed:
    """Make the tasks of a file the ones that are handed out, in its order.

    A task that the store has already gets the row of the file unless someone has answered it. Raises LiwaError for rows
    that cannot be read, and for articles of which another text or cut was answered; then the transaction is to be left.
    """
    known = set(connection.execute(select(tasks.c.digest)).scalars())
    connection.execute(update(tasks).values(position=None))
    seen: set[str] = set()
    lines = new = 0
    found = _tasks(source, scheme)
    while batch := list(islice(found, _BATCH)):
        lines += len(batch)
        fresh: list[dict[str, Any]] = []
        old: list[dict[str, Any]] = []
        for task in batch:
            if task["digest"] not in seen:
                seen.add(task["digest"])
                task["position"] = len(seen)
                (old if task["digest"] in known else fresh).append(task)
        new += len(fresh)
        _store(connection, fresh, old)
    if not seen:
        raise LiwaError("expected tasks, found an empty file", where=source, hint="Make some with liwa tasks")
    _require_one_text(connection, source)
    _require_same_articles(connection, source)
    return Fed(len(seen), new, lines - len(seen), len(known) - (len(seen) - new))


def _tasks(source: str, scheme: Scheme) -> Iterator[dict[str, Any]]:
    for where, line in jsonl.lines(source):
        if not line.strip():
            continue
        row = jsonl.parse(line, where)
        place = place_of(row, where)
        meta = row.get("meta") or {}
        if "ranges" in meta or any(row.get(key) not in (None, []) for key in _ANNOTATED):
            _require_legal(pre_annotation(row, where), scheme)
        text = row["text"]
        yield {
            **place._asdict(),
            "digest": identity(place, text),
            "summary": _dumps({"title": str(meta.get("title") or ""), "preview": text[:PREVIEW]}),
            "row": _dumps(row) if "\0" in line else line.strip(),
        }


def _dumps(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _require_legal(gold: Gold, scheme: Scheme) -> None:
    try:
        require_legal(gold.spans, gold.relations, scheme)
    except RefusedError as error:
        hint = "Name the scheme of the tasks with --scheme"
        raise LiwaError(str(error), where=f"{gold.where} {gold.article}", hint=hint) from None


def _store(connection: Connection, fresh: list[dict[str, Any]], old: list[dict[str, Any]]) -> None:
    if fresh:
        connection.execute(insert(tasks), fresh)
    if old:
        named = [{f"_{name}": value for name, value in task.items()} for task in old]
        this = tasks.c.digest == bindparam("_digest")
        connection.execute(update(tasks).where(this).values(position=bindparam("_position")), named)
        answered = exists().where(answers.c.task_id == tasks.c.id)
        other = update(tasks).where(this, tasks.c.row != bindparam("_row"), ~answered)
        connection.execute(other.values(row=bindparam("_row"), summary=bindparam("_summary")), named)


def _require_one_text(connection: Connection, source: str) -> None:
    """Refuse a feed in which an article has two texts."""
    query = (
        select(tasks.c.article)
        .where(tasks.c.position.is_not(None), tasks.c.sha256 != "")
        .group_by(tasks.c.article)
        .having(func.count(tasks.c.sha256.distinct()) > 1)
    )
    if article := connection.execute(query.limit(1)).scalar():
        message = f"article {article} has two texts in this file"
        raise LiwaError(message, where=source, hint="Give each article an id of its own")


def _require_same_articles(connection: Connection, source: str) -> None:
    """Refuse a feed that has another text of an answered article, or passages that overlap an answer it lacks."""
    other = tasks.alias("other")
    answered = exists().where(answers.c.task_id == other.c.id)
    overlap = (other.c.start < tasks.c.end) & (tasks.c.start < other.c.end)
    clash = connection.execute(
        select(tasks.c.article, other.c.start, other.c.end)
        .join(other, other.c.article == tasks.c.article)
        .where(tasks.c.position.is_not(None), other.c.position.is_(None), answered)
        .where((other.c.sha256 != tasks.c.sha256) | overlap)
        .limit(1)
    ).first()
    if clash:
        article, start, end = clash
        message = f"article {article} has another text or cut than what was answered at {start}-{end} in the store"
        hint = "Name the tasks that were answered, or another store for these"
        raise LiwaError(message, where=source, hint=hint)
