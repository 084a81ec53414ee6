"""Raw articles out of files and folders: text, HTML, JSONL, CSV and TSV, each gzipped or not.

The text of an article is what its bytes decode to: line ends, white space and marks stay, only a byte order mark goes.
Reading is two steps: `raw_articles` finds the bytes of each article, `parse` makes an article of them, perhaps in
another process.
"""

from __future__ import annotations

import codecs
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

from liwa import jsonl
from liwa.corpus import fields, html, manifest, tables
from liwa.errors import LiwaError
from liwa.progress import say
from liwa.records import Article


class Raw(NamedTuple):
    """What one article is read from.

    where: ``file:line``, for messages. data: its bytes; a record of a table is JSON. kind: a key of `READERS`. name:
    its id, where the file's name says it. known: its row in the manifest.
    """

    where: str
    data: bytes
    kind: str
    encoding: str = "utf-8"
    name: str = ""
    known: Mapping[str, Any] | None = None


def read_articles(sources: Iterable[str], *, encoding: str = "utf-8", manifests: bool = True) -> Iterator[Article]:
    """Yield the articles of files, folders (recursive, sorted) and ``-`` (JSONL on stdin), in order.

    The id of a text or a page is the file's name without endings. encoding: of text, HTML, CSV and TSV; JSONL is
    UTF-8. manifests: let a ``manifest.jsonl`` beside or above the articles give source and group, and prove their
    SHA-256. Raises LiwaError for a source without articles, an article without text, and an id that comes twice.
    """
    seen: dict[str, str] = {}
    for raw in raw_articles(sources, encoding=encoding, manifests=manifests):
        article = parse(raw)
        if article.id in seen:
            raise came_before(article.id, raw.where, seen[article.id])
        seen[article.id] = raw.where
        yield article


def raw_articles(
    sources: Iterable[str], *, encoding: str = "utf-8", manifests: bool = True, meter: jsonl.Meter | None = None
) -> Iterator[Raw]:
    """Yield what `parse` makes the articles of, in the same order. meter: is told how far the files were read."""
    require_encoding(encoding)
    known = manifest.Cache() if manifests else None
    return chain.from_iterable(raws_of(part, encoding, known, meter) for part in parts(sources))


def parse(raw: Raw) -> Article:
    """Return the article; LiwaError where the bytes are none, or not the one that a manifest describes."""
    article = READERS[raw.kind](raw)
    if not article.text.strip():
        raise LiwaError("expected an article, found no text", where=raw.where, hint="Write its text, or remove it")
    return article if raw.known is None else manifest.completed(article, raw.known, raw.where)


def came_before(id: str, where: str, before: str) -> LiwaError:
    """Return the error for an id that comes twice."""
    hint = "Give each article an id of its own"
    return LiwaError(f"the article id {id} was read before, from {before}", where=where, hint=hint)


def size(sources: Iterable[str]) -> int | None:
    """Return how many bytes `raw_articles` will read from the disk, None where one of the sources is stdin."""
    paths = [Path(source) for source in sources]
    if any(str(path) == jsonl.STDIO for path in paths):
        return None
    files = chain.from_iterable(_known(path)[0] if path.is_dir() else [path] for path in paths)
    return sum(file.stat().st_size for file in files if file.exists())


def require_encoding(encoding: str) -> None:
    """Raise LiwaError for an encoding that does not extend ASCII, or is none."""
    try:
        ascii_as_is = "\n,\t".encode(encoding) == b"\n,\t"
    except LookupError:
        ascii_as_is = False
    if not ascii_as_is:
        raise LiwaError(
            f"expected an encoding that extends ASCII, found {encoding}",
            hint="Use utf-8 or windows-1256, or convert the files to UTF-8",
        )


class Part(NamedTuple):
    """A file of articles, or of a long JSONL file some lines: bytes from and to, and the number of the first line.

    folder: the source that it was found in, beside or above which its manifest may be.
    """

    file: Path
    folder: Path
    start: int = 0
    stop: int = sys.maxsize
    line: int = 1


def parts(sources: Iterable[str]) -> Iterator[Part]:
    """Yield every file of some sources, in order."""
    for source in sources:
        path = Path(source)
        files = _files(path) if source != jsonl.STDIO and path.is_dir() else [path]
        yield from (Part(file, path) for file in files)


