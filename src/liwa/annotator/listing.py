"""Which tasks there are, how an annotator stands with them, and which one is next."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, func, or_, select

from liwa.annotations.rows import ANSWERS
from liwa.annotator.schema import tasks, work

_IN_FEED: Final = tasks.c.position.is_not(None)

COUNTED: Final = ("tasks", "answered", *ANSWERS, "flagged", "drafts", "again")
"""What is counted of an annotator's tasks."""

SHOWN: Final = (
    *tasks.c["digest", "position", "article", "summary"],
    *work.c["answer", "flagged", "again"],
    work.c.draft.is_not(None).label("drafted"),
)
"""What the list of tasks is made of."""


def total(connection: Connection) -> int:
    """Return the number of tasks in the feed."""
    return int(connection.execute(select(func.max(tasks.c.position))).scalar() or 0)


def counts(connection: Connection, annotator: int) -> dict[str, int]:
    """Return how many tasks there are, and how many an annotator has answered, in which way, flagged and drafted."""
    found = Counter({"tasks": total(connection)})
    numbers = (func.count(), func.sum(work.c.flagged), func.count(work.c.draft_key), func.count(work.c.again))
    query = select(work.c.answer, *numbers).where(work.c.annotator_id == annotator).group_by(work.c.answer)
    if connection.execute(select(tasks.c.id).where(tasks.c.position.is_(None)).limit(1)).first():
        # Only then: without the join all of it stands in an index, which takes a tenth of the time.
        query = query.join(tasks, tasks.c.id == work.c.task_id).where(_IN_FEED)
    for answer, number, flagged, drafts, again in connection.execute(query):
        found["answered"] += number if answer else 0
        found[answer] += number
        found["flagged"] += flagged
        found["drafts"] += drafts
        found["again"] += again
    return {name: found[name] for name in COUNTED}


def listed(connection: Connection, annotator: int, offset: int, limit: int) -> list[dict[str, Any]]:
    """Return a part of the list of tasks, in order, each with the annotator's answer."""
    here = (tasks.c.position > offset, tasks.c.position <= offset + limit)
    query = _with_work(annotator, *SHOWN).where(*here).order_by(tasks.c.position)
    return [shown(row) for row in connection.execute(query).mappings()]


def shown(row: RowMapping) -> dict[str, Any]:
    """Return a task as the list shows it, out of the columns `SHOWN`."""
    return {
        "id": row["digest"],
        "position": row["position"],
        "article": row["article"],
        **json.loads(row["summary"]),
        "answer": row["answer"],
        "flagged": bool(row["flagged"]),
        "draft": bool(row["drafted"]),
        "again": row["again"] is not None,
    }


def following(connection: Connection, annotator: int, after: int, without: Sequence[str] = ()) -> RowMapping | None:
    """Return the next task behind a position that an annotator has to answer, wrapping round; None if there is none.

    without: digests of tasks whose answer is on its way.
    """
    wanted = or_(work.c.answer.is_(None), work.c.again.is_not(None))
    for side in (tasks.c.position > after, tasks.c.position <= after):
        query = _with_work(annotator, tasks).where(side, wanted, tasks.c.digest.not_in(without))
        if found := connection.execute(query.order_by(tasks.c.position).limit(1)).mappings().first():
            return found
    return None


def find(connection: Connection, digest: str) -> RowMapping | None:
    """Return the task with a digest, in the feed or not."""
    return connection.execute(select(tasks).where(tasks.c.digest == digest)).mappings().first()


def at_place(connection: Connection, article: str, start: int, end: int) -> RowMapping | None:
    """Return a task by its place in an article."""
    there: ColumnElement[bool] = and_(tasks.c.article == article, tasks.c.start == start, tasks.c.end == end)
    return connection.execute(select(tasks).where(there).order_by(tasks.c.position).limit(1)).mappings().first()


def _with_work(annotator: int, *columns: Any) -> Select[Any]:
    mine = and_(work.c.task_id == tasks.c.id, work.c.annotator_id == annotator)
    return select(*columns).select_from(tasks).outerjoin(work, mine).where(_IN_FEED)
