"""Answers of several annotators to one text become one task of Prodigy's review, grouped as its own recipe does.

Unlike that, texts are told apart by their place in an article too, since 32-bit hashes repeat; relations count as spans
do; and of an annotator who answered a text twice, the last answer counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from liwa.annotations.hashes import input_hash, task_hash
from liwa.annotations.rows import ANSWERS, from_row
from liwa.annotations.views import VIEWS
from liwa.errors import LiwaError
from liwa.findings import stop

Row = dict[str, Any]

REVIEWED: Final = (*VIEWS, "spans_manual")
"""The views whose answers can be reviewed."""


@dataclass(frozen=True)
class Said:
    """An answer. session: who gave it; gist: what two answers must share to be the same."""

    row: Row
    session: str
    gist: tuple[Any, ...]


def review_tasks(
    sets: Mapping[str, Iterable[Row]], *, differing: bool = False, skipped: bool = False, view: str = VIEWS[0]
) -> list[Row]:
    """Return a task for each text, in the order in which texts first come, with a version for each different answer.

    sets: answered rows by the name of their dataset, which stands for the annotator of a row that names none.
    differing: only texts whose answers differ, be it in accept and reject. skipped: rejected and ignored answers are
    versions too. view: of rows that do not say theirs. Raises LiwaError for a row that cannot be read, and for rows
    of two views.
    """
    texts: dict[tuple[Any, ...], dict[str, Said]] = {}
    views: dict[str, str] = {}
    for name, rows in sets.items():
        for number, row in enumerate(rows, 1):
            where = f"{name}:{number}"
            said = _said(row, name, view, where)
            views.setdefault(said.row["_view_id"], where)
            _require_one(views)
            texts.setdefault(_identity(row), {}).pop(said.session, None)
            texts[_identity(row)][said.session] = said
    return [task for answers in texts.values() if (task := _task([*answers.values()], differing, skipped))]


def _said(row: Row, name: str, view: str, where: str) -> Said:
    session, answer = str(row.get("_session_id") or name), row.get("answer", ANSWERS[0])
    text = row.get("text")
    of_input = row.get("_input_hash") or input_hash(text if isinstance(text, str) else "")
    known = {**row, "_input_hash": of_input, "_session_id": session, "_view_id": row.get("_view_id") or view}
    if answer != ANSWERS[0]:
        return Said(known, session, (answer,))
    gold = from_row({**row, "answer": answer}, where, stop)
    assert gold, "whatever cannot be read was raised"
    return Said(known, session, (answer, gold.spans, gold.relations))


def _require_one(views: Mapping[str, str]) -> None:
    for view, where in views.items():
        if view not in REVIEWED:
            raise LiwaError(f"expected answers of {', '.join(REVIEWED)}, found {view}", where=where)
    if len(views) > 1:
        (one, _), (other, where) = list(views.items())[:2]
        hint = "Review the answers of one view at a time"
        raise LiwaError(f"expected answers of {one}, as before, found {other}", where=where, hint=hint)


def _identity(row: Mapping[str, Any]) -> tuple[Any, ...]:
    meta = row.get("meta") or {}
    return (*(meta.get(key) for key in ("article", "sha256", "start")), row.get("text"))


def _task(answers: Sequence[Said], differing: bool, skipped: bool) -> Row | None:
    """Return the task of a text, whose first version is that of most annotators; None if there is none to show."""
    if differing and len({said.gist for said in answers}) < 2:
        return None
    shown = [said for said in answers if skipped or said.gist[0] == ANSWERS[0]]
    gists = list(dict.fromkeys(said.gist for said in shown))
    versions = [_version([said for said in shown if said.gist == gist]) for gist in gists]
    if not versions:
        return None
    chosen = max(versions, key=lambda version: len(version["sessions"]))
    marked = [{**version, "default": version is chosen} for version in versions]
    return {**chosen, "versions": marked, "view_id": chosen["_view_id"]}


def _version(answers: Sequence[Said]) -> Row:
    """Return the first of some answers that say the same, with the names of all who gave it."""
    row = answers[0].row
    of_task = task_hash(row["_input_hash"], row.get("spans") or ())
    return {**row, "_task_hash": of_task, "sessions": sorted(said.session for said in answers)}
