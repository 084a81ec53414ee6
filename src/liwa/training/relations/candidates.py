"""Which pairs of spans are looked at: near enough, in one paragraph, and of labels that some type may link.

What is no candidate is never predicted, so the candidates' recall on gold is the ceiling of every score.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Optional

import numpy as np

from liwa.training.relations.mentions import Ints, Mentions
from liwa.training.relations.signatures import Signatures

CandidateFunction = Callable[[Mentions, Signatures], Ints]
"""Takes the spans of a document, returns candidates: an array (pairs, 2) of the places of head and child among them."""


@dataclass(frozen=True)
class Window:
    """Candidates within one paragraph, at most so many tokens and so many sentence ends apart; see `create`."""

    max_tokens: int
    max_sentences: int | None

    def __call__(self, mentions: Mentions, signatures: Signatures) -> Ints:
        """Return the candidates, sorted by head and child; memory is linear in the pairs within the window."""
        first, second = _pairs(self._ends(mentions))
        pairs = np.concatenate([np.stack([first, second], axis=1), np.stack([second, first], axis=1)])
        labels = signatures.label_ids(mentions.labels)
        pairs = pairs[signatures.legal[labels[pairs[:, 0]], labels[pairs[:, 1]]].any(axis=1)]
        order: Ints = np.lexsort((pairs[:, 1], pairs[:, 0]))
        return np.asarray(pairs[order])

    def _ends(self, mentions: Mentions) -> Ints:
        """Return, for each span, how many spans from the first on still begin inside its window."""
        last = np.searchsorted(mentions.starts, mentions.ends + self.max_tokens, side="right")
        last = np.minimum(last, np.searchsorted(mentions.paragraphs, mentions.paragraphs, side="right"))
        if self.max_sentences is None:
            return last
        reach = np.searchsorted(mentions.sentences, mentions.sentences + self.max_sentences, side="right")
        return np.minimum(last, reach)


def create_candidates(max_tokens: int = 100, max_sentences: Optional[int] = None) -> CandidateFunction:  # noqa: UP045
    """Return ``liwa.Candidates.v1``: pairs of spans in one paragraph whose labels, in this direction, fit a signature.

    max_tokens: tokens that may stand between the two. max_sentences: sentence ends that may stand between them, 0 for
    pairs inside one sentence; none sets no limit.
    """
    return Window(max_tokens, max_sentences)


def _pairs(ends: Ints) -> tuple[Ints, Ints]:
    """Return all (i, j) with i < j < ends[i]."""
    starts = np.arange(1, len(ends) + 1)
    counts = np.maximum(ends - starts, 0)
    first = np.repeat(np.arange(len(ends)), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return first, within + first + 1
