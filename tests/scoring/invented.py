"""Random documents with gold and predicted spans, for property tests and simulations."""

from __future__ import annotations

from hypothesis import strategies as st

from liwa.records import Gold, Range, Span, sha256

Pair = tuple[Gold, Gold]


@st.composite
def documents(draw: st.DrawFn) -> list[Pair]:
    """Draw documents of one-letter words with gold and predicted spans over whole words."""
    pairs = []
    for number in range(draw(st.integers(1, 4))):
        words = draw(st.integers(1, 12))
        text = " ".join("ب" * words)
        sides = [_spans(draw, words) for _ in range(2)]
        golds = [Gold(f"d{number}", sha256(text), (Range(0, len(text)),), s, text=text) for s in sides]
        pairs.append((golds[0], golds[1]))
    return pairs


def tags(gold: Gold) -> list[str]:
    """Return the IOB2 tags of a document's words."""
    found = ["O"] * len((gold.text or "").split())
    for start, end, label in gold.spans:
        first, last = start // 2, end // 2
        found[first : last + 1] = [f"B-{label}", *[f"I-{label}"] * (last - first)]
    return found


def _spans(draw: st.DrawFn, words: int) -> tuple[Span, ...]:
    cuts = sorted(draw(st.sets(st.integers(0, words), max_size=6)))
    labels = draw(st.lists(st.sampled_from(["A", "B", ""]), min_size=6, max_size=6))
    borders = zip(cuts, cuts[1:], labels, strict=False)
    return tuple(Span(2 * a, 2 * b - 1, label) for a, b, label in borders if label)
