"""A limit to the time that a piece of work takes, however it hangs."""

from __future__ import annotations

import faulthandler
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import FrameType
from typing import Final, NoReturn

LIMIT: Final = 120.0
"""Seconds that a batch may take before each of its items is tried alone, and an item before it is given up."""

DEAF: Final = 1.5
"""Times the limit after which a process is ended that did not answer the interruption."""


class TookTooLong(BaseException):
    """Raised in work that reached its limit; no `Exception`, so that a library does not take it for one of its own."""


@contextmanager
def within(seconds: float, *, deadly: bool = False) -> Iterator[None]:
    """Raise `TookTooLong` in the block when it takes longer; 0 is no limit.

    deadly: end the process when the block does not answer, as C code may not. Outside the main thread, and where the
    system has no timers, such as Windows, there is no interruption, only that end.
    """
    if seconds <= 0:
        yield
        return
    if deadly:
        faulthandler.dump_traceback_later(DEAF * seconds, exit=True, file=_nowhere())
    try:
        with _interruption(seconds):
            yield
    finally:
        if deadly:
            faulthandler.cancel_dump_traceback_later()


@contextmanager
def _interruption(seconds: float) -> Iterator[None]:
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise TookTooLong


@cache
def _nowhere() -> int:
    """Return a file descriptor for the traceback that faulthandler writes: what hangs is not our own code."""
    return os.open(os.devnull, os.O_WRONLY)
