"""``liwa mix``: two trained pipelines as one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from liwa.progress import say


def mix_cli(
    first: Annotated[str, typer.Argument(help="A trained pipeline without word vectors, as of the config encoder.")],
    second: Annotated[str, typer.Argument(help="One that was trained on the same labels, as of the config vectors.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the mixed pipeline.")],
    share: Annotated[float, typer.Option(min=0, max=1, help="How much the first one's opinion counts.")] = 0.65,
) -> None:
    """Mix what two trained pipelines think of each token into one pipeline; its other components are the second's.

    Example: liwa mix encoder/model-best vectors/model-best -o runs/mixed
    """
    mix(first, second, output=output, share=share)
    say(f"model: {output}")


def mix(first: str, second: str, *, output: Path, share: float = 0.65) -> None:
    """Write the mixture of two trained pipelines into a folder; see `liwa.training.mixture.mix`."""
    from liwa.training.mixture import mix as stage
    from liwa.training.predict import load_model

    stage(load_model(first), load_model(second), share).to_disk(output)
