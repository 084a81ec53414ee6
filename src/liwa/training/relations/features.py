"""What is known of a pair before any learning: labels, order, distance, rivals and the words around, as hashed rows.

A mention counts as one word, its label, here: so "commander of UNIT RANK PERSON" reads alike whatever the names are.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from liwa.training.relations.mentions import Ints, Mentions
from liwa.training.relations.signatures import Signatures

Hashes = NDArray[np.uint64]

COLUMNS: Final = 14
"""How many features a pair has."""

_STEPS: Final = np.array([0, 1, 2, 3, 4, 6, 9, 13, 20, 35], dtype=np.int64)
"""Upper limits of the classes of distances, in words."""

_NEAR: Final = 3
"""How many words between two mentions are still read as a phrase."""

_ODD: Final = np.uint64(0x9E3779B97F4A7C15)


class Words(NamedTuple):
    """A document with each mention folded into one word.

    tokens: the (first) token of each word. keys: a hash of each word, its norm or a mention's label. places: the word
    that each mention is.
    """

    tokens: Ints
    keys: Hashes
    places: Ints


class Pairs(NamedTuple):
    """All that the model needs of the pairs of one list of spans in one document.

    doc: the document's place in the batch. spans: (spans, 2) tokens, end exclusive. labels: (spans) their numbers in
    the signatures. words: the folded document. pairs: (pairs, 2) places of head and child in spans.
    rows: (pairs, COLUMNS) hashes. legal: (pairs, types) whether a type may link the two.
    """

    doc: int
    spans: Ints
    labels: Ints
    words: Words
    pairs: Ints
    rows: Hashes
    legal: NDArray[np.bool_]


def describe(doc: int, mentions: Mentions, pairs: Ints, signatures: Signatures) -> Pairs:
    """Return pairs of mentions with their features, for the model."""
    labels = signatures.label_ids(mentions.labels)
    words = fold_words(mentions, labels)
    heads, children = pairs[:, 0], pairs[:, 1]
    return Pairs(
        doc,
        np.stack([mentions.starts, mentions.ends], axis=1),
        labels,
        words,
        pairs,
        rows(mentions, words, pairs, labels),
        signatures.legal[labels[heads], labels[children]],
    )


def fold_words(mentions: Mentions, labels: Ints) -> Words:
    """Fold each mention of a document into one word."""
    inside = np.zeros(len(mentions.doc) + 1, dtype=np.int64)
    np.add.at(inside, mentions.starts + 1, 1)
    np.add.at(inside, np.maximum(mentions.ends, mentions.starts + 1), -1)
    kept = np.cumsum(inside)[:-1] <= 0
    keys = mentions.doc.to_array(["NORM"]).reshape(-1).astype(np.uint64)
    keys[mentions.starts] = labels.astype(np.uint64) + np.uint64(1)
    return Words(np.flatnonzero(kept), keys[kept], (np.cumsum(kept) - 1)[mentions.starts])


def rows(mentions: Mentions, words: Words, pairs: Ints, labels: Ints) -> Hashes:
    """Return (pairs, COLUMNS) hashes, each of a feature's name and value together with labels and order."""
    heads, children = pairs[:, 0], pairs[:, 1]
    left, right = np.minimum(heads, children), np.maximum(heads, children)
    begin, end = words.places[left], words.places[right]
    kind = _mix(labels[heads] + 1, labels[children] + 1, heads < children)
    between = np.maximum(end - begin - 1, 0)
    sentences = mentions.sentences[right] - mentions.sentences[left]
    reach = np.minimum(sentences, 1) * len(words.keys) + between
    counts = _counts(labels, left, right)
    values = [
        np.zeros(len(pairs), dtype=np.int64),
        _mix(np.searchsorted(_STEPS, between)),
        _mix(np.minimum(right - left - 1, 4), between == 0),
        _mix(np.minimum(sentences, 3)),
        _mix(_is_nearest(children, heads, labels[heads], reach), _is_nearest(heads, children, labels[children], reach)),
        _mix(np.minimum(counts[:, 0], 3), np.minimum(counts[:, 1], 3)),
        _mix(between <= _NEAR, *_phrase(words.keys, begin, end)),
        _mix(right - left - 1 <= _NEAR, *_phrase(labels.astype(np.uint64) + np.uint64(1), left, right)),
        _word(words, begin - 1),
        _word(words, end + 1),
        _word(words, begin + 1),
        _word(words, end - 1),
        _mix(_word(words, begin - 1), _word(words, begin - 2)),
        _mix(_word(words, end + 1), _word(words, end + 2)),
    ]
    return np.stack([_mix(kind, value, np.full(len(pairs), n)) for n, value in enumerate(values)], axis=1)


def _counts(labels: Ints, left: Ints, right: Ints) -> Ints:
    """Return how many mentions between the two have the left one's label, and the right one's."""
    seen = np.zeros((len(labels) + 1, int(labels.max(initial=0)) + 1), dtype=np.int64)
    seen[np.arange(1, len(labels) + 1), labels] = 1
    seen = np.cumsum(seen, axis=0)
    return np.stack([seen[right, labels[end]] - seen[left + 1, labels[end]] for end in (left, right)], axis=1)


def _is_nearest(anchors: Ints, rivals: Ints, labels: Ints, reach: Ints) -> NDArray[np.bool_]:
    """Say for each pair whether no rival of the same label is nearer to the anchor, nor as near and earlier."""
    groups = anchors * (labels.max(initial=0) + 1) + labels
    order = 2 * reach + (rivals > anchors)
    nearest = np.full(int(groups.max(initial=0)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(nearest, groups, order)
    return np.asarray(order == nearest[groups])


def _phrase(keys: Hashes, begin: Ints, end: Ints) -> list[Hashes]:
    """Return the keys of the first words between two places, 0 where there are fewer."""
    steps = [begin + step for step in range(1, _NEAR + 1)]
    return [np.where(at < end, keys[np.minimum(at, len(keys) - 1)], np.uint64(0)) for at in steps]


def _word(words: Words, at: Ints) -> Hashes:
    """Return the keys of the words at some places, 0 outside the document."""
    inside = (at >= 0) & (at < len(words.keys))
    return np.where(inside, words.keys[np.clip(at, 0, len(words.keys) - 1)], np.uint64(0))


def _mix(*columns: NDArray[np.generic]) -> Hashes:
    """Hash columns of integers into one, with the rounds of SplitMix64 (Steele, Lea and Flood 2014)."""
    mixed = np.zeros(columns[0].shape, dtype=np.uint64)
    for column in columns:
        mixed = (mixed ^ column.astype(np.uint64)) * _ODD + _ODD
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed = mixed ^ (mixed >> np.uint64(31))
    return mixed
