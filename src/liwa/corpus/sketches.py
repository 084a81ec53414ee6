"""What is compared of a text to find its near-duplicates: shingles, runs of `SHINGLE` normalised words, hashed.

Two texts are as alike as the sets of their shingles, by Jaccard's coefficient. A MinHash signature (Broder 1997) says
which are worth comparing: those that agree in one of its `BANDS` bands of `ROWS` rows. Seeds are fixed, so equal input
gives equal sketches, in every process and on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import chain
from typing import TYPE_CHECKING, Final

from liwa.arabic.orthography import normalise

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHORTEST: Final = 10
"""Words; a shorter text is no near-duplicate of anything: it is a formula, and soon annotated."""

SHINGLE: Final = 3
BANDS: Final = 5
ROWS: Final = 2

_WORD: Final = re.compile(r"\w+")
_SEED: Final = 1
_MULTIPLIER: Final = 0x9E3779B97F4A7C15


@dataclass(frozen=True)
class Sketch:
    """What is compared of a text: its shingles as 64-bit hashes, and their MinHash signature."""

    shingles: NDArray[np.uint64]
    signature: NDArray[np.uint32]


@dataclass(frozen=True)
class Sketches:
    """Those of several texts: the shingles one text behind the other, where each ends, and a signature a row."""

    shingles: NDArray[np.uint64]
    ends: NDArray[np.int64]
    signatures: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.ends)

    def __iter__(self) -> Iterator[Sketch]:
        return (Sketch(self.shingles_of(number), self.signatures[number]) for number in range(len(self)))

    def shingles_of(self, number: int) -> NDArray[np.uint64]:
        """Return the shingles of one text, in its order."""
        return self.shingles[int(self.ends[number - 1]) if number else 0 : int(self.ends[number])]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """The number of shingles of each text."""
        import numpy as np

        return np.diff(self.ends, prepend=0)

    @property
    def bands(self) -> NDArray[np.uint64]:
        """The bands of each text as 64-bit keys, a row each; bands of different places never meet, but by chance."""
        import numpy as np

        places = np.arange(1, BANDS + 1, dtype=np.uint64) * np.uint64(_MULTIPLIER)
        return _mixed(np.ascontiguousarray(self.signatures).view(np.uint64).reshape(-1, BANDS) + places)

    @property
    def digests(self) -> NDArray[np.uint64]:
        """A hash of each text's shingles, in any order: equal for texts of the same words."""
        import numpy as np

        if not len(self):
            return np.zeros(0, dtype=np.uint64)
        found: NDArray[np.uint64] = np.add.reduceat(_mixed(self.shingles), self.ends - self.lengths)
        return found

    @classmethod
    def of(cls, sketches: Iterable[Sketch]) -> Sketches:
        """Put single sketches together."""
        import numpy as np

        rows = list(sketches)
        empty = np.zeros((0, BANDS * ROWS), dtype=np.uint32)
        shingles = np.concatenate([np.zeros(0, dtype=np.uint64), *(row.shingles for row in rows)])
        signatures = np.concatenate([empty, *(row.signature[None, :] for row in rows)])
        return cls(shingles, np.cumsum([len(row.shingles) for row in rows], dtype=np.int64), signatures)


def sketch(texts: Sequence[Sequence[int]]) -> tuple[list[int], Sketches]:
    """Return which of the texts, given as their `words`, are long enough for a sketch, and the sketches of these."""
    import numpy as np

    numbers = [number for number, text in enumerate(texts) if len(text) >= SHORTEST]
    if not numbers:
        return [], Sketches.of(())
    long = [texts[number] for number in numbers]
    lengths = np.array([len(text) for text in long])
    hashes = np.fromiter(chain.from_iterable(long), dtype=np.int64, count=int(lengths.sum()))
    shingles = runs(np.append(hashes, [0] * (SHINGLE - 1)), SHINGLE)
    multipliers, shifts = _permutations()
    permuted = (shingles >> np.uint64(32)).astype(np.uint32)[:, None] * multipliers + shifts
    whole = np.ones(len(shingles), dtype=np.bool_)
    for last in range(1, SHINGLE):  # the runs that reach into the next text
        whole[np.cumsum(lengths) - last] = False
    permuted[~whole] = np.iinfo(np.uint32).max
    signatures = np.minimum.reduceat(permuted, np.cumsum(lengths) - lengths)
    return numbers, Sketches(shingles[whole], np.cumsum(lengths - SHINGLE + 1), signatures)


def jaccard(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> float:
    """Return the size of the intersection of two sets of shingles over the size of their union."""
    import numpy as np

    common = len(np.intersect1d(a, b))
    return common / (len(np.unique(a)) + len(np.unique(b)) - common)


def words(text: str) -> list[int]:
    """Return the words of a text as signed 64-bit hashes of their normal form; punctuation is none."""
    return list(chain.from_iterable(map(_cached, text.split())))


def word_hashes(chunk: str) -> tuple[int, ...]:
    """Return the same for what stands between two white spaces."""
    normal = (word.encode("utf-8", "surrogatepass") for word in _WORD.findall(normalise(chunk)))
    return tuple(int.from_bytes(blake2b(word, digest_size=8).digest(), "big", signed=True) for word in normal)


_cached = lru_cache(maxsize=2**17)(word_hashes)


def runs(hashes: NDArray[np.int64], length: int) -> NDArray[np.uint64]:
    """Hash every run of some words: the hashes of its words as the digits of a number, modulo 2**64."""
    import numpy as np

    digits = hashes.view(np.uint64)
    count = max(0, len(digits) - length + 1)
    mixed = np.zeros(count, dtype=np.uint64)
    for place in range(length):
        mixed = mixed * np.uint64(_MULTIPLIER) + digits[place : place + count]
    return _mixed(mixed, multiplier=1)


def _mixed(values: NDArray[np.uint64], multiplier: int = _MULTIPLIER) -> NDArray[np.uint64]:
    import numpy as np

    product = values * np.uint64(multiplier)
    found: NDArray[np.uint64] = product ^ (product >> np.uint64(29))
    return found


@cache
def _permutations() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return what makes ``BANDS * ROWS`` permutations of 32-bit numbers: odd multipliers, and shifts."""
    import numpy as np

    generator = np.random.RandomState(_SEED)
    multipliers, shifts = generator.randint(0, 2**32, (2, BANDS * ROWS), dtype=np.uint32)
    return multipliers | np.uint32(1), shifts
