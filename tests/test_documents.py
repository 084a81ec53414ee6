"""Every code block in the documents runs, in the order of its document, in a folder laid out as the project's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sessions import NOT_RUN, SERVES, SLOW, blocks, project, run

ROOT = Path(__file__).parents[1]
GENERATED = ROOT / "docs" / "commands.md"
"""Its blocks are synopses; that they are the commands' own is shown in `test_docs`."""

FILES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
DOCUMENTS = {str(file.relative_to(ROOT)): blocks(file) for file in FILES if file != GENERATED}


LONG = {name for name, found in DOCUMENTS.items() if any(block.mark == SLOW for block in found)}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_block_is_run_or_says_why_not(name: str) -> None:
    for block in DOCUMENTS[name]:
        assert block.language in ("bash", "console", "python", "toml") or block.mark.startswith(NOT_RUN), block.where
        assert block.mark in ("", SLOW, SERVES) or block.mark.removeprefix(NOT_RUN).strip(), block.where


@pytest.mark.parametrize("name", [name for name, found in DOCUMENTS.items() if found and name not in LONG])
def test_a_document_runs(name: str, tmp_path: Path) -> None:
    walk(name, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(LONG))
def test_a_long_document_runs(name: str, tmp_path: Path) -> None:
    walk(name, tmp_path)


def walk(name: str, folder: Path) -> None:
    """Do what a document says, from its first block to its last."""
    project(folder / "project")
    for block in DOCUMENTS[name]:
        run(block, folder / "project")
