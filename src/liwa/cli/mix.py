"""``liwa mix``: trained pipelines as one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Optional

import typer

from liwa.progress import say


def mix_cli(
    models: Annotated[
        list[str],
        typer.Argument(
            help="Two trained pipelines or more with the same labels; those with word vectors, of one table, last."
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the mixed pipeline.")],
    share: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(
            min=0,
            max=1,
            help="How much the first one's opinion counts; the others divide the rest alike. Unless given, models of "
            "one config count alike, and the first of unlike ones 0.65.",
        ),
    ] = None,
) -> None:
    """Mix what trained pipelines think of each token into one pipeline; its other components are the last one's.

    Relations are mixed as well, of those that find some.

    Example: liwa mix encoder/model-best vectors/model-best -o runs/mixed
    """
    mix(models, output=output, share=share)
    say(f"model: {output}")


def mix(models: Sequence[str], *, output: Path, share: float | None = None) -> None:
    """Write the mixture of trained pipelines into a folder; see `liwa.training.mix.mix`."""
    from liwa.training.folders import writing
    from liwa.training.mix import mix as stage
    from liwa.training.predict import load_model

    mixed = stage([load_model(model) for model in models], share)
    with writing(output):
        mixed.to_disk(output)
