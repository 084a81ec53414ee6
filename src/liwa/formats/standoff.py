"""liwa's stand-off rows: one an article, with offsets and hashes and without its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from liwa import jsonl
from liwa.annotations.gold import merge
from liwa.annotations.standoff import to_standoff
from liwa.annotations.texts import article_of
from liwa.formats.base import FEATURES, Format, Settings
from liwa.formats.losses import Losses
from liwa.formats.peek import first_row
from liwa.formats.prodigy import read
from liwa.records import Gold


def write(golds: Iterable[Gold], path: Path, losses: Losses, settings: Settings) -> int:
    """Write one row an article; LiwaError where only a part of an article is at hand."""
    return jsonl.write(path, _rows(golds, losses, settings))


def _rows(golds: Iterable[Gold], losses: Losses, settings: Settings) -> Iterator[dict[str, Any]]:
    for gold in merge(golds):
        row = to_standoff(gold, article_of(gold, settings.texts))
        for key in gold.meta.keys() - row["meta"].keys():
            losses.add("meta", "it quotes the text", gold, what=key)
        yield row


def _guess(head: bytes, path: Path) -> bool:
    row = first_row(head, path)
    return "text" not in row and {"article", "sha256", "ranges"} <= row.keys()


FORMAT: Final = Format(
    name="standoff",
    title="liwa stand-off JSONL",
    unit="code points",
    holds=frozenset(FEATURES) - {"answers", "fields"},
    guess=_guess,
    read=read,
    write=write,
    suffixes=(".standoff.jsonl",),
)
