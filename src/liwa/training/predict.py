"""Predictions of a trained pipeline, as records in article offsets."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from liwa.errors import LiwaError
from liwa.passages import passages
from liwa.records import Article, Gold, Range
from liwa.training.carried import unit_of
from liwa.training.docs import spans_of

if TYPE_CHECKING:
    from spacy.language import Language


def load_model(path: str | Path, *, gpu_id: int = -1) -> Language:
    """Load a trained pipeline from a folder or by the name of an installed package; LiwaError where that fails."""
    import spacy
    from spacy.cli._util import setup_gpu

    setup_gpu(gpu_id, silent=True)
    try:
        return spacy.load(path)
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise LiwaError(f"cannot load the model: {reason}", where=str(path), hint="Train one with liwa train") from None


def predict(
    nlp: Language, texts: Iterable[Article | Gold], *, batch_size: int = 64, workers: int = 1
) -> Iterator[Gold]:
    """Yield, for each article or gold with a text, what the pipeline finds in it; streaming, order kept.

    Each text is divided into the passages that the pipeline was trained on. The ranges of a prediction are those of
    the gold, or the whole article.
    """
    unit = unit_of(nlp)
    waiting: deque[Gold] = deque()

    def stream() -> Iterator[tuple[str, tuple[int, int]]]:
        for number, whole in enumerate(map(_as_gold, texts)):
            waiting.append(whole)
            for start, text in _parts(whole, unit):
                yield text, (number, start)

    docs = nlp.pipe(stream(), as_tuples=True, batch_size=batch_size, n_process=workers)
    for _, found in groupby(docs, key=lambda pair: pair[1][0]):
        spans = tuple(span for doc, (_, start) in found for span in spans_of(doc, start))
        yield replace(waiting.popleft(), spans=spans)


def _parts(gold: Gold, unit: str) -> list[tuple[int, str]]:
    """Return the start in the article and the text of each passage; a text without any gives one empty passage."""
    text = gold.text or ""
    return [(r.start + gold.start, text[r.start : r.end]) for r in passages(text, unit)] or [(gold.start, "")]


def _as_gold(text: Article | Gold) -> Gold:
    if isinstance(text, Gold):
        return replace(text, spans=(), relations=())
    everything = (Range(0, len(text.text)),)
    return Gold(text.id, text.sha256, everything, text=text.text, meta={**text.source, "group": text.group})
