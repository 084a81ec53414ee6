"""How much texts are unlike others: words weighted by rarity, hashed into vectors, and a greedy choice by them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from liwa.corpus.sketches import words

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIZE: Final = 1024
"""Places of a vector; words that share one differ by sign in half of the cases, so that collisions cancel out."""

FIRST: Final = 2000
"""Texts that are chosen one by one; what is left follows in the order of its worth beside these."""


def hashes(text: str) -> NDArray[Any]:
    """Return the words of a text as 64-bit hashes; diacritics and spelling variants make no difference."""
    import numpy as np

    return np.array(words(text), dtype=np.int64)


def vectors(texts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Return a row of length 1 for each text, given as hashes: log counts times inverse document frequency.

    Words have places by their hash, and signs. The dot product of two rows is about the cosine of their texts; that of
    texts without words is 0.
    """
    import numpy as np

    each = [np.unique(text, return_counts=True) for text in texts]
    known, seen = np.unique(np.concatenate([np.empty(0, np.int64), *(found for found, _ in each)]), return_counts=True)
    rare = np.log((1 + len(texts)) / seen)
    rows = np.zeros((len(texts), SIZE), dtype=np.float32)
    for row, (found, often) in zip(rows, each, strict=True):
        weights = (1 + np.log(often)) * rare[np.searchsorted(known, found)]
        np.add.at(row, found % SIZE, np.where(found // SIZE % 2, 1, -1) * weights)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))


def greedy(
    worth: Sequence[float], of_texts: NDArray[Any], known: NDArray[Any], first: int = FIRST
) -> list[tuple[int, float]]:
    """Return the places of texts, the best first, each with its worth times its distance to all that come before.

    worth: of each text alone. of_texts, known: vectors of the texts, and of those that are known already; the distance
    is 1 less the largest cosine. Of equal texts the first comes first. What is returned never rises.
    """
    import numpy as np

    alone = np.asarray(worth, dtype=np.float64)
    near = np.zeros(len(alone))
    for row in known:
        near = np.maximum(near, of_texts @ row)
    left = np.ones(len(alone), dtype=bool)
    order: list[tuple[int, float]] = []
    for _ in range(min(first, len(alone))):
        value = np.where(left, alone * np.maximum(1 - near, 0), -1.0)
        best = int(value.argmax())
        order.append((best, float(value[best])))
        left[best] = False
        near = np.maximum(near, of_texts @ of_texts[best])
    rest = np.flatnonzero(left)
    value = alone[rest] * np.maximum(1 - near[rest], 0)
    return order + [(int(rest[n]), float(value[n])) for n in np.argsort(-value, kind="stable")]
