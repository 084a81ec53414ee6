"""Suspects that a person looked at and found right: a committed list, ``annotations/justified.jsonl``.

A row is ``{"rule", "article", "start", "end", "why"}``; of a finding without an article, ``article`` is what the
finding names instead (its ``where``), and ``start`` and ``end`` are null.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from liwa import jsonl
from liwa.annotations.parse import is_integer
from liwa.errors import LiwaError
from liwa.findings import Finding

KEYS: Final = ("rule", "article", "start", "end", "why")

Place = tuple[str, str, int | None, int | None]


class Justified(NamedTuple):
    """Findings divided: those still open, those justified, and how many rows of the list justify nothing."""

    open: list[Finding]
    justified: list[Finding]
    unused: list[Place]


def read_justified(path: str | Path) -> dict[Place, str]:
    """Return why each listed place is right; LiwaError for a row that lacks a key, a reason, or is listed twice."""
    reasons: dict[Place, str] = {}
    for where, row in jsonl.read(path):
        if problem := _problem(row):
            raise LiwaError(problem, where=where, hint=f"Write {', '.join(KEYS)}")
        place = (row["rule"], row["article"], row["start"], row["end"])
        if place in reasons:
            raise LiwaError("this place is listed twice", where=where, hint="Keep one of the two rows")
        reasons[place] = row["why"]
    return reasons


def divide(findings: Iterable[Finding], reasons: Mapping[Place, str]) -> Justified:
    """Divide findings into open and justified ones, and say which reasons were not needed."""
    by_place = [(place_of(finding), finding) for finding in findings]
    return Justified(
        open=[finding for place, finding in by_place if place not in reasons],
        justified=[finding for place, finding in by_place if place in reasons],
        unused=sorted(set(reasons) - {place for place, _ in by_place}, key=str),
    )


def place_of(finding: Finding) -> Place:
    """Return the key under which a finding is justified."""
    return finding.rule.id, finding.article or finding.where, finding.start, finding.end


def _problem(row: Mapping[str, Any]) -> str:
    for key in KEYS:
        if key not in row:
            return f"a justified place without {key}"
    for key in ("rule", "article", "why"):
        if not isinstance(row[key], str) or not row[key].strip():
            return f"expected {key} to be a text that is not empty"
    if not all(row[key] is None or is_integer(row[key]) for key in ("start", "end")):
        return "expected start and end to be integers or null"
    return ""
