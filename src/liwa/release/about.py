"""What a dataset or a model is called, who made it and when, as CITATION.cff says it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from liwa.errors import LiwaError

_KEYS: Final = ("title", "authors", "version", "date-released")


class Author(NamedTuple):
    """Who made it: a name, and whether it is a person's."""

    name: str
    person: bool


@dataclass(frozen=True)
class About:
    """A CITATION.cff, as far as it is needed: https://citation-file-format.github.io, version 1.2.

    date: of the release, as YYYY-MM-DD. url: where it is found; "" where the file does not say.
    """

    title: str
    authors: Sequence[Author]
    version: str
    date: str
    url: str = ""
    abstract: str = ""
    keywords: Sequence[str] = ()

    @property
    def bibtex(self) -> str:
        """Return it as BibTeX."""
        key = re.sub(r"\W+", "-", self.title.partition(":")[0].lower()).strip("-")
        fields = {"title": f"{{{self.title}}}", "author": " and ".join(f"{{{a.name}}}" for a in self.authors)}
        fields |= {"year": self.date[:4], "version": self.version, **({"url": self.url} if self.url else {})}
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
        return "\n".join([f"@misc{{{key}-{self.date[:4]},", *lines, "}"])


def read_about(path: str | Path) -> About:
    """Read a CITATION.cff; LiwaError where it is missing, broken, or lacks a key that publishing needs."""
    import srsly

    hint = f"Write a CITATION.cff with {', '.join(_KEYS)}"
    if not Path(path).is_file():
        raise LiwaError("there is no such file", where=str(path), hint=hint)
    try:
        data = srsly.read_yaml(path)
    except ValueError as error:
        raise LiwaError(f"expected YAML, found {' '.join(str(error).split())}", where=str(path), hint=hint) from None
    lacking = [key for key in _KEYS if not (isinstance(data, Mapping) and data.get(key))]
    if lacking:
        raise LiwaError(f"expected {', '.join(_KEYS)}, found no {', '.join(lacking)}", where=str(path), hint=hint)
    return About(
        title=str(data["title"]),
        authors=[_author(author) for author in data["authors"]],
        version=str(data["version"]),
        date=str(data["date-released"]),
        url=str(data.get("url") or data.get("repository-code") or ""),
        abstract=" ".join(str(data.get("abstract") or "").split()),
        keywords=[str(word) for word in data.get("keywords") or ()],
    )


def _author(author: Any) -> Author:
    if not isinstance(author, Mapping) or author.get("name"):
        return Author(str(author["name"] if isinstance(author, Mapping) else author), person=False)
    names = [author.get(key) for key in ("given-names", "name-particle", "family-names", "name-suffix")]
    return Author(" ".join(str(name) for name in names if name), person=True)
