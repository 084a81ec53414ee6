"""How tables are laid out: aligned lines for a terminal, pipes for Markdown, rates in percent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def percent(rate: float | None) -> str:
    """Return a rate in percent with one digit, or n/a where it is undefined."""
    return "n/a" if rate is None else f"{100 * rate:.1f}"


def aligned(head: Sequence[str], rows: Sequence[Sequence[str]], *, totals: int) -> list[str]:
    """Return lines of equal width, with rules below the head and above the last rows, the totals."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in [head, *rows]]
    rule = "-" * len(lines[0])
    return [lines[0], rule, *lines[1:-totals], rule, *lines[-totals:]]


def piped(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a Markdown table, the first column to the left."""
    lines = [f"| {' | '.join(row)} |" for row in [head, *rows]]
    return [lines[0], f"| --- | {' | '.join(['---:'] * (len(head) - 1))} |", *lines[1:]]
