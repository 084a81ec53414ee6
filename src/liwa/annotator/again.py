"""Answers that go round again, since a rule of the guidelines has changed."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select, update

from liwa.annotator.schema import annotators, answers, tasks, work
from liwa.annotator.store import Store
from liwa.arabic.orthography import fold
from liwa.errors import LiwaError


@dataclass(frozen=True)
class Touched:
    """Which answers a rule touches. label: of a span or a relation in them; matching: characters in a span of that
    label, or anywhere in the text where no label is named; since: Unix time from which on they were given.
    """

    label: str | None = None
    matching: str | None = None
    since: float = 0.0

    def holds(self, text: str, body: Mapping[str, Any]) -> bool:
        """Say whether an answer to a task is touched; body: as the store keeps it."""
        wanted = fold(self.matching) if self.matching else ""
        if self.label is None:
            return wanted in fold(text)
        places = [(start, end) for start, end, label in body["spans"] if label == self.label]
        for head, child, label in body["relations"]:
            if label == self.label:
                places += [tuple(body["spans"][end][:2]) for end in (head, child)]
        return any(wanted in fold(text[start:end]) for start, end in places)


def send_again(store: Store, rule: str, touched: Touched, *, note: str = "", dry_run: bool = False) -> dict[str, int]:
    """Send accepted answers round again to those who gave them, and return how many of each annotator.

    rule: what has changed; note: how. The answers stay in the history, and stand until they are given anew. Raises
    LiwaError for a rule without a name, nothing to find answers by, and a label that the scheme lacks.
    """
    scheme = store.scheme()
    if not rule.strip():
        raise LiwaError("expected the name of a rule", where="--rule", hint="Name it as the guidelines do")
    if touched.label is None and not touched.matching:
        hint = "Name a --label, or characters with --matching"
        raise LiwaError("expected what tells the answers that the rule touches", where="--label", hint=hint)
    if touched.label not in (None, *scheme.labels, *scheme.relations):
        hint = f"Name one of {', '.join([*scheme.labels, *scheme.relations])}"
        raise LiwaError(f"the scheme has no label {touched.label}", where="--label", hint=hint)
    why = json.dumps({"rule": rule, "text": note, "time": time.time()})
    query = (
        select(*work.c["task_id", "annotator_id"], annotators.c.name, tasks.c.row, answers.c.body)
        .join(answers, answers.c.id == work.c.answer_id)
        .join(tasks, tasks.c.id == work.c.task_id)
        .join(annotators, annotators.c.id == work.c.annotator_id)
        .where(answers.c.answer == "accept", answers.c.created >= touched.since, tasks.c.position.is_not(None))
        .where(annotators.c.role.in_(("annotator", "lead")))
    )
    found: Counter[str] = Counter()
    with store.writing() as connection:
        for row in connection.execute(query).all():
            if touched.holds(json.loads(row.row)["text"], json.loads(row.body)):
                found[row.name] += 1
                if not dry_run:
                    this = and_(work.c.task_id == row.task_id, work.c.annotator_id == row.annotator_id)
                    connection.execute(update(work).where(this).values(again=why))
    return dict(found)
