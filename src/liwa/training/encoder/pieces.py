"""Words as pieces of a unigram vocabulary (Kudo 2018, arXiv:1804.10959), one token at a time.

What is segmented is the norm of a token, so that spellings which differ by hamza, diacritics or a Persian letter give
one result. A token that begins with a letter is segmented as a word of its own, also behind a proclitic, whose norm
is that of the free word; anything else is a word of its own behind a space only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from liwa.arabic.orthography import normalise
from liwa.training.encoder.checkpoint import Checkpoint

BEGIN, END, PAD, UNKNOWN = range(4)
"""The first rows of a vocabulary that `trimmed` made."""

_SPACE: Final = "\u2581"
_CACHED: Final = 1 << 16
_UNKNOWN_COST: Final = 10.0
_KEPT: Final = re.compile(rf"{_SPACE}?(?:[\u0621-\u064a]+|[a-z]{{1,3}}|[!-`{{-~]+)?")


class Segmenter:
    """Cuts words into the likeliest pieces; a letter that no piece holds is the unknown piece.

    pieces: all of the vocabulary, the special ones first. scores: their log-probabilities.
    """

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        self.pieces, self.scores = list(pieces), list(scores)
        ordinary = list(zip(pieces, scores, strict=True))[UNKNOWN + 1 :]
        self._known = {piece: (row, score) for row, (piece, score) in enumerate(ordinary, UNKNOWN + 1)}
        self._longest = max(map(len, self._known), default=1)
        self._unknown = (UNKNOWN, min((score for _, score in ordinary), default=0.0) - _UNKNOWN_COST)
        self.segment = lru_cache(_CACHED)(self._segment)

    def __call__(self, doc: Doc) -> list[tuple[int, ...]]:
        """Return the pieces of each token; a token of whitespace has none."""
        found, spaced = [], True
        for token in doc:
            norm = token.norm_
            found.append(() if token.is_space else self.segment(norm, spaced or norm[0].isalpha()))
            spaced = bool(token.whitespace_) or token.is_space
        return found

    def _segment(self, norm: str, spaced: bool) -> tuple[int, ...]:
        """Find the likeliest path through the pieces (Viterbi): for each end, its score, its last piece and start."""
        word = _SPACE * spaced + unicodedata.normalize("NFKC", norm)
        best: list[tuple[float, int, int]] = [(0.0, UNKNOWN, 0)]
        for end in range(1, len(word) + 1):
            paths = []
            for start in range(max(0, end - self._longest), end):
                known = self._known.get(word[start:end]) or (self._unknown if start == end - 1 else None)
                if known:
                    paths.append((best[start][0] + known[1], known[0], start))
            best.append(max(paths))
        path, end = [], len(word)
        while end:
            _, row, end = best[end]
            path.append(row)
        return tuple(reversed(path))


def trimmed(checkpoint: Checkpoint) -> tuple[list[str], list[float], NDArray[np.intp]]:
    """Return the pieces that norms of Arabic news can have, their scores, and their rows in the checkpoint.

    Kept are the special pieces, those of Arabic letters as the norm writes them, digits and punctuation, and Latin ones
    of up to three letters, from which any Latin word can be put together.
    """
    ordinary = [row for row, piece in enumerate(checkpoint.pieces) if _is_kept(piece)]
    rows = [*checkpoint.special, *(row for row in ordinary if row not in checkpoint.special)]
    scores = [float(checkpoint.scores[row]) for row in rows]
    return [checkpoint.pieces[row] for row in rows], scores, np.asarray(rows)


def _is_kept(piece: str) -> bool:
    letters = piece.removeprefix(_SPACE)
    return bool(_KEPT.fullmatch(piece)) and piece != "" and (letters == "" or normalise(letters) == letters)
