"""A linear chain over tags: its partition function, its gradient and its best path (Lafferty et al. 2001).

Scores are padded arrays, documents x tokens x tags, the documents sorted by falling length. Tags are BILOU
(Ratinov and Roth 2009), so that a path of legal transitions is a set of flat spans.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

OUTSIDE: Final = "O"
_NEVER: Final = -1e4
_TINY: Final = 1e-300


def tags_of(labels: Sequence[str]) -> list[str]:
    """Return the tags for labels: outside, and begin, inside, last and unit of each."""
    return [OUTSIDE, *(f"{place}-{label}" for label in labels for place in "BILU")]


def legal(tags: Sequence[str]) -> Array:
    """Return whether tag j may follow tag i; the last row is a document's begin, the last column its end."""
    border = [*tags, OUTSIDE]
    return np.array([[_follows(one, other) for other in border] for one in border])


def _follows(one: str, other: str) -> bool:
    if one[0] in "BI":
        return other[0] in "IL" and other[1:] == one[1:]
    return other[0] in "OBU"


@dataclass(frozen=True)
class Beliefs:
    """How likely a chain finds the tags of one document.

    forward, backward: logs of the sums over all paths up to a token's tag, and from it on; scores: of each tag; all are
    tokens x tags. steps: of each transition. total: the log of the sum over all paths.
    """

    forward: Array
    backward: Array
    scores: Array
    steps: Array
    total: float

    @property
    def tags(self) -> Array:
        """How likely each tag of each token is, tokens x tags."""
        return np.exp(self.forward + self.backward - self.total)

    @property
    def entropy(self) -> Array:
        """How unsure the tag of each token is, in bits."""
        likely = self.tags
        return np.asarray(-(likely * np.log2(np.maximum(likely, _TINY))).sum(axis=1))

    def of(self, start: int, path: Sequence[int]) -> float:
        """Return how likely the tokens from one on have a run of tags."""
        ahead = zip(path, path[1:], range(start + 1, start + len(path)), strict=False)
        inner = sum(self.steps[one, other] + self.scores[token, other] for one, other, token in ahead)
        last = start + len(path) - 1
        return float(np.exp(self.forward[start, path[0]] + inner + self.backward[last, path[-1]] - self.total))


class Chain:
    """The transitions of a chain, legal ones scored, all others forbidden. Scores may be restricted per token."""

    def __init__(self, transitions: Array, allowed: Array) -> None:
        self.steps = np.where(allowed[:-1, :-1], transitions, _NEVER).astype("float64")
        self.begin = np.where(allowed[-1, :-1], 0.0, _NEVER)
        self.end = np.where(allowed[:-1, -1], 0.0, _NEVER)

    def expectations(self, scores: Array, lengths: Array) -> tuple[float, Array, Array]:
        """Return the log of the sum over all paths, how often each tag and each transition is expected."""
        forward, backward = self._forward(scores, lengths), self._backward(scores, lengths)
        total = _log_sum(forward[:, 0] + backward[:, 0])
        inside = np.arange(scores.shape[1])[None, :] < lengths[:, None]
        tags = np.exp(forward + backward - total[:, None, None]) * inside[:, :, None]
        return float(total.sum()), tags, self._transitions(scores, forward, backward, total, lengths)

    def beliefs(self, scores: Array) -> Beliefs:
        """Return how likely the tags of one document of at least one token are, from its scores, tokens x tags."""
        lengths = np.array([len(scores)])
        forward, backward = self._forward(scores[None], lengths)[0], self._backward(scores[None], lengths)[0]
        total = _log_sum(forward[None, 0] + backward[None, 0])[0]
        return Beliefs(forward, backward, scores, self.steps, float(total))

    def best(self, scores: Array, lengths: Array) -> list[Array]:
        """Return the tags of the best path of each document (Viterbi)."""
        count, longest, size = scores.shape
        back = np.zeros((longest, count, size), dtype="int64")
        state = scores[:, 0] + self.begin
        for t in range(1, longest):
            live = int((lengths > t).sum())
            paths = state[:live, :, None] + self.steps
            back[t, :live] = paths.argmax(axis=1)
            state[:live] = paths.max(axis=1) + scores[:live, t]
        last = (state + self.end).argmax(axis=1)
        return [self._trace(back[:, number], last[number], int(lengths[number])) for number in range(count)]

    @staticmethod
    def _trace(back: Array, last: int, length: int) -> Array:
        path = [int(last)]
        for t in range(length - 1, 0, -1):
            path.append(int(back[t, path[-1]]))
        return np.array(path[::-1])

    def _forward(self, scores: Array, lengths: Array) -> Array:
        sums = np.full(scores.shape, 0.0)
        sums[:, 0] = scores[:, 0] + self.begin
        moves = np.exp(self.steps)
        for t in range(1, scores.shape[1]):
            live = int((lengths > t).sum())
            sums[:live, t] = scores[:live, t] + _step(sums[:live, t - 1], moves)
        return sums

    def _backward(self, scores: Array, lengths: Array) -> Array:
        sums = np.tile(self.end, (*scores.shape[:2], 1))
        moves = np.exp(self.steps).T
        for t in range(scores.shape[1] - 2, -1, -1):
            live = int((lengths > t + 1).sum())
            sums[:live, t] = _step(scores[:live, t + 1] + sums[:live, t + 1], moves)
        return sums

    def _transitions(self, scores: Array, forward: Array, backward: Array, total: Array, lengths: Array) -> Array:
        before, behind = forward[:, :-1], (scores + backward)[:, 1:]
        high, low = before.max(axis=2, keepdims=True), behind.max(axis=2, keepdims=True)
        inside = (np.arange(1, scores.shape[1])[None, :] < lengths[:, None])[:, :, None]
        weight = np.where(inside, np.exp(np.where(inside, high + low - total[:, None, None], 0.0)), 0.0)
        pairs = np.einsum("bti,btj->ij", np.exp(before - high) * weight, np.exp(behind - low), optimize=True)
        return np.asarray(pairs * np.exp(self.steps))


def _step(sums: Array, moves: Array) -> Array:
    high = sums.max(axis=1, keepdims=True)
    return np.asarray(np.log(np.exp(sums - high) @ moves + _TINY) + high)


def _log_sum(values: Array) -> Array:
    high = values.max(axis=1, keepdims=True)
    return np.asarray(np.log(np.exp(values - high).sum(axis=1)) + high[:, 0])


def padded(rows: Sequence[Array]) -> tuple[Array, Array, Array]:
    """Return rows of tokens x tags as one array sorted by falling length, the lengths, and the order of the rows."""
    lengths = np.array([len(row) for row in rows])
    order = np.argsort(-lengths, kind="stable")
    joined = np.zeros((len(rows), max(1, lengths.max(initial=0)), rows[0].shape[1]))
    for place, row in enumerate(order):
        joined[place, : lengths[row]] = rows[row]
    return joined, lengths[order], order
