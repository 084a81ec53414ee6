"""People and their tokens: who is let in, who is not, and that no token is kept or logged."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update

from liwa.annotator import people
from liwa.annotator.schema import annotators
from liwa.errors import LiwaError
from tests.annotator.conftest import Serve
from tests.annotator.crew import Crew
from tests.annotator.invented import invented
from tests.annotator.serving import submission
from tests.conftest import Run


@pytest.fixture
def crew(tmp_path: Path, place: str) -> Iterator[Crew]:
    made = Crew(tmp_path, place, invented(), "salma", "omar")
    yield made
    made.store.close()


def test_no_token_is_in_the_store(crew: Crew, tmp_path: Path) -> None:
    for file in tmp_path.glob("annotations.db*"):
        assert not [name for name, token in crew.tokens.items() if token.encode() in file.read_bytes()]
    assert min(map(len, crew.tokens.values())) >= 43
    assert len(set(crew.tokens.values())) == 3


def test_a_token_is_one_persons(crew: Crew) -> None:
    assert [crew.get(name, "session")["annotator"] for name in ("salma", "omar", "lead")] == ["salma", "omar", "lead"]
    task = crew.next("salma")["id"]
    assert crew.send("omar", task).status_code == 403, "someone else's token opens nobody else's tasks"
    assert crew.ask("nobody-" + crew.tokens["omar"], "GET", "session").status_code == 401


@pytest.mark.parametrize("path", ["stats", "export", "review", "review/next", "review/x"])
def test_what_is_for_leads_is_refused_to_others(crew: Crew, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    refused = crew.ask("salma", "GET", path)
    assert (refused.status_code, refused.json()) == (403, {"error": "this is for leads only"})
    assert capsys.readouterr().err == f"refused 'GET' '/api/{path}': 403, asked by 'salma'\n"
    assert crew.ask("lead", "GET", path).status_code in (200, 404)


def test_old_tokens_end_and_the_log_says_whose(crew: Crew, capsys: pytest.CaptureFixture[str]) -> None:
    old = dict(crew.tokens)
    people.revoke(crew.store, "salma")
    with crew.store.writing() as connection:
        mine = update(annotators).where(annotators.c.name == "omar")
        connection.execute(mine.values(expires=time.time() - 1))
    for name in ("salma", "omar"):
        assert crew.ask(name, "POST", "tasks/x/answer", json=submission("accept")).status_code == 401
    crew.ask("forged", "GET", "session")
    said = capsys.readouterr().err
    assert "401, revoked token of 'salma'" in said
    assert "401, expired token of 'omar'" in said
    assert "401, unknown token" in said
    assert not [token for token in old.values() if token in said]
    for name in ("salma", "omar"):
        crew.tokens[name] = people.renew(crew.store, name)
        assert crew.ask(name, "GET", "session").status_code == 200
        assert crew.ask(old[name], "GET", "session").status_code == 401


def test_a_token_lasts_as_long_as_was_said(crew: Crew) -> None:
    people.renew(crew.store, "salma", days=2)
    with crew.store.reading() as connection:
        known = {person.name: person for person in people.people(connection)}
    assert known["salma"].expires == pytest.approx(time.time() + 2 * 86400, abs=60)
    assert (known["omar"].expires, known["lead"].role, known["lead"].state) == (None, "lead", "active")


def test_forged_requests_are_refused(crew: Crew) -> None:
    task = crew.next("salma")["id"]
    forged = {"Origin": "http://evil.example", "Content-Type": "application/json"}
    assert crew.ask("salma", "POST", f"tasks/{task}/answer", headers=forged, content=b"{}").status_code == 403
    large = {"Content-Type": "application/json"}
    body = b" " * (5 * 2**20)
    assert crew.ask("salma", "POST", f"tasks/{task}/answer", headers=large, content=body).status_code == 413


def test_whom_the_store_does_not_take(crew: Crew) -> None:
    with pytest.raises(LiwaError, match="the store knows a annotator salma already"):
        people.add(crew.store, "salma")
    with pytest.raises(LiwaError, match=r"knows no person huda\. The people are salma, omar, lead"):
        people.revoke(crew.store, "huda")
    for name in ("", "none", "a\nb"):
        with pytest.raises(LiwaError, match="expected a name"):
            people.add(crew.store, name)


def test_the_commands(liwa: Run, serve: Serve, tmp_path: Path) -> None:
    store = tmp_path / "annotations.db"
    link = liwa("annotations", "add", "سلمى", "--store", store, "--expires", "30")
    assert (link.returncode, link.stderr) == (0, "")
    assert link.stdout.startswith("http://127.0.0.1:8765/#token=")
    token = link.stdout.strip().partition("#token=")[2]
    server = serve(None, "--overlap", "2", "--lease", "10m")
    assert (server.token, "8 tasks in all, for 1 people" in server.said) == ("", True)
    assert httpx.get(f"{server.url}/api/session", trust_env=False).status_code == 401
    mine = {"Authorization": f"Bearer {token}"}
    session = httpx.get(f"{server.url}/api/session", headers=mine, trust_env=False).json()
    assert (session["annotator"], session["overlap"], session["lease"]) == ("سلمى", 2, 600.0)
    renewed = liwa("annotations", "renew", "سلمى", "--store", store).stdout
    assert renewed.startswith(f"{server.url}/#token="), "the address is that of the server's last start"
    listed = liwa("annotations", "people", "--store", store).stdout
    assert "سلمى  annotator  active" in listed
    assert liwa("annotations", "revoke", "سلمى", "--store", store).returncode == 0
    assert "revoked" in liwa("annotations", "people", "--store", store).stdout
    assert token not in server.said
    kept = sqlite3.connect(store)
    assert kept.execute("select length(token) from annotators").fetchall() == [(64,)]
    kept.close()


def test_other_addresses_need_people(liwa: Run, serve: Serve, tmp_path: Path) -> None:
    from liwa import jsonl

    store, tasks = tmp_path / "annotations.db", tmp_path / "tasks.jsonl"
    jsonl.write(tasks, invented())
    words = ("annotate", tasks, "--store", store, "--host", "0.0.0.0", "--port", "0")
    done = liwa(*words)
    assert (done.returncode, store.exists()) == (2, False)
    assert (
        "--host: expected a loopback address, found 0.0.0.0. Give people tokens with liwa annotations add"
        in done.stderr
    )
    liwa("annotations", "add", "salma", "--store", store)
    assert "--address: expected the address of a server that listens everywhere" in liwa(*words).stderr
    server = serve(tasks, "--host", "0.0.0.0", "--address", "http://10.0.0.1:9")
    assert "put a proxy with TLS before this server" in server.said
