"""``liwa order``: tasks in the order in which annotating them teaches a model most."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from liwa import jsonl
from liwa.cli.options import Output
from liwa.progress import say
from liwa.training.ways import By

if TYPE_CHECKING:
    from liwa.training.order_files import Ordered


def order_cli(
    tasks: Annotated[str, typer.Argument(help="Tasks, as liwa tasks writes them; - is stdin.")],
    model: Annotated[str, typer.Option(help="Pipeline that says how unsure it is of each article.")],
    output: Output = jsonl.STDIO,
    annotated: Annotated[
        list[Path] | None, typer.Option(help="Gold so far; articles unlike it come first. May be repeated.")
    ] = None,
    by: Annotated[By, typer.Option(help="What makes an article come early.")] = By.diverse,
    seed: Annotated[int, typer.Option(help="Another seed, another order of equals, and of --by random.")] = 0,
) -> None:
    """Put tasks in the order in which annotating them teaches a model most; articles stay whole.

    --by: total is how unsure the model is of an article's spans and relations, in bits; cost the same a word, for words
    are what reading costs; diverse is cost times the distance to the articles that come before; random is by chance.
    The same tasks, model and seed give the same order.

    Example: liwa order tasks.jsonl --model runs/model/model-best -o ordered.jsonl
    """
    done = order(tasks, model, output=output, annotated=annotated or (), by=by, seed=seed)
    say(f"{done.articles} articles, {done.tasks} tasks")


def order(
    tasks: str,
    model: str,
    *,
    output: str,
    annotated: list[Path] | tuple[Path, ...] = (),
    by: By = By.diverse,
    seed: int = 0,
) -> Ordered:
    """Write tasks in order; see `liwa.training.order_files.order_file`."""
    from liwa.annotations.gold import load_gold
    from liwa.training.order_files import order_file
    from liwa.training.predict import load_model

    nlp = None if by is By.random else load_model(model)
    golds = load_gold(annotated) if annotated else ()
    with jsonl.open_output(output) as out:
        return order_file(tasks, out, nlp, golds, by=by, seed=seed)
