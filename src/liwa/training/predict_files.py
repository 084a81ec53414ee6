"""Predictions as they are written: articles or tasks through workers that each load the pipeline once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from liwa import jsonl
from liwa.annotations import rules
from liwa.annotations.rows import from_row, to_row
from liwa.corpus.identities import Identities
from liwa.corpus.read import Raw, parse
from liwa.engine.outputs import Outputs
from liwa.engine.workers import Lost
from liwa.errors import LiwaError
from liwa.findings import Finding
from liwa.progress import say
from liwa.records import Article, Gold
from liwa.training.predict import load_model, predict

if TYPE_CHECKING:
    from spacy.language import Language

WORDS: Final = 2**17
"""Words and word shapes that a pipeline remembers before it forgets them: a hundred megabytes or two."""


@dataclass(frozen=True)
class Predicted:
    """What a worker returns: rows, ready to write, how many, and id and ``file:line`` of each whole article."""

    rows: bytes
    count: int
    articles: list[tuple[str, str]]


def predict_raw(model: str, gpu_id: int, raws: Sequence[Raw]) -> Predicted:
    """Return what a pipeline finds in some articles or tasks: what a worker does."""
    texts = [text_of(raw) for raw in raws]
    pipeline = _loaded(model, gpu_id)
    pipeline.forget()
    rows = [jsonl.dumps(to_row(found, answer=None)) for found in predict(pipeline.nlp, texts)]
    articles = [(t.id, raw.where) for t, raw in zip(texts, raws, strict=True) if isinstance(t, Article)]
    return Predicted("".join(f"{row}\n" for row in rows).encode(), len(rows), articles)


def text_of(raw: Raw) -> Article | Gold:
    """Return the article, or of a row that is a passage of one, such as a task, that passage."""
    if raw.kind == ".jsonl":
        row = jsonl.parse(jsonl.decode(raw.data, raw.where), raw.where)
        meta = row.get("meta")
        if "_task_hash" in row or (isinstance(meta, Mapping) and "article" in meta):
            return _passage(row, raw.where)
    return parse(raw)


def _passage(row: Mapping[str, Any], where: str) -> Gold:
    unread = {key: value for key, value in row.items() if key not in ("answer", "spans", "relations")}
    gold = from_row(unread, where, _complain)
    assert gold is not None, "what could not be read was complained of"
    return gold


def _complain(finding: Finding) -> None:
    if finding.rule is not rules.UNANSWERED:
        raise LiwaError(finding.message, where=finding.where, hint=finding.rule.hint)


class _Pipeline:
    """A pipeline that forgets the words of its texts now and then, else a long run would fill memory."""

    def __init__(self, nlp: Language) -> None:
        self.nlp = nlp
        self._own = len(nlp.vocab.strings)
        self._zone = ExitStack()
        self._zone.enter_context(nlp.memory_zone())

    def forget(self) -> None:
        """Forget every word that the model did not come with, when they have become many."""
        if len(self.nlp.vocab.strings) > self._own + WORDS:
            self._zone.close()
            self._zone.enter_context(self.nlp.memory_zone())


@cache
def _loaded(model: str, gpu_id: int) -> _Pipeline:
    return _Pipeline(load_model(model, gpu_id=gpu_id))


class PredictionFiles:
    """Takes predictions in order and writes them to the output ``predictions``.

    counts: of ``rows``, and of ``failed``, those that could not be worked on, each of which is said on stderr.
    """

    def __init__(self, outputs: Outputs) -> None:
        self.counts = Counter(outputs.facts.get("sink", {}))
        self._outputs = outputs
        self._identities = Identities(outputs.store)

    def take(self, predicted: Predicted) -> None:
        """Write some rows; LiwaError for an article whose id came before."""
        self._identities.add(predicted.articles)
        self._outputs.write("predictions", predicted.rows)
        self.counts["rows"] += predicted.count

    def lose(self, lost: Lost[Any]) -> None:
        """Say which text could not be worked on, and why."""
        say(f"{lost.item.where}: left out: {lost.reason}")
        self.counts["failed"] += 1

    def facts(self) -> Mapping[str, Any]:
        """Return the counts."""
        return dict(self.counts)
