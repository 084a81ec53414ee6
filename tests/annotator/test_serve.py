"""The command: what it says where it cannot start, and that it goes on where it was."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from liwa import jsonl
from tests.annotator.conftest import Serve
from tests.annotator.invented import invented
from tests.conftest import Run


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    jsonl.write(tmp_path / "tasks.jsonl", invented())
    return tmp_path / "tasks.jsonl"


def test_mistakes_are_one_line_and_make_no_store(liwa: Run, tasks: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("labels = 3", encoding="utf-8")
    (tmp_path / "empty.jsonl").write_text("", encoding="utf-8")
    store = tmp_path / "annotations.db"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        mistakes = {
            (tmp_path / "no.jsonl",): "no.jsonl: cannot read: No such file or directory",
            (tasks, "--port", port): f"127.0.0.1:{port}: cannot listen: Address already in use. Stop the other server, "
            "or name another port with --port",
            (tasks, "--host", "0.0.0.0"): "--host: expected a loopback address, found 0.0.0.0",
            (tasks, "--scheme", tmp_path / "bad.toml"): "bad.toml: expected a list of tables under [[labels]]",
            (tasks, "--guidelines", tmp_path / "no.md"): "no.md: cannot read",
        }
        for words, said in mistakes.items():
            done = liwa("annotate", *words, "--store", store)
            assert (done.returncode, done.stdout) == (2, "")
            (line,) = done.stderr.splitlines()
            assert said in line
            assert not store.exists(), words


def test_a_file_that_is_no_store_is_one_line(liwa: Run, tasks: Path) -> None:
    done = liwa("annotate", tasks, "--store", tasks, "--port", "0")
    assert done.returncode == 2
    assert "expected a store of liwa annotate, found another file" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_restart_goes_on_where_it_was_on_the_same_port(serve: Serve) -> None:
    server = serve()
    ids = [task["id"] for task in server.get("tasks")["tasks"]]
    server.send(ids[0], "accept")
    server.send(ids[1], None, comment="begun")
    url = server.url
    server.kill()
    server.start()
    assert server.url == url
    assert server.get(f"tasks/{ids[0]}")["state"]["answer"] == "accept"
    assert server.get(f"tasks/{ids[1]}")["state"]["comment"] == "begun"
    assert "8 tasks in all, 1 answered by annotator" in server.said.splitlines()[-1]


def test_another_scheme_and_guidelines_and_annotator(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "rules.md").write_text("# My rules\n", encoding="utf-8")
    (tmp_path / "mine.toml").write_text('[[labels]]\nname = "TREE"\n', encoding="utf-8")
    options = ("--guidelines", tmp_path / "rules.md", "--scheme", tmp_path / "mine.toml", "--annotator", "سعاد")
    server = serve(None, *options)
    session = server.get("session")
    assert (session["annotator"], [label["name"] for label in session["scheme"]["labels"]]) == ("سعاد", ["TREE"])
    assert "My rules" in str(server.get("guidelines"))


def test_tasks_from_stdin(tasks: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    command = [sys.executable, "-m", "liwa", "annotate", "-", "--store", str(tmp_path / "a.db"), "--port", "0"]
    with tasks.open("rb") as file, subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline().startswith(b"http://127.0.0.1:")
        process.kill()
