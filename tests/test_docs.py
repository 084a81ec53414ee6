"""What the documents say is true: the reference is generated, code in them runs, every command has an example."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import typer

from liwa import jsonl, markup
from liwa.annotations.rows import to_row
from liwa.cli.app import app
from tests.gold import gold, story

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def blocks(language: str) -> Iterator[tuple[str, str]]:
    """Yield file name and text of each code block in a language."""
    for file in DOCUMENTS:
        yield from (
            (file.name, code) for kind, code in BLOCK.findall(file.read_text(encoding="utf-8")) if kind == language
        )


def commands(group: typer.Typer, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name and the help of every command."""
    for command in group.registered_commands:
        assert command.callback is not None
        yield f"{path}{command.name}", command.callback.__doc__ or ""
    for sub in group.registered_groups:
        assert sub.typer_instance is not None
        yield from commands(sub.typer_instance, f"{path}{sub.name} ")


@pytest.mark.parametrize(("name", "help"), list(commands(app)))
def test_every_commands_help_ends_in_an_example(name: str, help: str) -> None:
    assert help.strip().splitlines()[-1].strip().startswith(f"Example: liwa {name} ")


def test_the_command_reference_is_fresh(tmp_path: Path) -> None:
    make = re.search(r"^\t\$\(BIN\)/(typer .*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert make
    command = shlex.split(make[1].replace("docs/commands.md", str(tmp_path / "commands.md")))
    subprocess.run([sys.executable, "-m", *command], check=True, capture_output=True, cwd=ROOT)
    fresh = (tmp_path / "commands.md").read_text(encoding="utf-8")
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == fresh, "run make docs"


@pytest.mark.parametrize(("file", "code"), list(blocks("python")))
def test_python_in_the_documents_runs(file: str, code: str, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{file}: {done.stderr}"


@pytest.mark.slow
def test_the_readmes_commands_run(tmp_path: Path, liwa: Callable[..., CompletedProcess[str]]) -> None:
    """In a folder laid out as the project's, with a small corpus."""
    (tmp_path / "corpus" / "articles").mkdir(parents=True)
    golds = [gold(story(n), f"s{n:02}") for n in range(40)]
    for whole in golds:
        text = markup.parse(story(int(whole.article[1:]))).text
        (tmp_path / "corpus" / "articles" / f"{whole.article}.txt").write_text(text, encoding="utf-8", newline="")
    jsonl.write(tmp_path / "annotations" / "gold" / "project.jsonl", map(to_row, golds))
    run = 0
    for file, code in blocks("console"):
        for line in code.splitlines() if file == "README.md" else ():
            if line.startswith("$ liwa "):
                done = liwa(*shlex.split(line)[2:], cwd=tmp_path, timeout=600)
                assert done.returncode == 0, f"{line}\n{done.stderr}"
                run += 1
    assert run >= 8
