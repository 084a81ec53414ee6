"""Gold as spaCy documents, one a passage: spans on tokens, unannotated text masked, no span lost in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from liwa.passages import passages
from liwa.records import Gold, Range, Span

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
    """Set the spans of gold as entities on a document of its text; unannotated tokens are masked as missing.

    Returns the spans that no tokens hold, in article offsets; these are not in the document.
    """
    entities = [doc.char_span(s.start - gold.start, s.end - gold.start, label=s.label) for s in gold.spans]
    lost = [span for span, entity in zip(gold.spans, entities, strict=True) if entity is None]
    doc.set_ents([e for e in entities if e is not None], missing=_masked(doc, gold), default="outside")
    return lost


def spans_of(doc: Doc, start: int = 0) -> tuple[Span, ...]:
    """Return the entities of a document as spans, moved by the offset at which its text begins in the article."""
    return tuple(Span(e.start_char + start, e.end_char + start, e.label_) for e in doc.ents)


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
