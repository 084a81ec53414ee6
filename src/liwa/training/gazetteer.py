"""The gazetteer: words that often stand in names, by class, as evidence for a model.

``gazetteer.txt`` is written by hand; its head says what belongs in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from liwa.arabic.orthography import fold

_NONE: frozenset[str] = frozenset()
_ENDINGS = ("ين", "ون", "ات", "ية", "ة", "ا")


def read_gazetteer(lines: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the classes of each folded word of a gazetteer file."""
    known: dict[str, set[str]] = defaultdict(set)
    section = ""
    for line in lines:
        content = line.partition("#")[0].strip()
        if content.startswith("["):
            section = content.strip("[]")
        else:
            for word in content.split():
                known[fold(word)].add(section)
    return {word: frozenset(sections) for word, sections in known.items()}


@cache
def gazetteer() -> Mapping[str, frozenset[str]]:
    """The gazetteer that ships with the project, read once."""
    return read_gazetteer((files("liwa.training") / "gazetteer.txt").read_text(encoding="utf-8").splitlines())


def classes(norm: str) -> frozenset[str]:
    """Return the classes of a norm: its own, or those it has without its article or an ending."""
    known = gazetteer()
    for form in _forms(norm):
        if form in known:
            return known[form]
    return _NONE


def _forms(norm: str) -> Iterable[str]:
    yield norm
    short = norm.removeprefix("ال") if len(norm) > 4 else norm
    yield short
    for ending in _ENDINGS:
        if short.endswith(ending) and len(short) - len(ending) >= 3:
            yield short[: -len(ending)]
            yield short[: -len(ending)] + "ة"
            yield short[: -len(ending)] + "ي"
