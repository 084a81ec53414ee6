"""The store: what is kept, and what it refuses, on SQLite and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_mock_engine
from sqlalchemy.schema import CreateTable

from liwa.annotator import listing, migrate, saving
from liwa.annotator.checking import Body, Submission
from liwa.annotator.schema import NEWEST, metadata
from liwa.annotator.store import Store
from liwa.annotator.task import identity, place_of
from liwa.errors import LiwaError
from tests.annotator.invented import invented
from tests.annotator.local import Local

BOTH_STORES = True
EMPTY = Body((), (), "", False, ())


def test_the_migrations_make_the_tables_that_the_code_sees(project: Local) -> None:
    with project.store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert ScriptDirectory(str(Path(migrate.__file__).parent / "migrations")).get_current_head() == NEWEST


def test_the_tables_are_plain_enough_for_postgresql() -> None:
    dialect = create_mock_engine("postgresql+pg8000://", lambda statement: None).dialect
    made = "".join(str(CreateTable(table).compile(dialect=dialect)) for table in metadata.sorted_tables)
    assert "JSON" not in made
    assert "SERIAL" in made


def test_a_store_is_opened_again_without_alembic(project: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "_upgrade", pytest.fail)
    again = Store(project.store.place)
    assert again.about("id") == project.store.about("id")
    again.close()


def test_an_annotator_has_one_number(project: Local) -> None:
    other = project.store.annotator("سعاد")
    assert other != project.annotator
    assert project.store.annotator("tester") == project.annotator
    assert project.store.annotator("سعاد") == other


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\0", "\u202eabc", "x" * 101])
def test_what_is_no_name_is_refused(project: Local, name: str) -> None:
    with pytest.raises(LiwaError, match="expected a name"):
        project.store.annotator(name)


def save(project: Local, number: int, *, annotator: int | None = None, answer: str = "accept") -> int:
    """Save an answer to the first task, with a key of this number."""
    sent = Submission(f"key-{number:08}", 0, answer, 0.0, EMPTY)
    row = invented()[0]
    with project.store.writing() as connection:
        task = listing.find(connection, identity(place_of(row), row["text"]))
        assert task
        return saving.save(connection, task["id"], annotator or project.annotator, sent)


def test_of_many_at_once_one_wins_and_the_others_are_told(project: Local) -> None:
    def attempt(number: int) -> int | None:
        try:
            return save(project, number)
        except saving.ConflictError:
            return None

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(attempt, range(16)))
    assert sorted(filter(None, done)) == [1]


def test_two_annotators_do_not_disturb_each_other(project: Local) -> None:
    other = project.store.annotator("other")
    assert save(project, 1) == save(project, 1, annotator=other, answer="reject") == 1
    with project.store.reading() as connection:
        assert listing.counts(connection, other)["reject"] == 1
        assert listing.counts(connection, project.annotator)["reject"] == 0


def test_a_store_of_a_later_liwa_is_left_alone(project: Local) -> None:
    with project.store.writing() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '999'")
    with pytest.raises(LiwaError, match="written by a later liwa"):
        Store(project.store.place)
