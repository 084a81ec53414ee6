"""The spans of one document that relations may hold between, as arrays."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc, Span

from liwa.passages import paragraphs, sentences
from liwa.records import Range

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Mentions:
    """Spans in the order of the text; each array has one entry a span.

    starts, ends: tokens, end exclusive. paragraphs, sentences: numbers of the paragraph and of the sentence, counted
    through the document, in which a span begins.
    """

    doc: Doc
    spans: tuple[Span, ...]
    starts: Ints
    ends: Ints
    paragraphs: Ints
    sentences: Ints

    @classmethod
    def of(cls, doc: Doc, spans: Iterable[Span]) -> Mentions:
        """Sort spans and say where each stands."""
        ordered = tuple(sorted(spans, key=lambda s: (s.start, s.end)))
        starts, ends = (np.array([getattr(s, side) for s in ordered], dtype=np.int64) for side in ("start", "end"))
        text = doc.text if len(ordered) > 1 else ""
        blocks = list(paragraphs(text))
        return cls(
            doc,
            ordered,
            starts,
            ends,
            paragraphs=_numbers(ordered, blocks),
            sentences=_numbers(ordered, [sentence for block in blocks for sentence in sentences(text, block)]),
        )

    def __len__(self) -> int:
        return len(self.spans)

    @property
    def labels(self) -> list[str]:
        """The label of each span."""
        return [span.label_ for span in self.spans]


def _numbers(spans: Iterable[Span], passages: Iterable[Range]) -> Ints:
    begins = [passage.start for passage in passages]
    return np.array([bisect_right(begins, span.start_char) for span in spans], dtype=np.int64)
