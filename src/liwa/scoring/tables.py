"""Scores as tables that people read: aligned text for a terminal, Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from liwa import jsonl
from liwa.estimates import Estimate
from liwa.scoring import relation_tables
from liwa.scoring.evaluate import Scores
from liwa.scoring.intervals import Rates
from liwa.scoring.layout import aligned, percent, piped

_HEAD: Final = ("label", "P", "R", "F1", "95 %", "tp", "fp", "fn", "support")


def to_text(scores: Scores) -> str:
    """Return an aligned table with one line a label, the micro average, and a line on what was compared.

    The table of relations follows where these were scored.
    """
    lines = [*aligned(_HEAD, list(_rows(scores)), totals=1), *_notes(scores)]
    return "\n".join(lines + (["", *relation_tables.to_text(scores.relations)] if scores.relations else []))


def to_markdown(scores: Scores) -> str:
    """Return the same as Markdown tables."""
    lines = [*piped(_HEAD, _rows(scores)), "", *_notes(scores)]
    return "\n".join(lines + (["", *relation_tables.to_markdown(scores.relations)] if scores.relations else []))


def to_json(scores: Scores) -> str:
    """Return the score file."""
    return jsonl.dumps(scores.to_dict())


FORMATS: Final[dict[str, Callable[[Scores], str]]] = {"text": to_text, "json": to_json, "markdown": to_markdown}


def interval(estimate: Estimate) -> str:
    """Return the interval of a rate in percent, or n/a where it is undefined."""
    return "n/a" if estimate.low is None else f"{percent(estimate.low)}–{percent(estimate.high)}"


def _rows(scores: Scores) -> Iterator[Sequence[str]]:
    for name, found in [*scores.labels.items(), ("micro", scores.micro)]:
        yield name, *_cells(found)


def _cells(found: Rates) -> list[str]:
    shown = [percent(rate.value) for rate in (found.precision, found.recall, found.f1)]
    counts = found.counts
    return [*shown, interval(found.f1), *map(str, counts), str(counts.support)]


def _notes(scores: Scores) -> Iterator[str]:
    samples = scores.settings.get("samples")
    yield f"{len(scores.by_article)} articles, exact spans in code points, in percent"
    yield f"95 %: interval of F1 by bootstrap over articles, {samples} samples"
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
