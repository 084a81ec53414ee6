"""A store is brought to the newest tables before it is used; Alembic is only loaded where there is something to do."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from liwa.annotator.engine import no_store, writing
from liwa.annotator.place import Place
from liwa.annotator.schema import NEWEST
from liwa.errors import LiwaError

_STEPS = Path(__file__).parent / "migrations"
_LOCK = 0x6C697761  # any number that nobody else takes; there is no table yet whose rows could be locked


def migrate(engine: Engine, place: Place) -> None:
    """Bring a store to the newest tables, all steps in one transaction.

    Raises LiwaError for a database that is no store, and for a store of a later liwa.
    """
    with engine.connect() as connection:
        if version(connection, place) == NEWEST:
            return
    with writing(engine) as connection:
        if engine.dialect.name != "sqlite":
            connection.execute(text("select pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        if version(connection, place) != NEWEST:  # another process may have been quicker
            _upgrade(connection, place)


def version(connection: Connection, place: Place) -> str | None:
    """Return the step that a store stands at, None where there are no tables yet."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if "alembic_version" not in tables or "answers" not in tables:
        raise no_store(place, f"with tables {', '.join(tables[:3])}")
    found: str | None = connection.execute(text("select version_num from alembic_version")).scalar()
    return found


def _upgrade(connection: Connection, place: Place) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    steps = ScriptDirectory.from_config(config)
    context = EnvironmentContext(config, steps, fn=lambda revision, _: steps._upgrade_revs("head", revision))
    context.configure(connection=connection, transactional_ddl=True)
    try:
        context.run_migrations()
    except CommandError:
        hint = "Install the newest liwa"
        raise LiwaError("the store was written by a later liwa", where=str(place), hint=hint) from None
