"""Sources in portions of about one size, for machines that each read their own: files, and runs of lines of long ones.

Every machine has to see the files under the same paths.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import blake2b
from itertools import chain, pairwise
from pathlib import Path
from typing import Final, TypeVar

from liwa import jsonl
from liwa.corpus import manifest
from liwa.corpus.read import Part, Raw, parts, raws_of, require_encoding
from liwa.engine.batches import batched
from liwa.engine.workers import Care, Results, Work, in_child
from liwa.errors import LiwaError

SIZE: Final = 2**22
"""Bytes, about, of a portion: some seconds of work."""

_BLOCK: Final = 2**24

Portion = tuple[Part, ...]

R = TypeVar("R")


def portions(sources: Iterable[str], *, encoding: str = "utf-8") -> list[Portion]:
    """Divide sources, in order; together they are what `raw_articles` reads. LiwaError for stdin."""
    require_encoding(encoding)
    found: list[Portion] = []
    held: list[Part] = []
    weight = 0
    for part in parts(sources):
        if str(part.file) == jsonl.STDIO:
            raise LiwaError("a cluster cannot read stdin", hint="Name files or folders that every machine sees")
        for cut, size in _cut(part):
            held.append(cut)
            weight += size
            if weight >= SIZE:
                found.append(tuple(held))
                held, weight = [], 0
    return [*found, tuple(held)] if held else found


def identity(found: Iterable[Portion]) -> str:
    """Return a digest of what the portions are: paths, sizes and times of their files, and where these are cut."""
    digest = blake2b(digest_size=16)
    for part in chain.from_iterable(found):
        status = part.file.stat()
        digest.update(f"{part} {status.st_size} {status.st_mtime_ns}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def read(portion: Portion, *, encoding: str = "utf-8") -> Iterator[Raw]:
    """Yield the articles of a portion, still to be parsed."""
    for part in portion:
        yield from raws_of(part, encoding, _manifests())


def work_on(work: Work[Raw, R], care: Care, encoding: str, portion: Portion) -> Results[R, Raw]:
    """Do the work on all articles of a portion: what a cluster does.

    A process of its own does it: were the cluster's to die, the cluster would do the same portion again without end.
    """
    return in_child(work, batched(read(portion, encoding=encoding)), care)


def _cut(part: Part) -> Iterator[tuple[Part, int]]:
    """Yield a file, or the pieces of a long one whose lines can be told apart, each with its size in bytes."""
    size = part.file.stat().st_size if part.file.exists() else 0
    if part.file.suffix.lower() != ".jsonl" or size <= SIZE:
        yield part, size
        return
    line = 1
    for start, stop in pairwise(_borders(part.file, size)):
        yield part._replace(start=start, stop=stop, line=line), stop - start
        line += _lines(part.file, start, stop)


def _borders(file: Path, size: int) -> Iterator[int]:
    """Yield the offsets at which lines begin, about every `SIZE` bytes, and the end."""
    yield 0
    with jsonl.open_input(file) as opened:
        last = 0
        for offset in range(SIZE, size, SIZE):
            if offset < last:
                continue
            opened.seek(offset - 1)
            opened.readline()
            last = opened.tell()
            if last < size:
                yield last
    yield size


def _lines(file: Path, start: int, stop: int) -> int:
    with jsonl.open_input(file) as opened:
        opened.seek(start)
        return sum(opened.read(min(_BLOCK, stop - at)).count(b"\n") for at in range(start, stop, _BLOCK))


@cache
def _manifests() -> manifest.Cache:
    """Return the manifests that this process has read: those of a corpus do not change while it is worked on."""
    return manifest.Cache()
