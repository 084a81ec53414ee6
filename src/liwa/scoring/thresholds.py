"""Thresholds of a gate, in one TOML file: what scores must reach, must not pass, and must not fall behind.

A limit is named as the score file names the figure, so that every figure can have one::

    [minimum]
    spans.micro.f1 = 0.70
    spans.micro.f1_interval.0 = 0.65
    [maximum]
    alignment_lost = 0
    [regression]
    alpha = 0.05
    [agreement]
    spans.micro.alpha.alpha = 0.75
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from liwa import jsonl
from liwa.errors import LiwaError
from liwa.scoring.compare_tables import ALPHA
from liwa.scoring.significance import RATES, Rate

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Path_ = tuple[str, ...]
"""Where a figure stands in a score file: keys, and places in lists."""

MINIMUM, MAXIMUM, AGREEMENT, REGRESSION = "minimum", "maximum", "agreement", "regression"
LEVELS: Final = ("spans.micro", "spans.labels", "relations.micro", "relations.labels")
"""What can be held against a baseline."""

_KEY: Final = re.compile(r""""([^"]*)"|'([^']*)'|([\w-]+)""")
_HEADER: Final = re.compile(r"\s*\[([^\[\]]+)\]\s*(#.*)?$")
_SHARES: Final = frozenset(("precision", "recall", "f1"))


class Limit(NamedTuple):
    """One figure's limit. section: the table it stands in; where: ``file:line``."""

    section: str
    path: Path_
    value: float
    where: str

    @property
    def name(self) -> str:
        """The figure as the thresholds file writes it."""
        return ".".join(self.path)


@dataclass(frozen=True)
class Regression:
    """What must not fall behind the baseline by more than noise.

    rate: which is compared. alpha: a fall with a smaller p-value fails. levels: of `LEVELS`.
    """

    rate: Rate = "f1"
    alpha: float = ALPHA
    levels: Sequence[str] = LEVELS
    where: str = ""


@dataclass(frozen=True)
class Thresholds:
    """What a gate holds scores against; without a regression no baseline is needed."""

    limits: Sequence[Limit] = ()
    regression: Regression | None = None


def default_thresholds(scores: Mapping[str, Any]) -> Thresholds:
    """Return the gate of a project without a thresholds file: no span lost on the way, and no fall beyond noise.

    scores: a score file's data; where predictions came from a file, nobody knows what was lost.
    """
    lost = Limit(MAXIMUM, ("alignment_lost",), 0, "")
    return Thresholds([lost] if scores.get("alignment_lost") is not None else [], Regression())


def read_thresholds(path: str | Path) -> Thresholds:
    """Read a thresholds file; LiwaError where it is missing, broken, empty, or says what no gate can hold."""
    with jsonl.open_input(path) as file:
        text = jsonl.decode(file.read(), str(path))
    try:
        data = tomllib.loads(text)
    except ValueError as error:
        raise LiwaError(f"expected TOML, found {error}", where=str(path), hint="Mend the file") from None
    places = _lines(text)
    known = (MINIMUM, MAXIMUM, AGREEMENT, REGRESSION)
    for section, content in data.items():
        if section not in known or not isinstance(content, Mapping):
            hint = f"Use {', '.join(f'[{name}]' for name in known)}"
            raise LiwaError(
                f"expected a table of thresholds, found {section}", where=_at(path, places, (section,)), hint=hint
            )
    limits = [
        _limit(section, keys, value, _at(path, places, (section, *keys)))
        for section in (MINIMUM, MAXIMUM, AGREEMENT)
        for keys, value in _leaves(data.get(section, {}))
    ]
    regression = data.get(REGRESSION)
    if not limits and regression is None:
        hint = f"Write one, such as spans.micro.f1 = 0.7 in [{MINIMUM}]"
        raise LiwaError("expected thresholds, found a file without any", where=str(path), hint=hint)
    where = _at(path, places, (REGRESSION,))
    return Thresholds(limits, None if regression is None else _regression(regression, where))


def _leaves(table: Mapping[str, Any], above: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key), value


def _limit(section: str, path: Path_, value: Any, where: str) -> Limit:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise LiwaError(f"expected a number for {'.'.join(path)}, found {value!r}", where=where)
    if _SHARES & set(path) and not 0 <= value <= 1:
        hint = "Write 70 % as 0.7"
        raise LiwaError(f"expected a share from 0 to 1 for {'.'.join(path)}, found {value}", where=where, hint=hint)
    return Limit(section, path, value, where)


def _regression(table: Mapping[str, Any], where: str) -> Regression:
    checks: dict[str, tuple[Any, str]] = {
        "rate": (lambda v: v in RATES, f"one of {', '.join(RATES)}"),
        "alpha": (lambda v: type(v) is float and 0 < v < 1, "a number between 0 and 1"),
        "levels": (
            lambda v: isinstance(v, list) and v and set(map(str, v)) <= set(LEVELS),
            f"some of {', '.join(LEVELS)}",
        ),
    }
    for key, value in table.items():
        if key not in checks:
            raise LiwaError(f"expected {', '.join(checks)} in [{REGRESSION}], found {key}", where=where)
        holds, expected = checks[key]
        if not holds(value):
            raise LiwaError(f"expected {expected} for {key}, found {value!r}", where=where)
    return Regression(**table, where=where)


def _lines(text: str) -> dict[Path_, int]:
    """Return the line of each table head and key, for messages; one written in an unusual way may be missing."""
    found: dict[Path_, int] = {}
    above: Path_ = ()
    for number, line in enumerate(text.splitlines(), 1):
        if head := _HEADER.match(line):
            above = _keys(head[1])
            found.setdefault(above, number)
        elif "=" in line and not line.lstrip().startswith("#"):
            found.setdefault((*above, *_keys(line.partition("=")[0])), number)
    return found


def _keys(dotted: str) -> Path_:
    return tuple("".join(groups) for groups in _KEY.findall(dotted))


def _at(path: str | Path, places: Mapping[Path_, int], keys: Path_) -> str:
    """Return ``file:line`` of the nearest of the keys that has a line."""
    near = (places[keys[:length]] for length in range(len(keys), 0, -1) if keys[:length] in places)
    return f"{path}:{next(near, 1)}"
