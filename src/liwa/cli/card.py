"""``liwa card``: the figures of the data card, written and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from liwa.cli.options import SchemeFile
from liwa.progress import say


def card_cli(
    card: Annotated[Path, typer.Argument(help="The data card, with two marker lines around its figures.")],
    root: Annotated[Path, typer.Option(help="Folder with corpus, annotations and training.")] = Path(),
    scheme: SchemeFile = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 when the figures are stale.")] = False,
) -> None:
    """Write sizes, labels, sources, split, agreement and baselines into the data card.

    Example: liwa card corpus/DATACARD.md --check
    """
    fresh = refresh(card, root=root, scheme=scheme, check=check)
    if check and not fresh:
        say(f"{card}: the figures are stale. Run liwa card {card}")
        raise typer.Exit(1)
    say(f"{card}: the figures are {'as they should be' if check or fresh else 'written anew'}")


def refresh(card: Path, *, root: Path = Path(), scheme: Path | None = None, check: bool = False) -> bool:
    """Write the figures of a card, unless only to check; return whether they were right before."""
    from liwa import jsonl
    from liwa.errors import LiwaError
    from liwa.release import card as stage
    from liwa.scheme import load_scheme

    if not card.is_file():
        raise LiwaError("there is no such card", where=str(card), hint="Name the data card")
    if not root.is_dir():
        hint = "Name the folder with corpus, annotations and training"
        raise LiwaError("there is no such folder", where=str(root), hint=hint)
    with jsonl.open_input(card) as file:
        old = jsonl.decode(file.read(), str(card)).replace("\r\n", "\n")
    new = stage.refresh(old, stage.figures(root, load_scheme(scheme)), str(card))
    if not check and new != old:
        with jsonl.open_output(card) as out:
            out.write(new)
    return new == old
