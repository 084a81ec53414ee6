"""One record of a JSONL or CSV file as an article: which keys are its text, its id, its group and its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from liwa.errors import LiwaError
from liwa.records import Article, sha256

_OUTLET: Final = ("outlet", "publisher", "author", "byline", "url", "date", "licence", "country", "language")
_ARTICLE: Final = ("title", "headline", "section", "topic", "style", "corpus")

KNOWN: Final = frozenset((*_OUTLET, *_ARTICLE))
"""Keys that say where an article comes from when they stand beside its text."""

_SPELLINGS: Final = {"license": "licence"}


def article(row: Mapping[str, Any], where: str) -> Article:
    """Return the article of a record with a ``text``; without an ``id`` it is named by its SHA-256.

    Raises LiwaError where there is no text, or the id is no name.
    """
    text = row.get("text")
    if not isinstance(text, str):
        raise LiwaError(
            f"expected an article in text, found the keys {', '.join(map(str, row)) or '(none)'}",
            where=where,
            hint="Name the key or column with the article text",
        )
    name = row.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int | None):
        raise LiwaError("expected an id that is a string or an integer", where=where, hint="Correct or remove the id")
    group = row.get("group")
    return Article(
        id=sha256(text)[:12] if name in (None, "") else str(name),
        text=text,
        source=source(row),
        group="" if group is None else str(group),
    )


def source(row: Mapping[str, Any]) -> dict[str, str]:
    """Return what a record says of its origin: known keys beside the text, all scalars in ``source`` and ``meta``.

    A ``source`` that is a plain string names the outlet. Lists and objects further in are not kept.
    """
    found = scalars({key: value for key, value in row.items() if key in KNOWN or key in _SPELLINGS})
    for name in ("meta", "source"):
        inner = row.get(name)
        if isinstance(inner, Mapping):
            found |= scalars(inner)
        elif isinstance(inner, str) and inner:
            found |= {"outlet": inner}
    return found


def scalars(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the strings, numbers and truth values of a record, as strings under their names."""
    return {
        _SPELLINGS.get(key, key): str(value).lower() if isinstance(value, bool) else str(value)
        for key, value in row.items()
        if isinstance(value, str | int | float) and value != ""
    }
