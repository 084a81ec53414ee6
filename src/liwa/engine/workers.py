"""The same work on many batches, in order: in this process, or in others, whose death costs time and no result.

Work is a function that can be pickled, from some items to what is kept of them, and the results of the items of a
batch must be those of the whole, one after the other. An item that work fails on is named instead of ending the run.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Final, Generic, TypeVar

from liwa.engine.batches import Batch, I, Item
from liwa.engine.limits import LIMIT, TookTooLong, within
from liwa.errors import LiwaError

R = TypeVar("R")

AHEAD: Final = 4
"""Batches in flight for each worker: enough to keep it busy, few enough to bound memory."""

TRIES: Final = 2
"""How often a batch may lose its worker before its items are tried alone, and an item before it is given up."""

DIED: Final = "the process that worked on it died"


@dataclass(frozen=True)
class Care:
    """What is done with items that work fails on, or never ends.

    limit: seconds that a batch may take, and when it was too long, each of its items; 0 is none. keep_going: lose an
    item of which the user's input is at fault, instead of stopping there.
    """

    limit: float = LIMIT
    keep_going: bool = False

    def stops_at(self, error: BaseException, items: Sequence[Item]) -> bool:
        """Say whether an error ends the run: a `LiwaError`, unless it is about an item and that may be lost."""
        about_it = len(items) > 1 or str(getattr(error, "where", "")).startswith(items[0].where)
        return isinstance(error, LiwaError) and not (self.keep_going and about_it)

    def reason(self, error: BaseException) -> str:
        """Return in a line why an item is lost."""
        if isinstance(error, TookTooLong):
            return f"took longer than {self.limit:g} seconds"
        said = " ".join((error.message if isinstance(error, LiwaError) else str(error)).split())
        kind = type(error).__name__
        return said if isinstance(error, LiwaError) else f"{kind}: {said}" if said else kind


@dataclass(frozen=True)
class Lost(Generic[I]):
    """An item that work failed on, and why, in a line."""

    item: I
    reason: str


Results = list["R | Lost[I]"]
"""What came of a batch: one result, or those of its parts and the items that were lost."""

Work = Callable[[Sequence[I]], R]


def attempt(work: Work[I, R], items: Sequence[I], care: Care = Care(), *, deadly: bool = False) -> Results[R, I]:
    """Do the work; where it raises or takes too long, do its items one by one, and lose those on which it does again.

    deadly: end the process where it cannot be interrupted.
    """
    try:
        with within(care.limit, deadly=deadly):
            return [work(items)]
    except (Exception, TookTooLong) as error:
        if care.stops_at(error, items):
            raise
        if len(items) == 1:
            return [Lost(items[0], care.reason(error))]
    return [result for item in items for result in attempt(work, [item], care, deadly=deadly)]


def in_order(
    work: Work[I, R], batches: Iterable[Batch[I]], workers: int = 1, care: Care = Care()
) -> Iterator[tuple[Batch[I], Results[R, I]]]:
    """Yield each batch with what came of it, in order. workers: processes; one works in this process itself.

    More than one starts new interpreters, so a script needs its ``if __name__ == "__main__"``.
    """
    if workers <= 1:
        for batch in batches:
            yield batch, attempt(work, batch.items, care)
        return
    with _Pool(work, workers, care) as pool:
        yield from pool.run(batches)


def in_child(work: Work[I, R], batches: Iterable[Batch[I]], care: Care = Care()) -> Results[R, I]:
    """Return what comes of some batches in a process that is kept for the next call with the same work.

    So an item that kills its process is lost, and whoever calls this lives on.
    """
    pool = _kept(pickle.dumps((work, care)))
    try:
        return [result for _, results in pool.run(batches) for result in results]
    except BaseException:
        pool.stop()
        raise


@cache
def _kept(pickled: bytes) -> _Pool[Any, Any]:
    work, care = pickle.loads(pickled)
    return _Pool(work, 1, care)


class _Pool(Generic[I, R]):
    """Processes that are started anew when one dies."""

    def __init__(self, work: Work[I, R], workers: int, care: Care) -> None:
        self._work = partial(attempt, work, care=care, deadly=True)
        self._care = care
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None
        self._waiting: deque[tuple[Batch[I], Future[Results[R, I]]]] = deque()

    def __enter__(self) -> _Pool[I, R]:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the processes, and forget what they had."""
        self._end()
        self._waiting.clear()

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
        start = time.monotonic()
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
            if hung := 0 < self._care.limit < time.monotonic() - start:
                break
        done: Future[Results[R, I]] = Future()
        if len(items) == 1:
            done.set_result([Lost(items[0], self._care.reason(TookTooLong()) if hung else DIED)])
        else:
            done.set_result([result for item in items for result in self._alone([item]).result()])
        return done

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
            self._pool = ProcessPoolExecutor(
                self._workers, get_context("spawn"), initializer=_settle_in, initargs=gc.get_threshold()
            )
        return self._pool

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


def _settle_in(*garbage: int) -> None:
    """Collect garbage as rarely as the parent, leave Ctrl-C to it, and end when it ends, even by SIGKILL."""
    gc.set_threshold(*garbage)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    from multiprocessing import parent_process

    parent: Any = parent_process()
    parent.join()
    os._exit(1)
