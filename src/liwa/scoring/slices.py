"""Scores of parts of a test set: of articles by what is known of them, and of spans by what they look like.

A gold span falls into the slice of its own value, a predicted span into that of its own.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liwa import jsonl
from liwa.errors import LiwaError
from liwa.records import Gold, Range, Span
from liwa.scoring.intervals import Rates
from liwa.scoring.pairs import Pair
from liwa.training.memory import Memory

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALL: Final = 30
"""Gold spans; a slice with fewer says that it is small."""

MOST: Final = 30
"""Values of a field that get a slice of their own, those with the most spans; the rest is one slice together."""

UNKNOWN: Final = "unknown"
"""The value of an article that lacks a field."""

FIELDS: Final = ("outlet", "country", "origin")
"""Fields of meta that are looked at without being named, where any article has them."""

_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_LENGTHS: Final = (1, 2, 3, 4)
_ARTICLE_LENGTHS: Final = (0, 50, 100, 200, 400, 800)

OfArticle = Callable[[Gold], str]
OfSpan = Callable[[Gold, Span], str]
Key = tuple[str, str]
"""A field and a value of it."""


class Slicers(NamedTuple):
    """How articles and spans are divided, by the name of the field."""

    articles: Mapping[str, OfArticle]
    spans: Mapping[str, OfSpan]


def slices_to_dict(slices: Mapping[str, Mapping[str, Rates]]) -> dict[str, Any]:
    """Return slices as JSON-ready data, each saying whether it is small."""
    return {
        field: {value: {**rates.to_dict(), "small": is_small(rates)} for value, rates in values.items()}
        for field, values in slices.items()
    }


def is_small(rates: Rates) -> bool:
    """Say whether a slice has too few gold spans to say much."""
    return rates.counts.support < SMALL


def slicers(golds: Sequence[Gold], *, fields: Sequence[str] = (), memory: Memory | None = None) -> Slicers:
    """Return the ways to divide golds: the built-in ones that their data allow, and any field of meta by name.

    With texts: ``clitic``, ``length`` of a mention and ``article_length`` in words; with a memory of the training part
    too, ``seen``; with dates, ``year``. Raises LiwaError for a field that no article has.
    """
    known = sorted({key for gold in golds for key in gold.meta})
    if wrong := [field for field in fields if field not in known]:
        hint = f"Name one of {', '.join(known)}" if known else "The gold has no meta fields"
        raise LiwaError(f"no article has the field {wrong[0]} in its meta", hint=hint)
    named = [*(field for field in FIELDS if field in known), *fields]
    articles: dict[str, OfArticle] = {field: _field(field) for field in named}
    if "date" in known or "year" in known:
        articles["year"] = _year
    spans: dict[str, OfSpan] = {}
    if all(gold.text is not None for gold in golds):
        articles["article_length"] = _article_length
        spans = {"clitic": _clitic, "length": _length}
        if memory:
            spans = {"seen": lambda gold, span: "seen" if memory.knows(_surface(gold, span)) else "unseen", **spans}
    return Slicers(articles, spans)


def slice_cells(pairs: Sequence[Pair], by: Slicers) -> dict[Key, NDArray[Any]]:
    """Return tp, fp and fn in a row an article, of every slice that has any span; in the order of the fields."""
    cells: dict[Key, NDArray[Any]] = {}
    for field, of_span in by.spans.items():
        cells |= _largest(field, _by_span(pairs, of_span))
    for field, of_article in by.articles.items():
        cells |= _largest(field, _by_article(pairs, of_article))
    return cells


def _by_article(pairs: Sequence[Pair], value: OfArticle) -> dict[str, NDArray[Any]]:
    import numpy as np

    sizes = np.array([(len(pair.both), len(pair.spurious), len(pair.missed)) for pair in pairs], dtype=float)
    rows: dict[str, list[int]] = defaultdict(list)
    for row, pair in enumerate(pairs):
        rows[value(pair.gold)].append(row)
    cells = {key: np.zeros_like(sizes) for key in rows}
    for key, cell in cells.items():
        cell[rows[key]] = sizes[rows[key]]
    return cells


def _by_span(pairs: Sequence[Pair], value: OfSpan) -> dict[str, NDArray[Any]]:
    import numpy as np

    cells: dict[str, NDArray[Any]] = defaultdict(lambda: np.zeros((len(pairs), 3)))
    for row, pair in enumerate(pairs):
        for column, side in enumerate((pair.both, pair.spurious, pair.missed)):
            for span in side:
                cells[value(pair.gold, span)][row, column] += 1
    return cells


def _largest(field: str, cells: Mapping[str, NDArray[Any]]) -> dict[Key, NDArray[Any]]:
    """Return the slices of a field in order of their values, the smallest together where there are more than MOST."""
    import numpy as np

    support = {value: cell[:, 0].sum() + cell[:, 2].sum() for value, cell in cells.items()}
    ordered = sorted(cells, key=lambda value: (-support[value], value))
    kept = {value: cells[value] for value in sorted(ordered[:MOST], key=_natural)}
    if rest := ordered[MOST:]:
        kept[f"{len(rest)} others"] = np.sum([cells[value] for value in rest], axis=0)
    return {(field, value): cell for value, cell in kept.items() if cell.any()}


def _natural(value: str) -> tuple[int, str]:
    """Return what values are ordered by: the number that they begin with, if any, then the rest."""
    found = _NUMBER.match(value)
    return int(found[0]) if found else -1, value


def _field(name: str) -> OfArticle:
    def value(gold: Gold) -> str:
        found = gold.meta.get(name, "")
        return (found if isinstance(found, str) else jsonl.dumps(found)) or UNKNOWN

    return value


def _year(gold: Gold) -> str:
    date = str(gold.meta.get("date") or gold.meta.get("year") or "")
    return date[:4] if date[:4].isdecimal() and len(date) >= 4 else UNKNOWN


def _article_length(gold: Gold) -> str:
    return _bucket(len((gold.text or "").split()), _ARTICLE_LENGTHS)


def _length(gold: Gold, span: Span) -> str:
    return _bucket(len(_surface(gold, span).split()), _LENGTHS)


def _surface(gold: Gold, span: Span) -> str:
    """Return the characters of a span, which may begin before the part of the article that is at hand."""
    return gold.surface(Range(max(span.start, gold.start), span.end))


def _clitic(gold: Gold, span: Span) -> str:
    """Say whether a letter, perhaps with marks, is joined to the first letter of a mention."""
    before = (gold.text or "")[: max(span.start - gold.start, 0)][-1:]
    return "with" if before.isalpha() or unicodedata.category(before or " ") == "Mn" else "without"


def _bucket(number: int, starts: Sequence[int]) -> str:
    """Return the range of numbers, between two starts, in which a number lies."""
    place = bisect_right(starts, number)
    first = starts[max(place - 1, 0)]
    if place == len(starts):
        return f"{first}+"
    last = starts[place] - 1
    return str(first) if first == last else f"{first}-{last}"
