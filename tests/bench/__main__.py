"""Every figure in one table: python -m tests.bench [NAME...]

A module of this folder that offers ``rows()``, without arguments, is in it: an iterable of `tests.bench.row.Row`.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path

from tests.bench.row import HEAD, Row

FOLDER = Path(__file__).parent


def offers() -> Iterator[tuple[str, Callable[[], Iterable[Row]]]]:
    """Yield name and rows of every module that has a part in the table."""
    for path in sorted(FOLDER.glob("*.py")):
        if not path.stem.startswith("__") and "\ndef rows()" in path.read_text(encoding="utf-8"):
            rows = import_module(f"tests.bench.{path.stem}").rows
            if not inspect.signature(rows).parameters:
                yield path.stem, rows


def main() -> None:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command does
    chosen = sys.argv[1:]
    print(HEAD)
    for name, rows in offers():
        if not chosen or name in chosen:
            for row in rows():
                print(row, flush=True)


if __name__ == "__main__":
    main()
