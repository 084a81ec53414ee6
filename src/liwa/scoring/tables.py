"""Scores as tables that people read: aligned text for a terminal, Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from liwa import jsonl
from liwa.scoring.counts import Counts
from liwa.scoring.evaluate import Scores

_HEAD: Final = ("label", "P", "R", "F1", "tp", "fp", "fn", "support")


def to_text(scores: Scores) -> str:
    """Return an aligned table with one line a label, the micro average, and a line on what was compared."""
    rows = [_HEAD, *_rows(scores)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEAD))]
    lines = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows]
    rule = "-" * len(lines[0])
    return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1], *_notes(scores)])


def to_markdown(scores: Scores) -> str:
    """Return the same as a Markdown table."""
    lines = [f"| {' | '.join(row)} |" for row in [_HEAD, *_rows(scores)]]
    align = f"| --- | {' | '.join(['---:'] * (len(_HEAD) - 1))} |"
    return "\n".join([lines[0], align, *lines[1:], "", *_notes(scores)])


def to_json(scores: Scores) -> str:
    """Return the score file."""
    return jsonl.dumps(scores.to_dict())


FORMATS: Final[dict[str, Callable[[Scores], str]]] = {"text": to_text, "json": to_json, "markdown": to_markdown}


def percent(rate: float | None) -> str:
    """Return a rate in percent with one digit, or n/a where it is undefined."""
    return "n/a" if rate is None else f"{100 * rate:.1f}"


def _rows(scores: Scores) -> Iterator[Sequence[str]]:
    for name, counts in [*scores.labels.items(), ("micro", scores.micro)]:
        yield name, *_cells(counts)


def _cells(counts: Counts) -> list[str]:
    rates = [percent(rate) for rate in (counts.precision, counts.recall, counts.f1)]
    return [*rates, str(counts.tp), str(counts.fp), str(counts.fn), str(counts.support)]


def _notes(scores: Scores) -> Iterator[str]:
    yield f"{scores.articles} articles, exact spans in code points, in percent"
    if scores.settings.get("words"):
        yield "both sides widened to white-space words"
    if scores.masked:
        yield f"{scores.masked} predicted spans lie outside the annotated ranges and were not counted"
    if scores.missing:
        yield f"{len(scores.missing)} articles lack a prediction, their spans are misses: {_some(scores.missing)}"
    if scores.unknown:
        yield f"{len(scores.unknown)} predicted articles are not in the gold and were left out: {_some(scores.unknown)}"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (" ..." if len(names) > 5 else "")
