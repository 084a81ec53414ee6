"""Who may ask: people of a team, each with a token of their own, or the one for whom a server was started.

Only the SHA-256 of a token is stored: its 32 random bytes cannot be guessed, so that no slow hash is needed.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from liwa.annotator.schema import annotators, leases
from liwa.annotator.store import Store, require_name
from liwa.errors import LiwaError

ANNOTATOR: Final = "annotator"
LEAD: Final = "lead"
_DAY: Final = 24 * 3600.0


class Person(NamedTuple):
    """Someone who asks: a number in the store, a name, and whether they annotate or lead."""

    id: int
    name: str
    role: str


class Known(NamedTuple):
    """A person as the store knows them; state: active, expired or revoked; times in seconds, Unix."""

    name: str
    role: str
    state: str
    created: float
    expires: float | None


def sole(token: str, person: Person) -> Callable[[str], Person | str]:
    """Return a check that knows one person by one token, for as long as a server runs."""

    def who(said: str) -> Person | str:
        return person if secrets.compare_digest(said.encode(), token.encode()) else ""

    return who


def team(store: Store) -> Callable[[str], Person | str]:
    """Return a check that knows the people of a store, as they are at the moment of each request."""
    columns = annotators.c["id", "name", "role", "expires", "revoked"]
    query = select(*columns).where(annotators.c.token == bindparam("digest"))

    def who(said: str) -> Person | str:
        if not said:
            return ""
        with store.reading() as connection:
            found = connection.execute(query, {"digest": _digest(said)}).first()
        if found is None:
            return "unknown token"
        state = state_of(found)
        return Person(found.id, found.name, found.role) if state == "active" else f"{state} token of {found.name!r}"

    return who


def is_team(connection: Connection) -> bool:
    """Say whether a store has people, so that tokens are demanded of everyone."""
    return (
        connection.execute(select(annotators.c.id).where(annotators.c.token.is_not(None)).limit(1)).first() is not None
    )


def add(store: Store, name: str, *, role: str = ANNOTATOR, days: float | None = None) -> str:
    """Make a person known, and return the token, which nobody can look up later.

    days: until it expires, None for never. An annotator who worked alone so far gets a token and keeps all answers.
    Raises LiwaError for no name, and for someone who has a token.
    """
    require_name(name)
    known = {"role": role, **_lasting(days)}
    token, digest = _made()
    with store.writing() as connection:
        found = _find(connection, name)
        if found is None:
            connection.execute(insert(annotators).values(name=name, created=time.time(), token=digest, **known))
        elif found.token is None and found.role == ANNOTATOR:
            connection.execute(update(annotators).where(annotators.c.id == found.id).values(token=digest, **known))
        else:
            hint = "Name someone else, or run liwa annotations renew for a new token"
            raise LiwaError(f"the store knows a {found.role} {name} already", where=str(store.place), hint=hint)
    return token


def renew(store: Store, name: str, *, days: float | None = None) -> str:
    """Give a person a new token, which ends the old one, and return it; also for who was revoked or has expired."""
    token, digest = _made()
    _change(store, name, token=digest, revoked=None, **_lasting(days))
    return token


def revoke(store: Store, name: str) -> None:
    """End a person's token and leases from this moment on; the answers stay."""
    now = time.time()
    number = _change(store, name, revoked=now)
    with store.writing() as connection:
        connection.execute(
            update(leases).where(leases.c.annotator_id == number, leases.c.until > now).values(until=now)
        )


def people(connection: Connection) -> list[Known]:
    """Return the people of a store, in the order in which they came."""
    query = select(annotators).where(annotators.c.token.is_not(None)).order_by(annotators.c.id)
    return [Known(p.name, p.role, state_of(p), p.created, p.expires) for p in connection.execute(query)]


def _change(store: Store, name: str, **values: Any) -> int:
    with store.writing() as connection:
        found = _find(connection, name)
        if found is None or found.token is None:
            hint = f"The people are {', '.join(p.name for p in people(connection)) or 'none'}"
            raise LiwaError(f"the store knows no person {name}", where=str(store.place), hint=hint)
        connection.execute(update(annotators).where(annotators.c.id == found.id).values(**values))
        return int(found.id)


def _find(connection: Connection, name: str) -> Any:
    return connection.execute(select(annotators).where(annotators.c.name == name)).first()


def state_of(found: Any) -> str:
    """Return how the token of a row of ``annotators`` stands: active, expired or revoked."""
    if found.revoked is not None:
        return "revoked"
    return "expired" if found.expires is not None and found.expires <= time.time() else "active"


def _made() -> tuple[str, str]:
    token = secrets.token_urlsafe(32)
    return token, _digest(token)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "backslashreplace")).hexdigest()


def _lasting(days: float | None) -> dict[str, float | None]:
    return {"expires": None if days is None else time.time() + days * _DAY}
