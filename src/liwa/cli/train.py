"""``liwa train`` and ``liwa predict``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from liwa.cli.options import Output
from liwa.progress import say

OVERRIDES = {"allow_extra_args": True, "ignore_unknown_options": True}
"""Settings of a command that takes any setting of a spaCy config as an option."""


def train_cli(
    context: typer.Context,
    split: Annotated[Path, typer.Argument(help="Folder with train.jsonl and dev.jsonl, as liwa split writes it.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for model-best and model-last.")],
    config: Annotated[str, typer.Option(help="A spaCy config file, or the name of one of liwa's own.")] = "small",
    gpu_id: Annotated[int, typer.Option(help="GPU to train on; -1 is the CPU.")] = -1,
) -> None:
    """Train a spaCy pipeline; any setting of the config is an option, as in spacy train.

    Example: liwa train runs/split -o runs/model --training.max_steps 200
    """
    from liwa.training.train import parse_overrides, train

    overrides = parse_overrides(context.args)
    best = train(
        split / "train.jsonl", split / "dev.jsonl", output=output, config=config, overrides=overrides, gpu_id=gpu_id
    )
    say(f"model: {best}")


def predict_cli(
    model: Annotated[str, typer.Argument(help="A trained pipeline.")],
    sources: Annotated[list[str], typer.Argument(help="Raw articles: files, folders, or - for JSONL on stdin.")],
    output: Output = "-",
    encoding: Annotated[str, typer.Option(help="Encoding of the files, such as windows-1256.")] = "utf-8",
    gpu_id: Annotated[int, typer.Option(help="GPU to predict on; -1 is the CPU.")] = -1,
) -> None:
    """Find spans in raw articles and write one row an article, as it goes.

    Example: liwa predict runs/model/model-best corpus/articles -o predictions.jsonl
    """
    count = predict(model, sources, output=output, encoding=encoding, gpu_id=gpu_id)
    say(f"{count} articles")


def predict(model: str, sources: list[str], *, output: str, encoding: str = "utf-8", gpu_id: int = -1) -> int:
    """Write the predictions of a model over raw articles as rows and return how many articles there were."""
    from liwa import jsonl
    from liwa.annotations.rows import to_row
    from liwa.corpus.read import read_articles
    from liwa.progress import progress
    from liwa.training.predict import load_model
    from liwa.training.predict import predict as find

    found = find(load_model(model, gpu_id=gpu_id), read_articles(sources, encoding=encoding))
    rows = (to_row(prediction, answer=None) for prediction in progress(found, "predict", unit="articles"))
    return jsonl.write(output, rows)
