"""Folders that trained pipelines are written into."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from liwa.errors import LiwaError


@contextmanager
def writing(output: str | Path) -> Iterator[Path]:
    """Make a folder, with those above it; LiwaError where it, or what the block writes, cannot be written."""
    folder = Path(output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
    except OSError as error:
        raise LiwaError(f"cannot write: {error.strerror}", where=str(output), hint="Name a folder") from None
