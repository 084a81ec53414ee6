"""Near-duplicates: passages and articles that say one statement in almost the same words.

Locality-sensitive hashing over `liwa.corpus.sketches` finds the candidates, and each is confirmed on the shingles
themselves, so a match is never an estimate. Hashing can miss one: 11 % of the pairs at a likeness of 0.6, 3 % at 0.7,
1 in 170 at 0.8.

What matches is a matter of the texts and their order alone: the match of a text is the earliest text before it that
shares a band with it and is alike. So the same matches come from an index that texts are added to one by one, and from
a group-by of bands on many machines (`liwa.corpus.distributed`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from liwa.corpus.postings import Postings
from liwa.corpus.sketches import BANDS, Sketches, jaccard
from liwa.engine.store import InMemory, Logs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

THRESHOLD: Final = 0.6
"""The likeness from which a passage is a near-duplicate: about one word in nine may differ."""

_BLOCK: Final = 2**18
"""Texts that are indexed at a time when a store is opened again."""


class Match(NamedTuple):
    """An earlier text, by its number in the index, and how alike it is, from `THRESHOLD` to 1."""

    number: int
    similarity: float


class Duplicates:
    """An index of the texts so far, numbered as they were added.

    store: where it is kept, on the disk or, unless one is given, in memory. A text takes 136 bytes there and 8 a word,
    an exact repeat of one 56.
    """

    def __init__(self, store: Logs | None = None, *, name: str = "texts", threshold: float = THRESHOLD) -> None:
        kept = store or InMemory()
        self._threshold = threshold
        self._shingles, self._ends = kept.log(f"{name}-shingles"), kept.log(f"{name}-ends")
        self._bands, self._digests = kept.log(f"{name}-bands"), kept.log(f"{name}-digests")
        self._by_band = Postings(kept.folder, f"{name}-by-band")
        self._by_digest = Postings(kept.folder, f"{name}-by-digest")
        self._index_again()

    def __len__(self) -> int:
        return self._ends.size // 8

    def add(self, new: Sketches) -> list[tuple[int, Match]]:
        """Index some texts; return, for each that has one, its place among them and its earliest match."""
        found = ((place, next(self._alike(new, place, numbers), None)) for place, numbers in self._indexed(new))
        return [(place, match) for place, match in found if match]

    def add_all(self, new: Sketches) -> list[tuple[int, Match]]:
        """The same with every match of a text, but for exact repeats of one text, of which the first stands for all."""
        indexed = self._indexed(new)
        return [(place, match) for place, numbers in indexed for match in self._alike(new, place, numbers)]

    def find(self, asked: Sketches) -> Iterator[tuple[int, Match]]:
        """Yield the matches of some texts, with the place of each among them, and index nothing."""
        import numpy as np

        everything = np.full(len(asked), len(self), dtype=np.uint64)
        for place, numbers in self._candidates(asked, everything):
            yield from ((place, match) for match in self._alike(asked, place, numbers))

    def _indexed(self, new: Sketches) -> list[tuple[int, list[int]]]:
        """Index texts; return for each the numbers of those before it that share a band."""
        import numpy as np

        own = np.arange(len(self), len(self) + len(new), dtype=np.uint64)
        originals = self._originals(new.digests, own)
        fresh = originals == own
        self._by_band.add(new.bands[fresh].ravel(), np.repeat(own[fresh], BANDS))
        self._by_digest.add(new.digests[fresh], own[fresh])
        candidates = self._candidates(new, np.where(fresh, own, originals + np.uint64(1)))
        self._write(new, fresh)
        return candidates

    def _originals(self, digests: NDArray[np.uint64], own: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Return the number of the first text of the same shingles, which may be the text itself."""
        import numpy as np

        unique, first, back = np.unique(digests, return_index=True, return_inverse=True)
        originals = own[first]
        places, numbers = self._by_digest.find(unique)
        originals[places] = numbers
        return originals[back]

    def _candidates(self, texts: Sketches, before: NDArray[np.uint64]) -> list[tuple[int, list[int]]]:
        """Return, for each text that has any, the earlier texts that share a band, in order."""
        import numpy as np

        places, numbers = self._by_band.find(texts.bands.ravel())
        owners = places // BANDS
        earlier = numbers < before[owners]
        pairs = np.unique(np.stack([owners[earlier].astype(np.uint64), numbers[earlier]]), axis=1)
        cuts = np.flatnonzero(np.diff(pairs[0])) + 1
        groups = np.split(pairs, cuts, axis=1) if pairs.shape[1] else []
        return [(int(group[0, 0]), group[1].tolist()) for group in groups]

    def _alike(self, texts: Sketches, place: int, numbers: list[int]) -> Iterator[Match]:
        own = texts.shingles_of(place)
        for number in numbers:
            similarity = jaccard(self._shingles_of(number), own)
            if similarity >= self._threshold:
                yield Match(number, similarity)

    def _write(self, new: Sketches, fresh: NDArray[np.bool_]) -> None:
        import numpy as np

        lengths = np.where(fresh, new.lengths, 0)
        start = self._shingles.size // 8
        self._ends.append((np.cumsum(lengths) + start).tobytes())
        self._shingles.append(new.shingles[np.repeat(fresh, new.lengths)].tobytes())
        self._bands.append(new.bands.tobytes())
        self._digests.append(new.digests.tobytes())

    def _shingles_of(self, number: int) -> NDArray[np.uint64]:
        import numpy as np

        skip = min(number, 1)
        ends = np.frombuffer(self._ends.read(8 * (number - skip), 8 * (1 + skip)), dtype=np.int64).tolist()
        start = ends[0] if skip else 0
        return np.frombuffer(self._shingles.read(8 * start, 8 * (ends[-1] - start)), dtype=np.uint64)

    def _index_again(self) -> None:
        """Post what the store held when it was opened."""
        import numpy as np

        for first in range(0, len(self), _BLOCK):
            count = min(_BLOCK, len(self) - first)
            skip = min(first, 1)
            ends = np.frombuffer(self._ends.read(8 * (first - skip), 8 * (count + skip)), dtype=np.int64)
            fresh = np.diff(ends, prepend=ends[:0] if skip else 0) > 0
            own = np.arange(first, first + count, dtype=np.uint64)[fresh]
            bands = np.frombuffer(self._bands.read(8 * BANDS * first, 8 * BANDS * count), dtype=np.uint64)
            digests = np.frombuffer(self._digests.read(8 * first, 8 * count), dtype=np.uint64)
            self._by_band.add(bands.reshape(-1, BANDS)[fresh].ravel(), np.repeat(own, BANDS))
            self._by_digest.add(digests[fresh], own)
