"""Progress bars for long work: on stderr, and only where a person looks at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


def progress(items: Iterable[T], description: str, *, total: int | None = None, unit: str = "it") -> Iterator[T]:
    """Yield the items and show a bar with rate and time left while they pass."""
    if not sys.stderr.isatty():
        yield from items
        return
    from tqdm import tqdm

    yield from tqdm(items, desc=description, total=total, unit=f" {unit}", file=sys.stderr)


@contextmanager
def gauge(description: str, *, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Give a function that moves a bar to the number of bytes done, with rate and, of a known total, time left."""
    if not sys.stderr.isatty():
        yield lambda position: None
        return
    from tqdm import tqdm

    with tqdm(desc=description, total=total, unit="B", unit_scale=True, file=sys.stderr) as bar:
        yield lambda position: bar.update(position - bar.n) and None


def say(message: str) -> None:
    """Write one line for the person at the terminal, on stderr."""
    sys.stderr.write(f"{message}\n")
