"""Where all that a batch of pairs is summed from stands, as index arrays: no loop over pairs, none over spans."""

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

AROUND: Final = 8
"""Words on each side of a span that are read as a bag, without their places."""

Ints32 = NDArray[np.int32]


class Layout(NamedTuple):
    """Index arrays of a batch with ``w`` words, ``s`` spans and ``p`` pairs; tokens are counted through the batch.

    word_tokens, word_keys, word_stems: (w) first token of each word, and the hashes of the word and of its stem.
    span_tokens, span_lengths: the tokens of all spans, span by span, and (s) how many each has.
    neighbours: (s, 2 * NEIGHBOURS) words around each span; w where there is none.
    around: (2, s, 2) first word, and the one after the last, of the bag before each span and of the one behind.
    between: (2, p, 1) the same of the bag between the two spans of each pair.
    roles: (p, 2) rows of head and child in a table of s * ROLES rows.
    features: (p, COLUMNS) hashes.
    """

    word_tokens: Ints32
    word_keys: Hashes
    word_stems: Hashes
    span_tokens: Ints32
    span_lengths: Ints32
    neighbours: Ints32
    around: Ints32
    between: Ints32
    roles: Ints32
    features: Hashes


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
    ordered = pairs[:, 0] < pairs[:, 1]
    return Layout(
        word_tokens=_join([p.words.tokens + first_token[p.doc] for p in batch]).astype(np.int32),
        word_keys=_join([p.words.keys for p in batch]).astype(np.uint64),
        word_stems=_join([p.words.stems for p in batch]).astype(np.uint64),
        span_tokens=_runs(spans[:, 0], spans[:, 1]).astype(np.int32),
        span_lengths=(spans[:, 1] - spans[:, 0]).astype(np.int32),
        neighbours=_neighbours(places, borders, int(first_word[-1])).astype(np.int32),
        around=_around(places, borders).astype(np.int32),
        between=_between(places, pairs).astype(np.int32),
        roles=(pairs * ROLES + np.stack([ordered, 3 - ordered], axis=1)).astype(np.int32),
        features=_join([p.rows for p in batch], COLUMNS).astype(np.uint64),
    )


def _around(places: Ints, borders: Ints) -> Ints:
    """Return the words at which the bags before and behind each span begin and end, inside its document."""
    before = np.maximum(places - AROUND, borders[:, 0]), places
    behind = places + 1, np.minimum(places + 1 + AROUND, borders[:, 1])
    return np.stack([before, behind], axis=2)


def _between(places: Ints, pairs: Ints) -> Ints:
    """Return the words at which the bag between the spans of each pair begins and ends."""
    begin = places[pairs].min(axis=1, initial=np.iinfo(np.int64).max) + 1
    end = places[pairs].max(axis=1, initial=0)
    return np.stack([begin, np.maximum(begin, end)])[:, :, np.newaxis]


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
