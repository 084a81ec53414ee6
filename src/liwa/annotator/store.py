"""The store of an annotation project: its tasks, its annotators, every answer ever given, and the newest drafts."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, insert, select, update

from liwa.annotations.decisions import NONE
from liwa.annotator.engine import connect, explained, keep_log, writing
from liwa.annotator.migrate import migrate
from liwa.annotator.place import Place
from liwa.annotator.schema import about, annotators
from liwa.errors import LiwaError
from liwa.scheme import Scheme

MOST_LETTERS: Final = 100
"""Characters in the name of an annotator."""


class Store:
    """A store, open for any thread of this process; other processes may have it open too.

    place: a file, or the URL of a database of PostgreSQL; create: make a file where there is none. Raises LiwaError for
    what is no store, for a locked one, and for a server that cannot be used.
    """

    def __init__(self, place: str | Path | Place, *, create: bool = True) -> None:
        self.place = Place.of(place)
        if self.place.file and not create and not self.place.file.is_file():
            raise LiwaError("there is no such store", where=str(place), hint="Name one that liwa annotate made")
        if self.place.file and create:
            _make(self.place.file)
        self._engine = connect(self.place)
        self._turn: AbstractContextManager[object] = threading.Lock() if self.place.file else nullcontext()
        try:
            with explained(self.place):
                migrate(self._engine, self.place)
                keep_log(self._engine)
                if not self.about("id"):
                    with self.writing() as connection:
                        self.note(connection, id=uuid.uuid4().hex)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close every connection, which lets SQLite write its log into the file."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that reads one state of the store."""
        with self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that writes; it is on the disk when the block has ended.

        Threads take turns: SQLite lets those who wait for its own lock sleep longer than they need to.
        """
        with self._turn, writing(self._engine) as connection:
            yield connection

    def about(self, name: str) -> str | None:
        """Return what is known of the store under a name."""
        with self.reading() as connection:
            return connection.execute(select(about.c.value).where(about.c.name == name)).scalar()

    def scheme(self) -> Scheme:
        """Return the scheme of the last start; LiwaError where nothing was served yet."""
        if kept := self.about("scheme"):
            return Scheme.from_dict(json.loads(kept), str(self.place))
        hint = "Serve them with liwa annotate TASKS.jsonl --store"
        raise LiwaError("expected a store that holds tasks, found none", where=str(self.place), hint=hint)

    def note(self, connection: Connection, **known: str) -> None:
        """Keep something about the store as a whole, under names, in a transaction."""
        for name, value in known.items():
            changed = connection.execute(update(about).where(about.c.name == name).values(value=value))
            if not changed.rowcount:
                connection.execute(insert(about).values(name=name, value=value))

    def annotator(self, name: str, role: str = "annotator") -> int:
        """Return the number of an annotator, who is made known if need be; LiwaError for no name for a person."""
        require_name(name)
        with explained(self.place), self.writing() as connection:
            found = connection.execute(select(annotators.c.id).where(annotators.c.name == name)).scalar()
            if found is not None:
                return int(found)
            made = connection.execute(insert(annotators).values(name=name, created=time.time(), role=role))
            (number,) = made.inserted_primary_key or (0,)
            return int(number)


def require_name(name: str) -> None:
    """Raise LiwaError for what can be nobody's name; a ruling that names no layer says none."""
    if name == NONE or not name.strip() or not name.isprintable() or len(name) > MOST_LETTERS:
        hint = f"Use 1 to {MOST_LETTERS} printable characters"
        raise LiwaError(f"expected a name, found {name[:MOST_LETTERS]!r}", hint=hint)


def _make(path: Path) -> None:
    """Make the file, for its owner alone, where it is not there; SQLite's other files will be like it."""
    try:
        path.touch(0o600)
    except OSError as error:
        hint = "Name a file in a folder that is there and can be written to"
        raise LiwaError(f"cannot make the store: {error.strerror}", where=str(path), hint=hint) from None
