"""How unsure a trained pipeline is of what it finds: the likelihood of each span and relation, and the doubt of a text.

Of a conditional random field these are exact: the entropy of each token's tag over all paths, and the likelihood of a
span whatever else is in the text. Of a transition-based recognizer a beam stands for all paths. Relations are judged
each by itself. See D. Lewis and W. Gale, A Sequential Algorithm for Training Text Classifiers, SIGIR 1994; B. Settles
and M. Craven, An Analysis of Active Learning Strategies for Sequence Labeling Tasks, EMNLP 2008.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import log2
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liwa.errors import LiwaError
from liwa.records import Article, Gold, Relation, Span
from liwa.training.predict import documents

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

BEAM: Final = 16
"""Paths that stand for all others of a transition-based recognizer."""

_DENSITY: Final = 0.0001


class Doubt(NamedTuple):
    """How unsure a model is of a text, in bits summed over its tokens and its possible relations, and its words."""

    spans: float = 0.0
    relations: float = 0.0
    words: int = 0

    @property
    def total(self) -> float:
        """Bits of spans and relations together."""
        return self.spans + self.relations

    @property
    def per_word(self) -> float:
        """Bits a word, words being what a text costs its reader; 0 of no words."""
        return self.total / self.words if self.words else 0.0

    def plus(self, other: Doubt) -> Doubt:
        """Return the doubt of two texts together."""
        return Doubt(self.spans + other.spans, self.relations + other.relations, self.words + other.words)


class Judged(NamedTuple):
    """What a pipeline finds in a text, in article offsets, and how likely each span and relation is.

    Without a likelihood is what a component found that gives none.
    """

    spans: Mapping[Span, float | None]
    relations: Mapping[Relation, float | None]


def doubt(nlp: Language, text: Article | Gold) -> Doubt:
    """Return how unsure a pipeline is of a text; LiwaError where it has no component that can say."""
    able = _recognizers(nlp)
    if not able:
        found = ", ".join(nlp.pipe_names) or "nothing"
        message = f"expected a pipeline that can say how sure it is of its spans, found one of {found}"
        raise LiwaError(message, hint="Train one with liwa train, whose crf_ner can, or spaCy's ner")
    docs = [doc for doc, _ in documents(nlp, text) if len(doc)]
    spans = sum(_span_doubt(recognizer, doc) for recognizer in able for doc in docs)
    relations = sum(binary_entropy(likely) for doc in docs for _, likely in _relations(nlp, doc))
    return Doubt(spans, relations, len((text.text or "").split()))


def judge(nlp: Language, text: Article | Gold) -> Judged:
    """Return what a pipeline finds in a text, with likelihoods where its components give some."""
    from liwa.training.docs import relations_of, spans_of

    spans: dict[Span, float | None] = {}
    relations: dict[Relation, float | None] = {}
    for doc, start in documents(nlp, text):
        spans |= zip(spans_of(doc, start), _span_likelihoods(nlp, doc), strict=True)
        known = {_relation(link, start): likely for link, likely in _relations(nlp, doc)}
        relations |= {relation: known.get(relation) for relation in relations_of(doc, start)}
    return Judged(spans, relations)


def binary_entropy(likely: float) -> float:
    """Return how unsure a yes or no is that is so likely, in bits."""
    return -sum(p * log2(p) for p in (likely, 1 - likely) if p > 0)


def _recognizers(nlp: Language) -> list[Any]:
    """Return the components that set entities and can say how sure they are."""
    from spacy.pipeline import EntityRecognizer

    from liwa.training.crf import CrfTagger

    return [pipe for _, pipe in nlp.pipeline if isinstance(pipe, CrfTagger | EntityRecognizer)]


def _span_doubt(recognizer: Any, doc: Doc) -> float:
    if hasattr(recognizer, "beliefs"):
        return float(recognizer.beliefs(doc).entropy.sum())
    return sum(map(binary_entropy, _beamed(recognizer, doc).values()), 0.0)


def _span_likelihoods(nlp: Language, doc: Doc) -> Iterable[float | None]:
    """Return how likely each entity of a document is, as the last component says that can."""
    able = _recognizers(nlp)
    if not able or not doc.ents:
        return [None] * len(doc.ents)
    if hasattr(able[-1], "beliefs"):
        beliefs = able[-1].beliefs(doc)
        return [able[-1].likelihood(beliefs, entity) for entity in doc.ents]
    known = _beamed(able[-1], doc)
    return [known.get((entity.start, entity.end, entity.label_), 0.0) for entity in doc.ents]


def _beamed(pipe: Any, doc: Doc) -> Mapping[tuple[int, int, str], float]:
    """Return how likely entities are, first token, token after the last and label, by the paths of a beam."""
    bare = doc.copy()
    bare.set_ents([])
    [found] = pipe.scored_ents(pipe.beam_parse([bare], beam_width=BEAM, beam_density=_DENSITY))
    return {key: min(1.0, float(likely)) for key, likely in found.items()}


def _relations(nlp: Language, doc: Doc) -> Iterable[tuple[Any, float]]:
    from liwa.training.relations.pipe import RelationExtractor

    for _, pipe in nlp.pipeline:
        if isinstance(pipe, RelationExtractor) and doc.ents:
            yield from pipe.likelihoods(doc)


def _relation(link: Any, start: int) -> Relation:
    head, child, kind = link
    first, second = (Span(end.start_char + start, end.end_char + start, end.label_) for end in (head, child))
    return Relation(first, second, kind)
