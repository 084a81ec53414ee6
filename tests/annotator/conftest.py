"""Fixtures of the annotation page: the real server in a process of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from liwa import jsonl
from tests.annotator.invented import invented
from tests.annotator.local import Local
from tests.annotator.postgresql import PostgreSQL, programs
from tests.annotator.serving import Server

Serve = Callable[..., Server]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """A function that starts `liwa annotate` on a free port; its servers are killed when the test ends.

    rows: tasks, by default `invented`, or the path of a file of tasks; options: more of the command's. The store is
    ``annotations.db`` in the test's folder unless ``store`` names another.
    """
    started: list[Server] = []

    def start(
        rows: Iterable[Mapping[str, Any]] | Path | None = None, *options: str | Path, store: Path | str | None = None
    ) -> Server:
        tasks = rows if isinstance(rows, Path) else tmp_path / "tasks.jsonl"
        if not isinstance(rows, Path):
            jsonl.write(tasks, invented() if rows is None else rows)
        log = tmp_path / f"server-{len(started)}.log"
        server = Server(tasks, store or tmp_path / "annotations.db", *options, log=log)
        started.append(server)
        return server

    yield start
    for server in started:
        server.close()


@pytest.fixture(scope="session")
def fed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds the tasks of `invented`, to be copied: that takes a tenth of the time of making one."""
    folder = tmp_path_factory.mktemp("fed")
    Local(folder, invented()).store.close()
    return folder / "annotations.db"


KINDS = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests of modules that say ``BOTH_STORES = True`` on both kinds of stores."""
    if "kind" in metafunc.fixturenames and getattr(metafunc.module, "BOTH_STORES", False):
        metafunc.parametrize("kind", KINDS, scope="session")


@pytest.fixture(scope="session")
def kind() -> str:
    """The kind of store that a test runs on."""
    return KINDS[0]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A server of PostgreSQL; the test skips, or fails if it is required, where it is not installed."""
    yield from running(durable=False)


@pytest.fixture(scope="session")
def durable_postgresql() -> Iterator[PostgreSQL]:
    """A server of PostgreSQL that waits for the disk."""
    yield from running(durable=True)


def running(*, durable: bool) -> Iterator[PostgreSQL]:
    bin = programs()
    if bin is None:
        message = "PostgreSQL is not installed; install Debian's package postgresql"
        if os.environ.get("LIWA_REQUIRE_POSTGRES") == "1":
            pytest.fail(message)
        pytest.skip(message)
    server = PostgreSQL(bin, durable=durable)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def fed_database(postgresql: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database like `fed`."""
    name = postgresql.create()
    Local(tmp_path_factory.mktemp("fed"), invented(), place=postgresql.url(name)).store.close()
    return name


@pytest.fixture
def empty(tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The place of a store that is not made yet."""
    yield from unmade(tmp_path, kind, request, "postgresql")


@pytest.fixture
def durable(tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The place of a store that is not made yet, and waits for the disk on both kinds."""
    yield from unmade(tmp_path, kind, request, "durable_postgresql")


def unmade(folder: Path, kind: str, request: pytest.FixtureRequest, server_fixture: str) -> Iterator[str]:
    if kind == KINDS[0]:
        yield str(folder / "annotations.db")
        return
    server: PostgreSQL = request.getfixturevalue(server_fixture)
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def place(tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The place of a store that holds the tasks of `invented`."""
    if kind == KINDS[0]:
        yield str(copy(request.getfixturevalue("fed"), tmp_path))
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    name = server.create(request.getfixturevalue("fed_database"))
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def project(tmp_path: Path, place: str) -> Iterator[Local]:
    """The application over the tasks of `invented`, in this process."""
    local = Local(tmp_path, invented(), place=place)
    yield local
    local.store.close()
