"""Near-duplicates: passages and articles that say one statement in almost the same words.

Texts are compared as sets of shingles, runs of `SHINGLE` normalised words; their likeness is Jaccard's coefficient.
MinHash with locality-sensitive hashing (Broder 1997; datasketch) finds the candidates, and each is confirmed on the
shingles themselves, so a match is never an estimate. Hashing can miss one: with `BANDS` bands of `ROWS` rows, 11 % of
the pairs at a likeness of 0.6, 3 % at 0.7, 1 in 170 at 0.8. Seeds are fixed, so equal input gives equal matches.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liwa.arabic.orthography import normalise
from liwa.passages import paragraphs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

THRESHOLD: Final = 0.6
"""The likeness from which a passage is a near-duplicate: about one word in nine may differ."""

SHORTEST: Final = 10
"""Words; a shorter text is no near-duplicate of anything: it is a formula, and soon annotated."""

SHINGLE: Final = 3
BANDS: Final = 5
ROWS: Final = 2

LONG_PASSAGE: Final = 20
"""Words of a paragraph that puts two articles into one group when both have it, or one like it."""

SHARED_RUN: Final = 18
"""Words in a row that put two articles into one group, wherever they stand.

Of 150 news articles, pairs that share 15 words or fewer mostly share the titles of an official; from 18 on, a report.
"""

_WORD: Final = re.compile(r"\w+")
_SEED: Final = 1
_MULTIPLIER: Final = 0x9E3779B97F4A7C15


class Match(NamedTuple):
    """An earlier text and how alike it is, from `THRESHOLD` to 1."""

    key: Any
    similarity: float


@dataclass(frozen=True)
class Sketch:
    """What is compared of a text: its shingles as 64-bit hashes, and their MinHash signature."""

    shingles: NDArray[np.uint64]
    hashvalues: NDArray[np.uint32]  # the name that datasketch reads

    def __len__(self) -> int:
        return len(self.hashvalues)

    def __reduce__(self) -> tuple[Any, ...]:
        # Bytes travel between processes several times faster than arrays.
        return _unpacked, (self.shingles.tobytes(), self.hashvalues.tobytes())


class Duplicates:
    """An index of the texts so far. Memory grows by about 3 KB a text; an exact repeat adds nothing."""

    def __init__(self, threshold: float = THRESHOLD) -> None:
        from datasketch import MinHashLSH

        self._threshold = threshold
        self._index = MinHashLSH(num_perm=BANDS * ROWS, params=(BANDS, ROWS))
        self._known: list[tuple[Hashable, NDArray[np.uint64]]] = []

    def add(self, key: Hashable, text: str) -> Match | None:
        """Index a text, and return the earliest one that is like it, with the exact likeness; else None."""
        found = sketch(text)
        return next(iter(self.add_sketch(key, found)), None) if found else None

    def add_sketch(self, key: Hashable, new: Sketch) -> list[Match]:
        """Index a text that was sketched before, in another process maybe; return all that are like it, in order."""
        matches = [self._compared(number, new) for number in sorted(self._index.query(new))]
        if all(match.similarity < 1 for match in matches):
            self._index.insert(len(self._known), new, check_duplication=False)
            self._known.append((key, new.shingles))
        return [match for match in matches if match.similarity >= self._threshold]

    def _compared(self, number: int, new: Sketch) -> Match:
        key, shingles = self._known[number]
        return Match(key, jaccard(shingles, new.shingles))


def sketch(text: str) -> Sketch | None:
    """Return the sketch of a text, or None where it has fewer than `SHORTEST` words."""
    return sketches([words(text)])[0]


def sketches(texts: Sequence[Sequence[int]]) -> list[Sketch | None]:
    """Return the sketch of each text, given its `words`: `sketch` over many, in a few passes over one array."""
    import numpy as np

    found: list[Sketch | None] = [None] * len(texts)
    hashed = {number: text for number, text in enumerate(texts) if len(text) >= SHORTEST}
    if not hashed:
        return found
    shingles, starts = _joined_runs(list(hashed.values()))
    multipliers, shifts = _permutations()
    permuted = (shingles >> np.uint64(32)).astype(np.uint32)[:, None] * multipliers + shifts
    ends = np.append(starts[1:], len(shingles))
    for last in range(1, SHINGLE):  # the runs that reach into the next text
        permuted[ends - last] = np.iinfo(np.uint32).max
    signatures = np.minimum.reduceat(permuted, starts)
    for number, start, end, signature in zip(hashed, starts, ends, signatures, strict=True):
        found[number] = Sketch(shingles[start : end - SHINGLE + 1], signature)
    return found


def _unpacked(shingles: bytes, hashvalues: bytes) -> Sketch:
    import numpy as np

    return Sketch(np.frombuffer(shingles, dtype=np.uint64), np.frombuffer(hashvalues, dtype=np.uint32))


def jaccard(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> float:
    """Return the size of the intersection of two sets of shingles over the size of their union."""
    import numpy as np

    common = len(np.intersect1d(a, b))
    return common / (len(np.unique(a)) + len(np.unique(b)) - common)


def groups(texts: Mapping[str, str]) -> dict[str, str]:
    """Return, for each article id, the id of its group: the smallest id of those that share text with each other.

    Two articles share text when they are alike as a whole, when a paragraph of `LONG_PASSAGE` words or more of one is
    like one of the other, or when `SHARED_RUN` words in a row stand in both; and groups are closed: a, b and b, c make
    a, b, c one group. An article that shares with none is its own group.
    """
    parent = {name: name for name in texts}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = name = parent[parent[name]]
        return name

    for a, b in _pairs(texts):
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    return {name: root(name) for name in texts}


def _pairs(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    in_order = {name: texts[name] for name in sorted(texts)}
    yield from _alike(in_order)
    yield from _shared_runs(in_order)


def _alike(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    articles, passages = Duplicates(), Duplicates()
    for name, text in texts.items():
        blocks = [text[r.start : r.end] for r in paragraphs(text)]
        for index, parts in ((articles, [text]), (passages, [p for p in blocks if len(words(p)) >= LONG_PASSAGE])):
            for part in parts:
                if found := sketch(part):
                    yield from ((name, match.key) for match in index.add_sketch(name, found))


def _shared_runs(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    import numpy as np

    names = list(texts)
    runs = [np.unique(_runs(np.array(words(texts[name]), dtype=np.int64), SHARED_RUN)) for name in names]
    if not runs:
        return
    owners = np.repeat(np.arange(len(names)), [len(r) for r in runs])
    order = np.argsort(hashes := np.concatenate(runs), kind="stable")
    same = np.flatnonzero(hashes[order][1:] == hashes[order][:-1])
    for first, second in sorted({(int(owners[order[i]]), int(owners[order[i + 1]])) for i in same}):
        yield names[first], names[second]


def words(text: str) -> list[int]:
    """Return the words of a text as signed 64-bit hashes of their normal form; punctuation is none."""
    return list(chain.from_iterable(map(_word_hashes, text.split())))


@lru_cache(maxsize=2**17)
def _word_hashes(chunk: str) -> tuple[int, ...]:
    normal = (word.encode("utf-8", "surrogatepass") for word in _WORD.findall(normalise(chunk)))
    return tuple(int.from_bytes(blake2b(word, digest_size=8).digest(), "big", signed=True) for word in normal)


def _joined_runs(texts: Sequence[Sequence[int]]) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
    """Return the shingles of texts in one array, and where each text begins; its last ones reach into the next."""
    import numpy as np

    lengths = [len(hashes) for hashes in texts]
    padding = [0] * (SHINGLE - 1)
    hashes = np.fromiter(chain(*texts, padding), dtype=np.int64, count=sum(lengths) + len(padding))
    return _runs(hashes, SHINGLE), np.cumsum([0, *lengths[:-1]])


def _runs(hashes: NDArray[np.int64], length: int) -> NDArray[np.uint64]:
    """Hash every run of some words: the hashes of its words as the digits of a number, modulo 2**64."""
    import numpy as np

    digits = hashes.view(np.uint64)
    count = max(0, len(digits) - length + 1)
    mixed = np.zeros(count, dtype=np.uint64)
    for place in range(length):
        mixed = mixed * np.uint64(_MULTIPLIER) + digits[place : place + count]
    hashed: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(29))
    return hashed


@cache
def _permutations() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return what makes ``BANDS * ROWS`` permutations of 32-bit numbers: odd multipliers, and shifts."""
    import numpy as np

    generator = np.random.RandomState(_SEED)
    multipliers, shifts = generator.randint(0, 2**32, (2, BANDS * ROWS), dtype=np.uint32)
    return multipliers | np.uint32(1), shifts
