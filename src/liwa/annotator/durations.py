"""Durations as people write them: 90s, 30m, 2h, 1d."""

from __future__ import annotations

import re
from typing import Final

from liwa.errors import LiwaError

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(said: str, where: str = "") -> float:
    """Return a duration in seconds; LiwaError for what is none, or is no time at all."""
    found = re.fullmatch(r"(\d{1,6})([smhd])", said.strip(), re.ASCII)
    if not found or int(found[1]) == 0:
        raise LiwaError(f"expected a duration, found {said}", where=where, hint="Write 90s, 30m, 2h or 1d")
    return float(int(found[1]) * _UNITS[found[2]])
