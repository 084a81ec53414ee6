"""What cue words say of pairs, for all pairs of a document at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from liwa.training.relations.cues import CueBook, begins
from liwa.training.relations.mentions import Ints
from liwa.training.relations.signatures import Signatures

DENIAL_REACH = 10
"""Words before the first mention in which a denial is looked for."""

Bools = NDArray[np.bool_]


class Statements:
    """The cues of those types that signatures have; a document's words are read once for all its pairs."""

    def __init__(self, book: CueBook, signatures: Signatures) -> None:
        types = {kind: cues for kind, cues in book.types.items() if kind in signatures.types}
        self.cues = [cue for cues in types.values() for cue in cues.cues]
        kinds = [signatures.types.index(kind) for kind, cues in types.items() for _ in cues.cues]
        self.kinds: Ints = np.array(kinds, dtype=np.int64)
        self._phrases = [cue.words for cue in self.cues] + [cue.unless for cue in self.cues] + [book.denials]
        self._beginning = lru_cache(maxsize=1 << 14)(self._begun)

    def of(
        self, words: Sequence[str], first: Ints, second: Ints, head_first: Bools, legal: Bools
    ) -> tuple[Bools, Bools, Ints]:
        """Say which cues state a relation, which at least have a word there, (pairs, cues) both, and the cues' types.

        first, second: the places among the words of each pair's mentions, in the order of the text. head_first:
        whether the head is the first. legal: (pairs, types); a cue of a type that is not legal says nothing.
        """
        ends = self._ends(words)
        denied = _holds(ends[-1], np.maximum(first - DENIAL_REACH, 0), second)
        shape = (len(first), len(self.cues))
        stated, present = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        for number, cue in enumerate(self.cues):
            begin, end = cue.stretch(first, second, len(words))
            cued, barred = ends[number], ends[len(self.cues) + number]
            present[:, number] = _holds(cued, begin, end) if cue.words else True
            fits = (second - first - 1 <= cue.window) & ~denied
            fits &= ~_holds(barred, begin, end) & ~_holds(barred, first + 1, second)
            stated[:, number] = fits & ((cue.first == "either") | (head_first == (cue.first == "head")))
        present &= legal[:, self.kinds]
        return stated & present, present, self.kinds

    def _ends(self, words: Sequence[str]) -> Ints:
        """Return, by group of phrases and place, where the first phrase ends of those that begin there or later."""
        ends = np.full((len(self._phrases), len(words) + 1), np.iinfo(np.int64).max)
        for start, word in enumerate(words):
            for group, phrase in self._beginning(word):
                if begins(words[start : start + len(phrase)], phrase):
                    ends[group, start] = min(ends[group, start], start + len(phrase))
        return np.asarray(np.minimum.accumulate(ends[:, ::-1], axis=1)[:, ::-1])

    def _begun(self, word: str) -> list[tuple[int, list[str]]]:
        """Return the phrases that may begin with a word, each with its group."""
        phrases = ((group, phrase.split()) for group, its in enumerate(self._phrases) for phrase in its)
        return [(group, phrase) for group, phrase in phrases if begins([word], phrase[:1])]


def _holds(ends: Ints, begin: Ints, end: Ints) -> Bools:
    """Say of each stretch of words whether a phrase both begins and ends in it."""
    return np.asarray(ends[begin] <= end)
