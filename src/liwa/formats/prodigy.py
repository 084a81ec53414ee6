"""Prodigy's rows, liwa's own inline form: JSON lines with text, spans, relations and, in meta, the article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from liwa import jsonl
from liwa.annotations.gold import read_gold
from liwa.annotations.parse import Report
from liwa.annotations.rows import to_row
from liwa.formats.base import FEATURES, Format, Settings, unanswered
from liwa.formats.losses import Losses
from liwa.formats.peek import first_row
from liwa.records import Gold

_OTHERS: Final = ("label", "labels", "entities", "data")


def read(path: Path, report: Report) -> Iterator[Gold]:
    """Yield the accepted rows of a file, or of the gold files of a folder; tasks come as they are."""
    return read_gold(path, report=report)


def write(golds: Iterable[Gold], path: Path, losses: Losses, settings: Settings) -> int:
    """Write one row a gold, accepted unless it was a task that nobody has answered."""
    return jsonl.write(path, map(_row, golds))


def _row(gold: Gold) -> dict[str, Any]:
    return to_row(gold, answer=None if unanswered(gold) else "accept")


def _guess(head: bytes, path: Path) -> bool:
    row = first_row(head, path)
    return isinstance(row.get("text"), str) and not any(key in row for key in _OTHERS)


FORMAT: Final = Format(
    name="prodigy",
    title="Prodigy JSONL",
    unit="code points",
    holds=frozenset(FEATURES),
    guess=_guess,
    read=read,
    write=write,
    suffixes=(".jsonl", ".jsonl.gz"),
)
