"""Short byte strings by number."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from struct import pack, unpack

from liwa.engine.store import Logs


class Blobs:
    """A list of byte strings that only grows; 8 bytes each, and their own."""

    def __init__(self, store: Logs, name: str) -> None:
        self._data = store.log(name)
        self._ends = store.log(f"{name}-ends")

    def __len__(self) -> int:
        return self._ends.size // 8

    def __getitem__(self, number: int) -> bytes:
        return self.block(number, 1)[0]

    def append(self, blobs: Sequence[bytes]) -> None:
        """Add some at the end."""
        ends = list(accumulate(map(len, blobs), initial=self._data.size))[1:]
        self._data.append(b"".join(blobs))
        self._ends.append(pack(f"<{len(ends)}q", *ends))

    def block(self, first: int, count: int) -> list[bytes]:
        """Return some in a row, as many as there are of them."""
        count = min(count, len(self) - first)
        skip = min(first, 1)
        ends = unpack(f"<{count + skip}q", self._ends.read(8 * (first - skip), 8 * (count + skip)))
        cuts = ends if skip else (0, *ends)
        data = self._data.read(cuts[0], cuts[-1] - cuts[0])
        return [data[a - cuts[0] : b - cuts[0]] for a, b in pairwise(cuts)]
