"""Work for workers, some of it deadly."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from itertools import repeat
from pathlib import Path
from typing import NamedTuple

from liwa.engine.batches import Item
from liwa.errors import LiwaError


class Line(NamedTuple):
    where: str
    data: bytes


def shout(items: Sequence[Item]) -> bytes:
    """Upper case; ``bad`` raises, ``wrong`` is the user's fault, ``kill`` and ``once FILE`` kill the process.

    ``hang`` never ends, and ``deaf`` does not even let itself be interrupted.
    """
    return b"".join(map(_shouted, items))


def number_of(items: Sequence[Item]) -> int:
    """Return the number of the process that does the work."""
    return os.getpid()


def _shouted(item: Item) -> bytes:
    if item.data == b"bad":
        raise ValueError("bad\nitem")
    if item.data == b"wrong":
        raise LiwaError("wrong", where=item.where, hint="Right it")
    if item.data in (b"hang", b"deaf"):
        _hang(deaf=item.data == b"deaf")
    if item.data.startswith(b"once ") and not (mark := Path(item.data[5:].decode())).exists():
        mark.touch()
        _die()
    if item.data == b"kill":
        _die()
    return item.data.upper() + b"\n"


def _hang(*, deaf: bool) -> None:
    if deaf:
        any(repeat(False))  # C code that looks for no signal
    while True:
        try:
            time.sleep(0.01)
        except Exception:  # as a library may do
            continue


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
