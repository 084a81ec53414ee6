"""Scores of relations as a table: each type, the averages, and what bounds them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from liwa.scoring.counts import Counts
from liwa.scoring.relations import MACRO_SUPPORT, RelationScores
from liwa.tables import aligned, markdown, percent

_COLUMNS: Final = (
    ("gold P", "gold_spans", "precision"),
    ("gold R", "gold_spans", "recall"),
    ("gold F1", "gold_spans", "f1"),
    ("end P", "end_to_end", "precision"),
    ("end R", "end_to_end", "recall"),
    ("end F1", "end_to_end", "f1"),
    ("oracle F1", "oracle", "f1"),
    ("rule gold F1", "rule_gold_spans", "f1"),
    ("rule end F1", "rule_end_to_end", "f1"),
    ("cand. R", "candidates", "recall"),
)
"""Head, system and rate of each column after the support."""


def to_text(scores: RelationScores) -> list[str]:
    """Return the lines of an aligned table and of the notes on it."""
    return [*aligned(_head(scores), list(_rows(scores)), totals=3), *_notes(scores)]


def to_markdown(scores: RelationScores) -> list[str]:
    """Return the same as Markdown."""
    return [*markdown(_head(scores), _rows(scores)), "", *_notes(scores)]


def _columns(scores: RelationScores) -> list[tuple[str, str, str]]:
    return [column for column in _COLUMNS if column[1] in scores.systems]


def _head(scores: RelationScores) -> list[str]:
    return ["relation", "support", *(head for head, _, _ in _columns(scores))]


def _rows(scores: RelationScores) -> Iterator[Sequence[str]]:
    columns = _columns(scores)
    for kind in scores.types:
        yield _row(kind, [scores.systems[system][kind] for _, system, _ in columns], columns)
    for name, without in (("micro", ""), (f"micro without {scores.apart or 'any'}", scores.apart)):
        yield _row(name, [scores.micro(system, without=without) for _, system, _ in columns], columns)
    macros = [percent(scores.macro(system)) if rate == "f1" else "" for _, system, rate in columns]
    yield [f"macro of types with {MACRO_SUPPORT} or more", "", *macros]


def _row(name: str, counts: Sequence[Counts], columns: Sequence[tuple[str, str, str]]) -> list[str]:
    rates = [percent(getattr(count, rate)) for count, (_, _, rate) in zip(counts, columns, strict=True)]
    return [name, str(counts[0].support), *rates]


def _notes(scores: RelationScores) -> Iterator[str]:
    yield "relations: both ends exact in code points and label, direction and type right, in percent"
    yield "gold: between gold spans; end: end to end, between predicted spans; rule: by cue words, without training"
    if "oracle" in scores.systems:
        yield "oracle: all gold relations between predicted spans, the ceiling of end to end"
    if "candidates" in scores.systems:
        yield "cand.: gold relations among the pairs looked at, the ceiling with gold spans; all others are misses"
