"""Answers and drafts of one annotator: stored once each, and never over something newer."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, bindparam, insert, select, update

from liwa.annotator.checking import Body, RefusedError, Submission
from liwa.annotator.schema import annotators, answers, work

_TURN: Final = select(annotators.c.id).where(annotators.c.id == bindparam("annotator")).with_for_update(key_share=True)
_WORK: Final = select(work).where(work.c.task_id == bindparam("task"), work.c.annotator_id == bindparam("annotator"))


class ConflictError(Exception):
    """Something newer than what a submission builds on is stored; nothing was changed."""


def save(connection: Connection, task: int, annotator: int, sent: Submission) -> int:
    """Store an answer or a draft, and return its revision; needs a transaction that writes.

    The same submission again changes nothing and has the same revision. Raises RefusedError for a key of another task,
    and ConflictError where the newest revision of the task is another than the one that the submission builds on.
    """
    # Two tabs of one annotator take turns; SQLite lets one transaction write at a time anyway.
    connection.execute(_TURN, {"annotator": annotator})
    now = _work(connection, task, annotator)
    if (before := _stored(connection, task, annotator, sent, now)) is not None:
        return before
    newest = now["revision"] if now else 0
    if sent.base != newest:
        raise ConflictError
    if now and now["again"]:
        again = json.loads(now["again"])
        sent = replace(sent, body=replace(sent.body, note={**sent.body.note, "again": again}))
    values = _values(connection, task, annotator, sent, newest + 1)
    if now:
        connection.execute(update(work).where(_mine(task, annotator)).values(values))
    else:
        connection.execute(insert(work).values(task_id=task, annotator_id=annotator, **values))
    return int(newest + 1)


def state(connection: Connection, task: int, annotator: int, name: str, text: str) -> dict[str, Any] | None:
    """Return what an annotator last said of a task, a draft or an answer, as the page reads it; None for nothing."""
    now = _work(connection, task, annotator)
    if now is None:
        return None
    kept, key = now["draft"], now["draft_key"]
    if kept is None:
        kept, key = connection.execute(
            select(answers.c.body, answers.c.key).where(answers.c.id == now["answer_id"])
        ).one()
    return {
        "revision": now["revision"],
        "answer": now["answer"],
        **Body.from_json(kept).to_dict(text),
        "draft": now["draft"] is not None,
        "by": name,
        "key": key,
    }


def last_answer(connection: Connection, task: int, annotator: int) -> tuple[str, Body] | None:
    """Return the last answer of an annotator to a task, and what it says; drafts do not count."""
    found = connection.execute(
        select(answers.c.answer, answers.c.body)
        .join(work, work.c.answer_id == answers.c.id)
        .where(_mine(task, annotator))
    ).first()
    return (found.answer, Body.from_json(found.body)) if found else None


def again(connection: Connection, task: int, annotator: int) -> dict[str, Any] | None:
    """Return why a task came back to an annotator, None where it did not or was answered since."""
    found = connection.execute(select(work.c.again).where(_mine(task, annotator))).scalar()
    return dict(json.loads(found)) if found else None


def _mine(task: int, annotator: int) -> ColumnElement[bool]:
    return and_(work.c.task_id == task, work.c.annotator_id == annotator)


def _work(connection: Connection, task: int, annotator: int) -> Any:
    return connection.execute(_WORK, {"task": task, "annotator": annotator}).mappings().first()


def _stored(connection: Connection, task: int, annotator: int, sent: Submission, now: Any) -> int | None:
    """Return the revision of a submission that was stored before."""
    if sent.answer is None:
        return int(now["revision"]) if now and now["draft_key"] == sent.key else None
    with_key = and_(answers.c.annotator_id == annotator, answers.c.key == sent.key)
    found = connection.execute(select(answers.c.task_id, answers.c.revision).where(with_key)).first()
    if found and found.task_id != task:
        raise RefusedError("the key belongs to an answer to another task")
    return int(found.revision) if found else None


def _values(connection: Connection, task: int, annotator: int, sent: Submission, revision: int) -> dict[str, Any]:
    """Append an answer to the history, and return what changes in the work of the annotator."""
    body, changed = sent.body.to_json(), time.time()
    values = {"revision": revision, "flagged": int(sent.body.flagged), "changed": changed}
    if sent.answer is None:
        return {**values, "draft": body, "draft_key": sent.key}
    made = connection.execute(
        insert(answers).values(
            task_id=task,
            annotator_id=annotator,
            revision=revision,
            key=sent.key,
            answer=sent.answer,
            body=body,
            seconds=sent.seconds,
            created=changed,
        )
    )
    (number,) = made.inserted_primary_key or (None,)
    return {**values, "answer_id": number, "answer": sent.answer, "draft": None, "draft_key": None, "again": None}
