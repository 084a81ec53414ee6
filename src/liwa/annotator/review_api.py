"""What the page asks of the server for a review: tasks whose answers differ, what sides lead to, where reviews go."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from liwa.annotator import listing, saving
from liwa.annotator.api import MOST_LISTED, Api, digest_of, no_task, number, person_of, without_of
from liwa.annotator.checking import RefusedError, Submission, read_submission
from liwa.annotator.payload import payload
from liwa.annotator.people import Person
from liwa.annotator.replies import problem, reply
from liwa.annotator.review import Said, answers_to, disputes, resolution, reviewer, reviewer_of
from liwa.annotator.schema import tasks
from liwa.errors import LiwaError

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping
    from starlette.requests import Request
    from starlette.responses import Response

MOST_SIDES: Final = 10_000
"""Decisions that a review may take a side on."""


class ReviewApi:
    """The endpoints for a lead who reviews."""

    def __init__(self, api: Api) -> None:
        self.store, self.scheme = api.store, api.scheme

    def routes(self) -> list[Route]:
        """Return the endpoints with their paths."""
        return [
            Route("/api/review", self.list),
            Route("/api/review/next", self.next),
            Route("/api/review/{id}", self.task, methods=["GET"]),
            Route("/api/review/{id}", self.review, methods=["POST"]),
            Route("/api/review/{id}/draft", self.draft, methods=["PUT"]),
            Route("/api/review/{id}/resolve", self.resolve, methods=["POST"]),
        ]

    def list(self, request: Request) -> Response:
        """Reply with a part of the list of tasks whose answers differ."""
        offset, limit = number(request, "offset", 0), min(number(request, "limit", 200), MOST_LISTED)
        with self.store.reading() as connection:
            _, differing = disputes(connection)
            part = list(enumerate(differing, 1))[offset : offset + limit]
            rows = self._rows(connection, [found.task for _, found in part])
            layer = reviewer_of(connection)
            listed = [
                {
                    **_summary(rows[found.task]),
                    "position": position,
                    "names": [one.name for one in answers_to(connection, found.task)],
                    "reviewed": found.reviewed,
                    "draft": (saving.state(connection, found.task, layer, "", "") or {}).get("draft", False),
                }
                for position, found in part
            ]
            return reply({**self._progress(connection), "tasks": listed})

    def next(self, request: Request) -> Response:
        """Reply with the next task that is to be reviewed."""
        after, without = number(request, "after", 0), without_of(request)
        with self.store.reading() as connection:
            _, differing = disputes(connection)
            wanted = [(at, found.task) for at, found in enumerate(differing, 1) if not found.reviewed]
            for _, task in sorted(wanted, key=lambda one: (one[0] <= after, one[0])):
                row = self._rows(connection, [task])[task]
                if row["digest"] not in without:
                    return reply(self._payload(connection, row, person_of(request)))
            return reply({"done": True, **self._progress(connection)})

    def task(self, request: Request) -> Response:
        """Reply with a task, all answers to it, and what they differ on."""
        with self.store.reading() as connection:
            found = listing.find(connection, digest_of(request))
            return no_task() if found is None else reply(self._payload(connection, found, person_of(request)))

    async def resolve(self, request: Request) -> Response:
        """Reply with what sides lead to; nothing is stored."""
        return await run_in_threadpool(self._resolve, request, await request.body())

    async def draft(self, request: Request) -> Response:
        """Keep a review that is not finished."""
        return await run_in_threadpool(self._save, request, await request.body(), draft=True)

    async def review(self, request: Request) -> Response:
        """Keep a review."""
        return await run_in_threadpool(self._save, request, await request.body(), draft=False)

    def _resolve(self, request: Request, body: bytes) -> Response:
        return self._with_answers(
            request, lambda task, given: reply(resolution(task, given, read_sides(_read(body)))[1])
        )

    def _save(self, request: Request, body: bytes, *, draft: bool) -> Response:
        def save(task: RowMapping, given: Sequence[Said]) -> Response:
            return self._keep(task, self._sent(task, given, _read(body), person_of(request), draft=draft))

        return self._with_answers(request, save)

    def _with_answers(self, request: Request, then: Callable[[RowMapping, Sequence[Said]], Response]) -> Response:
        """Reply with what follows from the task of a request and the answers to it, or say what is wrong with it."""
        with self.store.reading() as connection:
            found = listing.find(connection, digest_of(request))
            given = answers_to(connection, found["id"]) if found else []
        if found is None:
            return no_task()
        try:
            return then(found, given)
        except (RefusedError, LiwaError) as refused:
            return problem(422, str(refused))

    def _sent(
        self, task: RowMapping, given: Sequence[Said], data: Mapping[str, Any], person: Person, *, draft: bool
    ) -> Submission:
        """Return what is to be stored: the whole answer that was sent, else what the sides that were sent lead to."""
        sides = read_sides(data)
        text = json.loads(task["row"])["text"]
        if "spans" not in data:
            _, resolved = resolution(task, given, sides)
            if resolved["open"] and not draft:
                raise RefusedError(f"{resolved['open']} decisions are open")
            data = {**data, "spans": resolved["spans"], "relations": resolved["relations"]}
        sent = read_submission(data, text, self.scheme, draft=draft)
        return replace(sent, body=replace(sent.body, note={"by": person.name, "sides": sides}))

    def _keep(self, task: RowMapping, sent: Submission) -> Response:
        with self.store.writing() as connection:
            layer = reviewer(connection)
            try:
                revision = saving.save(connection, task["id"], layer, sent)
            except saving.ConflictError:
                state = self._state(connection, task, layer)
                return problem(409, "the task has a newer review or draft", state=state)
        with self.store.reading() as connection:
            return reply({"revision": revision, **self._progress(connection)})

    def _payload(self, connection: Connection, row: RowMapping, person: Person) -> dict[str, Any]:
        _, differing = disputes(connection)
        positions = {found.task: at for at, found in enumerate(differing, 1)}
        layer = reviewer_of(connection)
        given = answers_to(connection, row["id"])
        state = self._state(connection, row, layer)
        whole = payload(connection, row, layer, person.name)
        for name in ("duplicate", "again", "spans", "relations"):
            del whole[name]
        text = whole["text"]
        return {
            **whole,
            "position": positions.get(row["id"]),
            **self._progress(connection),
            "dir": "rtl",
            "answers": [_shown(one, text) for one in given],
            "resolution": _resolved(row, given, (state or {}).get("sides") or {}),
            "state": state,
        }

    def _state(self, connection: Connection, task: RowMapping, layer: int) -> dict[str, Any] | None:
        text = json.loads(task["row"])["text"]
        state = saving.state(connection, task["id"], layer, "", text)
        if state is None:
            return None
        note = state.pop("note", {})
        return {**state, "by": note.get("by", ""), "sides": note.get("sides", {})}

    def _rows(self, connection: Connection, numbers: Sequence[int]) -> dict[int, RowMapping]:
        found = connection.execute(select(tasks).where(tasks.c.id.in_(numbers))).mappings()
        return {row["id"]: row for row in found}

    def _progress(self, connection: Connection) -> dict[str, int]:
        _, differing = disputes(connection)
        return {"total": len(differing), "open": sum(not found.reviewed for found in differing)}


def read_sides(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sides that were sent, or raise RefusedError for what can be none."""
    sides = data.get("sides") or {}
    good = isinstance(sides, dict) and len(sides) <= MOST_SIDES
    if not good or not all(isinstance(side, str | list) for side in sides.values()):
        raise RefusedError("expected sides as an object of names and lists")
    return sides


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedError("expected JSON") from None
    if not isinstance(data, dict):
        raise RefusedError("expected a JSON object")
    return data


def _resolved(row: RowMapping, given: Sequence[Said], sides: Mapping[str, Any]) -> dict[str, Any]:
    """Return what sides lead to, without those that no longer can be taken."""
    try:
        return resolution(row, given, sides)[1]
    except LiwaError:
        return resolution(row, given, {})[1]


def _summary(row: RowMapping) -> dict[str, Any]:
    return {"id": row["digest"], "article": row["article"], **json.loads(row["summary"])}


def _shown(one: Said, text: str) -> dict[str, Any]:
    said = one.body.to_dict(text)
    said.pop("note", None)
    return {"name": one.name, "answer": one.answer, **said, "seconds": one.seconds, "time": one.time}
