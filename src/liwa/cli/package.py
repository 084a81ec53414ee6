"""``liwa package``: a trained pipeline as a wheel."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from liwa.progress import say


def package_cli(
    model: Annotated[Path, typer.Argument(help="A trained pipeline.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the wheel.")],
    name: Annotated[str | None, typer.Option(help="Name without the language, as in news_small.")] = None,
    version: Annotated[str | None, typer.Option(help="Version of the package, as in 1.0.0.")] = None,
    scores: Annotated[Path | None, typer.Option(help="Scores of this model, from liwa evaluate --format json.")] = None,
    gold: Annotated[
        list[str] | None, typer.Option(help="What it was trained on; default: the file its config names.")
    ] = None,
    corpus: Annotated[Path, typer.Option(help="Folder with the manifests, which say each licence.")] = Path("corpus"),
    citation: Annotated[Path, typer.Option(help="Who made the corpus, if it is there.")] = Path("CITATION.cff"),
    licence: Annotated[str | None, typer.Option(help="Licence of the model; default: that of its texts.")] = None,
) -> None:
    """Make an installable wheel of a model, with its card, scores and licence; spacy.load finds it by name.

    Example: liwa package model/model-best -o dist --name news_small --version 1.0.0 --scores scores.json
    """
    wheel = package(
        model,
        output,
        name=name,
        version=version,
        scores=scores,
        gold=gold,
        corpus=corpus,
        citation=citation,
        licence=licence,
    )
    if scores is None:
        say("the card has no scores: name them with --scores")
    typer.echo(wheel)


def package(
    model: Path,
    output: Path,
    *,
    name: str | None = None,
    version: str | None = None,
    scores: Path | None = None,
    gold: Sequence[str] | None = None,
    corpus: Path = Path("corpus"),
    citation: Path = Path("CITATION.cff"),
    licence: str | None = None,
) -> Path:
    """Write the wheel of a model and return its path; see `liwa.release.package`."""
    from liwa.release.about import read_about
    from liwa.release.package import package as stage
    from liwa.release.publication import read_manifests
    from liwa.scoring.scorefile import read_scores

    return stage(
        model,
        output,
        rows=read_manifests(corpus) if corpus.is_dir() else {},
        gold=gold,
        name=name,
        version=version,
        scores=read_scores(scores) if scores else None,
        licence=licence,
        about=read_about(citation) if citation.is_file() else None,
    )
