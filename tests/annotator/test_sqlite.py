"""Stores in a file: what SQLite keeps, under which circumstances, and what is refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from liwa.annotator import engine
from liwa.annotator.store import Store
from liwa.errors import LiwaError
from tests.annotator.invented import invented
from tests.annotator.local import Local


@pytest.fixture
def raw(project: Local) -> Iterator[sqlite3.Connection]:
    """The store of the project with one answer, as any program sees it."""
    task = project.get("tasks/next", after=0)["id"]
    assert project.send(task).status_code == 200
    connection = sqlite3.connect(project.folder / "annotations.db")
    yield connection
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "update answers set answer = 'reject'",
        "update answers set body = body",
        "delete from answers",
        "pragma recursive_triggers = on; replace into answers select * from answers",
    ],
)
def test_an_answer_is_never_changed_nor_deleted(raw: sqlite3.Connection, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="only appended"):
        raw.executescript(statement)


def test_a_task_with_an_answer_cannot_be_removed(raw: sqlite3.Connection) -> None:
    raw.execute("pragma foreign_keys = on")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        raw.execute("delete from tasks where id in (select task_id from answers)")


def test_every_connection_is_durable_and_checks_keys(project: Local) -> None:
    with project.store.writing() as connection:
        asked = {name: connection.exec_driver_sql(f"pragma {name}").scalar() for name in PRAGMAS}
    assert asked == PRAGMAS


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"text" * 300, "expected a store of liwa annotate, found another file"),
        (b"SQLite format 3\0" + b"x" * 100, "expected a store of liwa annotate, found another file"),
        (None, "expected a store of liwa annotate, found another file .with tables notes"),
    ],
)
def test_what_is_no_store_is_left_as_it_is(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "a.db"
    if content is None:
        with sqlite3.connect(path) as other:
            other.execute("create table notes (x)")
        other.close()
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(LiwaError, match=said):
        Store(path)
    assert path.read_bytes() == before


def test_a_locked_store_is_one_line(project: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "WAIT", 0.05)
    with project.store.writing(), pytest.raises(LiwaError, match="the store is locked"):
        other = Store(project.store.place)
        try:
            other.annotator("somebody")
        finally:
            other.close()


def test_a_locked_store_asks_the_page_to_send_again(project: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "WAIT", 0.05)
    hasty = Local(project.folder, [*invented()])
    other = sqlite3.connect(project.folder / "annotations.db", isolation_level=None)
    other.execute("begin immediate")
    refused = hasty.send(hasty.ids[0])
    other.execute("rollback")
    other.close()
    assert (refused.status_code, refused.json()) == (503, {"error": "the store cannot be used now: database is locked"})
    assert hasty.send(hasty.ids[0]).status_code == 200
    hasty.store.close()


@pytest.mark.parametrize("name", ["no/such/folder/a.db", "."])
def test_a_store_that_cannot_be_made(tmp_path: Path, name: str) -> None:
    with pytest.raises(LiwaError, match="store"):
        Store(tmp_path / name)


def test_a_store_that_is_not_there_is_not_made_for_an_export(tmp_path: Path) -> None:
    with pytest.raises(LiwaError, match="there is no such store"):
        Store(tmp_path / "a.db", create=False)
    assert not [*tmp_path.iterdir()]
