"""A comparison as text, Markdown and JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from liwa import jsonl
from liwa.estimates import Estimate
from liwa.scoring.compare import MICRO, Comparison, Difference, Table
from liwa.tables import aligned, markdown, percent

ALPHA: Final = 0.05
"""Below this p-value a difference is called significant."""


def to_text(comparison: Comparison) -> str:
    """Return a verdict, a table of spans and one of relations, what was done, and the articles that moved most."""
    blocks = ["\n".join(verdicts(comparison))]
    for kind, table in comparison.tables.items():
        blocks.append("\n".join(aligned(head(comparison, kind), list(rows(table)), totals=1)))
    blocks.append("\n".join(notes(comparison)))
    for kind, table in comparison.tables.items():
        if table.moved:
            blocks.append("\n".join(aligned(moved_head(comparison, kind), list(moved_rows(table)))))
    return "\n\n".join(blocks)


def to_markdown(comparison: Comparison) -> str:
    """Return the same in Markdown, for a pull request."""
    blocks = ["\n".join(f"- {line}" for line in verdicts(comparison))]
    for kind, table in comparison.tables.items():
        blocks.append("\n".join(markdown(head(comparison, kind), rows(table))))
    blocks.append("\n".join(f"- {note}" for note in notes(comparison)))
    for kind, table in comparison.tables.items():
        if table.moved:
            blocks.append("\n".join(markdown(moved_head(comparison, kind), moved_rows(table))))
    return "\n\n".join(blocks)


def to_json(comparison: Comparison) -> str:
    """Return the versioned report."""
    return jsonl.dumps(comparison.to_dict())


FORMATS: Final[dict[str, Callable[[Comparison], str]]] = {"text": to_text, "json": to_json, "markdown": to_markdown}


def verdicts(comparison: Comparison) -> Iterator[str]:
    """Yield a sentence on the micro F1 of spans, and one on that of relations."""
    for kind, table in comparison.tables.items():
        f1 = table.lines[MICRO].differences["f1"]
        yield f"{kind}: {_verdict(comparison.names, f1)}"


def head(comparison: Comparison, kind: str) -> list[str]:
    """Return the head of a table of rates."""
    a, b = comparison.names
    return [kind, "gold", f"{a} F1", f"{b} F1", "difference", "95 %", "p", "p Holm"]


def rows(table: Table) -> Iterator[Sequence[str]]:
    """Yield the lines of a table of rates, all labels together last."""
    for label, line in table.lines.items():
        f1 = line.differences["f1"]
        shown = [percent(f1.a), percent(f1.b), signed(f1.change.value), interval(f1.change), p_value(f1.p)]
        yield label or "micro", str(line.support), *shown, "" if label == MICRO else p_value(f1.adjusted)


def notes(comparison: Comparison) -> Iterator[str]:
    """Yield what the columns mean and how they came about."""
    a, b = comparison.names
    settings = comparison.settings
    yield f"difference: F1 of {b} less F1 of {a}, in points; {comparison.articles} articles of one test set"
    yield f"95 %: of the difference, by paired bootstrap over articles, {settings['samples']} samples"
    yield (
        f"p: of no difference, two-sided, by paired permutation test over articles, at most {settings['permutations']} "
        "permutations; p Holm: adjusted for the number of labels"
    )


def moved_head(comparison: Comparison, kind: str) -> list[str]:
    """Return the head of the table of articles that moved most."""
    return [f"{kind}: articles that moved most", "errors", *(f"{name} tp/fp/fn" for name in comparison.names)]


def moved_rows(table: Table) -> Iterator[Sequence[str]]:
    """Yield an article a line: errors more or fewer, and the counts of both systems."""
    for moved in table.moved:
        yield moved.article, f"{moved.errors:+d}", *("/".join(map(str, counts)) for counts in (moved.a, moved.b))


def signed(change: float | None) -> str:
    """Return a difference of rates in points with its sign, or n/a."""
    return "n/a" if change is None else f"{100 * change:+.1f}"


def interval(change: Estimate) -> str:
    """Return the interval of a difference in points, or n/a."""
    return "n/a" if change.low is None else f"{signed(change.low)} to {signed(change.high)}"


def p_value(p: float | None) -> str:
    """Return a p-value with three decimals, or n/a."""
    if p is None:
        return "n/a"
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def _verdict(names: tuple[str, str], f1: Difference) -> str:
    a, b = names
    if f1.change.value is None or f1.p is None:
        return f"no difference of {a} and {b} can be said"
    if f1.p >= ALPHA:
        return f"no significant difference of {a} and {b} (p {p_value(f1.p)})"
    side = "better" if f1.change.value > 0 else "worse"
    return f"{b} is {side} than {a} by {signed(abs(f1.change.value))[1:]} points of F1 (p {p_value(f1.p)})"
