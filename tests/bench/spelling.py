"""What careless spelling costs a pipeline: its F1 on gold as written, and on the same gold spelt otherwise.

Run: python -m tests.bench.spelling MODEL GOLD...
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import accumulate

from liwa.annotations.gold import read_gold
from liwa.records import Gold, Range, Span, sha256
from liwa.scoring.evaluate import evaluate
from liwa.training.predict import load_model, predict

Change = Callable[[str, str, random.Random], str]
"""From a character, the one behind it and a source of chance to what is written instead."""

_ALEF = str.maketrans("أإآٱ", "اااا")
_PERSIAN = str.maketrans("يكىه", "یکیہ")
_MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"

CHANGES: dict[str, Change] = {
    "alef": lambda char, *_: char.translate(_ALEF),
    "more hamza": lambda char, _, rng: rng.choice("اأإ") if char in "اأإ" else char,
    "no final ya": lambda char, *_: "ى" if char == "ي" else char,
    "diacritics": lambda char, _, rng: char + rng.choice(_MARKS) if "ء" <= char <= "ي" and rng.random() < 0.5 else char,
    "tatweel": lambda char, behind, rng: char + "ـ" if _joined(char, behind) and rng.random() < 0.2 else char,
    "Persian letters": lambda char, *_: char.translate(_PERSIAN),
    "Arabic digits": lambda char, *_: chr(ord(char) - ord("0") + 0x660) if char in "0123456789" else char,
}


def _joined(char: str, behind: str) -> bool:
    """Say whether a stroke joins two letters, which a tatweel may stretch."""
    return char in "بتثجحخسشصضطظعغفقكلمنهيئ" and "ء" < behind <= "ي"


def respelt(gold: Gold, change: Change, seed: int = 0) -> Gold:
    """Return gold with every character of its text changed, and its offsets moved along."""
    rng = random.Random(seed)
    text = gold.text or ""
    pieces = [change(char, behind, rng) for char, behind in zip(text, f"{text[1:]} ", strict=True)]
    at = [gold.start + offset for offset in accumulate(map(len, pieces), initial=0)]
    text = "".join(pieces)

    def moved(place: Range | Span) -> tuple[int, int]:
        return at[place.start - gold.start], at[place.end - gold.start]

    return replace(
        gold,
        sha256=sha256(text),
        text=text,
        ranges=tuple(Range(*moved(r)) for r in gold.ranges),
        spans=tuple(Span(*moved(s), s.label) for s in gold.spans),
        relations=(),
    )


def main(model: str, sources: Iterable[str]) -> None:
    """Print F1 and its change for each way of spelling."""
    nlp = load_model(model)
    golds = [replace(gold, relations=()) for gold in read_gold(list(sources))]
    before = evaluate(golds, predict(nlp, golds)).micro.f1.value or 0.0
    print(f"{'as written':16} {100 * before:5.1f}")
    for name, change in CHANGES.items():
        changed = [respelt(gold, change) for gold in golds]
        after = evaluate(changed, predict(nlp, changed)).micro.f1.value or 0.0
        print(f"{name:16} {100 * after:5.1f} {100 * (after - before):+5.1f}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
