"""A file of tasks, put in the order of its articles: lines stay as they are, and those of an article together."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from liwa import jsonl
from liwa.annotations.gold import merge
from liwa.annotations.rows import from_row
from liwa.findings import stop
from liwa.records import Gold
from liwa.training.novelty import hashes
from liwa.training.order import by_doubt
from liwa.training.uncertainty import Doubt, doubt
from liwa.training.ways import By

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.language import Language

_MARK: Final = b"\xef\xbb\xbf"
"""The byte order mark that some editors put before UTF-8."""


class Ordered(NamedTuple):
    """How many articles and tasks were put in order."""

    articles: int
    tasks: int


@dataclass
class _Article:
    """Where the lines of an article stand in the file, byte and length, and what is known of it."""

    lines: list[tuple[int, int]] = field(default_factory=list)
    doubt: Doubt = field(default_factory=Doubt)
    words: list[NDArray[Any]] = field(default_factory=list)


def order_file(
    source: str,
    out: IO[str],
    nlp: Language | None,
    annotated: Iterable[Gold] = (),
    *,
    by: By = By.diverse,
    seed: int = 0,
) -> Ordered:
    """Write the lines of a file of tasks, the article first that a pipeline would learn most from.

    Lines of an article that stand apart are brought together. The tasks are read twice and never held; of each article
    its words and a vector stay in memory, about 6 kB. Raises LiwaError for a line that is no task.
    """
    import numpy as np

    with _seekable(source) as file:
        articles = _read(file, source, nlp)
        doubts = [article.doubt for article in articles.values()]
        texts = [np.concatenate(article.words) for article in articles.values()]
        known = [hashes(gold.text or "") for gold in annotated]
        for name, _ in by_doubt(list(articles), doubts, texts, known, by=by, seed=seed):
            for start, length in articles[name].lines:
                file.seek(start)
                out.write(jsonl.decode(file.read(length), source).rstrip("\r\n") + "\n")
    return Ordered(len(articles), sum(len(article.lines) for article in articles.values()))


def _read(file: BinaryIO, source: str, nlp: Language | None) -> dict[str, _Article]:
    articles: dict[str, _Article] = {}
    for name, run in groupby(_tasks(file, source), key=lambda task: task[0].article):
        article = articles.setdefault(name, _Article())
        golds = []
        for gold, start, length in run:
            article.lines.append((start, length))
            golds.append(gold)
        [whole] = merge(golds)
        article.words.append(hashes(whole.text or ""))
        if nlp is not None:
            with nlp.memory_zone():
                article.doubt = article.doubt.plus(doubt(nlp, whole))
    return articles


def _tasks(file: BinaryIO, source: str) -> Iterator[tuple[Gold, int, int]]:
    """Yield each task as gold without spans, the byte at which its line begins, and the length of the line."""
    start = 0
    for number, raw in enumerate(file, 1):
        where = f"{source}:{number}"
        mark = len(_MARK) if number == 1 and raw.startswith(_MARK) else 0
        line = jsonl.decode(raw[mark:], where)
        if line.strip():
            yield _gold(jsonl.parse(line, where), where), start + mark, len(raw) - mark
        start += len(raw)


def _gold(row: Mapping[str, Any], where: str) -> Gold:
    bare = {key: value for key, value in row.items() if key not in ("answer", "spans", "relations")}
    gold = from_row({**bare, "answer": "accept"}, where, stop)
    assert gold, "whatever cannot be read was raised"
    return gold


@contextmanager
def _seekable(source: str) -> Iterator[BinaryIO]:
    """Open a file to read here and there; what is zipped, or stdin, is copied for that."""
    if source != jsonl.STDIO and not source.endswith(".gz"):
        with jsonl.open_input(source):  # says in a line why a file cannot be opened
            pass
        with Path(source).open("rb") as plain:
            yield plain
        return
    with jsonl.open_input(source) as opened, tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(opened, copy)
        copy.seek(0)
        yield copy
