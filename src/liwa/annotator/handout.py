"""Tasks are handed out article by article: who takes an article holds a lease on its tasks, which work renews.

Each task goes to `overlap` people, those who answered it and those who hold a lease on it, and never twice to one. A
lease that has expired gives the unanswered tasks to others; an answer that comes late all the same is one more.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.sql import Subquery

from liwa.annotator.schema import about, annotators, leases, priorities, tasks, work

RENEWED: Final = 0.9
"""A lease of which more is left is not written again, so that a draft at every edit does not write two rows."""

_LEASE: Final = (
    select(leases.c.until, work.c.answer)
    .outerjoin(work, and_(work.c.task_id == leases.c.task_id, work.c.annotator_id == leases.c.annotator_id))
    .where(leases.c.task_id == bindparam("task"), leases.c.annotator_id == bindparam("annotator"))
)
_PEOPLE: Final = ("annotator", "lead", "layer")


class Lease(NamedTuple):
    """The lease of a person on a task. until: Unix time when it ends or ended; answered: whether by this person."""

    until: float
    answered: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the lease as the page reads it; it is held until it ends, and for good with an answer."""
        return {"held": self.answered or self.until > time.time(), "until": self.until}


@dataclass(frozen=True)
class Handout:
    """How tasks are handed out. overlap: people to a task; lease: seconds without work after which others get it."""

    overlap: int = 1
    lease: float = 1800.0

    def held(
        self, connection: Connection, annotator: int, after: int, without: Sequence[str] = ()
    ) -> RowMapping | None:
        """Return the next task in a person's hands that is not answered, or is to be answered again; None for none.

        after: the number of a task in the person's own order; without: digests of tasks whose answer is on its way.
        """
        return _open(connection, annotator, after, without)

    def take(
        self, connection: Connection, annotator: int, after: int, without: Sequence[str] = ()
    ) -> RowMapping | None:
        """Return the next task as `held` does, after lending another article where there is none in hand.

        Needs a transaction that writes.
        """
        _lock(connection)
        found = _open(connection, annotator, after, without)
        if found is None and self._take(connection, annotator, time.time()):
            found = _open(connection, annotator, after, without)
        return found

    def lease_of(self, connection: Connection, annotator: int, task: RowMapping) -> Lease | None:
        """Return the lease of a person on a task; None where it was never handed to them."""
        found = connection.execute(_LEASE, {"task": task["id"], "annotator": annotator}).first()
        return Lease(found.until, found.answer is not None) if found else None

    def is_fresh(self, lease: Lease) -> bool:
        """Say whether work need not renew a lease: it was begun or renewed lately, or has ended with an answer."""
        left = lease.until - time.time()
        return left > RENEWED * self.lease or (lease.answered and left <= 0)

    def renew(self, connection: Connection, annotator: int, task: RowMapping, lease: Lease) -> Lease:
        """Renew the lease on the article of a task for who works on it.

        One that has expired is lent anew as far as nobody else has got the tasks. Needs a transaction that writes.
        """
        now = time.time()
        if lease.until > now:
            of_article = leases.c.task_id.in_(select(tasks.c.id).where(tasks.c.article == task["article"]))
            live = and_(leases.c.annotator_id == annotator, leases.c.until > now, of_article)
            connection.execute(update(leases).where(live).values(until=now + self.lease))
            return lease._replace(until=now + self.lease)
        _lock(connection)
        wanted = self._wanted(annotator, now).where(tasks.c.article == task["article"])
        self._lend(connection, annotator, [row.id for row in connection.execute(wanted)], now)
        return self.lease_of(connection, annotator, task) or lease

    def _take(self, connection: Connection, annotator: int, now: float) -> bool:
        """Lend a person the tasks of the article that is wanted soonest; False where there is none."""
        wanted = self._wanted(annotator, now).subquery()
        article = (
            select(wanted.c.article)
            .outerjoin(priorities, priorities.c.article == wanted.c.article)
            .group_by(wanted.c.article, priorities.c.score)
            .order_by(
                (func.max(wanted.c.taken) == 0),  # what others have begun first, so that answers can be compared soon
                priorities.c.score.is_(None),
                priorities.c.score.desc(),
                func.min(wanted.c.position),
            )
            .limit(1)
        )
        found = connection.execute(article).scalar()
        if found is None:
            return False
        of_article = select(wanted.c.id).where(wanted.c.article == found).order_by(wanted.c.position)
        self._lend(connection, annotator, connection.execute(of_article).scalars().all(), now)
        return True

    def _wanted(self, annotator: int, now: float) -> Select[Any]:
        """Select the tasks that may be lent to a person, each with how many people have it."""
        had = _had(now)
        taken = func.coalesce(had.c.people, 0)
        own = and_(work.c.task_id == tasks.c.id, work.c.annotator_id == annotator, work.c.answer.is_not(None))
        held = and_(leases.c.task_id == tasks.c.id, leases.c.annotator_id == annotator, leases.c.until > now)
        return (
            select(tasks.c.id, tasks.c.article, tasks.c.position, taken.label("taken"))
            .outerjoin(had, had.c.task_id == tasks.c.id)
            .where(tasks.c.position.is_not(None), taken < self.overlap)
            .where(~exists().where(own), ~exists().where(held))
        )

    def _lend(self, connection: Connection, annotator: int, wanted: Iterable[int], now: float) -> None:
        number = connection.execute(
            select(func.coalesce(func.max(leases.c.number), 0)).where(leases.c.annotator_id == annotator)
        ).scalar()
        until = now + self.lease
        for task in wanted:
            mine = and_(leases.c.task_id == task, leases.c.annotator_id == annotator)
            if not connection.execute(update(leases).where(mine).values(until=until)).rowcount:
                number = int(number or 0) + 1
                new = {"task_id": task, "annotator_id": annotator, "number": number, "until": until}
                connection.execute(insert(leases).values(new))


