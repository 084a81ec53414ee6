"""Offsets in other units: UTF-16 code units, as Java and JavaScript count, and bytes of UTF-8."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import Final

_CODECS: Final = {"UTF-16 units": ("utf-16-le", 2), "UTF-8 bytes": ("utf-8", 1)}


class Offsets:
    """The offsets of one text in code points and in another unit, ``UTF-16 units`` or ``UTF-8 bytes``."""

    def __init__(self, text: str, unit: str) -> None:
        codec, size = _CODECS[unit]
        lengths = (len(c.encode(codec, "surrogatepass")) // size for c in text)
        self._units = [0, *accumulate(lengths)]

    def __len__(self) -> int:
        """Return the length of the text in the other unit."""
        return self._units[-1]

    def to_units(self, point: int) -> int:
        """Return the offset in the other unit of an offset in code points."""
        return self._units[point]

    def to_points(self, unit: int) -> int | None:
        """Return the offset in code points, None inside a character or outside the text."""
        at = bisect_left(self._units, unit)
        return at if at < len(self._units) and self._units[at] == unit else None
