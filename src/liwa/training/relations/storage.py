"""Where relations live in a spaCy document: a span group of pairs, head before child, the type in ``kb_id_``.

Nothing hangs on custom extensions or on the group's attributes, so relations survive ``DocBin``, ``to_bytes``,
``to_json``, ``Doc.copy``, ``Doc.from_docs`` and worker processes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from spacy.tokens import Doc, Span

KEY: Final = "relations"
"""The group of relations: spans 2k and 2k + 1 are head and child of relation k."""

ANNOTATED: Final = "annotated"
"""The group of ranges that were annotated, in a reference document; without it, all of the document was."""

Link = tuple[Span, Span, str]
"""Head, child and type."""


def relations_of(doc: Doc) -> Iterator[Link]:
    """Yield the relations of a document as (head span, child span, type), in the order in which they were set."""
    ends = iter(doc.spans.get(KEY, ()))
    for head, child in zip(ends, ends, strict=True):
        yield head, child, head.kb_id_


def set_relations(doc: Doc, relations: Iterable[Link]) -> None:
    """Replace the relations of a document; an empty iterable says that it was looked at and has none."""
    doc.spans[KEY] = [
        Span(doc, end.start, end.end, label=end.label, kb_id=label)
        for head, child, label in relations
        for end in (head, child)
    ]


def has_relations(doc: Doc) -> bool:
    """Say whether relations were annotated or predicted in a document, be it that there are none."""
    return KEY in doc.spans


def set_annotated(doc: Doc, ranges: Iterable[tuple[int, int]]) -> None:
    """Say which token ranges (end exclusive) of a reference document were annotated; pairs outside are unknown."""
    doc.spans[ANNOTATED] = [doc[start:end] for start, end in ranges if start < end]


def annotated(doc: Doc) -> list[tuple[int, int]]:
    """Return the token ranges of a reference document inside which missing relations are negatives."""
    if not has_relations(doc):
        return []
    if ANNOTATED not in doc.spans:
        return [(0, len(doc))]
    return [(span.start, span.end) for span in doc.spans[ANNOTATED]]
