"""Cue words of relation types, read from a TOML file: what the rule knows of a scheme."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np

from liwa.arabic.orthography import normalise
from liwa.errors import LiwaError
from liwa.resources import resource
from liwa.training.relations.mentions import Ints

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

    def stretch(self, first: Ints, second: Ints, size: int) -> tuple[Ints, Ints]:
        """Return, of pairs of mentions among so many words, the words in which a cue is looked for, end exclusive."""
        if self.position == "before":
            return np.maximum(first - self.reach, 0), first
        if self.position == "after":
            return np.minimum(second + 1, size), np.minimum(second + 1 + self.reach, size)
        return first + 1, second


@dataclass(frozen=True)
class TypeCues:
    """The cues of one type, and how many heads a child and children a head may have; 0 is any number."""

    cues: tuple[Cue, ...]
    max_heads: int = 1
    max_children: int = 1


@dataclass(frozen=True)
class CueBook:
    """Cues by relation type; of two types that claim one pair, the earlier one has it.

    denials: words that, before or between the mentions of a sentence, say that nothing of the kind is so.
    """

    types: Mapping[str, TypeCues]
    denials: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data, in the form of the file."""
        return {"denials": list(self.denials), **{name: asdict(cues) for name, cues in self.types.items()}}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], where: str = "cues") -> CueBook:
        """Read what a TOML file says, a table a type; LiwaError for a key or value that it cannot have."""
        types = {name: _type(table, f"{where}: {name}") for name, table in data.items() if name != "denials"}
        return cls(types, _words(data.get("denials", [])))


def load_cues(path: str | Path | None = None) -> CueBook:
    """Read the cues of a file, or those that come with liwa."""
    file = resource("recipes/relation_cues.toml") if path is None else Path(path)
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LiwaError(f"cannot read the cues: {error}", where=str(file), hint="Name a TOML file") from None
    return CueBook.from_dict(data, str(file))


def begins(words: Sequence[str], phrase: Sequence[str]) -> bool:
    """Say whether a phrase stands at the beginning of some normalised words."""
    return len(words) >= len(phrase) and all(map(_is, words, phrase))


def holds(words: Sequence[str], phrases: Sequence[str]) -> bool:
    """Say whether any of some phrases stands in a stretch of normalised words."""
    return any(_stands(words, phrase.split()) for phrase in phrases)


def _stands(words: Sequence[str], phrase: Sequence[str]) -> bool:
    starts = range(len(words) - len(phrase) + 1)
    return any(all(map(_is, words[start:], phrase)) for start in starts)


def _is(word: str, cue: str) -> bool:
    plain = word.removeprefix(_ARTICLE)
    if cue.endswith("*"):
        return word.startswith(cue[:-1]) or plain.startswith(cue[:-1])
    return cue in (word, plain)


def _type(table: Any, where: str) -> TypeCues:
    known = {entry.name for entry in fields(TypeCues)}
    if not isinstance(table, Mapping) or not isinstance(table.get("cues"), list) or set(table) - known:
        raise LiwaError(f"expected a table with {', '.join(sorted(known))}", where=where)
    return TypeCues(
        tuple(_cue(entry, where) for entry in table["cues"]), **{k: v for k, v in table.items() if k != "cues"}
    )


def _cue(entry: Mapping[str, Any], where: str) -> Cue:
    known = {entry.name for entry in fields(Cue)}
    if unknown := set(entry) - known:
        raise LiwaError(
            f"a cue has unknown keys {sorted(unknown)}", where=where, hint=f"Use {', '.join(sorted(known))}"
        )
    cue = Cue(**{**entry, "words": _words(entry.get("words", [])), "unless": _words(entry.get("unless", []))})
    if cue.position not in POSITIONS or cue.first not in FIRST:
        expected = f"position to be {', '.join(POSITIONS)} and first to be {', '.join(FIRST)}"
        raise LiwaError(f"expected {expected}, found {cue.position} and {cue.first}", where=where)
    return cue


def _words(words: Sequence[str]) -> tuple[str, ...]:
    """Normalise phrases as tokens are, but for the names of labels."""
    return tuple(" ".join(w if w.startswith("<") else normalise(w) for w in phrase.split()) for phrase in words)
