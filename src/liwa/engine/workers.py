"""The same work on many batches, in order: in this process, or in others, whose death costs time and no result.

Work is a function that can be pickled, from some items to what is kept of them, and the results of the halves of a
batch must be those of the whole, one after the other. An item that work fails on is named instead of ending the run.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Generic, TypeVar

from liwa.engine.batches import Batch, I
from liwa.errors import LiwaError

R = TypeVar("R")

AHEAD: Final = 4
"""Batches in flight for each worker: enough to keep it busy, few enough to bound memory."""

TRIES: Final = 2
"""How often a batch may lose its worker before it is halved, and a single item before it is given up."""

DIED: Final = "the process that worked on it died"


@dataclass(frozen=True)
class Lost(Generic[I]):
    """An item that work failed on, and why, in a line."""

    item: I
    reason: str


Results = list["R | Lost[I]"]
"""What came of a batch: one result, or those of its parts and the items that were lost."""

Work = Callable[[Sequence[I]], R]


def attempt(work: Work[I, R], items: Sequence[I]) -> Results[R, I]:
    """Do the work; an item on which it raises is lost, and the others are done. A LiwaError is the user's, and raised.

    Which item it is, is found by halving.
    """
    try:
        return [work(items)]
    except LiwaError:
        raise
    except Exception as error:
        if len(items) == 1:
            said = " ".join(str(error).split())
            return [Lost(items[0], f"{type(error).__name__}: {said}" if said else type(error).__name__)]
    half = len(items) // 2
    return attempt(work, items[:half]) + attempt(work, items[half:])


def in_order(
    work: Work[I, R], batches: Iterable[Batch[I]], workers: int = 1
) -> Iterator[tuple[Batch[I], Results[R, I]]]:
    """Yield each batch with what came of it, in order. workers: processes; one works in this process itself.

    More than one starts new interpreters, so a script needs its ``if __name__ == "__main__"``.
    """
    if workers <= 1:
        for batch in batches:
            yield batch, attempt(work, batch.items)
        return
    with _Pool(work, workers) as pool:
        yield from pool.run(batches)


class _Pool(Generic[I, R]):
    """Processes that are started anew when one dies."""

    def __init__(self, work: Work[I, R], workers: int) -> None:
        self._work = partial(attempt, work)
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None
        self._waiting: deque[tuple[Batch[I], Future[Results[R, I]]]] = deque()

    def __enter__(self) -> _Pool[I, R]:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def run(self, batches: Iterable[Batch[I]]) -> Iterator[tuple[Batch[I], Results[R, I]]]:
        for batch in batches:
            self._waiting.append((batch, self._submit(batch.items)))
            if len(self._waiting) > self._workers * AHEAD:
                yield self._next()
        while self._waiting:
            yield self._next()

    def _next(self) -> tuple[Batch[I], Results[R, I]]:
        batch, future = self._waiting[0]
        try:
            result = future.result()
        except BrokenProcessPool:
            self._again()
            batch, future = self._waiting[0]
            result = future.result()
        self._waiting.popleft()
        return batch, result

    def _again(self) -> None:
        """Do all again that was in flight, one batch at a time, so that the one which kills its worker is known."""
        self._end()
        for place, (batch, future) in enumerate(self._waiting):
            if not future.done() or future.cancelled() or future.exception() is not None:
                self._waiting[place] = (batch, self._alone(batch.items))

    def _alone(self, items: Sequence[I]) -> Future[Results[R, I]]:
        done: Future[Results[R, I]] = Future()
        for _ in range(TRIES):
            future = self._submit(items)
            try:
                future.result()
            except BrokenProcessPool:
                self._end()
            except LiwaError:
                return future
            else:
                return future
        done.set_result([Lost(items[0], DIED)] if len(items) == 1 else self._halved(items))
        return done

    def _halved(self, items: Sequence[I]) -> Results[R, I]:
        half = len(items) // 2
        return self._alone(items[:half]).result() + self._alone(items[half:]).result()

    def _submit(self, items: Sequence[I]) -> Future[Results[R, I]]:
        try:
            return self._started().submit(self._work, items)
        except BrokenProcessPool as error:
            broken: Future[Results[R, I]] = Future()
            broken.set_exception(error)
            return broken

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            from multiprocessing import get_context

            # Spawned: a fork would copy the threads' locks of whatever the caller has loaded.
            self._pool = ProcessPoolExecutor(self._workers, get_context("spawn"), initializer=_settle_in)
        return self._pool

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


def _settle_in() -> None:
    """Leave Ctrl-C to the parent, and end when it ends, even by SIGKILL."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    from multiprocessing import parent_process

    parent: Any = parent_process()
    parent.join()
    os._exit(1)
