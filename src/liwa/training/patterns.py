"""Prodigy's pattern files, matched by spaCy on liwa's tokens: ``{"label": ..., "pattern": "words" | [tokens]}`` a line.

A string is found as it is written; a list of token descriptions (https://spacy.io/usage/rule-based-matching) can ask
for more, such as ``{"NORM": ...}``, under which spelling variants and diacritics make no difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from liwa import jsonl
from liwa.annotations.parse import shown
from liwa.errors import LiwaError
from liwa.records import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

_FORM = '{"label": "...", "pattern": "..."} or {"label": "...", "pattern": [{"LOWER": "..."}]}'


class Match(NamedTuple):
    """A span that a pattern finds, and the number of its line in the file, from 1."""

    span: Span
    pattern: int


class Matched(NamedTuple):
    """What patterns found in a text: flat spans, sorted, and how many other matches overlap these."""

    matches: Sequence[Match]
    overlaps: int


class Patterns:
    """The patterns of a file, ready to be looked for."""

    def __init__(self, path: str | Path) -> None:
        """Read a file; LiwaError for a line that is no pattern."""
        import spacy
        from spacy.matcher import Matcher, PhraseMatcher

        self._nlp = spacy.blank("ar", config={"nlp": {"tokenizer": {"@tokenizers": "liwa.ArabicTokenizer.v1"}}})
        self._phrases, self._tokens = PhraseMatcher(self._nlp.vocab), Matcher(self._nlp.vocab)
        self._labels: dict[str, tuple[int, str]] = {}
        for number, (where, row) in enumerate(jsonl.read(path), 1):
            self._add(number, row, where)
        if not self._labels:
            raise LiwaError("expected patterns, found an empty file", where=str(path), hint=f"Write {_FORM} a line")

    def __call__(self, text: str) -> Matched:
        """Return what the patterns find: the longest match first, of equally long ones the one on the left."""
        with self._nlp.memory_zone():  # the vocabulary forgets the words of this text
            return self._flat(self._nlp.make_doc(text))

    def _flat(self, doc: Doc) -> Matched:
        found = [match for matcher in (self._phrases, self._tokens) if len(matcher) for match in matcher(doc)]
        named = [(*self._labels[doc.vocab.strings[key]], start, end) for key, start, end in found if start < end]
        taken: set[int] = set()
        matches = []
        for number, label, start, end in sorted(named, key=lambda one: (one[2] - one[3], one[2], one[0])):
            if taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                span = doc[start:end]
                matches.append(Match(Span(span.start_char, span.end_char, label), number))
        return Matched(sorted(matches), len(named) - len(matches))

    def _add(self, number: int, row: dict[str, Any], where: str) -> None:
        label, pattern = row.get("label"), row.get("pattern")
        if not (isinstance(label, str) and label and isinstance(pattern, str | list) and pattern):
            raise LiwaError(f"expected a pattern, found {shown(row)}", where=where, hint=f"Write {_FORM}")
        key = f"{number}:{label}"
        self._labels[key] = (number, label)
        if isinstance(pattern, str):
            self._phrases.add(key, [self._nlp.make_doc(pattern)])
            return
        try:
            self._tokens.add(key, [pattern])
        except (ValueError, TypeError, AttributeError) as error:
            said = " ".join(str(error).split())[:200]
            raise LiwaError(f"spaCy cannot match this: {said}", where=where, hint=f"Write {_FORM}") from None
