"""Answers out of a store as Prodigy writes them: one row for each annotator and task, the last answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Row, Select, select

from liwa.annotations.rows import to_row
from liwa.annotations.views import in_view, view_of
from liwa.annotator.checking import Body
from liwa.annotator.engine import explained
from liwa.annotator.schema import annotators, answers, tasks, work
from liwa.annotator.store import Store
from liwa.annotator.task import pre_annotation, said
from liwa.errors import LiwaError
from liwa.scheme import Scheme

LAYERS: Final = ("annotators", "review")
"""What can be exported: what annotators answered, or what reviews made of it."""


def export(
    store: Store, *, annotator: str | None = None, drafts: bool = False, layer: str = LAYERS[0]
) -> Iterator[dict[str, Any]]:
    """Yield the last answers in the order of the tasks, those of tasks that are no longer handed out at the end.

    annotator: only the answers of one. drafts: also what was begun and not answered, or not answered again, with
    ``"draft": true`` and no answer. layer: one of `LAYERS`; of reviews, each row says in ``reviewed_by`` whose it is.
    Raises LiwaError for an annotator whom the store does not know.
    """
    scheme = store.scheme()
    name = store.place.name
    with explained(store.place), store.reading() as connection:
        if annotator is not None:
            known = connection.execute(select(annotators.c.name).order_by(annotators.c.id)).scalars().all()
            if annotator not in known:
                hint = f"The annotators are {', '.join(known) or 'none'}"
                raise LiwaError(f"the store knows no annotator {annotator}", where=str(store.place), hint=hint)
        for found in connection.execute(_query(annotator, layer)):
            if found.answer:
                yield _row(found, found.body, scheme, name)
            if drafts and found.draft:
                yield _row(found, found.draft, scheme, name, draft=True)


def _query(annotator: str | None, layer: str) -> Select[Any]:
    query = (
        select(
            tasks.c.row,
            annotators.c.name,
            answers.c.answer,
            answers.c.body,
            answers.c.created,
            work.c.draft,
            work.c.changed,
        )
        .select_from(work)
        .join(tasks, tasks.c.id == work.c.task_id)
        .join(annotators, annotators.c.id == work.c.annotator_id)
        .outerjoin(answers, answers.c.id == work.c.answer_id)
        .order_by(tasks.c.position.is_(None), tasks.c.position, tasks.c.id, annotators.c.id)
    )
    of_layer = query.where((annotators.c.role == LAYERS[1]) == (layer == LAYERS[1]))
    return of_layer if annotator is None else of_layer.where(annotators.c.name == annotator)


def _row(found: Row[Any], kept: str, scheme: Scheme, name: str, *, draft: bool = False) -> dict[str, Any]:
    """Return one row as Prodigy's database has it."""
    task, body = pre_annotation(json.loads(found.row)), Body.from_json(kept)
    row = to_row(said(task, body), answer=None)
    if "_task_hash" not in task.extra:
        row["_task_hash"] = to_row(task)["_task_hash"]  # of the spans as they stood in the stream
    for key in ("flagged", "comment", "draft"):
        row.pop(key, None)
    view = view_of(scheme)
    row |= in_view(row, view, {name: kind.colour for name, kind in scheme.relations.items()})
    row |= {
        "_view_id": view,
        "_is_binary": False,
        "_annotator_id": found.name,
        "_session_id": f"{name}-{found.name}",
        "_timestamp": int(found.changed if draft else found.created),
    }
    row |= {"flagged": True} if body.flagged else {}
    row |= {"comment": body.comment} if body.comment else {}
    row |= {"reviewed_by": body.note["by"]} if "by" in body.note else {}
    return {**row, "draft": True} if draft else {**row, "answer": found.answer}
