"""How tasks come to those who annotate: all to the one who works alone, or in turn to the people of a team."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Double, RowMapping, Select, and_, bindparam, case, func, select

from liwa.annotator import listing
from liwa.annotator.handout import Handout, Lease
from liwa.annotator.schema import leases, tasks, work
from liwa.annotator.store import Store


class Desk(Protocol):
    """What an annotator sees of the tasks; each task has a position, from 1, in what is theirs."""

    handout: Handout | None

    def counts(self, connection: Connection, annotator: int) -> dict[str, int]:
        """Return how many tasks an annotator has, and what was done with them."""
        ...

    def total(self, connection: Connection, annotator: int) -> int:
        """Return the last position."""
        ...

    def listed(self, connection: Connection, annotator: int, offset: int, limit: int) -> list[dict[str, Any]]:
        """Return a part of the list of tasks, in order."""
        ...

    def following(self, store: Store, annotator: int, after: int, without: Sequence[str]) -> RowMapping | None:
        """Return the next task without an answer behind a position, wrapping round; None if there is none."""
        ...

    def touch(self, connection: Connection, annotator: int, task: RowMapping) -> dict[str, Any] | None:
        """Note work on a task, and return its lease; raise PermissionError for a task of others."""
        ...

    def open(self, store: Store, annotator: int, task: RowMapping) -> dict[str, Any] | None:
        """Do as `touch` in a transaction of its own."""
        ...

    def position(self, connection: Connection, annotator: int, task: RowMapping) -> int | None:
        """Return the position of a task."""
        ...


class Alone:
    """All tasks of the feed, in its order, for one annotator."""

    handout: Handout | None = None

    def counts(self, connection: Connection, annotator: int) -> dict[str, int]:
        """Return the counts over the feed."""
        return listing.counts(connection, annotator)

    def total(self, connection: Connection, annotator: int) -> int:
        """Return the number of tasks in the feed."""
        return listing.total(connection)

    def listed(self, connection: Connection, annotator: int, offset: int, limit: int) -> list[dict[str, Any]]:
        """Return a part of the feed."""
        return listing.listed(connection, annotator, offset, limit)

    def following(self, store: Store, annotator: int, after: int, without: Sequence[str]) -> RowMapping | None:
        """Return the next task of the feed."""
        with store.reading() as connection:
            return listing.following(connection, annotator, after, without)

    def touch(self, connection: Connection, annotator: int, task: RowMapping) -> dict[str, Any] | None:
        """Return that there is no lease."""
        return None

    def open(self, store: Store, annotator: int, task: RowMapping) -> dict[str, Any] | None:
        """Return that there is no lease."""
        return None

    def position(self, connection: Connection, annotator: int, task: RowMapping) -> int | None:
        """Return the position in the feed."""
        found: int | None = task["position"]
        return found


_NOW = bindparam("now", type_=Double)
_COUNTED = (
    work.c.answer,
    func.sum(case((and_(work.c.answer.is_(None), leases.c.until > _NOW), 1), else_=0)),
    func.count(work.c.answer),
    func.coalesce(func.sum(work.c.flagged), 0),
    func.count(work.c.draft_key),
    func.count(work.c.again),
)


class Shared:
    """The tasks that were handed to each person of a team, in the order in which they were."""

    def __init__(self, handout: Handout) -> None:
        self.handout: Handout | None = handout
        self._handout = handout

    def counts(self, connection: Connection, annotator: int) -> dict[str, int]:
        """Return the counts over what a person answered or holds."""
        found = Counter[str]()
        query = _handed(annotator, *_COUNTED).where(tasks.c.position.is_not(None)).group_by(work.c.answer)
        for answer, *numbers in connection.execute(query, {"now": time.time()}):
            held, answered, flagged, drafts, again = map(int, numbers)
            found.update({"tasks": held + answered, "answered": answered, answer or "": answered})
            found.update({"flagged": flagged, "drafts": drafts, "again": again})
        return {name: found[name] for name in listing.COUNTED}

    def total(self, connection: Connection, annotator: int) -> int:
        """Return how many tasks a person was ever handed."""
        query = select(func.max(leases.c.number)).where(leases.c.annotator_id == annotator)
        return int(connection.execute(query).scalar() or 0)

    def listed(self, connection: Connection, annotator: int, offset: int, limit: int) -> list[dict[str, Any]]:
        """Return a part of what a person was handed."""
        columns = (*listing.SHOWN, leases.c.number, _held().label("held"))
        query = _handed(annotator, *columns).where(leases.c.number > offset).order_by(leases.c.number).limit(limit)
        return [
            {**listing.shown(row), "position": row["number"], "held": bool(row["held"] or row["answer"])}
            for row in connection.execute(query).mappings()
        ]

    def following(self, store: Store, annotator: int, after: int, without: Sequence[str]) -> RowMapping | None:
        """Return the next task of what a person holds, or of what is lent next."""
        with store.reading() as connection:
            found = self._handout.held(connection, annotator, after, without)
        if found is None:
            with store.writing() as connection:
                found = self._handout.take(connection, annotator, after, without)
        return found

    def touch(self, connection: Connection, annotator: int, task: RowMapping) -> dict[str, Any] | None:
        """Renew the lease where it is time to, and return how it stands."""
        lease = self._lease_of(connection, annotator, task)
        if not self._handout.is_fresh(lease):
            lease = self._handout.renew(connection, annotator, task, lease)
        return lease.to_dict()

    def open(self, store: Store, annotator: int, task: RowMapping) -> dict[str, Any] | None:
        """Renew the lease where it is time to, and return how it stands."""
        with store.reading() as connection:
            lease = self._lease_of(connection, annotator, task)
        if self._handout.is_fresh(lease):
            return lease.to_dict()
        with store.writing() as connection:
            return self.touch(connection, annotator, task)

    def _lease_of(self, connection: Connection, annotator: int, task: RowMapping) -> Lease:
        lease = self._handout.lease_of(connection, annotator, task)
        if lease is None:
            raise PermissionError("this task was not handed to you")
        return lease

    def position(self, connection: Connection, annotator: int, task: RowMapping) -> int | None:
        """Return which of the tasks of a person it is."""
        mine = and_(leases.c.annotator_id == annotator, leases.c.task_id == task["id"])
        found: int | None = connection.execute(select(leases.c.number).where(mine)).scalar()
        return found


def _handed(annotator: int, *columns: Any) -> Select[Any]:
    mine = and_(work.c.task_id == leases.c.task_id, work.c.annotator_id == leases.c.annotator_id)
    found = select(*columns).select_from(leases).join(tasks, tasks.c.id == leases.c.task_id).outerjoin(work, mine)
    return found.where(leases.c.annotator_id == annotator)


def _held() -> ColumnElement[bool]:
    return leases.c.until > time.time()
