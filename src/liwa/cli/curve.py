"""``liwa curve``: the learning curve."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from liwa.cli.options import SchemeFile
from liwa.errors import LiwaError
from liwa.progress import say

if TYPE_CHECKING:
    from liwa.scoring.curve import Point


def curve_cli(
    context: typer.Context,
    split: Annotated[Path, typer.Argument(help="Folder with train, dev and test .jsonl, as liwa split writes it.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for curve.json, curve.png and the models.")],
    shares: Annotated[str, typer.Option(help="Shares of the training part, growing.")] = "0.25,0.5,1",
    config: Annotated[str, typer.Option(help="A spaCy config file, or the name of one of liwa's own.")] = "small",
    scheme: SchemeFile = None,
) -> None:
    """Train on growing shares of the training part and score each on the test part, as figures and as a picture.

    Example: liwa curve runs/split -o runs/curve --training.max_steps 1000
    """
    from liwa.training.train import parse_overrides

    overrides = parse_overrides(context.args)
    for point in curve(split, output=output, shares=shares, config=config, scheme=scheme, overrides=overrides):
        f1 = point.scores.micro.f1
        say(f"{point.articles} articles, {point.words} words: micro F1 {100 * (f1.value or 0):.1f}")


def curve(
    split: Path,
    *,
    output: Path,
    shares: str = "0.25,0.5,1",
    config: str = "small",
    scheme: Path | None = None,
    overrides: Mapping[str, object] | None = None,
) -> list[Point]:
    """Write the points and the picture of a learning curve and return the points; see `liwa.scoring.curve.curve`."""
    from liwa import jsonl
    from liwa.scheme import load_scheme
    from liwa.scoring import curve as stage

    labels = list(load_scheme(scheme).labels)
    points = list(
        stage.curve(split, output=output, shares=_shares(shares), config=config, overrides=overrides, labels=labels)
    )
    with jsonl.open_output(output / "curve.json") as out:
        out.write(jsonl.dumps([point.to_dict() for point in points]) + "\n")
    stage.draw(points, output / "curve.png")
    return points


def _shares(text: str) -> list[float]:
    try:
        shares = [float(part) for part in text.split(",")]
    except ValueError:
        shares = []
    if not shares or sorted(shares) != shares or not 0 < shares[0] <= shares[-1] <= 1:
        raise LiwaError(f"expected growing shares from 0 to 1, found {text}", hint="Write --shares 0.25,0.5,1")
    return shares
