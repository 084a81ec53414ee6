"""Invented words, put together to texts that are as alike as a test needs."""

from __future__ import annotations

import random

from liwa.corpus.sketches import SHINGLE, words

WORDS = [a + b + c for a in "بتثجحخ" for b in "ابو" for c in "رزسشصض"]


def text(seed: int, count: int) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=count))


def changed(original: str, every: int) -> str:
    return " ".join("غيره" if i % every == every - 1 else word for i, word in enumerate(original.split()))


def exact(a: str, b: str) -> float:
    """Jaccard's coefficient by its definition."""
    x, y = ({tuple(v[i : i + SHINGLE]) for i in range(len(v) - SHINGLE + 1)} for v in (words(a), words(b)))
    return len(x & y) / len(x | y)
