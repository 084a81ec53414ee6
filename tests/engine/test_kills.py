"""Runs that are stopped half way, by SIGKILL and by Ctrl-C: gone on with, they write the bytes of an unbroken run."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import spacy

from liwa import jsonl
from tests.engine.test_workers import gone
from tests.gold import story

ROOT = Path(__file__).parents[2]
PROC = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds processes in /proc")


SLOW = [pytest.param(name, marks=pytest.mark.slow) for name in ("predict", "groups")]

Unbroken = dict[str, tuple[bytes, bytes]]
"""What each command writes in an unbroken run: its output, and its rejects, which only tasks have."""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles of which many nearly repeat others, far apart."""
    draw = random.Random(1)
    path = tmp_path_factory.mktemp("source") / "articles.jsonl"
    words = [story(draw.randrange(90)).split("\n")[1] for _ in range(120)]
    rows = ({"id": f"a{n}", "text": f"{story(n)}\n{words[n % 60]} {n % 7}\nالمصدر: وكالة {n}"} for n in range(120))
    jsonl.write(path, rows)
    return path


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pipeline that is quick to load."""
    nlp = spacy.blank("ar", config={"nlp": {"tokenizer": {"@tokenizers": "liwa.ArabicTokenizer.v1"}}})
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "مصدر", "pattern": "المصدر"}])  # type: ignore[attr-defined]
    path = tmp_path_factory.mktemp("model") / "model"
    nlp.to_disk(path)
    return path


@pytest.fixture(scope="module")
def commands(source: Path, model: Path) -> dict[str, list[str]]:
    """Each of the long commands with what it reads."""
    return {
        "tasks": ["tasks", str(source)],
        "predict": ["predict", str(model), str(source)],
        "groups": ["groups", str(source)],
    }


@pytest.fixture(scope="module")
def unbroken(commands: dict[str, list[str]], source: Path) -> Unbroken:
    found: Unbroken = {}
    for name, command in commands.items():
        out = source.parent / f"{name}.jsonl"
        with running(command, out, seconds=0) as process:
            assert process.wait(60) == 0
        found[name] = written(out)
    assert found["tasks"][0].count(b"duplicate_of") > 20
    assert found["tasks"][1].count(b"\n") == 120
    assert found["predict"][0].count('"label":"مصدر"'.encode()) == 120
    assert found["groups"][0].count(b"\n") == 120
    return found


@contextmanager
def running(command: list[str], out: Path, *options: str, seconds: float = 0.05) -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, "-m", "tests.engine.small", str(seconds), *command, "-o", str(out), *options]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    with subprocess.Popen(words, cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def written(out: Path) -> tuple[bytes, bytes]:
    rejects = out.with_name(f"{out.stem}.rejects.jsonl")
    return out.read_bytes(), rejects.read_bytes() if rejects.exists() else b""


def committed(out: Path, beyond: int = 0) -> int:
    """Wait for a commit of more than some batches, and return how many it has."""
    journal = out.with_name(f"{out.name}.part") / "journal.json"
    for _ in range(600):
        if journal.exists():
            found = json.loads(journal.read_text(encoding="utf-8"))["facts"]["facts"]
            if found.get("batches", 10**9) > beyond:
                return int(found["batches"])
        time.sleep(0.05)
    raise AssertionError("no commit")


def check(out: Path, unbroken: tuple[bytes, bytes]) -> None:
    assert written(out) == unbroken
    assert not out.with_name(f"{out.name}.part").exists()


@pytest.mark.parametrize(
    ("name", "workers"),
    [
        pytest.param("tasks", "1", marks=pytest.mark.slow),
        ("tasks", "2"),
        pytest.param("predict", "2", marks=pytest.mark.slow),
        pytest.param("groups", "1", marks=pytest.mark.slow),
    ],
)
def test_killed_twice_and_gone_on_with(
    commands: dict[str, list[str]], tmp_path: Path, unbroken: Unbroken, name: str, workers: str
) -> None:
    out = tmp_path / "out.jsonl"
    done = 0
    for resume in ([], ["--resume"]):
        with running(commands[name], out, "--workers", workers, *resume) as process:
            done = committed(out, done)
            process.send_signal(signal.SIGKILL)
        assert not out.exists()
    others = "2" if workers == "1" else "1"
    with running(commands[name], out, "--workers", others, "--resume", seconds=0) as process:
        assert process.wait(60) == 0
        assert process.stderr is not None
        assert process.stderr.read().startswith("120 articles")
    check(out, unbroken[name])


@PROC
@pytest.mark.parametrize("name", ["tasks", *SLOW])
def test_ctrl_c_leaves_no_process_and_can_be_gone_on_with(
    commands: dict[str, list[str]], tmp_path: Path, unbroken: Unbroken, name: str
) -> None:
    out = tmp_path / "out.jsonl"
    with running(commands[name], out, "--workers", "2") as process:
        committed(out)
        children = workers_of(process)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr is not None
        assert "what was done is kept in out.jsonl.part; go on with --resume" in process.stderr.read()
    assert gone(children)
    with running(commands[name], out, "--resume", seconds=0) as process:
        assert process.wait(60) == 0
    check(out, unbroken[name])


@PROC
@pytest.mark.parametrize("name", ["tasks", *SLOW])
def test_killing_a_worker_changes_nothing(
    commands: dict[str, list[str]], tmp_path: Path, unbroken: Unbroken, name: str
) -> None:
    out = tmp_path / "out.jsonl"
    with running(commands[name], out, "--workers", "2") as process:
        committed(out)
        for child in workers_of(process)[1:]:  # the first is multiprocessing's own
            os.kill(int(child), signal.SIGKILL)
        assert process.wait(60) == 0
    check(out, unbroken[name])


def workers_of(process: subprocess.Popen[str]) -> list[str]:
    return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()


def test_other_articles_are_not_gone_on_with(source: Path, tmp_path: Path) -> None:
    out, other = tmp_path / "out.jsonl", tmp_path / "articles.jsonl"
    other.write_bytes(source.read_bytes())
    with running(["tasks", str(other)], out) as process:
        committed(out)
        process.send_signal(signal.SIGKILL)
    other.write_bytes(source.read_bytes().replace(b"a3", b"b3", 1))
    with running(["tasks", str(other)], out, "--resume", seconds=0) as process:
        assert process.wait(60) == 2
        assert process.stderr is not None
        assert "cannot resume: the input is not what it was" in process.stderr.read()
