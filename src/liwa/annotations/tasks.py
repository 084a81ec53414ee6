"""Raw articles become tasks: one passage each, with its place in the article, its tokens and Prodigy's hashes.

Every character of an article is in exactly one task, reject or separator, and separators are white space.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar

from liwa.annotations import lines
from liwa.corpus.boilerplate import Screen, reason
from liwa.corpus.duplicates import Duplicates, Sketch, sketches, words
from liwa.jsonl import dumps
from liwa.passages import UNITS, paragraphs, sentences, whole
from liwa.records import Article, Range

BATCH: Final = 2**15
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

    meta: article, sha256, start, end, and for a task unit, source, group and ``duplicate_of``.
    tail: the JSON of what follows the meta in a task's row; "" for a reject.
    """

    text: str
    meta: dict[str, Any]
    reason: str
    tail: str

    @property
    def line(self) -> str:
        """The row as JSON: a Prodigy task, or a reject with its place, text and reason."""
        if self.reason:
            return dumps({**self.meta, "text": self.text, "reason": self.reason})
        return lines.line(self.text, self.meta, self.tail)


class _Piece(NamedTuple):
    """Where a passage stands, what it says, and why it is no task; of a sentence, the paragraph it is in."""

    at: Range
    text: str
    reason: str
    paragraph: Range | None = None


class _Draft(NamedTuple):
    passage: Passage
    sketch: Sketch | None


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
    drafts = _in_order(partial(_draft, Settings(unit, boilerplate, duplicates)), _batches(articles), workers)
    index = Duplicates() if duplicates else None
    for batch in drafts:
        for draft in batch:
            if index and draft.sketch:
                _mark(draft.passage, draft.sketch, index)
            yield draft.passage


def _mark(passage: Passage, found: Sketch, index: Duplicates) -> None:
    meta = passage.meta
    place = meta["article"], meta["start"], meta["end"]
    if matches := index.add_sketch(place, found):
        article, start, end = matches[0].key
        similarity = round(matches[0].similarity, 3)
        meta["duplicate_of"] = {"article": article, "start": start, "end": end, "similarity": similarity}


def _draft(settings: Settings, articles: list[Article]) -> list[_Draft]:
    pieces = [(article, piece) for article in articles for piece in _pieces(article.text, settings)]
    passages = [_passage(settings, article, piece) for article, piece in pieces]
    if not settings.duplicates:
        return [_Draft(passage, None) for passage in passages]
    # A reject has no sketch: no words are too few for one.
    found = sketches([() if passage.reason else words(passage.text) for passage in passages])
    return list(map(_Draft, passages, found))


def _passage(settings: Settings, article: Article, piece: _Piece) -> Passage:
    start, end = piece.at
    place: dict[str, Any] = {"article": article.id, "sha256": article.sha256, "start": start, "end": end}
    if piece.reason:
        return Passage(piece.text, place, piece.reason, "")
    meta = {**article.source, **place, "unit": settings.unit}
    if piece.paragraph:
        meta["paragraph"] = list(piece.paragraph)
    if article.group:
        meta["group"] = article.group
    return Passage(piece.text, meta, "", lines.tail(piece.text))


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
