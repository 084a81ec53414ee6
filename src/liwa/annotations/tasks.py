"""Raw articles become tasks: one passage each, with its place in the article, its tokens and Prodigy's hashes.

Every character of an article is in exactly one task, reject or separator, and separators are white space.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from liwa.annotations import lines
from liwa.annotations.rows import task
from liwa.corpus.boilerplate import Screen, reason
from liwa.corpus.duplicates import Duplicates
from liwa.corpus.read import Raw, parse
from liwa.corpus.sketches import Sketches, sketch, words
from liwa.jsonl import dumps
from liwa.passages import UNITS, paragraphs, sentences, whole
from liwa.records import Article, Range

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Rewrite = Callable[[Sequence[dict[str, Any]]], Sequence[Mapping[str, Any]]]
"""A stage that rewrites tasks, such as one that puts spans into them: rows in, as many rows out, texts unchanged.

It is called with the tasks of some tens of articles at a time, in a worker, so it has to be picklable; what takes long
to load is loaded once for each worker, behind a `functools.cache`.
"""


@dataclass(frozen=True)
class Settings:
    """How articles are cut. unit: one of ``passages.UNITS``; boilerplate, duplicates: whether to look for them."""

    unit: str = "paragraph"
    boilerplate: bool = True
    duplicates: bool = True
    rewrite: Rewrite | None = None

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError(f"expected a unit of {', '.join(UNITS)}, found {self.unit}")


class Passage(NamedTuple):
    """A passage of an article: a task, or a reject when there is a reason.

    line: its row as JSON; of a task, what ``rows.task`` returns; of a reject, its place, text and reason.
    """

    line: str
    reason: str = ""

    @property
    def row(self) -> dict[str, Any]:
        """The row as data."""
        return dict(json.loads(self.line))

    @property
    def start(self) -> int:
        """Where the passage begins in its article."""
        row = self.row
        return int((row if self.reason else row["meta"])["start"])


@dataclass(frozen=True)
class Made:
    """What a worker makes of some articles: bytes, ready to write.

    articles: id and ``file:line`` of each. tasks: their lines; cuts: the byte in these, at the end of a task's meta,
    where a near-duplicate may still be written, for each task that has a sketch; places: where each of those stands,
    as JSON without its closing brace. rejects: a line and the reason of each. near: near-duplicates that are marked
    already. found: how much a stage put into the tasks: ``spans SOURCE``, ``relations SOURCE``, ``overlaps``.
    """

    articles: list[tuple[str, str]]
    tasks: bytes
    count: int
    rejects: list[tuple[bytes, str]]
    cuts: NDArray[np.int64]
    places: list[bytes]
    sketches: Sketches
    near: int = 0
    found: Counter[str] = field(default_factory=Counter)

    def marked(self, marks: Iterable[tuple[int, bytes]]) -> bytes:
        """Return the tasks with marks in them, each for the sketch of a number, in order."""
        parts = []
        position = 0
        for number, mark in marks:
            cut = int(self.cuts[number])
            parts += [self.tasks[position:cut], mark]
            position = cut
        return b"".join([*parts, self.tasks[position:]])


class _Piece(NamedTuple):
    """Where a passage stands, what it says, and why it is no task; of a sentence, the paragraph it is in."""

    at: Range
    text: str
    reason: str
    paragraph: Range | None = None


def tasks(
    articles: Iterable[Article], *, unit: str = "paragraph", boilerplate: bool = True, duplicates: bool = True
) -> Iterator[Passage]:
    """Yield the passages of articles in order, tasks and rejects of each article.

    unit: one of ``passages.UNITS``. boilerplate: reject it, with the reason. duplicates: mark a task that nearly
    repeats an earlier one with ``duplicate_of``.
    """
    settings = Settings(unit, boilerplate, duplicates)
    index, places = Duplicates(), list[bytes]()
    for article in articles:
        made = make(settings, [article])
        places += made.places
        marks = ((n, mark(places[match.number], match.similarity)) for n, match in index.add(made.sketches))
        found = [Passage(line) for line in made.marked(marks).decode().split("\n")[:-1]]
        found += [Passage(line.decode().removesuffix("\n"), why) for line, why in made.rejects]
        yield from sorted(found, key=lambda passage: passage.start)


def make_raw(settings: Settings, raws: Sequence[Raw]) -> Made:
    """Read some articles and make their tasks and rejects: what a worker does."""
    made = make(settings, [parse(raw) for raw in raws])
    made.articles[:] = [(name, raw.where) for (name, _), raw in zip(made.articles, raws, strict=True)]
    return made


def mark(place: bytes, similarity: float) -> bytes:
    """Return what the meta of a task says of an earlier one that it nearly repeats."""
    return b',"duplicate_of":%s,"similarity":%s}' % (place, str(round(similarity, 3)).encode())


def make(settings: Settings, articles: Sequence[Article]) -> Made:
    """Make the tasks and rejects of some articles."""
    import numpy as np

    kept, left = _divided(settings, articles)
    chunks = [lines.analyse(piece.text) for _, piece in kept]
    given = [(piece.text, _meta(article, piece, settings.unit)) for article, piece in kept]
    rows = settings.rewrite([task(text, meta) for text, meta in given]) if settings.rewrite else []
    if settings.rewrite is None:
        written = [_line(*one, some) for one, some in zip(given, chunks, strict=True)]
    else:
        written = list(map(_rewritten, rows))
    numbers, sketches = sketch([lines.words(some) for some in chunks] if settings.duplicates else [])
    ends = np.cumsum([0, *(len(line) for line, _ in written)])
    return Made(
        articles=[(article.id, "") for article in articles],
        tasks=b"".join(line for line, _ in written),
        count=len(kept),
        rejects=[(_reject(article, piece), piece.reason) for article, piece in left],
        cuts=np.array([ends[n] + written[n][1] for n in numbers], dtype=np.int64),
        places=[_origin(*kept[n]) for n in numbers],
        sketches=sketches,
        found=_found(rows),
    )


def sketch_raw(settings: Settings, raws: Sequence[Raw]) -> tuple[Sketches, list[bytes]]:
    """Return the sketches and places of what `make_raw` makes of some articles."""
    kept, _ = _divided(settings, [parse(raw) for raw in raws])
    numbers, sketches = sketch([words(piece.text) for _, piece in kept])
    return sketches, [_origin(*kept[n]) for n in numbers]


def _divided(
    settings: Settings, articles: Sequence[Article]
) -> tuple[list[tuple[Article, _Piece]], list[tuple[Article, _Piece]]]:
    """Return the passages of articles that are tasks, and those that are none."""
    pieces = [(article, piece) for article in articles for piece in _pieces(article.text, settings)]
    return [pair for pair in pieces if not pair[1].reason], [pair for pair in pieces if pair[1].reason]


def _line(text: str, meta: Mapping[str, Any], chunks: Iterable[lines.Chunk]) -> tuple[bytes, int]:
    """Return the line of a task, and the byte in it at the end of its meta."""
    head = lines.head(text, meta).encode()
    return b"%s%s\n" % (head, lines.tail(text, chunks).encode()), len(head) - 1


def _rewritten(row: Mapping[str, Any]) -> tuple[bytes, int]:
    """Return the same of a task that a stage rewrote."""
    head = lines.head(row["text"], row["meta"]).encode()
    rest = dumps({key: value for key, value in row.items() if key not in ("text", "meta")})
    return b"%s,%s\n" % (head, rest[1:].encode()), len(head) - 1


def _found(rows: Iterable[Mapping[str, Any]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in rows:
        found.update(f"{kind} {one.get('source', '')}" for kind in ("spans", "relations") for one in row.get(kind, ()))
        found["overlaps"] += row["meta"].get("overlaps", 0)
    return +found


def _meta(article: Article, piece: _Piece, unit: str) -> dict[str, Any]:
    meta: dict[str, Any] = {**article.source, **_place(article, piece.at), "unit": unit}
    if piece.paragraph:
        meta["paragraph"] = list(piece.paragraph)
    if article.group:
        meta["group"] = article.group
    return meta


def _origin(article: Article, piece: _Piece) -> bytes:
    return dumps({"article": article.id, "start": piece.at.start, "end": piece.at.end})[:-1].encode()


def _reject(article: Article, piece: _Piece) -> bytes:
    row = {**_place(article, piece.at), "text": piece.text, "reason": piece.reason}
    return f"{dumps(row)}\n".encode()


def _place(article: Article, at: Range) -> dict[str, Any]:
    return {"article": article.id, "sha256": article.sha256, "start": at.start, "end": at.end}


def _pieces(text: str, settings: Settings) -> Iterator[_Piece]:
    screen = Screen()
    for block in whole(text) if settings.unit == "article" else paragraphs(text):
        part = text[block.start : block.end]
        why = screen(part) if settings.boilerplate else None
        if why or settings.unit != "sentence":
            yield _Piece(block, part, why or "")
        else:
            yield from _sentences(text, block, settings)


def _sentences(text: str, block: Range, settings: Settings) -> Iterator[_Piece]:
    for at in sentences(text, block):
        part = text[at.start : at.end]
        why = reason(part) if settings.boilerplate else None
        yield _Piece(at, part, why or "", block)
