"""Invented gold for figures: as many small articles as are wanted, each another one."""

from __future__ import annotations

from pathlib import Path

from tests.gold import gold, story, write


def gold_file(path: Path, count: int, first: int = 0) -> Path:
    return write(path, [gold(story(n), f"s{n}") for n in range(first, first + count)])
