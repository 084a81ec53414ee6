"""Where a store can be, and what is told of a server that cannot be used."""

from __future__ import annotations

import pytest

from liwa.annotator.durations import seconds
from liwa.annotator.place import Place
from liwa.annotator.store import Store
from liwa.errors import LiwaError
from tests.annotator.postgresql import PostgreSQL
from tests.conftest import Run


def test_a_path_and_a_url() -> None:
    assert (str(Place.of("a/b.db")), Place.of("a/b.db").name) == ("a/b.db", "b")
    for scheme in ("postgresql", "postgresql+pg8000", "postgres"):
        place = Place.of(f"{scheme}://liwa:secret@db.example.org:5433/news")
        assert (place.name, place.file, place.url.password) == ("news", None, "secret")
        assert str(place) == "postgresql+pg8000://liwa:***@db.example.org:5433/news"


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "postgresql://x", "postgresql+psycopg://x/y", "://", "postgresql://x:y/z"]
)
def test_what_is_no_place(url: str) -> None:
    with pytest.raises(LiwaError, match="--store: expected a"):
        Place.of(url)


@pytest.mark.parametrize(("said", "value"), [("90s", 90.0), ("30m", 1800.0), ("2h", 7200.0), (" 1d ", 86400.0)])
def test_durations(said: str, value: float) -> None:
    assert seconds(said) == value


@pytest.mark.parametrize("said", ["", "30", "m", "0m", "-1h", "1.5h", "1w", "٣m", "9999999s"])
def test_what_is_no_duration(said: str) -> None:
    with pytest.raises(LiwaError, match="--lease: expected a duration"):
        seconds(said, "--lease")


def test_a_server_that_is_not_there_is_one_line_without_the_password(liwa: Run) -> None:
    done = liwa("annotations", "people", "--store", "postgresql://liwa:secret@127.0.0.1:1/news")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "postgresql+pg8000://liwa:***@127.0.0.1:1/news: cannot use the store: " in done.stderr
    assert "secret" not in done.stderr


def test_a_database_of_something_else_is_left_alone(postgresql: PostgreSQL) -> None:
    name = postgresql.create()
    url = postgresql.url(name)
    with pytest.raises(LiwaError, match=f"{name}x.*cannot use the store: database .* does not exist"):
        Store(f"{url}x")
    postgresql.execute("create table notes (x int)", name)
    with pytest.raises(LiwaError, match=r"found another database \(with tables notes\)"):
        Store(url)
    postgresql.drop(name)


def test_answers_are_only_appended_on_a_server_too(postgresql: PostgreSQL, fed_database: str) -> None:
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    name = postgresql.create(fed_database)
    store = Store(postgresql.url(name))
    number = store.annotator("salma")
    with store.writing() as connection:
        made = "insert into answers (task_id, annotator_id, revision, key, answer, body, seconds, created)"
        connection.execute(text(f"{made} values (1, {number}, 1, 'key', 'accept', '{{}}', 0, 0)"))
    for statement in ("update answers set answer = 'reject'", "delete from answers"):
        with pytest.raises(DBAPIError, match="only appended"), store.writing() as connection:
            connection.execute(text(statement))
    store.close()
    postgresql.drop(name)
