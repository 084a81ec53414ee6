"""The reference of the commands is generated, and every command has an example."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from liwa.cli.app import app

ROOT = Path(__file__).parents[1]


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
