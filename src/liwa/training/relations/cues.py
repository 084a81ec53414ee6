"""Cue words of relation types, read from a TOML file: what the rule knows of a scheme."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from liwa.arabic.orthography import normalise
from liwa.errors import LiwaError
from liwa.resources import resource

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

POSITIONS: Final = ("before", "between", "after")
FIRST: Final = ("head", "child", "either")

_ARTICLE: Final = "ال"


@dataclass(frozen=True)
class Cue:
    """One way in which a text states a relation. Distances count words; a mention is one word, its label.

    words: any of these must stand at the position; several words make a phrase, ``*`` stands for any ending, the
    article may be in front, ``<LABEL>`` is a mention. None are needed where the list is empty.
    position: before the first mention, between the two, or after the second. reach: how far before or after.
    window: words that may stand between the two mentions. first: which of head and child stands first.
    unless: none of these may stand there, nor between the two.
    """

    words: tuple[str, ...] = ()
    position: str = "between"
    reach: int = 3
    window: int = 5
    first: str = "either"
    unless: tuple[str, ...] = ()

    def states(self, words: Sequence[str], first: int, second: int) -> bool:
        """Say whether words state a relation between the mentions at two places."""
        between = words[first + 1 : second]
        stretch = {
            "before": words[max(0, first - self.reach) : first],
            "between": between,
            "after": words[second + 1 : second + 1 + self.reach],
        }[self.position]
        if len(between) > self.window or any(holds(part, self.unless) for part in (stretch, between)):
            return False
        return not self.words or holds(stretch, self.words)


@dataclass(frozen=True)
class TypeCues:
    """The cues of one type, and how many heads a child and children a head may have; 0 is any number."""

    cues: tuple[Cue, ...]
    max_heads: int = 1
    max_children: int = 1


@dataclass(frozen=True)
class CueBook:
    """Cues by relation type; of two types that claim one pair, the earlier one has it.

    denials: words that, before or between the mentions, say that nothing of the kind is so.
    """

    types: Mapping[str, TypeCues]
    denials: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
