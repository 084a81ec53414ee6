"""Where everything that a batch of pairs is summed from stands, as index arrays: no loop over pairs, none over spans.

A batch has lists of pairs, each over the spans of one document; its words are those of all lists in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from liwa.training.relations.features import COLUMNS, Hashes, Pairs
from liwa.training.relations.mentions import Ints

ROLES: Final = 4
"""Ways in which a span may take part in a pair: as child or head, standing first or second."""

NEIGHBOURS: Final = 3
"""Words on each side of a span that are read at their places."""

BAGS: Final = 3
"""Stretches of words that are read without order: between the two spans, before both and behind both."""

AROUND: Final = 8
"""Words before and behind a pair that are read so."""

Ints32 = NDArray[np.int32]


class Layout(NamedTuple):
    """Index arrays of a batch with ``w`` words, ``s`` spans and ``p`` pairs.

    word_tokens, word_keys: (w) first token of each word, counted through the batch, and the word's hash.
    span_tokens, span_lengths: all tokens of all spans, and (s) how many each span has.
    neighbours: (s, 2 * NEIGHBOURS) words around each span; w where there is none.
    roles: (p, 2) rows of head and child in a table of (s * ROLES) rows. features: (p, COLUMNS) hashes.
    bags: (BAGS, 2, p) rows of begin and end in running sums over words, a table of ((w + 1) * BAGS * 2) rows.
    scales: (BAGS, p, 1) what each bag's sum is multiplied by.
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
    first_token = np.concatenate([[0], np.cumsum(np.asarray(lengths, dtype=np.int64))])
    first_word = _offsets([len(pairs.words.keys) for pairs in batch])
    first_span = _offsets([len(pairs.spans) for pairs in batch])
    words = int(first_word[-1])
    spans = _join([pairs.spans + first_token[pairs.doc] for pairs in batch], 2)
    bounds = [np.stack([_bounds(pairs), *_pieces(pairs)]) for pairs in batch]
    begins_ends = np.concatenate([b + first for b, first in zip(bounds, first_word, strict=False)] or [_NONE], axis=2)
    order = np.concatenate([pairs.pairs[:, 0] < pairs.pairs[:, 1] for pairs in batch] or [_NONE[0, 0]])
    ends = _join([pairs.pairs + first for pairs, first in zip(batch, first_span, strict=False)], 2)
    widths = (begins_ends[:, 1] - begins_ends[:, 0])[:, :, np.newaxis]
    columns = np.arange(BAGS)[:, np.newaxis, np.newaxis] * 2 + order.astype(np.int64)
    return Layout(
        word_tokens=_join([p.words.tokens + first_token[p.doc] for p in batch]).astype(np.int32),
        word_keys=_join([p.words.keys for p in batch]).astype(np.uint64),
        span_tokens=_runs(spans[:, 0], spans[:, 1]).astype(np.int32),
        span_lengths=(spans[:, 1] - spans[:, 0]).astype(np.int32),
        neighbours=_join([_neighbours(p, first, words) for p, first in zip(batch, first_word, strict=False)], 2 * NEIGHBOURS).astype(np.int32),
        roles=(ends * ROLES + np.stack([2 + order, order], axis=1)).astype(np.int32),
        features=_join([p.rows for p in batch], COLUMNS).astype(np.uint64),
        bags=(begins_ends * (BAGS * 2) + columns).astype(np.int32),
        scales=(1 / np.sqrt(np.maximum(widths, 1))).astype(np.float32),
    )
