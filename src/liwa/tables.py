"""Tables of strings, for a terminal and for Markdown, and rates as they are written in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def aligned(head: Sequence[str], rows: Sequence[Sequence[str]], totals: int = 0) -> list[str]:
    """Return lines of equal width: the first column to the left, the others to the right, rules around the rows.

    totals: how many of the last rows stand below a rule of their own.
    """
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in [head, *rows]]
    rule = "-" * len(lines[0])
    body = [*lines[1 : len(lines) - totals], *([rule, *lines[-totals:]] if totals else [])]
    return [lines[0], rule, *body]


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a Markdown table: the first column to the left, the others to the right."""
    lines = [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in [head, *rows]]
    return [lines[0], f"| --- |{' ---: |' * (len(head) - 1)}", *lines[1:]]


def percent(rate: float | None) -> str:
    """Return a rate in percent with one digit, or n/a where it is undefined."""
    return "n/a" if rate is None else f"{100 * rate:.1f}"
