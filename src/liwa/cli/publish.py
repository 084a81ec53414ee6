"""``liwa publish``: a corpus as a dataset repository of the Hub."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from liwa.cli.options import SchemeFile
from liwa.progress import say

if TYPE_CHECKING:
    from liwa.release.publication import Publication

GOLD = "annotations/gold"
TEXTS = "corpus/articles"


def publish_cli(
    to: Annotated[Path, typer.Option(help="Folder to write; what an earlier publication wrote there is replaced.")],
    gold: Annotated[
        list[str] | None, typer.Option(help=f"Gold in either form, may be repeated; default: {GOLD}.")
    ] = None,
    texts: Annotated[
        list[str] | None, typer.Option(help=f"Articles of stand-off gold, may be repeated; default: {TEXTS}.")
    ] = None,
    corpus: Annotated[Path, typer.Option(help="Folder with the manifests, which say each licence.")] = Path("corpus"),
    split: Annotated[Path, typer.Option(help="The split; without this file, all is one part.")] = Path(
        "training/split.jsonl"
    ),
    citation: Annotated[Path, typer.Option(help="Title, authors, version and date.")] = Path("CITATION.cff"),
    card: Annotated[Path, typer.Option(help="Data card for the README to end in.")] = Path("corpus/DATACARD.md"),
    licence: Annotated[str | None, typer.Option(help="Licence of the annotation; default: that of the texts.")] = None,
    language: Annotated[str, typer.Option(help="Languages of the articles, with commas between.")] = "ar",
    scheme: SchemeFile = None,
    push: Annotated[str | None, typer.Option(metavar="REPO", help="Send it to this repository of the Hub.")] = None,
) -> None:
    """Write a dataset repository: Parquet, README, Croissant, checksums; text only where its licence permits it.

    Articles of any other licence go out as stand-off rows, which liwa gold load puts together with the texts again.

    Example: liwa publish --to published
    """
    published = publish(
        to,
        gold=gold or [GOLD],
        texts=texts if texts is not None else [TEXTS] if Path(TEXTS).exists() else [],
        corpus=corpus,
        split=split,
        citation=citation,
        card=card,
        licence=licence,
        languages=language.split(","),
        scheme=scheme,
        push=push,
    )
    say(f"{to}: {published}" + (f"; sent to {push}" if push else ""))


def publish(
    to: Path,
    *,
    gold: Sequence[str],
    texts: Sequence[str] = (),
    corpus: Path = Path("corpus"),
    split: Path = Path("training/split.jsonl"),
    citation: Path = Path("CITATION.cff"),
    card: Path = Path("corpus/DATACARD.md"),
    licence: str | None = None,
    languages: Sequence[str] = ("ar",),
    scheme: Path | None = None,
    push: str | None = None,
) -> Publication:
    """Write a dataset repository and return what is in it; see `liwa.release.publish`."""
    from liwa.release import publication
    from liwa.release import publish as stage
    from liwa.release.about import read_about
    from liwa.resources import resource
    from liwa.training.split import read_assignments

    if push:
        stage.require_repo(push)
    assignments = read_assignments(split) if split.is_file() else None
    published = publication.read(gold, texts, publication.read_manifests(corpus), assignments)
    stage.publish(
        published,
        to,
        about=read_about(citation),
        scheme=scheme or resource("scheme.toml"),
        licence=licence,
        languages=languages,
        card=card.read_text(encoding="utf-8") if card.is_file() else "",
    )
    if push:
        stage.push(published, to, push)
    return published
