"""What is known of a pair before any learning: labels, order, distance, rivals and the words around, as hashed rows.

A mention counts as one word, its label, here: so "commander of UNIT RANK PERSON" reads alike whatever the names are.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.strings import get_string_id

from liwa.training.relations.mentions import Ints, Mentions
from liwa.training.relations.signatures import Signatures
from liwa.training.relations.stated import Bools, Statements

Hashes = NDArray[np.uint64]

COLUMNS: Final = 36
"""How many features a pair has."""

_STEPS: Final = np.array([0, 1, 2, 3, 4, 6, 9, 13, 20, 35], dtype=np.int64)
"""Upper limits of the classes of distances, in words."""

_NEAR: Final = 3
"""How many words between two mentions are still read as a phrase."""

_STEM: Final = 4
"""How many letters of a word are its stem."""

_FAR: Final = 1 << 40
"""Added to the distance of pairs that no cue states, so that every stated one is nearer."""

_ARTICLE: Final = "ال"

_ODD: Final = np.uint64(0x9E3779B97F4A7C15)


class Words(NamedTuple):
    """A document with each mention folded into one word.

    tokens: the (first) token of each word. texts: its norm, or a mention's label in angle brackets. keys, stems: a
    hash of the whole word, and of its first letters; both are the label's number for a mention. places: the word that
    each mention is.
    """

    tokens: Ints
    texts: list[str]
    keys: Hashes
    stems: Hashes
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


def describe(doc: int, mentions: Mentions, pairs: Ints, signatures: Signatures, statements: Statements) -> Pairs:
    """Return pairs of mentions with their features, for the model."""
    labels = signatures.label_ids(mentions.labels)
    words = fold_words(mentions, labels)
    return Pairs(
        doc,
        np.stack([mentions.starts, mentions.ends], axis=1),
        labels,
        words,
        pairs,
        _rows(mentions, words, pairs, signatures, statements),
        signatures.legal[labels[pairs[:, 0]], labels[pairs[:, 1]]],
    )


def fold_words(mentions: Mentions, labels: Ints) -> Words:
    """Fold each mention of a document into one word."""
    inside = np.zeros(len(mentions.doc) + 1, dtype=np.int64)
    np.add.at(inside, mentions.starts + 1, 1)
    np.add.at(inside, np.maximum(mentions.ends, mentions.starts + 1), -1)
    kept = np.cumsum(inside)[:-1] <= 0
    tokens, places = np.flatnonzero(kept), (np.cumsum(kept) - 1)[mentions.starts]
    texts = [mentions.doc[token].norm_ for token in tokens.tolist()]
    keys = mentions.doc.to_array(["NORM"]).reshape(-1).astype(np.uint64)[tokens]
    stems = np.array([stem(text) for text in texts], dtype=np.uint64)
    keys[places] = stems[places] = labels.astype(np.uint64) + np.uint64(1)
    for place, label in zip(places.tolist(), mentions.labels, strict=True):
        texts[place] = f"<{label}>"
    return Words(tokens, texts, keys, stems, places)


@lru_cache(maxsize=1 << 16)
def stem(norm: str) -> int:
    """Return a hash of the first letters of a normalised word, behind its article."""
    bare = norm.removeprefix(_ARTICLE) if len(norm) > _STEM else norm
    return int(get_string_id(bare[:_STEM]))


def _rows(mentions: Mentions, words: Words, pairs: Ints, signatures: Signatures, statements: Statements) -> Hashes:
    """Return (pairs, COLUMNS) hashes, each of a feature's number and value together with labels and order."""
    labels, (heads, children) = signatures.label_ids(mentions.labels), pairs.T
    left, right = np.minimum(heads, children), np.maximum(heads, children)
    begin, end = words.places[left], words.places[right]
    kind = _mix(labels[heads] + 1, labels[children] + 1, heads < children)
    between = np.maximum(end - begin - 1, 0)
    sentences = mentions.sentences[right] - mentions.sentences[left]
    reach = np.minimum(sentences, 1) * len(words.keys) + between
    legal = signatures.legal[labels[heads], labels[children]]
    nearest = _nearest(pairs, labels, reach)
    counts = np.minimum(_counts(labels, left, right), 3)
    alike = np.minimum(_in_sentence(labels, mentions.sentences), 3)
    first = np.array([stem(mentions.doc[start].norm_) for start in mentions.starts.tolist()], dtype=np.uint64)
    values = [
        np.zeros(len(pairs), dtype=np.int64),
        _mix(np.searchsorted(_STEPS, between)),
        _mix(np.minimum(right - left - 1, 4), between == 0),
        _mix(np.minimum(sentences, 3)),
        _mix(*nearest),
        _mix(counts[:, 0], counts[:, 1]),
        _mix(right - left - 1 <= _NEAR, *_phrase(labels.astype(np.uint64) + np.uint64(1), left, right)),
        _mix(alike[heads], alike[children], np.minimum(sentences, 1)),
        _mix(*nearest, np.minimum(sentences, 1), np.minimum(between // 4, 3)),
        first[heads],
        first[children],
        _mix(first[heads], first[children]),
        *_wordings(words, begin, end),
        *_verdicts(statements.of(words.texts, begin, end, heads < children, legal), pairs, labels, reach),
    ]
    return np.stack([_mix(kind, value, np.full(len(pairs), n)) for n, value in enumerate(values)], axis=1)


def _wordings(words: Words, begin: Ints, end: Ints) -> list[Hashes]:
    """Return features of the words next to the two mentions of each pair: whole, and their stems."""
    near, keys, stems = end - begin - 1 <= _NEAR, words.keys, words.stems
    around = [begin - 1, end + 1, begin + 1, end - 1]
    return [
        *(_word(keys, at) for at in around),
        _mix(near, *_phrase(keys, begin, end)),
        _mix(_word(keys, begin - 1), _word(keys, begin - 2)),
        _mix(_word(keys, end + 1), _word(keys, end + 2)),
        *(_word(stems, at) for at in [*around, begin - 2, begin + 2, end - 2, end + 2]),
        _mix(near, *_phrase(stems, begin, end)),
        *(_word(stems, at) for at in _plain_words(words, begin, end)),
    ]


def _plain_words(words: Words, begin: Ints, end: Ints) -> list[Ints]:
    """Return the nearest words that are no mention: before, after, and the first and the last between; -1 for none."""
    size = len(words.keys)
    at = np.arange(size + 1)
    at[words.places] = -1
    last = np.maximum.accumulate(at)
    at[words.places] = size
    following = np.minimum.accumulate(at[::-1])[::-1]
    inner = following[begin + 1], last[np.maximum(end - 1, 0)]
    return [
        np.where(begin > 0, last[begin - 1], -1),
        following[end + 1],
        np.where(inner[0] < end, inner[0], -1),
        np.where(inner[1] > begin, inner[1], -1),
    ]


def _verdicts(said: tuple[Bools, Bools, Ints], pairs: Ints, labels: Ints, reach: Ints) -> list[Hashes]:
    """Return what cue words say of each pair: which types, and whether no nearer pair is said to be one; which cues."""
    stated, present, kinds = said
    verdicts = np.zeros(len(pairs), dtype=np.uint64)
    for kind in np.unique(kinds).tolist():
        by_cue = stated[:, kinds == kind].any(axis=1)
        nearest = _nearest(pairs, labels, np.where(by_cue, reach, _FAR + reach))
        verdicts += np.where(by_cue, _mix(np.full(len(pairs), kind + 1), *nearest), np.uint64(0))
    weights = _mix(np.arange(len(kinds)) + 1)
    close = _nearest(pairs, labels, reach)
    return [
        verdicts,
        _mix(verdicts, *close),
        *(np.where(cues, weights, np.uint64(0)).sum(axis=1, dtype=np.uint64) for cues in (stated, present)),
    ]


def _nearest(pairs: Ints, labels: Ints, reach: Ints) -> tuple[Bools, Bools]:
    """Say whether the head is the nearest of its label to the child, and the child to the head."""
    heads, children = pairs.T
    return _is_nearest(children, heads, labels[heads], reach), _is_nearest(heads, children, labels[children], reach)


def _in_sentence(labels: Ints, sentences: Ints) -> Ints:
    """Return for each mention how many of its label, itself included, its sentence has."""
    _, group, counts = np.unique(np.stack([sentences, labels]), axis=1, return_inverse=True, return_counts=True)
    return counts[group.reshape(-1)]


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


def _word(keys: Hashes, at: Ints) -> Hashes:
    """Return the keys at some places, 0 outside the document."""
    inside = (at >= 0) & (at < len(keys))
    return np.where(inside, keys[np.clip(at, 0, len(keys) - 1)], np.uint64(0))


def _mix(*columns: NDArray[np.generic]) -> Hashes:
    """Hash columns of integers into one, with the rounds of SplitMix64 (Steele, Lea and Flood 2014)."""
    mixed = np.zeros(columns[0].shape, dtype=np.uint64)
    for column in columns:
        mixed = (mixed ^ column.astype(np.uint64)) * _ODD + _ODD
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed = mixed ^ (mixed >> np.uint64(31))
    return mixed
