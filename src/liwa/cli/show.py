"""``liwa show``: annotated text for eyes, in the terminal and as a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from liwa.cli.options import SchemeFile, Texts
from liwa.errors import LiwaError
from liwa.progress import say

if TYPE_CHECKING:
    from liwa.records import Gold


def show_cli(
    paths: Annotated[list[str], typer.Argument(help="Gold, tasks or predictions, in either form.")],
    texts: Texts = None,
    scheme: SchemeFile = None,
    html: Annotated[
        Path | None, typer.Option(help="Write a page that needs nothing else, instead of printing.")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="Rows to show; 0 is all.")] = 0,
) -> None:
    """Show spans in their text, right to left, and relations: as arcs in a page, as a list in the terminal.

    Example: liwa show gold.jsonl --html gold.html
    """
    from liwa import jsonl
    from liwa.scheme import load_scheme
    from liwa.scoring import display

    known = load_scheme(scheme)
    golds = show(paths, texts=texts, limit=limit)
    if html is None:
        for gold in golds:
            typer.echo(display.to_terminal(gold, known))
        return
    with jsonl.open_output(html) as out:
        out.writelines(display.to_html(golds, known))
    say(f"page: {html}")


def show(paths: list[str], *, texts: list[str] | None = None, limit: int = 0) -> Iterator[Gold]:
    """Yield the rows of gold that have their texts, at most ``limit`` of them, and say how many were left out.

    Raises LiwaError where there are rows, and none has its text.
    """
    from liwa.annotations.gold import predicted, read_gold

    shown = left = 0
    for gold in read_gold(paths, texts=texts, report=predicted):
        if gold.text is None:
            left += 1
            continue
        yield gold
        shown += 1
        if shown == limit:
            break
    if left and not shown:
        raise LiwaError(f"found no text for any of {left} rows", hint="Name the articles with --texts")
    if left:
        say(f"{left} rows left out for want of texts: --texts")
