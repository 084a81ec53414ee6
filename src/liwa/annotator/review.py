"""Reviews: where the answers of several annotators to a task differ, and the layer of answers that settles it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, RowMapping, func, insert, select

from liwa.annotations.decisions import LIWA, Decision
from liwa.annotations.disagreements import plain
from liwa.annotations.rows import ANSWERS
from liwa.annotator.checking import Body
from liwa.annotator.schema import annotators, answers, tasks, work
from liwa.annotator.settle import Settled, by_sides, decision_id, settle
from liwa.annotator.task import pre_annotation, said
from liwa.records import Gold

ROLE: Final = "review"
"""The role, and the name, of the annotator whose answers are the layer of reviews."""

ANSWER: Final = "answer"
"""The kind of disagreement where not all accepted, and the name of its decision."""


class Said(NamedTuple):
    """The last answer of an annotator to a task; id: its number in the history; time: Unix; seconds: that it took."""

    name: str
    answer: str
    body: Body
    id: int
    time: float
    seconds: float


class Counted(NamedTuple):
    """Tasks with two answers or more, those of them that differ, and how many of these are reviewed and open."""

    tasks: int
    differ: int
    reviewed: int
    open: int


@dataclass(frozen=True)
class Disputed:
    """A task whose answers differ. reviewed: since the last of them was given."""

    task: int
    reviewed: bool


def reviewer(connection: Connection) -> int:
    """Return the number of the layer of reviews, which is made if need be."""
    found = reviewer_of(connection)
    if not found:
        name = ROLE
        while connection.execute(select(annotators.c.id).where(annotators.c.name == name)).scalar() is not None:
            name += "*"  # somebody is called so
        made = connection.execute(insert(annotators).values(name=name, created=time.time(), role=ROLE))
        (found,) = made.inserted_primary_key or (0,)
    return int(found)


def reviewer_of(connection: Connection) -> int:
    """Return the number of the layer of reviews, 0 where there is none yet."""
    return int(connection.execute(select(annotators.c.id).where(annotators.c.role == ROLE)).scalar() or 0)


def disputes(connection: Connection) -> tuple[int, list[Disputed]]:
    """Return how many tasks of the feed have two answers or more, and those whose answers differ, in order."""
    query = (
        select(*work.c["task_id", "answer", "answer_id"], annotators.c.role, answers.c.body)
        .join(answers, answers.c.id == work.c.answer_id)
        .join(tasks, tasks.c.id == work.c.task_id)
        .join(annotators, annotators.c.id == work.c.annotator_id)
        .where(tasks.c.position.is_not(None), tasks.c.id.in_(_with_several()))
        .order_by(tasks.c.position)
    )
    several, differing = 0, []
    for task, found in groupby(connection.execute(query), key=lambda row: row.task_id):
        rows = list(found)
        theirs = [row for row in rows if row.role != ROLE]
        several += 1
        if len({_gist(row.answer, row.body) for row in theirs}) > 1:
            last = max(row.answer_id for row in theirs)
            differing.append(Disputed(task, any(row.role == ROLE and row.answer_id > last for row in rows)))
    return several, differing


def review_counts(connection: Connection) -> Counted:
    """Return how far the reviews are."""
    several, differing = disputes(connection)
    reviewed = sum(found.reviewed for found in differing)
    return Counted(several, len(differing), reviewed, len(differing) - reviewed)


def answers_to(connection: Connection, task: int) -> list[Said]:
    """Return the last answers to a task, in the order of the annotators; reviews are none."""
    query = (
        select(annotators.c.name, *answers.c["answer", "body", "id", "created", "seconds"])
        .select_from(work)
        .join(answers, answers.c.id == work.c.answer_id)
        .join(annotators, annotators.c.id == work.c.annotator_id)
        .where(work.c.task_id == task, annotators.c.role != ROLE)
        .order_by(annotators.c.id)
    )
    return [Said(name, answer, Body.from_json(body), *rest) for name, answer, body, *rest in connection.execute(query)]


def accepted(task: Gold, given: Sequence[Said]) -> dict[str, Gold]:
    """Return what those who accepted a task say of it, as layers."""
    return {one.name: said(task, one.body) for one in given if one.answer == ANSWERS[0]}


def resolution(row: RowMapping, given: Sequence[Said], sides: Mapping[str, Any]) -> tuple[Settled, dict[str, Any]]:
    """Return what sides lead to, as it is and as JSON-ready data in offsets of the task; LiwaError for no such side."""
    task = pre_annotation(json.loads(row["row"]))
    bare = said(task, Body((), (), "", False, ()))
    settled = settle(bare, accepted(task, given), by_sides(sides, task.start))
    asked = [*_on_answer(given, sides, len(task.text or "")), *(shown(d, task) for d in settled.decisions)]
    body = {
        "spans": [item(span, task) for span in settled.gold.spans],
        "relations": [item(relation, task) for relation in settled.gold.relations],
        "decisions": asked,
        "open": sum(decision["ruling"] is None for decision in asked),
        "waiting": settled.waiting,
    }
    return settled, body


def shown(decision: Decision, task: Gold) -> dict[str, Any]:
    """Return a decision on a task as the page reads it."""
    place = decision.range
    found: dict[str, Any] = {"id": decision_id(decision), "kind": decision.question["kind"]}
    found |= {"start": place.start - task.start, "end": place.end - task.start}
    if ends := decision.question.get("ends"):
        found["ends"] = [[end["start"] - task.start, end["end"] - task.start] for end in ends]
    found["says"] = {name: [item(one, task) for one in said] for name, said in decision.says.items()}
    ruling = decision.answer.ruling
    if isinstance(ruling, list | Mapping):
        ruling = [_local(one, task) for one in (ruling if isinstance(ruling, list) else [ruling])]
    return {**found, "ruling": ruling, "by": decision.answer.by if decision.answer.by == LIWA else None}


def item(one: Any, task: Gold) -> dict[str, Any]:
    """Return a span or relation in offsets of a task, as the page reads it."""
    return _local(plain(one), task)


def _local(row: Mapping[str, Any], task: Gold) -> dict[str, Any]:
    if "head_span" in row:
        ends = {
            side: [row[f"{side}_span"][edge] - task.start for edge in ("start", "end")] for side in ("head", "child")
        }
        return {**ends, "label": row["label"]}
    start, end = row["start"] - task.start, row["end"] - task.start
    return {"start": start, "end": end, "label": row["label"], "text": (task.text or "")[start:end]}


def _on_answer(given: Sequence[Said], sides: Mapping[str, Any], length: int) -> Iterator[dict[str, Any]]:
    if len({one.answer for one in given}) < 2:
        return
    says = {one.name: [{"answer": one.answer}] for one in given}
    ruling = sides.get(ANSWER)
    known = ruling in says or ruling in ANSWERS
    place = {"id": ANSWER, "kind": ANSWER, "start": 0, "end": length}
    yield {**place, "says": says, "ruling": ruling if known else None, "by": None}


def _with_several() -> Any:
    theirs = select(annotators.c.id).where(annotators.c.role != ROLE)
    had = select(work.c.task_id).where(work.c.answer.is_not(None), work.c.annotator_id.in_(theirs))
    return had.group_by(work.c.task_id).having(func.count() > 1)


def _gist(answer: str, body: str) -> str:
    """Return what two answers must share to be the same."""
    if answer != ANSWERS[0]:
        return answer
    data = json.loads(body)
    return json.dumps([data["spans"], data["relations"]])
