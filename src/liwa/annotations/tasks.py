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
from liwa.corpus.duplicates import Duplicates, Sketch, sketches
from liwa.jsonl import dumps
from liwa.passages import UNITS, paragraphs, sentences, whole
from liwa.records import Article, Range

BATCH: Final = 2**17
"""Code points, about, that a worker gets at a time."""

_AHEAD: Final = 3
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
    passages = [_passage(settings, a, *piece) for a in articles for piece in _pieces(a.text, settings)]
    # A reject has no sketch: an empty text is too short for one.
    found = sketches([p.text if settings.duplicates and not p.reason else "" for p in passages])
    return list(map(_Draft, passages, found))


def _passage(settings: Settings, article: Article, at: Range, why: str | None, block: Range | None) -> Passage:
    text = article.text[at.start : at.end]
    place = {"article": article.id, "sha256": article.sha256, "start": at.start, "end": at.end}
    if why:
        return Passage(text, place, why, "")
    meta: dict[str, Any] = {**article.source, **place, "unit": settings.unit}
    if block:
        meta["paragraph"] = list(block)
    if article.group:
        meta["group"] = article.group
    return Passage(text, meta, "", lines.tail(text))


def _pieces(text: str, settings: Settings) -> Iterator[tuple[Range, str | None, Range | None]]:
    """Yield range, reason to reject, and for a sentence its paragraph."""
    screen: Callable[[str], str | None] = Screen() if settings.boilerplate else _keep
    single: Callable[[str], str | None] = reason if settings.boilerplate else _keep
    for block in whole(text) if settings.unit == "article" else paragraphs(text):
        why = screen(text[block.start : block.end])
        if why or settings.unit != "sentence":
            yield block, why, None
            continue
        for part in sentences(text, block):
            yield part, single(text[part.start : part.end]), block


def _keep(_: str) -> None:
    return None


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
