"""Where everything that a batch of pairs is summed from stands, as index arrays: no loop over pairs, none over spans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from liwa.training.relations.features import COLUMNS, Hashes, Pairs
from liwa.training.relations.mentions import Ints

ROLES: Final = 4
"""Ways in which a span may take part in a pair: as head or child, standing first or second."""

NEIGHBOURS: Final = 3
"""Words on each side of a span that are read at their places."""

BAGS: Final = 3
"""Stretches of words that are read without order: between the two spans, before both, behind both."""

AROUND: Final = 8
"""How many words before and behind a pair are read so."""

Ints32 = NDArray[np.int32]


class Layout(NamedTuple):
    """Index arrays of a batch with ``w`` words, ``s`` spans and ``p`` pairs; tokens are counted through the batch.

    word_tokens, word_keys: (w) first token of each word, and the word's hash.
    span_tokens, span_lengths: the tokens of all spans, span by span, and (s) how many each has.
    neighbours: (s, 2 * NEIGHBOURS) words around each span; w where there is none.
    roles: (p, 2) rows of head and child in a table of s * ROLES rows.
    features: (p, COLUMNS) hashes.
    bags: (2, BAGS, p) rows of begin and end in running sums over words, a table of (w + 1) * BAGS rows.
    scales: (BAGS, p, 1) one over the root of each bag's size.
    """

    word_tokens: Ints32
    word_keys: Hashes
    span_tokens: Ints32
    span_lengths: Ints32
    neighbours: Ints32
    roles: Ints32
    features: Hashes
    bags: Ints32
    scales: NDArray[np.float32]


def lay_out(lengths: Sequence[int], batch: Sequence[Pairs]) -> Layout:
    """Return the layout of lists of pairs over documents of some lengths, in tokens."""
    first_token = _offsets(lengths)
    first_word = _offsets(len(pairs.words.keys) for pairs in batch)
    first_span = _offsets(len(pairs.spans) for pairs in batch)
    spans = _join([p.spans + first_token[p.doc] for p in batch], 2)
    places = _join([p.words.places + first for p, first in zip(batch, first_word, strict=False)])
    pairs = _join([p.pairs + first for p, first in zip(batch, first_span, strict=False)], 2)
    home = np.repeat(np.arange(len(batch)), np.diff(first_span))
    borders = np.stack([first_word[home], first_word[home + 1]], axis=1)
    edges = _edges(places, pairs, borders)
    ordered = pairs[:, 0] < pairs[:, 1]
    return Layout(
        word_tokens=_join([p.words.tokens + first_token[p.doc] for p in batch]).astype(np.int32),
        word_keys=_join([p.words.keys for p in batch]).astype(np.uint64),
        span_tokens=_runs(spans[:, 0], spans[:, 1]).astype(np.int32),
        span_lengths=(spans[:, 1] - spans[:, 0]).astype(np.int32),
        neighbours=_neighbours(places, borders, int(first_word[-1])).astype(np.int32),
        roles=(pairs * ROLES + np.stack([ordered, 3 - ordered], axis=1)).astype(np.int32),
        features=_join([p.rows for p in batch], COLUMNS).astype(np.uint64),
        bags=(edges * BAGS + np.arange(BAGS)[:, np.newaxis]).astype(np.int32),
        scales=(1 / np.sqrt(np.maximum(edges[1] - edges[0], 1)))[:, :, np.newaxis].astype(np.float32),
    )


def _edges(places: Ints, pairs: Ints, borders: Ints) -> Ints:
    """Return (2, BAGS, pairs): the words at which each pair's bags begin and end (exclusive)."""
    left, right = np.minimum(*pairs.T), np.maximum(*pairs.T)
    first, second = places[left], places[right]
    begins = [first + 1, np.maximum(first - AROUND, borders[left, 0]), second + 1]
    ends = [np.maximum(second, first + 1), first, np.minimum(second + 1 + AROUND, borders[left, 1])]
    return np.array([begins, ends])


def _neighbours(places: Ints, borders: Ints, nowhere: int) -> Ints:
    """Return the words around each span, ``nowhere`` beyond the borders of its document."""
    steps = [step for step in range(-NEIGHBOURS, NEIGHBOURS + 1) if step]
    around = places[:, np.newaxis] + np.array(steps)
    inside = (around >= borders[:, :1]) & (around < borders[:, 1:])
    return np.where(inside, around, nowhere)


def _runs(starts: Ints, ends: Ints) -> Ints:
    """Return all numbers from each start to before its end."""
    lengths = ends - starts
    return np.repeat(starts - _offsets(lengths)[:-1], lengths) + np.arange(lengths.sum())


def _offsets(lengths: Iterable[int]) -> Ints:
    return np.cumsum([0, *lengths], dtype=np.int64)


def _join(arrays: Sequence[NDArray[np.generic]], width: int | None = None) -> Ints:
    """Concatenate rows; without any, return an array that has none."""
    if arrays:
        return np.concatenate(arrays)
    return np.zeros((0,) if width is None else (0, width), dtype=np.int64)
