"""What a model remembers of its training part, so that leakage into a test part can be seen without the texts.

Mention surfaces and passages are hashed, salted with the fingerprint of the training gold; of longer passages the
sketch is kept, hashes of three words each, for near-duplicates. No word can be read out of it, though someone who
guesses a mention can confirm the guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from liwa.annotations.fingerprint import fingerprint
from liwa.arabic.orthography import normalise
from liwa.corpus.sketches import Sketch, Sketches, sketch, words
from liwa.records import Gold
from liwa.training.docs import passages_of

VERSION: Final = 1
_SIZE: Final = 8


@dataclass(frozen=True)
class Memory:
    """What is known of a training part: its fingerprint, its mentions and its paragraphs, hashed.

    sketches: of the paragraphs that are long enough to be near-duplicates of others.
    """

    fingerprint: str
    mentions: frozenset[bytes]
    passages: frozenset[bytes]
    sketches: Sketches

    def knows(self, surface: str) -> bool:
        """Say whether a surface is that of a mention of the training part, diacritics and spelling variants apart."""
        return _hash(surface, self.fingerprint) in self.mentions

    def has(self, passage: str) -> bool:
        """Say whether a passage is in the training part word for word, diacritics and spelling variants apart."""
        return _hash(passage, self.fingerprint) in self.passages

    def to_dict(self) -> dict[str, Any]:
        """Return data that msgpack can hold; `from_dict` reads it back."""
        return {
            "version": VERSION,
            "fingerprint": self.fingerprint,
            "mentions": b"".join(sorted(self.mentions)),
            "passages": b"".join(sorted(self.passages)),
            "sketches": [[s.shingles.tobytes(), s.signature.tobytes()] for s in self.sketches],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Memory | None:
        """Read what `to_dict` wrote; None of another version."""
        import numpy as np

        if data.get("version") != VERSION:
            return None
        kept = [Sketch(np.frombuffer(s, np.uint64), np.frombuffer(h, np.uint32)) for s, h in data["sketches"]]
        return cls(data["fingerprint"], _parts(data["mentions"]), _parts(data["passages"]), Sketches.of(kept))


def remember(golds: Iterable[Gold]) -> Memory:
    """Return the memory of training gold; a row without its text adds nothing to it but its fingerprint."""
    rows = list(golds)
    salt = fingerprint(rows)
    hydrated = [gold for gold in rows if gold.text is not None]
    surfaces = {gold.surface(span) for gold in hydrated for span in gold.spans}
    paragraphs = dict.fromkeys(part.text or "" for gold in hydrated for part in passages_of(gold, "paragraph"))
    return Memory(
        fingerprint=salt,
        mentions=frozenset(_hash(surface, salt) for surface in surfaces),
        passages=frozenset(_hash(text, salt) for text in paragraphs),
        sketches=sketch(list(map(words, paragraphs)))[1],
    )


def _hash(text: str, salt: str) -> bytes:
    normal = " ".join(normalise(text).split())
    return blake2b(normal.encode("utf-8", "surrogatepass"), digest_size=_SIZE, key=salt.encode()).digest()


def _parts(joined: bytes) -> frozenset[bytes]:
    return frozenset(joined[at : at + _SIZE] for at in range(0, len(joined), _SIZE))