def adopt(connection: Connection) -> None:
    """Note tasks that people answered before there was a team as handed to them, in the order of the tasks."""
    number = func.row_number().over(partition_by=work.c.annotator_id, order_by=(tasks.c.position, tasks.c.id))
    last = (
        select(func.coalesce(func.max(leases.c.number), 0))
        .where(leases.c.annotator_id == work.c.annotator_id)
        .scalar_subquery()
    )
    known = exists().where(leases.c.task_id == work.c.task_id, leases.c.annotator_id == work.c.annotator_id)
    worked = (
        select(work.c.task_id, work.c.annotator_id, last + number, literal(0.0))
        .join(tasks, tasks.c.id == work.c.task_id)
        .join(annotators, annotators.c.id == work.c.annotator_id)
        .where(annotators.c.token.is_not(None), ~known)
    )
    connection.execute(insert(leases).from_select(["task_id", "annotator_id", "number", "until"], worked))


def _lock(connection: Connection) -> None:
    """Let nobody else take tasks until the transaction ends; SQLite lets one transaction write at a time anyway."""
    connection.execute(select(about.c.value).where(about.c.name == "id").with_for_update())


def _had(now: float) -> Subquery:
    """Count for each task the people who answered it or hold a lease on it."""
    people = select(annotators.c.id).where(annotators.c.role.in_(_PEOPLE))
    answered = select(work.c.task_id, work.c.annotator_id).where(
        work.c.answer.is_not(None), work.c.annotator_id.in_(people)
    )
    held = select(leases.c.task_id, leases.c.annotator_id).where(leases.c.until > now)
    both = union(answered, held).subquery()
    return select(both.c.task_id, func.count().label("people")).group_by(both.c.task_id).subquery()


def _open(connection: Connection, annotator: int, after: int, without: Sequence[str]) -> RowMapping | None:
    mine = and_(work.c.task_id == leases.c.task_id, work.c.annotator_id == leases.c.annotator_id)
    wanted = or_(and_(work.c.answer.is_(None), leases.c.until > time.time()), work.c.again.is_not(None))
    query = (
        select(tasks, leases.c.number)
        .select_from(leases)
        .join(tasks, tasks.c.id == leases.c.task_id)
        .outerjoin(work, mine)
        .where(leases.c.annotator_id == annotator, tasks.c.position.is_not(None), wanted)
        .where(tasks.c.digest.not_in(without))
        .order_by(leases.c.number <= after, leases.c.number)
        .limit(1)
    )
    return connection.execute(query).mappings().first()
