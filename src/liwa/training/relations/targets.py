"""What the model should say of each pair: the gold, and where nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc, Span
from spacy.training import Example

from liwa.training.relations.features import Pairs
from liwa.training.relations.signatures import Signatures
from liwa.training.relations.storage import annotated, relations_of


def gold_spans(example: Example) -> list[Span]:
    """Return the entities of the reference on the tokens of the prediction, less those that these cannot hold."""
    return [span for entity in example.reference.ents if (span := _placed(example.predicted, entity))]


def targets(example: Example, pairs: Pairs, signatures: Signatures) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return (pairs, types) what is true, and (pairs, types) where that is known: legal, and annotated at both ends."""
    truth = np.zeros(pairs.legal.shape, dtype=np.float32)
    row_of = _Rows(pairs)
    types = {name: number for number, name in enumerate(signatures.types)}
    for head, child, kind in relations_of(example.reference):
        row = row_of(_key(example.predicted, head, signatures), _key(example.predicted, child, signatures))
        if row is not None and kind in types:
            truth[row, types[kind]] = 1
    return truth, pairs.legal & _known(example, pairs)[:, np.newaxis]


class _Rows:
    """Finds the pair of two spans, each given by its tokens and its label."""

    def __init__(self, pairs: Pairs) -> None:
        keys = np.column_stack([pairs.spans, pairs.labels]).tolist()
        self._spans = {tuple(key): number for number, key in enumerate(keys)}
        self._pairs = pairs.pairs

    def __call__(self, head: tuple[int, ...] | None, child: tuple[int, ...] | None) -> int | None:
        ends = self._spans.get(head or ()), self._spans.get(child or ())
        found = np.flatnonzero((self._pairs == np.array(ends)).all(axis=1)) if None not in ends else []
        return int(found[0]) if len(found) else None


def _key(doc: Doc, span: Span, signatures: Signatures) -> tuple[int, ...] | None:
    placed = _placed(doc, span)
    return placed and (placed.start, placed.end, int(signatures.label_ids([span.label_])[0]))


def _known(example: Example, pairs: Pairs) -> NDArray[np.bool_]:
    """Say of each pair whether both its spans lie in one annotated range of the reference."""
    ranges = np.array(list(_ranges(example)), dtype=np.int64).reshape(-1, 2)
    if not len(ranges):
        return np.zeros(len(pairs.pairs), dtype=bool)
    at = np.searchsorted(ranges[:, 0], pairs.spans[:, 0], side="right") - 1
    inside = (at >= 0) & (pairs.spans[:, 1] <= ranges[at, 1])
    heads, children = pairs.pairs.T
    return np.asarray(inside[heads] & inside[children] & (at[heads] == at[children]))


def _ranges(example: Example) -> Iterable[tuple[int, int]]:
    for start, end in annotated(example.reference):
        if span := _placed(example.predicted, example.reference[start:end], alignment_mode="contract"):
            yield span.start, span.end


def _placed(doc: Doc, span: Span, **how: Any) -> Span | None:
    """Return the span of a document over the same characters as a span of another one of the same text."""
    same = doc[span.start : span.end]  # as a rule the tokens are the same, and a search for characters is slow
    if (same.start_char, same.end_char) == (span.start_char, span.end_char):
        return Span(doc, span.start, span.end, label=span.label_)
    return doc.char_span(span.start_char, span.end_char, label=span.label_, **how)
