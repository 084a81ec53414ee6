"""The server process: a store that is open, those who may ask, and Uvicorn before the application."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from liwa import jsonl
from liwa.annotator import listing
from liwa.annotator.api import Api
from liwa.annotator.app import application
from liwa.annotator.desk import Alone, Shared
from liwa.annotator.feed import Fed
from liwa.annotator.guidelines import Guidelines
from liwa.annotator.handout import Handout, adopt
from liwa.annotator.listener import hosts_of, is_loopback, listen
from liwa.annotator.people import ANNOTATOR, LEAD, Person, is_team, people, sole, team
from liwa.annotator.place import Place
from liwa.annotator.project import open_project
from liwa.annotator.stats import progress
from liwa.annotator.store import Store
from liwa.progress import say
from liwa.scheme import Scheme

if TYPE_CHECKING:
    import socket

    from starlette.types import ASGIApp


class Ready(NamedTuple):
    """A server that can be called: the address of its page, with a secret if one, and one line of what it serves."""

    url: str
    summary: str


@dataclass(frozen=True)
class Where:
    """Where a server listens, and the URL by which people call it, if that is another. port: 0 for any free one."""

    host: str
    port: int
    address: str | None = None


Beside = Callable[[Store], AbstractContextManager[object]]
"""Begins what goes on beside the server, and ends it."""


def serve(
    tasks: str,
    *,
    store: str,
    scheme: Scheme,
    guidelines: Guidelines,
    annotator: str,
    where: Where,
    handout: Handout | None = None,
    texts: Sequence[str] = (),
    beside: Beside | None = None,
    ready: Callable[[Ready], None],
) -> dict[str, int]:
    """Serve the page until the process is told to stop, and return the counts of what is answered.

    Where the store has people, each opens it with a token of their own, and gets tasks as `handout` says; else all
    tasks are one annotator's. guidelines: by language. ready: is called once the address can be opened. Raises
    LiwaError for a port that is taken, a place that is no store, and tasks that cannot be read or do not fit.
    """
    if tasks != jsonl.STDIO:
        with jsonl.open_input(tasks):  # a misspelt name shall make no store
            pass
    with _listening(where, store) as listener, closing(Store(store)) as kept:
        with kept.reading() as connection:
            shared = is_team(connection)
        person = None if shared else Person(kept.annotator(annotator), annotator, ANNOTATOR)
        fed = open_project(kept, tasks, scheme, texts)
        if shared:
            with kept.writing() as connection:
                adopt(connection)
        api = Api(kept, scheme, Shared(handout or Handout()) if shared else Alone())
        with (beside or _nothing)(kept):
            summary = _fed(fed) + _answered(kept, person)
            _serve(api, person, listener, where, guidelines=guidelines, summary=summary, ready=ready)
        with kept.reading() as connection:
            return listing.counts(connection, person.id) if person else progress(connection, 1)


def serve_review(
    store: Store,
    *,
    scheme: Scheme,
    guidelines: Guidelines,
    lead: str,
    where: Where,
    ready: Callable[[Ready], None],
) -> None:
    """Serve the reviews of a store to one lead, until the process is told to stop; the rest as in `serve`."""
    with listen(where.host, where.port) as listener:
        person = Person(store.annotator(lead, LEAD), lead, LEAD)
        api = Api(store, scheme, view="review")
        summary = f"reviews in {store.place}"
        _serve(api, person, listener, where, guidelines=guidelines, summary=summary, ready=ready)


def run(app: ASGIApp, listener: socket.socket) -> None:
    """Answer requests until the process is told to stop, and let those that have begun end."""
    import uvicorn

    config = uvicorn.Config(
        app,
        access_log=False,
        lifespan="off",
        log_config=None,
        log_level="error",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        timeout_keep_alive=60,
        ws="none",
    )
    with suppress(KeyboardInterrupt):  # the usual end
        uvicorn.Server(config).run(sockets=[listener])


def _serve(
    api: Api,
    person: Person | None,
    listener: socket.socket,
    where: Where,
    *,
    guidelines: Guidelines,
    summary: str,
    ready: Callable[[Ready], None],
) -> None:
    """Answer the one person, who is given a token for this run, or the people of the store."""
    address, hosts = hosts_of(listener, where.address)
    token = secrets.token_urlsafe(32) if person else ""
    who = sole(token, person) if person else team(api.store)
    app = application(api, guidelines=guidelines, hosts=hosts, who=who)
    with api.store.writing() as connection:
        api.store.note(connection, address=address)
    if not is_loopback(where.host) and not address.startswith("https:"):
        say("what people send can be read on the way: put a proxy with TLS before this server")
    ready(Ready(f"{address}/#token={token}" if person else f"{address}/", f"{summary}; stop with Ctrl-C"))
    run(app, listener)


@contextmanager
def _listening(where: Where, store: str) -> Iterator[socket.socket]:
    """Listen; on other addresses than the loopback ones only for a store that has people."""
    with listen(where.host, where.port, everywhere=not is_loopback(where.host) and _has_people(store)) as listener:
        hosts_of(listener, where.address)
        yield listener


def _has_people(store: str) -> bool:
    place = Place.of(store)
    if place.file and not place.file.is_file():
        return False
    with closing(Store(place)) as kept, kept.reading() as connection:
        return is_team(connection)


def _nothing(store: Store) -> AbstractContextManager[object]:
    return nullcontext()


def _fed(fed: Fed | None) -> str:
    """Say what a feed changed, of what it changed."""
    said = {
        "new tasks": fed.new if fed else 0,
        "lines that repeat a task": fed.repeated if fed else 0,
        "tasks of the store that are not in this file": fed.aside if fed else 0,
    }
    return "".join(f"{number} {what}, " for what, number in said.items() if number)


def _answered(store: Store, person: Person | None) -> str:
    with store.reading() as connection:
        if person is None:
            return f"{listing.total(connection)} tasks in all, for {len(people(connection))} people, in {store.place}"
        counts = listing.counts(connection, person.id)
    return f"{counts['tasks']} tasks in all, {counts['answered']} answered by {person.name} in {store.place}"
