"""Raw articles out of files and folders: text, HTML, JSONL, CSV and TSV, each gzipped or not.

The text of an article is what its bytes decode to: line ends, white space and marks stay, only a byte order mark goes.
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from liwa import jsonl
from liwa.corpus import fields, html, manifest, tables
from liwa.errors import LiwaError
from liwa.progress import say
from liwa.records import Article

Located = Iterator[tuple[str, Article]]
"""Articles, each with the ``file:line`` that it was read from."""


def read_articles(sources: Iterable[str], *, encoding: str = "utf-8", manifests: bool = True) -> Iterator[Article]:
    """Yield the articles of files, folders (recursive, sorted) and ``-`` (JSONL on stdin), in order.

    The id of a text or a page is the file's name without endings. encoding: of text, HTML, CSV and TSV; JSONL is
    UTF-8. manifests: let a ``manifest.jsonl`` beside or above the articles give source and group, and prove their
    SHA-256. Raises LiwaError for a source without articles, an article without text, and an id that comes twice.
    """
    _require_encoding(encoding)
    seen: dict[str, str] = {}
    for where, article in chain.from_iterable(_source(source, encoding, manifests) for source in sources):
        if not article.text.strip():
            raise LiwaError("expected an article, found no text", where=where, hint="Write its text, or remove it")
        if article.id in seen:
            raise LiwaError(
                f"the article id {article.id} was read before, from {seen[article.id]}",
                where=where,
                hint="Give each article an id of its own",
            )
        seen[article.id] = where
        yield article


def _require_encoding(encoding: str) -> None:
    try:
        ascii_as_is = "\n,\t".encode(encoding) == b"\n,\t"
    except LookupError:
        ascii_as_is = False
    if not ascii_as_is:
        raise LiwaError(
            f"expected an encoding that extends ASCII, found {encoding}",
            hint="Use utf-8 or windows-1256, or convert the files to UTF-8",
        )


def _source(source: str, encoding: str, manifests: bool) -> Located:
    path = Path(source)
    files = _files(path) if source != jsonl.STDIO and path.is_dir() else [path]
    records = manifest.Cache() if manifests else None
    for file in files:
        found = 0
        for where, article in _file(file, encoding):
            found += 1
            near = (file.parent, file.parent.parent, path, path.parent)
            yield where, records.complete(article, near, where) if records and _is_single(file) else article
        if not found:
            raise LiwaError("expected articles, found an empty file", where=str(file), hint="Fill or remove the file")


def _files(folder: Path) -> list[Path]:
    files = [p for p in folder.rglob("*") if p.is_file() and p.name != manifest.NAME]
    known = sorted((p for p in files if _kind(p) in _READERS), key=lambda p: p.relative_to(folder).parts)
    others = Counter(p.suffix or p.name for p in files if _kind(p) not in _READERS)
    if others:
        kinds = ", ".join(f"{count} {ending}" for ending, count in sorted(others.items()))
        say(f"{folder}: files that are no articles were left out: {kinds}")
    if not known:
        raise LiwaError("found no articles in the folder", where=str(folder), hint=f"Name one with {_ENDINGS}")
    return known


def _file(path: Path, encoding: str) -> Located:
    if str(path) == jsonl.STDIO:
        return _rows(path, encoding)
    if _kind(path) not in _READERS:
        raise LiwaError(
            f"expected {_ENDINGS}, found {path.suffix or 'no ending'}",
            where=str(path),
            hint="Rename the file" if path.exists() else "Name a file or folder that exists",
        )
    return _READERS[_kind(path)](path, encoding)


def _kind(path: Path) -> str:
    return Path(path.name.lower().removesuffix(".gz")).suffix


def _is_single(path: Path) -> bool:
    return _kind(path) in (".txt", ".html", ".htm")


def _name(path: Path) -> str:
    return path.name[: path.name.lower().removesuffix(".gz").rindex(".")]


def _text(path: Path, encoding: str) -> Located:
    yield str(path), Article(_name(path), _decoded(path, encoding))


def _page(path: Path, encoding: str) -> Located:
    yield str(path), html.extract(_decoded(path, encoding), id=_name(path), where=str(path))


def _rows(path: Path, _: str) -> Located:
    for where, row in jsonl.read(path):
        yield where, fields.article(row, where)


def _comma_separated(path: Path, encoding: str) -> Located:
    return tables.read(path, encoding=encoding, delimiter=",")


def _tab_separated(path: Path, encoding: str) -> Located:
    return tables.read(path, encoding=encoding, delimiter="\t")


def _decoded(path: Path, encoding: str) -> str:
    with jsonl.open_input(path) as file:
        raw = file.read(jsonl.MAX_LINE + 1)
    if len(raw) > jsonl.MAX_LINE:
        raise LiwaError(
            f"expected an article of at most {jsonl.MAX_LINE >> 20} MB, found a longer one",
            where=f"{path}:1",
            hint="Write one article a file",
        )
    if codecs.lookup(encoding).name == "utf-8":
        raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return jsonl.decode(raw, f"{path}:{line}", encoding)


_READERS: Final[dict[str, Callable[[Path, str], Located]]] = {
    ".txt": _text,
    ".html": _page,
    ".htm": _page,
    ".jsonl": _rows,
    ".csv": _comma_separated,
    ".tsv": _tab_separated,
}
_ENDINGS: Final = f"{', '.join(_READERS)} or one of these with .gz"
