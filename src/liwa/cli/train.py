"""``liwa train`` and ``liwa predict``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from liwa.cli.options import Address, Engine, EngineOption, KeepGoing, Limit, Output, Resume, Workers
from liwa.engine.limits import LIMIT
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
    sources: Annotated[
        list[str], typer.Argument(help="Raw articles, or tasks: files, folders, or - for JSONL on stdin.")
    ],
    output: Output = "-",
    encoding: Annotated[str, typer.Option(help="Encoding of the files, such as windows-1256.")] = "utf-8",
    gpu_id: Annotated[int, typer.Option(help="GPU to predict on; -1 is the CPU.")] = -1,
    workers: Workers = 1,
    resume: Resume = False,
    engine: EngineOption = Engine.local,
    address: Address = None,
    limit: Limit = LIMIT,
    keep_going: KeepGoing = False,
) -> None:
    """Find spans and relations in raw articles or tasks and write one row each.

    Example: liwa predict runs/model/model-best corpus/articles -o predictions.jsonl
    """
    counts = predict(
        model,
        sources,
        output=output,
        encoding=encoding,
        gpu_id=gpu_id,
        workers=workers,
        resume=resume,
        engine=engine.value,
        address=address,
        limit=limit,
        keep_going=keep_going,
    )
    left = f", {counts['failed']} left out" if counts["failed"] else ""
    say(f"{counts['rows']} articles{left}")


def predict(
    model: str,
    sources: list[str],
    *,
    output: str,
    encoding: str = "utf-8",
    gpu_id: int = -1,
    workers: int = 1,
    resume: bool = False,
    engine: str = "local",
    address: str | None = None,
    limit: float = LIMIT,
    keep_going: bool = False,
) -> Counter[str]:
    """Write the predictions of a model over raw articles or tasks; return how many ``rows`` and ``failed`` there were.

    The other options are those of `liwa.cli.tasks.tasks`.
    """
    from functools import partial

    from liwa.corpus.stream import Job
    from liwa.engine import cluster
    from liwa.engine.outputs import outputs
    from liwa.engine.workers import Care
    from liwa.fingerprints import fingerprint
    from liwa.training.predict_files import PredictionFiles, predict_raw

    job = Job(sources, encoding, workers, engine, address, Care(limit, keep_going))
    work = partial(predict_raw, model, gpu_id)
    same = job.settings(model=fingerprint([model]) if Path(model).is_dir() else model)
    with outputs({"predictions": output}, settings=same, resume=resume) as out:
        sink = PredictionFiles(out)
        if job.on_cluster:
            with job.cluster():
                cluster.run(job.on_portions(work), job.portions, sink, out, name="predict")
        else:
            job.run(work, sink, out, name="predict")
    return sink.counts
