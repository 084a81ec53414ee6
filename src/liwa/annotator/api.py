"""What the page asks of the server, as JSON: the session, tasks, and where answers and drafts go."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from liwa.annotator import listing, saving
from liwa.annotator.checking import RefusedError, Submission, read_submission
from liwa.annotator.desk import Alone, Desk
from liwa.annotator.pace import pace
from liwa.annotator.payload import payload
from liwa.annotator.people import LEAD, Person
from liwa.annotator.replies import problem, reply
from liwa.annotator.store import Store
from liwa.scheme import Scheme

if TYPE_CHECKING:
    from sqlalchemy import RowMapping
    from starlette.requests import Request
    from starlette.responses import Response

MOST_LISTED: Final = 1000
"""Tasks in one part of the list."""

MOST_ON_WAY: Final = 200
"""Tasks that a query may name as answered before their answers are stored."""

MOST_KNOWN: Final = 10_000
"""Tasks that are kept at hand."""

_DIGEST: Final = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True)
class Api:
    """The endpoints for whoever annotates; who asks stands in the scope of each request.

    view: what the page opens with, ``annotate`` or ``review``.
    """

    store: Store
    scheme: Scheme
    desk: Desk = field(default_factory=Alone)
    view: str = "annotate"
    _known: dict[str, RowMapping] = field(default_factory=dict, init=False, repr=False)

    def routes(self) -> list[Route]:
        """Return the endpoints with their paths."""
        return [
            Route("/api/session", self.session),
            Route("/api/mine", self.mine),
            Route("/api/tasks", self.tasks),
            Route("/api/tasks/next", self.next),
            Route("/api/tasks/{id}", self.task),
            Route("/api/tasks/{id}/draft", self.draft, methods=["PUT"]),
            Route("/api/tasks/{id}/answer", self.answer, methods=["POST"]),
        ]

    def session(self, request: Request) -> Response:
        """Reply with who annotates what; ``store`` names the store wherever it is served."""
        person, handout = person_of(request), self.desk.handout
        with self.store.reading() as connection:
            counts = self.desk.counts(connection, person.id)
        return reply(
            {
                "annotator": person.name,
                "role": person.role,
                "scheme": self.scheme.to_dict(),
                "dir": "rtl",
                "counts": counts,
                "version": _version(),
                "view": self.view,
                "team": handout is not None,
                "overlap": handout.overlap if handout else 1,
                "lease": handout.lease if handout else None,
                "store": self.store.about("id"),
            }
        )

    def mine(self, request: Request) -> Response:
        """Reply with what someone has done so far."""
        person = person_of(request)
        with self.store.reading() as connection:
            counts = self.desk.counts(connection, person.id)
            return reply({"name": person.name, "role": person.role, "counts": counts, **pace(connection, person.id)})

    def tasks(self, request: Request) -> Response:
        """Reply with a part of the list of tasks."""
        person = person_of(request)
        offset, limit = number(request, "offset", 0), number(request, "limit", 200)
        with self.store.reading() as connection:
            listed = self.desk.listed(connection, person.id, offset, min(limit, MOST_LISTED))
            return reply({"total": self.desk.total(connection, person.id), "tasks": listed})

    def next(self, request: Request) -> Response:
        """Reply with the next task that has no answer; a lead of a team gets one only with ``take=1``."""
        person, after, without = person_of(request), number(request, "after", 0), without_of(request)
        if self.desk.handout and person.role == LEAD and "take" not in request.query_params:
            found = None
        else:
            found = self.desk.following(self.store, person.id, after, without)
        return self._task(found, person) if found is not None else self._done(person)

    def task(self, request: Request) -> Response:
        """Reply with a task."""
        with self.store.reading() as connection:
            found = listing.find(connection, digest_of(request))
        return no_task() if found is None else self._task(found, person_of(request))

    async def draft(self, request: Request) -> Response:
        """Keep a draft."""
        return await run_in_threadpool(self._save, request, await request.body(), draft=True)

    async def answer(self, request: Request) -> Response:
        """Keep an answer."""
        return await run_in_threadpool(self._save, request, await request.body(), draft=False)

    def _task(self, found: RowMapping, person: Person) -> Response:
        try:
            lease = self.desk.open(self.store, person.id, found)
        except PermissionError as refused:
            return problem(403, str(refused))
        with self.store.reading() as connection:
            place = {
                "position": self.desk.position(connection, person.id, found),
                "total": self.desk.total(connection, person.id),
                "lease": lease,
            }
            return reply(payload(connection, found, person.id, person.name) | place)

    def _done(self, person: Person) -> Response:
        with self.store.reading() as connection:
            return reply({"done": True, "counts": self.desk.counts(connection, person.id)})

    def _save(self, request: Request, body: bytes, *, draft: bool) -> Response:
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            return problem(400, "expected JSON")
        task = self._found(digest_of(request))
        if task is None:
            return no_task()
        text = json.loads(task["row"])["text"]
        try:
            return self._keep(task, text, read_submission(data, text, self.scheme, draft=draft), person_of(request))
        except RefusedError as refused:
            return problem(422, str(refused))
        except PermissionError as refused:
            return problem(403, str(refused))

    def _found(self, digest: str) -> RowMapping | None:
        """Return a task whose number, article and text are asked for: what its digest stands for never changes."""
        if (task := self._known.get(digest)) is None:
            with self.store.reading() as connection:
                task = listing.find(connection, digest)
            if task is not None and len(self._known) < MOST_KNOWN:
                self._known[digest] = task
        return task

    def _keep(self, task: RowMapping, text: str, sent: Submission, person: Person) -> Response:
        with self.store.writing() as connection:
            lease = self.desk.touch(connection, person.id, task)
            try:
                revision = saving.save(connection, task["id"], person.id, sent)
            except saving.ConflictError:
                state = saving.state(connection, task["id"], person.id, person.name, text)
                return problem(409, "the task has a newer answer or draft", state=state)
        with self.store.reading() as connection:
            counts = self.desk.counts(connection, person.id)
        return reply({"revision": revision, "counts": counts, "lease": lease})


@cache
def _version() -> str:
    return version("liwa")


def person_of(request: Request) -> Person:
    """Return who asks, as the guard found out."""
    person: Person = request.scope["person"]
    return person


def no_task() -> Response:
    """Return the response to a task that is not there."""
    return problem(404, "there is no such task")


def digest_of(request: Request) -> str:
    """Return the name of a task in a path, "" for what can be none."""
    name = str(request.path_params["id"])
    return name if _DIGEST.fullmatch(name) else ""


def without_of(request: Request) -> list[str]:
    """Return the tasks of a query whose answers are on their way."""
    return [name for name in request.query_params.get("without", "").split(",") if _DIGEST.fullmatch(name)][
        :MOST_ON_WAY
    ]


def number(request: Request, name: str, default: int) -> int:
    """Return a number of the query that a database can hold, the default for anything else."""
    value: Any = request.query_params.get(name, "")
    return min(int(value[:10]), 2**31 - 1) if value.isascii() and value.isdecimal() else default
