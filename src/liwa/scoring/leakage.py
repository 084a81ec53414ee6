"""What a test part shares with the training part: passages, exactly or nearly, and surfaces of mentions.

A score over shared text says how well a model remembers, not how well it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from liwa.corpus.duplicates import Duplicates
from liwa.corpus.sketches import sketch, words
from liwa.errors import LiwaError
from liwa.records import Gold
from liwa.training.docs import passages_of
from liwa.training.memory import Memory


class Place(NamedTuple):
    """A passage of the test part that the training part has too; kind: exact or near; similarity: from 0 to 1."""

    article: str
    start: int
    end: int
    kind: str
    similarity: float


@dataclass(frozen=True)
class Leakage:
    """What an audit found.

    train: fingerprint of the training gold. passages: paragraphs of the test part; places: those that are shared.
    mentions: of the test part; seen: those whose surface is a mention of the training part. surfaces, shared: the same
    with each surface counted once.
    """

    train: str
    passages: int
    places: Sequence[Place]
    mentions: int
    seen: int
    surfaces: int
    shared: int

    def number(self, kind: str) -> int:
        """Return the number of shared passages of a kind, exact or near."""
        return sum(place.kind == kind for place in self.places)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data."""
        return {
            "known": True,
            "train": self.train,
            "passages": self.passages,
            "exact": self.number("exact"),
            "near": self.number("near"),
            "mentions": self.mentions,
            "seen": self.seen,
            "surfaces": self.surfaces,
            "shared": self.shared,
            "places": [place._asdict() for place in self.places],
        }


def audit(golds: Iterable[Gold], memory: Memory) -> Leakage:
    """Hold test gold, which needs its texts, against the memory of the training part."""
    rows = list(golds)
    surfaces = [_hydrated(gold).surface(span) for gold in rows for span in gold.spans]
    known = {surface: memory.knows(surface) for surface in surfaces}
    parts = [part for gold in rows for part in passages_of(_hydrated(gold), "paragraph")]
    return Leakage(
        train=memory.fingerprint,
        passages=len(parts),
        places=_shared(parts, memory),
        mentions=len(surfaces),
        seen=sum(known[surface] for surface in surfaces),
        surfaces=len(known),
        shared=sum(known.values()),
    )


def _shared(parts: Sequence[Gold], memory: Memory) -> list[Place]:
    index = Duplicates()
    index.add(memory.sketches)
    numbers, sketches = sketch([words(part.text or "") for part in parts])
    alike: dict[int, float] = {}
    for place, match in index.find(sketches):
        alike[numbers[place]] = max(match.similarity, alike.get(numbers[place], 0))
    places = []
    for number, part in enumerate(parts):
        if memory.has(part.text or ""):
            places.append(Place(part.article, part.start, part.end, "exact", 1.0))
        elif number in alike:
            places.append(Place(part.article, part.start, part.end, "near", alike[number]))
    return places


def _hydrated(gold: Gold) -> Gold:
    if gold.text is None:
        raise LiwaError(f"article {gold.article} has no text", where=gold.where, hint="Name it with --texts")
    return gold
