"""What the model should say of each pair: the gold, and where nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Span
from spacy.training import Example

from liwa.training.relations.features import Pairs
from liwa.training.relations.signatures import Signatures
from liwa.training.relations.storage import annotated, relations_of

Place = tuple[int, int]
"""The tokens of a span on the predicted side of an example, end exclusive."""


def gold_spans(example: Example) -> list[Span]:
    """Return the entities of the reference on the tokens of the prediction, less those that these cannot hold."""
    placed = _Placer(example)
    places = ((placed(entity), entity.label_) for entity in example.reference.ents)
    return [Span(example.predicted, *place, label=label) for place, label in places if place]


def targets(example: Example, pairs: Pairs, signatures: Signatures) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return (pairs, types) what is true, and (pairs, types) where that is known: legal, and annotated at both ends."""
    truth = np.zeros(pairs.legal.shape, dtype=np.float32)
    types = {name: number for number, name in enumerate(signatures.types)}
    placed = _Placer(example)
    keys = zip(*pairs.spans.T.tolist(), pairs.labels.tolist(), strict=True)
    number_of = {key: number for number, key in enumerate(keys)}
    for head, child, kind in relations_of(example.reference):
        ends = [number_of.get((*(placed(end) or (-1, -1)), signatures.label_id(end.label_))) for end in (head, child)]
        if kind in types and None not in ends:
            truth[(pairs.pairs == np.array(ends)).all(axis=1), types[kind]] = 1
    return truth, pairs.legal & _known(example, placed, pairs)[:, np.newaxis]


class _Placer:
    """Finds the tokens of the prediction over the characters of a reference's span."""

    def __init__(self, example: Example) -> None:
        self._doc = example.predicted
        one, other = (doc.to_array(["ORTH", "SPACY"]) for doc in (example.predicted, example.reference))
        self._same = np.array_equal(one, other)

    def __call__(self, span: Span, **how: Any) -> Place | None:
        if self._same:
            return span.start, span.end
        found = self._doc.char_span(span.start_char, span.end_char, **how)
        return None if found is None else (found.start, found.end)


def _known(example: Example, placed: _Placer, pairs: Pairs) -> NDArray[np.bool_]:
    """Say of each pair whether both its spans lie in one annotated range of the reference."""
    ranges = np.array(list(_ranges(example, placed)), dtype=np.int64).reshape(-1, 2)
    if not len(ranges):
        return np.zeros(len(pairs.pairs), dtype=bool)
    at = np.searchsorted(ranges[:, 0], pairs.spans[:, 0], side="right") - 1
    inside = (at >= 0) & (pairs.spans[:, 1] <= ranges[at, 1])
    heads, children = pairs.pairs.T
    return np.asarray(inside[heads] & inside[children] & (at[heads] == at[children]))


def _ranges(example: Example, placed: _Placer) -> Iterator[Place]:
    for start, end in annotated(example.reference):
        if place := placed(example.reference[start:end], alignment_mode="contract"):
            yield place
