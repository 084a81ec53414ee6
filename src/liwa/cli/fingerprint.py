"""``liwa fingerprint``: the key under which a CI keeps a trained model."""

from __future__ import annotations

from typing import Annotated

import typer


def fingerprint_cli(
    paths: Annotated[list[str], typer.Argument(help="Files and folders, such as the gold and the config.")],
) -> None:
    """Print a SHA-256 over names and bytes of files: the same for the same data and config, on any machine.

    Example: liwa fingerprint annotations/gold training/configs
    """
    from liwa.fingerprints import fingerprint

    typer.echo(fingerprint(paths))
