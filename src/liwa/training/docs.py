"""Gold as spaCy documents, one a passage: spans and relations on tokens, unannotated text masked, no span lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from liwa.passages import passages
from liwa.records import Gold, Range, Relation, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.tokens import Span as SpacySpan

UNIT: Final = "paragraph"
"""What one document is, in training and in prediction, unless a config says otherwise."""


def passages_of(gold: Gold, unit: str) -> Iterator[Gold]:
    """Yield the passages of gold that has its text, as far as anything in them was annotated.

    A gold that is itself a part of an article is divided alike: a row of one paragraph gives that paragraph.
    """
    assert gold.text is not None, f"{gold.article} has no text yet"
    for window in passages(gold.text, unit):
        part = gold.within(Range(window.start + gold.start, window.end + gold.start))
        if part.ranges:
            yield part


def annotate(doc: Doc, gold: Gold) -> list[Span]:
    """Set the spans of gold as entities on a document of its text, and its relations; the rest is masked as missing.

    Returns the spans that no tokens hold, in article offsets; these are not in the document, nor are their relations.
    """
    from liwa.training.relations.storage import set_annotated, set_relations

    entities = {s: doc.char_span(s.start - gold.start, s.end - gold.start, label=s.label) for s in gold.spans}
    held = {span: entity for span, entity in entities.items() if entity is not None}
    doc.set_ents(list(held.values()), missing=_masked(doc, gold), default="outside")
    set_relations(doc, ((held[h], held[c], kind) for h, c, kind in gold.relations if h in held and c in held))
    set_annotated(doc, (_tokens(doc, r, gold.start) for r in gold.ranges))
    return [span for span in gold.spans if span not in held]


def spans_of(doc: Doc, start: int = 0) -> tuple[Span, ...]:
    """Return the entities of a document as spans, moved by the offset at which its text begins in the article."""
    return tuple(_span(entity, start) for entity in doc.ents)


def relations_of(doc: Doc, start: int = 0) -> tuple[Relation, ...]:
    """Return the relations of a document, moved by the offset at which its text begins in the article."""
    from liwa.training.relations.storage import relations_of as links_of

    links = ((_span(head, start), _span(child, start), kind) for head, child, kind in links_of(doc))
    return tuple(sorted(Relation(*link) for link in links))


def _span(span: SpacySpan, start: int) -> Span:
    return Span(span.start_char + start, span.end_char + start, span.label_)


def _tokens(doc: Doc, place: Range, start: int) -> tuple[int, int]:
    """Return the first token in a range of the article, and the one after the last."""
    inside = doc.char_span(max(place.start - start, 0), place.end - start, alignment_mode="contract")
    return (inside.start, inside.end) if inside is not None else (0, 0)


def _masked(doc: Doc, gold: Gold) -> list[SpacySpan]:
    """Return runs of tokens that do not lie wholly in an annotated range."""
    runs: list[list[int]] = []
    for token in doc:
        place = Range(token.idx + gold.start, token.idx + gold.start + len(token))
        if not any(r.holds(place) for r in gold.ranges):
            if runs and runs[-1][1] == token.i:
                runs[-1][1] += 1
            else:
                runs.append([token.i, token.i + 1])
    return [doc[start:end] for start, end in runs]