def raws_of(
    part: Part, encoding: str, manifests: manifest.Cache | None = None, meter: jsonl.Meter | None = None
) -> Iterator[Raw]:
    """Yield the articles of a part, still to be parsed; LiwaError for a whole file without any."""
    found = 0
    near = (part.file.parent, part.file.parent.parent, part.folder, part.folder.parent)
    for raw in _raws(part, encoding, meter):
        found += 1
        yield raw._replace(known=manifests.row(raw.name, near)) if manifests and raw.name else raw
    if not found and part.stop == sys.maxsize:
        raise LiwaError("expected articles, found an empty file", where=str(part.file), hint="Fill or remove the file")


def _files(folder: Path) -> list[Path]:
    known, others = _known(folder)
    if others:
        kinds = ", ".join(f"{count} {ending}" for ending, count in sorted(others.items()))
        say(f"{folder}: files that are no articles were left out: {kinds}")
    if not known:
        raise LiwaError("found no articles in the folder", where=str(folder), hint=f"Name one with {_ENDINGS}")
    return known


def _known(folder: Path) -> tuple[list[Path], Counter[str]]:
    """Return the files of articles in a folder, in order, and how many others there are of each ending."""
    files = [p for p in folder.rglob("*") if p.is_file() and p.name != manifest.NAME]
    known = sorted((p for p in files if _kind(p) in READERS), key=lambda p: p.relative_to(folder).parts)
    return known, Counter(p.suffix or p.name for p in files if _kind(p) not in READERS)


def _raws(part: Part, encoding: str, meter: jsonl.Meter | None) -> Iterator[Raw]:
    path = part.file
    kind = ".jsonl" if str(path) == jsonl.STDIO else _kind(path)
    if kind not in READERS:
        raise LiwaError(
            f"expected {_ENDINGS}, found {path.suffix or 'no ending'}",
            where=str(path),
            hint="Rename the file" if path.exists() else "Name a file or folder that exists",
        )
    if kind == ".jsonl":
        lines = jsonl.raw_lines(path, meter, part.start, part.stop, part.line)
        return (Raw(where, line, kind) for where, line in lines if not _is_blank(line))
    if kind in tables.DELIMITERS:
        return _records(path, encoding, meter)
    return _single(path, encoding, meter)


def _is_blank(line: bytes) -> bool:
    return line.isspace() or (not line.isascii() and len(line) < 64 and not line.decode("utf-8", "replace").strip())


def _single(path: Path, encoding: str, meter: jsonl.Meter | None) -> Iterator[Raw]:
    with jsonl.open_input(path, meter) as file:
        data = file.read(jsonl.MAX_LINE + 1)
    if len(data) > jsonl.MAX_LINE:
        raise LiwaError(
            f"expected an article of at most {jsonl.MAX_LINE >> 20} MB, found a longer one",
            where=f"{path}:1",
            hint="Write one article a file",
        )
    yield Raw(str(path), data, _kind(path), encoding, _name(path))


def _records(path: Path, encoding: str, meter: jsonl.Meter | None) -> Iterator[Raw]:
    """Quoted fields hold line breaks, so a table is parsed where it is read."""
    for where, row in tables.read(path, encoding=encoding, delimiter=tables.DELIMITERS[_kind(path)], meter=meter):
        yield Raw(where, jsonl.dumps(row).encode("utf-8", "surrogatepass"), _kind(path))


def _kind(path: Path) -> str:
    return Path(path.name.lower().removesuffix(".gz")).suffix


def _name(path: Path) -> str:
    return path.name[: path.name.lower().removesuffix(".gz").rindex(".")]


def _text(raw: Raw) -> Article:
    return Article(raw.name, _decoded(raw))


def _page(raw: Raw) -> Article:
    return html.extract(_decoded(raw), id=raw.name, where=raw.where)


def _row(raw: Raw) -> Article:
    return fields.article(jsonl.parse(jsonl.decode(raw.data, raw.where), raw.where), raw.where)


def _decoded(raw: Raw) -> str:
    data = raw.data
    if codecs.lookup(raw.encoding).name == "utf-8":
        data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode(raw.encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return jsonl.decode(data, f"{raw.where}:{line}", raw.encoding)


READERS: Final[dict[str, Callable[[Raw], Article]]] = {
    ".txt": _text,
    ".html": _page,
    ".htm": _page,
    ".jsonl": _row,
    ".csv": _row,
    ".tsv": _row,
}
"""What makes an article of the bytes of each kind of file."""

_ENDINGS: Final = f"{', '.join(READERS)} or one of these with .gz"
