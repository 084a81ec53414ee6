"""``liwa simulate``: what the model in the loop would have saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from liwa.errors import LiwaError
from liwa.progress import say

if TYPE_CHECKING:
    from liwa.scoring.savings import Comparison
    from liwa.training.ways import By


def simulate_cli(
    context: typer.Context,
    split: Annotated[Path, typer.Argument(help="Folder with train.jsonl to choose from, and test.jsonl.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the steps, active.json and active.png.")],
    ways: Annotated[str, typer.Option(help="Ways to choose: total, cost, diverse.")] = "total,cost,diverse",
    start: Annotated[int, typer.Option(min=1, help="Articles to begin with.")] = 10,
    add: Annotated[int, typer.Option(min=1, help="Articles chosen at a time.")] = 10,
    rounds: Annotated[int, typer.Option(min=1, help="How often articles are chosen.")] = 5,
    seeds: Annotated[int, typer.Option(min=1, help="Repetitions, each with another beginning.")] = 5,
    config: Annotated[str, typer.Option(help="A spaCy config file, or the name of one of liwa's own.")] = "small",
) -> None:
    """Simulate annotation that asks for the most informative articles first, on gold, beside random order.

    Prints what each way saves of the articles and words that random order needs for an F1, with intervals. Every
    training is kept when it ends: run it again to go on. Any setting of the config is an option, as in liwa train.

    Example: liwa simulate runs/split -o runs/active --training.max_steps 200
    """
    from liwa.scoring.savings_view import gains, table
    from liwa.training.train import parse_overrides

    found = simulate(
        split,
        output=output,
        ways=ways.split(","),
        start=start,
        add=add,
        rounds=rounds,
        seeds=seeds,
        config=config,
        overrides=parse_overrides(context.args),
    )
    typer.echo("\n".join([*gains(found), "", *table(found)]))


def simulate(
    split: Path,
    *,
    output: Path,
    ways: Sequence[str] = ("total", "cost", "diverse"),
    start: int = 10,
    add: int = 10,
    rounds: int = 5,
    seeds: int = 5,
    config: str = "small",
    overrides: Mapping[str, object] | None = None,
) -> Comparison:
    """Write the steps, ``active.json`` and ``active.png`` of a simulation and return what it shows.

    See `liwa.scoring.simulate` and `liwa.scoring.savings`.
    """
    from liwa import jsonl
    from liwa.scoring import savings_view
    from liwa.scoring.savings import compare
    from liwa.scoring.simulate import Plan, Step
    from liwa.scoring.simulate import simulate as run

    plan = Plan(_ways(ways), start, add, rounds, seeds, config, overrides or {})
    steps: list[Step] = []
    for step in run(split, output, plan):
        steps.append(step)
        f1 = _f1(step.counts)
        say(f"seed {step.seed}, {step.way or 'start'} {step.round}: {len(step.articles)} articles, F1 {100 * f1:.1f}")
    found = compare(steps)
    with jsonl.open_output(output / "active.json") as out:
        out.write(f"{jsonl.dumps(found.to_dict())}\n")
    savings_view.draw(found, output / "active.png")
    return found


def _ways(names: Sequence[str]) -> tuple[By, ...]:
    from liwa.training.ways import By

    known = {by.value: by for by in By}
    if wrong := [name for name in names if name not in known]:
        raise LiwaError(f"expected ways of {', '.join(known)}, found {wrong[0]}", hint="Write --ways cost,diverse")
    return tuple(known[name] for name in names)


def _f1(counts: Mapping[str, Sequence[int]]) -> float:
    tp, fp, fn = (sum(column) for column in zip(*counts.values(), strict=True))
    return float(2 * tp / max(1, 2 * tp + fp + fn))
