"""The list of errors as rows that an annotation tool opens, so that a wrong gold is mended where it is found.

A row is a paragraph with its gold spans; ``meta.errors`` lists what was predicted otherwise in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from liwa.annotations.disagreements import marked
from liwa.annotations.rows import to_row
from liwa.errors import LiwaError
from liwa.passages import paragraphs
from liwa.records import Gold, Range, Span
from liwa.scoring.alignment import Error, errors
from liwa.scoring.pairs import Pair, pair

_RTL_ISOLATE, _POP = "\u2067", "\u2069"


def list_errors(gold: Iterable[Gold], predictions: Iterable[Gold]) -> Iterator[dict[str, Any]]:
    """Yield a row for each paragraph with an error; gold needs its texts.

    Each of ``meta.errors`` has its ``kind`` (see `liwa.scoring.alignment.KINDS`), the ``gold`` and the ``predicted``
    span, either of which may be null, in article offsets, and a ``context`` in one line for each, in marks, isolated so
    that it reads from right to left anywhere.
    """
    for one in pair(gold, predictions).articles:
        if found := errors(one):
            yield from _rows(one, found)


def _rows(one: Pair, found: list[Error]) -> Iterator[dict[str, Any]]:
    gold = one.gold
    if gold.text is None:
        raise LiwaError(f"article {gold.article} has no text", where=gold.where, hint="Name it with --texts")
    for window in (Range(r.start + gold.start, r.end + gold.start) for r in paragraphs(gold.text)):
        here = [error for error in found if window.start <= error.span.start < window.end]
        if here:
            part = gold.within(window)
            yield to_row(replace(part, meta={**part.meta, "errors": [_plain(gold, error) for error in here]}))


def _plain(gold: Gold, error: Error) -> dict[str, Any]:
    sides = {"gold": error.gold, "predicted": error.found}
    spans = {side: span._asdict() if span else None for side, span in sides.items()}
    return {"kind": error.kind, **spans, "context": {s: _context(gold, span) for s, span in sides.items() if span}}


def _context(gold: Gold, span: Span) -> str:
    return f"{_RTL_ISOLATE}{marked(gold, [span], Range(span.start, span.end))}{_POP}"
