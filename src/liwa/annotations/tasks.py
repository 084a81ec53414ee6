"""Raw articles become tasks: one passage each, with its place in the article, its tokens and Prodigy's hashes.

Every character of an article is in exactly one task, reject or separator, and separators are white space.
"""

from __future__ import annotations

import json
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar

from liwa.annotations import lines
from liwa.corpus.boilerplate import Screen, reason
from liwa.corpus.duplicates import Duplicates, Match, Sketch, sketches, words
from liwa.jsonl import dumps
from liwa.passages import UNITS, paragraphs, sentences, whole
from liwa.records import Article, Range

BATCH: Final = 2**16
"""Code points, about, that a worker gets at a time."""

_AHEAD: Final = 8
"""Batches in flight for each worker: enough to keep it busy, few enough to bound memory."""

T = TypeVar("T")


@dataclass(frozen=True)
class Settings:
    """How articles are cut. unit: one of ``passages.UNITS``; boilerplate, duplicates: whether to look for them."""

    unit: str = "paragraph"
    boilerplate: bool = True
    duplicates: bool = True

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError(f"expected a unit of {', '.join(UNITS)}, found {self.unit}")


class Passage(NamedTuple):
    """A passage of an article: a task, or a reject when there is a reason.

    line: its row as JSON; of a task, what ``rows.task`` returns; of a reject, its place, text and reason.
    duplicate_of: article, start, end of an earlier passage that the task nearly repeats, and how alike they are.
    """

    line: str
    reason: str = ""
    duplicate_of: Match | None = None

    @property
    def row(self) -> dict[str, Any]:
        """The row as data."""
        return dict(json.loads(self.line))


class _Piece(NamedTuple):
    """Where a passage stands, what it says, and why it is no task; of a sentence, the paragraph it is in."""

    at: Range
    text: str
    reason: str
    paragraph: Range | None = None


class _Draft(NamedTuple):
    """A passage from a worker: its line, into whose meta, at ``cut``, a near-duplicate may still be written."""

    place: tuple[str, int, int]
    line: str
    reason: str = ""
    cut: int = 0
    sketch: Sketch | None = None


def tasks(
    articles: Iterable[Article],
    *,
    unit: str = "paragraph",
    boilerplate: bool = True,
    duplicates: bool = True,
    workers: int = 1,
) -> Iterator[Passage]:
    """Yield the passages of articles in order, tasks and rejects; the same for any number of workers.

    unit: one of ``passages.UNITS``. boilerplate: reject it, with the reason. duplicates: mark a task that nearly
    repeats an earlier one with ``duplicate_of``. workers: processes; more than one starts new interpreters, so a
    script needs its ``if __name__ == "__main__"``.
    """
    drafts = _in_order(partial(_drafts, Settings(unit, boilerplate, duplicates)), _batches(articles), workers)
    index = Duplicates() if duplicates else None
    for batch in drafts:
        for draft in batch:
            matches = index.add_sketch(draft.place, draft.sketch) if index and draft.sketch else []
            yield _marked(draft, matches[0]) if matches else Passage(draft.line, draft.reason)


def _marked(draft: _Draft, match: Match) -> Passage:
    article, start, end = match.key
    similarity = round(match.similarity, 3)
    origin = dumps({"article": article, "start": start, "end": end, "similarity": similarity})
    head, tail = draft.line[: draft.cut], draft.line[draft.cut :]
    return Passage(f'{head},"duplicate_of":{origin}{tail}', duplicate_of=match)


def _drafts(settings: Settings, articles: list[Article]) -> list[_Draft]:
    pieces = [(article, piece) for article in articles for piece in _pieces(article.text, settings)]
    drafts = [_reject(*pair) if pair[1].reason else _task(*pair, settings.unit) for pair in pieces]
    if not settings.duplicates:
        return drafts
    # A reject has no sketch: no words are too few for one.
    found = sketches([() if piece.reason else words(piece.text) for _, piece in pieces])
    return [draft._replace(sketch=one) for draft, one in zip(drafts, found, strict=True)]


def _task(article: Article, piece: _Piece, unit: str) -> _Draft:
    meta: dict[str, Any] = {**article.source, **_place(article, piece.at), "unit": unit}
    if piece.paragraph:
        meta["paragraph"] = list(piece.paragraph)
    if article.group:
        meta["group"] = article.group
    head = lines.head(piece.text, meta)
    return _Draft((article.id, *piece.at), head + lines.tail(piece.text), cut=len(head) - 1)


def _reject(article: Article, piece: _Piece) -> _Draft:
    row = {**_place(article, piece.at), "text": piece.text, "reason": piece.reason}
    return _Draft((article.id, *piece.at), dumps(row), piece.reason)


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


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    size = 0
    for article in articles:
        batch.append(article)
        size += len(article.text)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _in_order(work: Callable[[list[Article]], T], batches: Iterator[list[Article]], workers: int) -> Iterator[T]:
    if workers <= 1:
        yield from map(work, batches)
        return
    from multiprocessing import get_context

    # Spawned: a fork would copy the threads' locks of whatever the caller has loaded.
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_ignore_interrupt)
    try:
        waiting: deque[Future[T]] = deque()
        for batch in batches:
            waiting.append(pool.submit(work, batch))
            if len(waiting) > workers * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _ignore_interrupt() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
