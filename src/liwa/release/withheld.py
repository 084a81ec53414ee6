"""What may be said of an article whose text may not be passed on: where which spans are, and no run of its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import Any, Final
from urllib.parse import unquote

from liwa.annotations import rules
from liwa.annotations.standoff import to_standoff
from liwa.arabic.orthography import normalise
from liwa.errors import LiwaError
from liwa.records import Article, Gold

RUN: Final = 4
"""Words in a row that are taken for words of the text."""

_WORD: Final = re.compile(r"[^\W\d_]+")


def tells(value: str, text: str | None) -> bool:
    """Say whether a value has a run of words, Arabic ones or between spaces, which may be a headline's.

    text: the article's, where it is at hand: words of any script that stand in it in a row count too, be they escaped
    or joined by hyphens as in an address.
    """
    runs = {*_runs(_words(value))}
    arabic = any(not any(map(str.isascii, run)) for run in runs)
    return arabic or len(value.split()) >= RUN or not runs.isdisjoint(_told(text or ""))


def standoff_row(gold: Gold, article: Article | None, known: Mapping[str, str]) -> dict[str, Any]:
    """Return the stand-off row of gold over an article, which need not be at hand.

    known: what the manifest says of the article; of this and of the gold's meta, titles and whatever may be words of a
    text stay behind. Raises LiwaError where the gold does not say which text it is of, and where the article's id,
    which cannot stay behind, may be words of a text.
    """
    if not gold.sha256:
        message = f"article {gold.article} has no SHA-256, without which no text can be put to it again"
        raise LiwaError(message, where=gold.where, hint=rules.TEXT_REQUIRED.hint)
    text = article.text if article else None
    if tells(gold.article, text):
        message = f"the id of article {gold.article!r} may be words of a text that may not be passed on"
        raise LiwaError(message, where=gold.where, hint="Give the article another id")
    meta = {key: value for key, value in {**known, **gold.meta}.items() if not tells(str(value), text)}
    # Without an article, an empty one stands in for it: titles are left out by their names all the same.
    row = to_standoff(replace(gold, meta=meta), article or Article(gold.article, ""))
    return row if article else _proved(row, gold)


def _proved(row: Mapping[str, Any], gold: Gold) -> dict[str, Any]:
    """Return a row with what stand-off gold itself says of its text; of several passages nothing but the SHA-256."""
    own = gold.extra if gold.text is None else {}
    said = {"sha256": gold.sha256, "length": own.get("length"), "blocks": own.get("blocks")}
    return {key: value for key, value in {**row, **said}.items() if value is not None}


@lru_cache(maxsize=8)
def _told(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(_runs(_words(text)))


def _words(value: str) -> list[str]:
    return _WORD.findall(normalise(unquote(value)))


def _runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(islice(words, at, None) for at in range(RUN)), strict=False)
