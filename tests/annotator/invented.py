"""Tasks of invented articles."""

from __future__ import annotations

from typing import Any

from liwa.annotations.rows import task
from liwa.markup import parse
from liwa.records import sha256
from tests.gold import story


def invented(number: int = 4) -> list[dict[str, Any]]:
    """Return tasks of invented articles: two paragraphs each, each paragraph a task."""
    return [row for index in range(number) for row in paragraphs(parse(story(index)).text, f"s{index:02}")]


def paragraphs(text: str, article: str) -> list[dict[str, Any]]:
    """Return a task of each line of a text."""
    rows = []
    start = 0
    for part in text.split("\n"):
        meta = {"article": article, "sha256": sha256(text), "start": start, "end": start + len(part)}
        rows.append(task(part, {"title": f"Title of {article}", **meta}))
        start += len(part) + 1
    return rows
