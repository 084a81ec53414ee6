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
from liwa.training.docs import annotate, relations_of, spans_of
from liwa.training.ops import numpy_blas

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


def load_model(path: str | Path, *, gpu_id: int = -1) -> Language:
    """Load a trained pipeline from a folder or by the name of an installed package; LiwaError where that fails."""
    import spacy
    from spacy.cli._util import setup_gpu

    setup_gpu(gpu_id, silent=True)
    try:
        with numpy_blas():
            return spacy.load(path)
    except (OSError, ValueError) as error:
        reason = next((line.rstrip(".") for line in str(error).splitlines() if line.strip()), type(error).__name__)
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
            for part in _parts(whole, unit):
                yield part.text or "", (number, part.start)

    docs = nlp.pipe(stream(), as_tuples=True, batch_size=batch_size, n_process=workers)
    for _, found in groupby(docs, key=lambda pair: pair[1][0]):
        yield _collect(waiting.popleft(), [(doc, start) for doc, (_, start) in found])


def documents(nlp: Language, text: Article | Gold) -> list[tuple[Doc, int]]:
    """Return the passages of one text as documents that went through the pipeline, with the offsets they begin at.

    No other text is beside them, so that what is found, to the last digit, hangs on this text alone.
    """
    parts = _parts(_as_gold(text), unit_of(nlp))
    docs = nlp.pipe((part.text or "" for part in parts), batch_size=max(1, len(parts)))
    return [(doc, part.start) for doc, part in zip(docs, parts, strict=True)]


def relate(nlp: Language, golds: Iterable[Gold]) -> Iterator[Gold]:
    """Yield each gold, which needs its text, with the relations that the pipeline finds between the spans it has.

    Spans that tokens cannot hold, or that no passage holds, take part in none.
    """
    finders = [name for name in nlp.pipe_names if "doc.ents" in nlp.get_pipe_meta(name).assigns]
    with nlp.select_pipes(disable=finders):
        for gold in golds:
            parts = _parts(gold, unit_of(nlp))
            docs = nlp.pipe(_with_spans(nlp, part) for part in parts)
            found = [(doc, part.start) for doc, part in zip(docs, parts, strict=True)]
            yield replace(_collect(gold, found), spans=gold.spans)


def propose(nlp: Language, golds: Iterable[Gold]) -> Iterator[Gold]:
    """Yield each gold with everything that the pipeline could say of its spans: candidates with each legal type."""
    from liwa.training.relations.pipe import RelationExtractor
    from liwa.training.relations.storage import set_relations

    pipes = [pipe for _, pipe in nlp.pipeline if isinstance(pipe, RelationExtractor)]
    for gold in golds:
        found = []
        for part in _parts(gold, unit_of(nlp)):
            doc = _with_spans(nlp, part)
            set_relations(doc, (link for pipe in pipes for link in pipe.propose(doc, doc.ents)))
            found.append((doc, part.start))
        yield replace(_collect(gold, found), spans=gold.spans)


def rule_of(nlp: Language) -> Language:
    """Return a pipeline that links by cue words alone, with the tokenizer, scheme and unit of a trained one."""
    import spacy

    config = {"nlp": {"tokenizer": nlp.config["nlp"]["tokenizer"]}}
    rule = spacy.blank(str(nlp.lang), config=config, meta={"liwa": nlp.meta.get("liwa", {})})
    rule.add_pipe("relation_rule")
    return rule


def finds_relations(nlp: Language) -> bool:
    """Say whether a pipeline has a component that learned relations."""
    return any(nlp.get_pipe_meta(name).factory == "relations" for name in nlp.pipe_names)


def _parts(gold: Gold, unit: str) -> list[Gold]:
    """Return the passages of gold with its text; a text without any gives one empty passage."""
    text = gold.text or ""
    windows = [Range(r.start + gold.start, r.end + gold.start) for r in passages(text, unit)]
    return [gold.within(window) for window in windows or [Range(gold.start, gold.start)]]


def _with_spans(nlp: Language, part: Gold) -> Doc:
    doc = nlp.make_doc(part.text or "")
    annotate(doc, replace(part, relations=()))
    return doc


def _collect(whole: Gold, docs: Iterable[tuple[Doc, int]]) -> Gold:
    """Return a text with the spans and relations of its documents, each with the offset at which it begins."""
    docs = list(docs)
    spans = tuple(span for doc, start in docs for span in spans_of(doc, start))
    relations = tuple(relation for doc, start in docs for relation in relations_of(doc, start))
    return replace(whole, spans=spans, relations=relations)


def _as_gold(text: Article | Gold) -> Gold:
    if isinstance(text, Gold):
        return replace(text, spans=(), relations=())
    everything = (Range(0, len(text.text)),)
    return Gold(text.id, text.sha256, everything, text=text.text, meta={**text.source, "group": text.group})
