"""Near-duplicates: passages and articles that say one statement in almost the same words.

Texts are compared as sets of shingles, runs of `SHINGLE` normalised words; their likeness is Jaccard's coefficient.
MinHash with locality-sensitive hashing (Broder 1997; datasketch) finds the candidates, and each is confirmed on the
shingles themselves, so a match is never an estimate. Hashing can miss one: with `BANDS` bands of `ROWS` rows, 3 % of
the pairs at a likeness of 0.7, 1 in 150 at 0.8. Seeds are fixed, so equal input gives equal matches.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liwa.arabic.orthography import normalise
from liwa.passages import paragraphs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

THRESHOLD: Final = 0.6
"""The likeness from which a passage is a near-duplicate: about one word in nine may differ."""

SHORTEST: Final = 8
"""Words; a shorter text is no near-duplicate of anything: it is a formula, and soon annotated."""

SHINGLE: Final = 3
BANDS: Final = 8
ROWS: Final = 3

LONG_PASSAGE: Final = 20
"""Words of a paragraph that puts two articles into one group when both have it, or one like it."""

SHARED_RUN: Final = 20
"""Words in a row that put two articles into one group wherever they stand, be it inside a longer paragraph."""

_WORD: Final = re.compile(r"\w+")
_SEED: Final = 1
_SCHEME: Final = "affine32"
_MULTIPLIER: Final = 0x9E3779B97F4A7C15


class Match(NamedTuple):
    """An earlier text and how alike it is, from `THRESHOLD` to 1."""

    key: Any
    similarity: float


class Sketch(NamedTuple):
    """What is compared of a text: its distinct shingles as sorted 64-bit hashes, and their MinHash signature."""

    shingles: NDArray[np.uint64]
    signature: NDArray[np.uint32]


class Duplicates:
    """An index of the texts so far. Memory grows by about 2 KB a text; an exact repeat adds nothing."""

    def __init__(self, threshold: float = THRESHOLD) -> None:
        from datasketch import MinHashLSH

        self._threshold = threshold
        self._index = MinHashLSH(num_perm=BANDS * ROWS, params=(BANDS, ROWS))
        self._known: list[tuple[Hashable, NDArray[np.uint64]]] = []

    def add(self, key: Hashable, text: str) -> Match | None:
        """Index a text, and return the earliest one that is like it, with the exact likeness; else None."""
        found = sketch(normalise(text))
        return next(iter(self.add_sketch(key, found)), None) if found else None

    def add_sketch(self, key: Hashable, new: Sketch) -> list[Match]:
        """Index a text that was sketched before, in another process maybe; return all that are like it, in order."""
        from datasketch import LeanMinHash

        signature = LeanMinHash(seed=_SEED, hashvalues=new.signature, scheme=_SCHEME)
        matches = [self._compared(number, new) for number in sorted(self._index.query(signature))]
        if all(match.similarity < 1 for match in matches):
            self._index.insert(len(self._known), signature, check_duplication=False)
            self._known.append((key, new.shingles))
        return [match for match in matches if match.similarity >= self._threshold]

    def _compared(self, number: int, new: Sketch) -> Match:
        key, shingles = self._known[number]
        return Match(key, jaccard(shingles, new.shingles))


def sketch(normal: str) -> Sketch | None:
    """Return the sketch of a normalised text, or None where it has fewer than `SHORTEST` words."""
    import numpy as np

    hashes = _word_hashes(normal)
    if len(hashes) < SHORTEST:
        return None
    shingles = np.unique(_runs(hashes, SHINGLE))
    minhash = _minhash()
    minhash.clear()
    minhash.update_batch((shingles >> np.uint64(32)).astype(np.uint32))
    return Sketch(shingles, minhash.hashvalues)


def jaccard(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> float:
    """Return the size of the intersection of two sorted sets over the size of their union."""
    import numpy as np

    common = len(np.intersect1d(a, b, assume_unique=True))
    return common / (len(a) + len(b) - common)


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
    normals = {name: normalise(texts[name]) for name in sorted(texts)}
    yield from _alike(normals)
    yield from _shared_runs(normals)


def _alike(normals: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    articles, passages = Duplicates(), Duplicates()
    for name, normal in normals.items():
        long = [normal[r.start : r.end] for r in paragraphs(normal) if r.end - r.start > LONG_PASSAGE]
        for index, parts in ((articles, [normal]), (passages, [p for p in long if len(_words(p)) >= LONG_PASSAGE])):
            for part in parts:
                if found := sketch(part):
                    yield from ((name, match.key) for match in index.add_sketch(name, found))


def _shared_runs(normals: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    import numpy as np

    names = list(normals)
    runs = [np.unique(_runs(_word_hashes(normals[name]), SHARED_RUN)) for name in names]
    if not runs:
        return
    owners = np.repeat(np.arange(len(names)), [len(r) for r in runs])
    order = np.argsort(hashes := np.concatenate(runs), kind="stable")
    same = np.flatnonzero(hashes[order][1:] == hashes[order][:-1])
    for first, second in sorted({(int(owners[order[i]]), int(owners[order[i + 1]])) for i in same}):
        yield names[first], names[second]


def _words(normal: str) -> list[str]:
    return _WORD.findall(normal)


def _runs(hashes: NDArray[np.uint64], length: int) -> NDArray[np.uint64]:
    """Hash every run of some words: the hashes of its words as the digits of a number, modulo 2**64."""
    import numpy as np

    count = max(0, len(hashes) - length + 1)
    mixed = np.zeros(count, dtype=np.uint64)
    for place in range(length):
        mixed = mixed * np.uint64(_MULTIPLIER) + hashes[place : place + count]
    return mixed ^ (mixed >> np.uint64(29))


def _word_hashes(normal: str) -> NDArray[np.uint64]:
    import numpy as np

    hashes = [_HASHES[word] for word in _words(normal)]
    return np.array(hashes, dtype=np.int64).view(np.uint64)


class _Hashes(dict[str, int]):
    """Signed 64-bit hashes of words, remembered; emptied when full, so that memory stays bounded."""

    def __missing__(self, word: str) -> int:
        if len(self) >= 2**18:
            self.clear()
        digest = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        value = self[word] = int.from_bytes(digest, "big", signed=True)
        return value


_HASHES: Final = _Hashes()


@cache
def _minhash() -> Any:
    from datasketch import MinHash

    return MinHash(num_perm=BANDS * ROWS, seed=_SEED, scheme=_SCHEME, hashfunc=_itself)


def _itself(value: Any) -> Any:
    return value
