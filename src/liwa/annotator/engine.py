"""Connections to a store; what is acknowledged is on the disk. SQLite with a write-ahead log, or PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from liwa.annotator.place import Place
from liwa.errors import LiwaError

WAIT: Final = 5.0
"""Seconds to wait for another process that writes into the store."""

CONNECTIONS: Final = 20
"""Connections to a server that are kept open; ten more when there is much to do."""

_PRAGMAS: Final = ("synchronous = full", "foreign_keys = on")


def connect(place: Place) -> Engine:
    """Return an engine for a store; a file is made when first written to.

    Sources: SQLite, "Write-Ahead Logging" and "PRAGMA synchronous": with FULL a commit survives a loss of power.
    PostgreSQL, "Asynchronous Commit": its default does too.
    """
    if place.file is None:
        settings = {"application_name": "liwa", "startup_params": {"lock_timeout": str(int(1000 * WAIT))}}
        return create_engine(place.url, connect_args=settings, pool_size=CONNECTIONS)
    engine = create_engine(place.url, connect_args={"timeout": WAIT})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def keep_log(engine: Engine) -> None:
    """Let readers and a writer of a file work side by side; it remembers it. Only for what is known to be a store."""
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("pragma journal_mode = wal")
    finally:
        connection.close()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that may write; SQLite's takes the lock at once, so that nothing read in it grows old.

    PostgreSQL's locks rows, where whoever reads before writing asks for it (``select ... for update``).
    """
    with engine.connect() as connection, connection.execution_options(liwa_writes=True).begin():
        yield connection


@contextmanager
def explained(place: Place) -> Iterator[None]:
    """Turn what the database complains of into one line about the store."""
    try:
        yield
    except DBAPIError as error:
        said = complaint(error)
        if place.file is None:
            hint = "Start the server, and see that user, password and database of the URL are right"
            raise LiwaError(f"cannot use the store: {said}", where=str(place), hint=hint) from None
        if "locked" in said.lower() or "busy" in said.lower():
            hint = "Stop the other program that writes into it, or name another store"
            raise LiwaError("the store is locked", where=str(place), hint=hint) from None
        if "not a database" in said or "malformed" in said:
            raise no_store(place, said) from None
        hint = "Name a file that can be written, on a disk with space"
        raise LiwaError(f"cannot use the store: {said}", where=str(place), hint=hint) from None


def complaint(error: DBAPIError) -> str:
    """Return what a database complains of, in one line; PostgreSQL's has its message among other fields."""
    fields = error.orig.args[0] if error.orig and error.orig.args else ""
    said = fields.get("M", "") if isinstance(fields, dict) else str(error.orig)
    return " ".join(str(said).split())


def no_store(place: Place, found: str) -> LiwaError:
    """Return the error for a file or database that is something else than a store."""
    if place.file is None:
        hint = "Name an empty database of its own"
        message = f"expected a store of liwa annotate, found another database ({found})"
        return LiwaError(message, where=str(place), hint=hint)
    hint = "Name another file: liwa annotate makes one that is not there"
    return LiwaError(f"expected a store of liwa annotate, found another file ({found})", where=str(place), hint=hint)


def _prepare(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy says when a transaction begins, not the driver
    for pragma in _PRAGMAS:
        connection.execute(f"pragma {pragma}").close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("liwa_writes")
    connection.exec_driver_sql("begin immediate" if writes else "begin")
