"""From scores to relations: what is likely enough, and no more of it than a head or a child may have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from liwa.training.relations.mentions import Ints


@dataclass(frozen=True)
class Decoder:
    """How many relations of what likelihood are kept.

    threshold: the least likelihood. exclusive: keep the likeliest type of a pair only. max_heads, max_children: by
    type, how many heads a child may have and how many children a head; the likeliest are kept.
    """

    threshold: float = 0.5
    exclusive: bool = True
    max_heads: Mapping[str, int] = field(default_factory=dict)
    max_children: Mapping[str, int] = field(default_factory=dict)

    def __call__(self, likely: NDArray[np.float32], pairs: Ints, types: tuple[str, ...]) -> list[tuple[int, int, str]]:
        """Return (head, child, type) in the order of the pairs; likely: (pairs, types), 0 for what is not legal."""
        kept = (likely >= self.threshold) & (likely > 0)
        if self.exclusive and kept.size:
            kept &= np.arange(len(types)) == likely.argmax(axis=1)[:, np.newaxis]
        places = np.argwhere(kept)
        places = places[np.argsort(-likely[kept], kind="stable")]
        found = [(int(pairs[row, 0]), int(pairs[row, 1]), types[kind]) for row, kind in places]
        return sorted(self._limited(found))

    def _limited(self, found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
        """Leave out, of relations by falling likelihood, those over a limit."""
        heads: Counter[tuple[int, str]] = Counter()
        children: Counter[tuple[int, str]] = Counter()
        kept = []
        for head, child, kind in found:
            full = heads[child, kind] >= self.max_heads.get(kind, len(found))
            if full or children[head, kind] >= self.max_children.get(kind, len(found)):
                continue
            heads[child, kind] += 1
            children[head, kind] += 1
            kept.append((head, child, kind))
        return kept
