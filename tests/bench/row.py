"""A row of the table of figures: liwa beside a named peer, on the same work in the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple


class Row(NamedTuple):
    """What was done and beside whom, what both took, in seconds unless the work says otherwise, and the command."""

    work: str
    peer: str
    ours: float
    theirs: float
    command: str

    def __str__(self) -> str:
        ratio = self.theirs / self.ours
        ours, theirs = (f"{n:,.0f}" if n >= 1000 else f"{n:.3g}" for n in (self.ours, self.theirs))
        return f"| {self.work} | {self.peer} | {ours} | {theirs} | {ratio:.2f} | `{self.command}` |"


HEAD = "| work | peer | liwa | peer | peer / liwa | made with |\n| --- | --- | ---: | ---: | ---: | --- |"


def medians(*runs: Callable[[], object], rounds: int = 3) -> list[float]:
    """Let some runs take turns, after one turn that fills caches; return the median of what each took."""
    taken = [[_timed(run) for run in runs] for _ in range(rounds + 1)][1:]
    return [statistics.median(column) for column in zip(*taken, strict=True)]


def _timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
