"""``liwa convert``: gold into and out of the files of other tools."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from liwa.cli.options import SchemeFile, Texts
from liwa.progress import say

if TYPE_CHECKING:
    from liwa.formats.convert import Conversion


def convert_cli(
    source: Annotated[str, typer.Argument(metavar="IN", help="File or folder in any known format, or -.")],
    output: Annotated[
        str, typer.Option("--output", "-o", help="File to write, replaced atomically, or a new folder; - is stdout.")
    ],
    from_: Annotated[str | None, typer.Option("--from", help="Format of IN; default: told by its content.")] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="Format to write; default: told by the output's suffix.")
    ] = None,
    texts: Texts = None,
    scheme: SchemeFile = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Write nothing, and exit 1, where anything is lost.")
    ] = False,
    losses: Annotated[
        Path | None, typer.Option(help="Write each loss as a row: article, offsets, what and why, and no text.")
    ] = None,
) -> None:
    """Convert spans and relations between formats, and account for what the other format cannot hold.

    Example: liwa convert gold.jsonl -o brat --to brat --losses losses.jsonl
    """
    done = convert(source, output=output, from_=from_, to=to, texts=texts, scheme=scheme, strict=strict)
    if losses:
        done.losses.write(str(losses))
    say(str(done))
    raise typer.Exit(not done.written)


def convert(
    source: str,
    *,
    output: str,
    from_: str | None = None,
    to: str | None = None,
    texts: Sequence[str] | None = None,
    scheme: Path | None = None,
    strict: bool = False,
) -> Conversion:
    """Convert a file or folder and return the counts and the losses; see `liwa.formats.convert.convert`."""
    from liwa.corpus.read import read_articles
    from liwa.formats import registry
    from liwa.formats.base import Settings
    from liwa.formats.convert import convert as stage
    from liwa.formats.convert import spooled
    from liwa.scheme import load_scheme

    target = registry.get(to) if to else registry.by_suffix(Path(output))
    settings = Settings(load_scheme(scheme), tuple(read_articles(texts or ())))
    with spooled(source) as path:
        source_format = registry.get(from_) if from_ else registry.guess(path)
        return stage(path, source_format, output, target, settings, strict=strict)
