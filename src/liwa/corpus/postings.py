"""Which numbers stand under a key, for far more keys than memory holds: sorted runs on the disk.

What is added is a run, sorted by key. Two neighbouring runs become one as soon as the older is no more than twice as
long, so there are few, and a posting is moved a logarithmic number of times (the log-structured merge of O'Neil et
al. 1996). A long run is a file, mapped into memory: what the system has room for stays, the rest is read when needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Run = NDArray[np.uint64]
    """Keys, in order, and under each its number."""

LONG: Final = 2**16
"""Postings of a run that is a file rather than held in memory; 16 bytes each."""

_BLOCK: Final = 2**20
"""Postings that are merged at a time."""


class Postings:
    """An index from 64-bit keys to numbers. folder: where long runs go; None holds all in memory."""

    def __init__(self, folder: Path | None = None, name: str = "postings") -> None:
        self._folder = folder
        self._name = name
        self._made = 0
        self._runs: list[tuple[Run, Path | None]] = []

    def add(self, keys: NDArray[np.uint64], numbers: NDArray[np.uint64]) -> None:
        """Put numbers under keys, one under each."""
        import numpy as np

        if not len(keys):
            return
        order = np.argsort(keys, kind="stable")
        self._runs.append((np.stack([keys[order], numbers[order]]), None))
        while len(self._runs) > 1 and self._runs[-2][0].shape[1] <= 2 * self._runs[-1][0].shape[1]:
            self._merge_last()

    def find(self, keys: NDArray[np.uint64]) -> tuple[NDArray[np.intp], NDArray[np.uint64]]:
        """Return the numbers under some keys: for each number the place of its key among those asked for."""
        import numpy as np

        order = np.argsort(keys)
        asked = keys[order]
        places, numbers = [np.zeros(0, dtype=np.intp)], [np.zeros(0, dtype=np.uint64)]
        for run, _ in self._runs:
            first = np.searchsorted(run[0], asked)
            found = np.flatnonzero(run[0][np.minimum(first, run.shape[1] - 1)] == asked)
            if len(found):
                counts = np.searchsorted(run[0], asked[found], side="right") - first[found]
                within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
                places.append(np.repeat(order[found], counts))
                numbers.append(run[1][np.repeat(first[found], counts) + within])
        return np.concatenate(places), np.concatenate(numbers)

    def _merge_last(self) -> None:
        (one, old), (other, new) = self._runs[-2:]
        merged, path = self._space(one.shape[1] + other.shape[1])
        _merge(one, other, merged)
        self._runs[-2:] = [(merged, path)]
        for file in (old, new):
            if file is not None:
                file.unlink()

    def _space(self, length: int) -> tuple[Run, Path | None]:
        import numpy as np

        if self._folder is None or length < LONG:
            return np.empty((2, length), dtype=np.uint64), None
        self._made += 1
        path = self._folder / f"{self._name}-{self._made}.run"
        return np.asarray(np.memmap(path, dtype=np.uint64, mode="w+", shape=(2, length))), path


def _merge(one: Run, other: Run, merged: Run) -> None:
    """Merge two runs into a third, block by block."""
    import numpy as np

    bounds = one[0][_BLOCK::_BLOCK]
    cuts = [[0, *np.searchsorted(run[0], bounds, side="left").tolist(), run.shape[1]] for run in (one, other)]
    for a, a_end, b, b_end in zip(cuts[0], cuts[0][1:], cuts[1], cuts[1][1:], strict=False):
        block = np.concatenate([one[:, a:a_end], other[:, b:b_end]], axis=1)
        merged[:, a + b : a_end + b_end] = block[:, np.argsort(block[0], kind="stable")]
