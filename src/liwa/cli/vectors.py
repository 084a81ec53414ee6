"""``liwa vectors``: word vectors out of a user's own raw news."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from liwa.progress import say


def vectors_cli(
    sources: Annotated[list[str], typer.Argument(help="Raw articles: files, folders, or - for JSONL on stdin.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the vectors.")],
    encoding: Annotated[str, typer.Option(help="Encoding of the files, such as windows-1256.")] = "utf-8",
    dim: Annotated[int, typer.Option(min=1, help="Numbers in a vector.")] = 128,
    bucket: Annotated[int, typer.Option(min=1, help="Rows of the table; 50,000 x 128 are 26 MB.")] = 50_000,
    epoch: Annotated[int, typer.Option(min=1, help="Passes over the text.")] = 2,
    min_count: Annotated[int, typer.Option(min=1, help="Rarer words are no targets.")] = 5,
    thread: Annotated[int, typer.Option(min=1, help="Cores; with more than 1 no two runs are the same.")] = 1,
) -> None:
    """Train floret vectors on raw articles, normalised and cut into tokens as the pipelines do it.

    Example: liwa vectors news.jsonl.gz -o runs/vectors
    """
    settings = {"dim": dim, "bucket": bucket, "epoch": epoch, "min_count": min_count, "thread": thread}
    count = vectors(sources, output=output, encoding=encoding, **settings)
    say(f"{output}: vectors from {count:,} tokens; train with --config vectors --paths.vectors {output}")


def vectors(sources: list[str], *, output: Path, encoding: str = "utf-8", **settings: int) -> int:
    """Train vectors on raw articles into a folder and return the number of tokens read; settings as `Settings`."""
    from liwa.corpus.read import read_articles
    from liwa.progress import progress
    from liwa.training.vectors import Settings, train_vectors

    articles = read_articles(sources, encoding=encoding)
    return train_vectors(progress(articles, "read", unit="articles"), output, Settings(**settings))
