"""A look at the beginning of a file, for guessing its format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from liwa import jsonl
from liwa.errors import LiwaError


def first_row(head: bytes, path: Path) -> dict[str, Any]:
    """Return the first JSON object of a file of JSON lines, or of the first such file of a folder; {} without one."""
    for line in _head(head, path).splitlines():
        if line.strip():
            return _object(line)
    return {}


def first_lines(head: bytes, count: int = 50) -> list[str]:
    """Return the first whole lines of a text file, [] where it is no UTF-8."""
    try:
        text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:  # a character may be cut at the end of what was read
            return []
        text = head[: error.start].decode("utf-8", "ignore")
    return text.split("\n")[:count]


def _head(head: bytes, path: Path) -> bytes:
    if head or not path.is_dir():
        return head
    files = sorted(path.glob("*.jsonl"))
    return files[0].read_bytes()[: 2**20] if files else b""


def _object(line: bytes) -> dict[str, Any]:
    """Return a line as a JSON object, {} where it is none, or was cut short."""
    try:
        return jsonl.parse(line.decode("utf-8-sig"), "")
    except (LiwaError, UnicodeDecodeError):
        return {}
