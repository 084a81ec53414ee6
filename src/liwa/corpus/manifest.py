"""The manifest of a corpus: one JSON line an article with what was counted and what people know of it.

``id``, ``sha256``, ``code_points`` and ``words`` are counted from the text; every other key is people's, and is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from liwa import jsonl
from liwa.corpus import fields
from liwa.errors import LiwaError
from liwa.findings import Finding, Rule
from liwa.records import Article

NAME: Final = "manifest.jsonl"
COUNTED: Final = ("sha256", "code_points", "words")

_REFRESH: Final = "Run liwa manifest on the folder"
NOT_LISTED: Final = Rule("M101", "not-listed", "error", _REFRESH)
NO_ARTICLE: Final = Rule("M102", "no-article", "error", "Put the article back, or run liwa manifest on the folder")
STALE: Final = Rule("M103", "stale", "error", "Restore the article's text, or run liwa manifest on the folder")

Rows = Mapping[str, Mapping[str, Any]]
"""The rows of a manifest by article id, in the order of the file."""


def read(path: Path) -> dict[str, dict[str, Any]]:
    """Return the rows of a manifest by id; LiwaError for a row without an id, and for an id that comes twice."""
    rows: dict[str, dict[str, Any]] = {}
    for where, row in jsonl.read(path):
        name = row.get("id")
        if not isinstance(name, str) or not name or name in rows:
            problem = f"the id {name} a second time" if name in rows else f"the keys {', '.join(row)}"
            raise LiwaError(f"expected an id of its own, found {problem}", where=where, hint="Give each row an id")
        rows[name] = row
    return rows


def locate(folder: Path) -> Path:
    """Return where the manifest of a folder is: in it, else in the folder above, else in it, still to be written."""
    return find((folder, folder.parent)) or folder / NAME


def find(folders: Iterable[Path]) -> Path | None:
    """Return the first manifest in the folders, or None."""
    return next((folder / NAME for folder in folders if (folder / NAME).is_file()), None)


def build(articles: Iterable[Article], kept: Rows | None = None) -> list[dict[str, Any]]:
    """Return a row for each article, sorted by id, with people's keys of the rows that are kept."""
    rows = kept or {}
    built = ({"id": a.id, **_peoples(a, rows.get(a.id)), **_counts(a)} for a in articles)
    return sorted(built, key=lambda row: str(row["id"]))


def check(built: Iterable[Mapping[str, Any]], rows: Rows, where: str) -> Iterator[Finding]:
    """Yield a finding for each article that the manifest lacks or counts otherwise, and each row without article.

    built: what `build` counted in the articles that are there.
    """
    listed = set()
    for counted in built:
        name = str(counted["id"])
        listed.add(name)
        if name not in rows:
            yield Finding(NOT_LISTED, "the article has no row", where, name)
        elif stale := _difference(rows[name], counted):
            yield Finding(STALE, stale, where, name)
    for name in sorted(rows.keys() - listed):
        yield Finding(NO_ARTICLE, "the row has no article", where, name)


class Cache:
    """The manifests that were read so far, to say what is known of articles as they are read from files."""

    def __init__(self) -> None:
        self._read: dict[Path, dict[str, dict[str, Any]]] = {}

    def row(self, name: str, folders: Iterable[Path]) -> Mapping[str, Any] | None:
        """Return what the first manifest that the folders have says of an article, or None."""
        path = find(folders)
        if path is None:
            return None
        if path not in self._read:
            self._read[path] = read(path)
        return self._read[path].get(name)


def completed(article: Article, row: Mapping[str, Any], where: str) -> Article:
    """Return an article with source and group of its row; LiwaError where the row describes another text."""
    if row.get("sha256", article.sha256) != article.sha256:
        raise LiwaError(
            f"article {article.id} is not the text that the manifest describes", where=where, hint=STALE.hint
        )
    known = fields.scalars({k: v for k, v in row.items() if k not in ("id", "group", *COUNTED)})
    return Article(article.id, article.text, known | dict(article.source), article.group or str(row.get("group") or ""))


def _counts(article: Article) -> dict[str, Any]:
    return {
        "sha256": article.sha256,
        "code_points": len(article.text),
        "words": len(article.text.split()),
    }


def _peoples(article: Article, row: Mapping[str, Any] | None) -> dict[str, Any]:
    if row is None:
        return dict(article.source) | ({"group": article.group} if article.group else {})
    return {key: value for key, value in row.items() if key != "id" and key not in COUNTED}


def _difference(row: Mapping[str, Any], counts: Mapping[str, Any]) -> str:
    wrong = [f"{key} {row.get(key)!r}, found {counts[key]!r}" for key in COUNTED if row.get(key) != counts[key]]
    return f"expected {'; '.join(wrong)}" if wrong else ""
