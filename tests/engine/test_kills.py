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

from liwa import jsonl
from tests.engine.test_workers import gone
from tests.gold import story

ROOT = Path(__file__).parents[2]
PROC = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds processes in /proc")


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
def unbroken(source: Path) -> tuple[bytes, bytes]:
    out = source.parent / "unbroken.jsonl"
    with running(source, out, seconds=0) as process:
        assert process.wait(60) == 0
    tasks, rejects = out.read_bytes(), out.with_name("unbroken.rejects.jsonl").read_bytes()
    assert tasks.count(b"duplicate_of") > 20
    assert rejects.count(b"\n") == 120
    return tasks, rejects


@contextmanager
def running(source: Path, out: Path, *options: str, seconds: float = 0.05) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.engine.small", str(seconds), "tasks", str(source), "-o", str(out), *options]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    with subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


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
    assert (out.read_bytes(), out.with_name(f"{out.stem}.rejects.jsonl").read_bytes()) == unbroken
    assert not out.with_name(f"{out.name}.part").exists()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_killed_twice_and_gone_on_with(
    source: Path, tmp_path: Path, unbroken: tuple[bytes, bytes], workers: str
) -> None:
    out = tmp_path / "out.jsonl"
    done = 0
    for resume in ([], ["--resume"]):
        with running(source, out, "--workers", workers, *resume) as process:
            done = committed(out, done)
            process.send_signal(signal.SIGKILL)
        assert not out.exists()
    with running(source, out, "--workers", "2" if workers == "1" else "1", "--resume", seconds=0) as process:
        assert process.wait(60) == 0
        assert process.stderr is not None
        assert process.stderr.read().startswith("120 articles, ")
    check(out, unbroken)


@PROC
def test_ctrl_c_leaves_no_process_and_can_be_gone_on_with(
    source: Path, tmp_path: Path, unbroken: tuple[bytes, bytes]
) -> None:
    out = tmp_path / "out.jsonl"
    with running(source, out, "--workers", "2") as process:
        committed(out)
        children = workers_of(process)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr is not None
        assert "what was done is kept in out.jsonl.part; go on with --resume" in process.stderr.read()
    assert gone(children)
    with running(source, out, "--resume", seconds=0) as process:
        assert process.wait(60) == 0
    check(out, unbroken)


@PROC
def test_killing_a_worker_changes_nothing(source: Path, tmp_path: Path, unbroken: tuple[bytes, bytes]) -> None:
    out = tmp_path / "out.jsonl"
    with running(source, out, "--workers", "2") as process:
        committed(out)
        for child in workers_of(process)[1:]:  # the first is multiprocessing's own
            os.kill(int(child), signal.SIGKILL)
        assert process.wait(60) == 0
    check(out, unbroken)


def workers_of(process: subprocess.Popen[str]) -> list[str]:
    return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()


def test_other_articles_are_not_gone_on_with(source: Path, tmp_path: Path) -> None:
    out, other = tmp_path / "out.jsonl", tmp_path / "articles.jsonl"
    other.write_bytes(source.read_bytes())
    with running(other, out) as process:
        committed(out)
        process.send_signal(signal.SIGKILL)
    other.write_bytes(source.read_bytes().replace(b"a3", b"b3", 1))
    with running(other, out, "--resume", seconds=0) as process:
        assert process.wait(60) == 2
        assert process.stderr is not None
        assert "cannot resume: the input is not what it was" in process.stderr.read()
