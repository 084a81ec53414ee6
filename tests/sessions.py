"""What a document has a reader do, as a test does it: its code blocks, in their order, in one folder."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, NamedTuple

from liwa import jsonl
from liwa.annotations.standoff import to_standoff
from liwa.corpus.manifest import build
from liwa.records import Article
from liwa.training.split import Assignment, read_assignments
from tests.gold import gold, story

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT: Final = Path(__file__).parents[1]
STORIES: Final = 40

NOT_RUN: Final = "not run:"
SLOW: Final = "slow"
SERVES: Final = "until Ctrl-C"
BRIEF: Final = "--training.max_steps 60 --training.eval_frequency 30"
"""What a test adds to the command that trains a model."""

_BLOCK: Final = re.compile(
    r"^(?:<!-- (?P<mark>[^\n]*) -->\n)?```(?P<language>\w*)\n(?P<code>.*?)^```", re.DOTALL | re.M
)

_ADDRESS: Final = re.compile(r"(http://\S+:\d+)/(?:#token=(\S+))?")


class Block(NamedTuple):
    """A code block: where it stands, its language, its text, and the comment above it that says how it is run."""

    where: str
    language: str
    code: str
    mark: str


def blocks(file: Path) -> list[Block]:
    """Return the code blocks of a document."""
    text = file.read_text(encoding="utf-8")
    found = []
    for match in _BLOCK.finditer(text):
        where = f"{file.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1}"
        found.append(Block(where, match["language"], match["code"], match["mark"] or ""))
    return found


def project(folder: Path) -> Path:
    """Lay a folder out as the project's, with forty stories for its articles."""
    for name in ("annotations", "corpus", "recipes", "training"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("articles"))
    shutil.copy(ROOT / "CITATION.cff", folder)
    golds = [gold(story(n), f"s{n:02}") for n in range(STORIES)]
    told = {"licence": "CC-BY-4.0", "origin": "project"}
    articles = [Article(g.article, g.text or "", told) for g in golds]
    for article in articles:
        file = folder / "corpus" / "articles" / f"{article.id}.txt"
        file.parent.mkdir(exist_ok=True)
        file.write_text(article.text, encoding="utf-8", newline="")
    jsonl.write(folder / "corpus" / "manifest.jsonl", build(articles))
    rows = [to_standoff(g, a) for g, a in zip(golds, articles, strict=True)]
    jsonl.write(folder / "annotations" / "gold" / "project.jsonl", rows)
    parts = ["train", "train", "train", "dev", "test"]
    own = [Assignment(a.id, a.sha256, a.id, parts[n % len(parts)]) for n, a in enumerate(articles)]
    real = [a for a in read_assignments(ROOT / "training" / "split.jsonl") if not a.article.startswith("liwa-")]
    jsonl.write(folder / "training" / "split.jsonl", map(asdict, [*own, *real]))
    return folder


def run(block: Block, folder: Path) -> None:
    """Do what a block says; AssertionError, with what it printed, where that fails."""
    if block.mark.startswith(NOT_RUN):
        return
    if block.mark == SERVES:
        serve(block, folder)
    elif block.language == "toml":
        tomllib.loads(block.code)
    elif block.language == "python":
        call([sys.executable, "-c", block.code], block, folder)
    else:
        call(["bash", "-euo", "pipefail", "-c", "\n".join(commands(block))], block, folder)


def commands(block: Block) -> Iterator[str]:
    """Yield the lines of a block for the shell: of a console all that a user typed. Trainings are cut short."""
    console = block.language == "console"
    for line in block.code.splitlines():
        if not console or line.startswith("$ "):
            command = line.removeprefix("$ ")
            yield f"{command} {BRIEF}" if command.startswith("liwa train ") else command


def call(command: list[str], block: Block, folder: Path) -> None:
    """Run a command in a folder, with the interpreter's own commands before all others."""
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{block.where}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"


def environment() -> dict[str, str]:
    """Return the environment of a reader who has installed liwa."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def serve(block: Block, folder: Path) -> None:
    """Run the command of a block, on any free port, and press Ctrl-C.

    Where it printed a token, the first task is answered before, as the page would.
    """
    command = ["bash", "-c", f"exec {block.code.strip()} --port 0"]
    with subprocess.Popen(
        command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            assert server.stdout
            url = next((m for line in server.stdout if (m := _ADDRESS.search(line))), None)
            assert url, f"{block.where}: no address was printed"
            if url[2]:
                answer(url[1], url[2])
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=60)
    assert server.returncode in (0, 130), f"{block.where}: exit {server.returncode}"


def answer(address: str, token: str) -> None:
    """Accept the first task as it stands."""

    def ask(path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(address + path, data, headers), timeout=60) as reply:
            return json.load(reply)

    task = ask("/api/tasks/next?after=0")
    empty = {"spans": [], "relations": [], "comment": "", "flagged": False, "seconds": 1.0}
    ask(f"/api/tasks/{task['id']}/answer", {"key": "0" * 32, "base": 0, "answer": "accept", **empty})
