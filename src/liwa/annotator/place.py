"""Where a store is: a file of SQLite, or a database of a PostgreSQL server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from liwa.errors import LiwaError

DRIVER = "postgresql+pg8000"
"""How SQLAlchemy names the driver that is used for PostgreSQL."""


@dataclass(frozen=True)
class Place:
    """A place of a store. file: of SQLite, None for a server; url: as SQLAlchemy takes it."""

    url: URL
    file: Path | None = None

    @classmethod
    def of(cls, place: str | Path | Place) -> Place:
        """Return the place that a path or a URL of PostgreSQL names; LiwaError for any other URL."""
        if isinstance(place, Place):
            return place
        if "://" not in str(place):
            path = Path(place)
            return cls(URL.create("sqlite", database=str(path)), path)
        hint = "Name a file, or postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
        try:
            url = make_url(str(place))
        except (ArgumentError, ValueError):
            raise LiwaError("expected a file or the URL of a database", where="--store", hint=hint) from None
        if url.drivername not in ("postgres", "postgresql", DRIVER) or not url.database:
            found = f"{url.drivername}, database {url.database or 'none'}"
            raise LiwaError(f"expected a database of PostgreSQL, found {found}", where="--store", hint=hint)
        return cls(url.set(drivername=DRIVER))

    def __str__(self) -> str:
        """Return the path, or the URL without its password."""
        return str(self.file) if self.file else self.url.render_as_string(hide_password=True)

    @property
    def name(self) -> str:
        """The name of the file without its ending, or of the database."""
        return self.file.stem if self.file else str(self.url.database)
