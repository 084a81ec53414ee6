"""Proclitics: the words و ف ب ل ك س that Arabic writes joined to the word behind them.

A word is split wherever a proclitic could be, unless the lexicon knows that its letter belongs to the stem:
a split too many costs a model little, a boundary that is missing loses an annotated span. So an unknown name
in one of these letters is split wherever it stands, bare or behind a proclitic, and its tokens keep one form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from liwa.arabic.orthography import bare, fold

CONJUNCTIONS = frozenset("وف")
PREPOSITIONS = frozenset("بلك")
FUTURE = frozenset("س")
_NEVER_CLITIC = frozenset("اأإآتثجحخدذرزشصضطظعغقمنهيىةءئؤ")  # most words, seen at once; other spellings take longer
_IMPERFECT = frozenset("يتن")  # what a verb begins with after the future particle
_NEVER_INITIAL = frozenset("ةء")
_ALWAYS_INITIAL = frozenset("إآ")

_ENDINGS = ("ة", "ا", "ي", "ان", "ين", "ون", "ات", "ت", "تا", "تان", "تين", "وا", "و", "نا", "تم")
_NISBA = ("ية", "يا", "يان", "يين", "يون", "يات", "يتان", "يتين", "يت")
_PRONOUNS = ("ه", "ها", "هم", "هما", "نا", "ي")
_LINKS = ("", "ت", "ات", "ا", "ي", "و", "نا", "تي", "يت", "يات", "يي")
NOMINAL = frozenset([*_ENDINGS, *_NISBA, *(link + pronoun for link in _LINKS for pronoun in _PRONOUNS)])
FEMININE = frozenset(["ة", "ه", "ات", "تان", "تين", *(link + noun for link in ("ت", "ات") for noun in _PRONOUNS)])
VERBAL = frozenset(("ت", "وا", "وه", "ه", "ها", "هم", "هما", "ته", "تها", "تهم", "وها", "وهم"))
_INFLECTIONS = NOMINAL | FEMININE | VERBAL
_LONGEST_ENDING = max(map(len, _INFLECTIONS))


def _stem_ends(letters: str) -> list[int]:
    """Where the stem of an inflected word could end."""
    first = max(2, len(letters) - _LONGEST_ENDING)
    return [end for end in range(first, len(letters)) if letters[end:] in _INFLECTIONS]


def _key(word: str) -> str:
    """Folded letters with every seat of the hamza written alike: بناؤه and بنائه are بناءه."""
    return fold(word).replace("ؤ", "ء").replace("ئ", "ء")


class Lexicon(NamedTuple):
    """Words whose first letter is their own; `lexicon.txt` explains the sections. Looked up by folded letters."""

    stems: frozenset[str]
    verbs: frozenset[str]
    words: frozenset[str]
    names: frozenset[str]
    ambiguous: frozenset[str]

    def forbids_split(self, letters: str) -> bool:
        """Whether `letters` is a word of which the first letter may not be split off."""
        return letters not in self.ambiguous and (letters in self.names or self.has_noun(letters))

    def has_noun(self, letters: str) -> bool:
        """Whether `letters` is a word of the lexicon, names apart, or a form of one."""
        return (
            letters in self.words
            or letters in self.ambiguous
            or letters in self.stems
            or letters in self.verbs
            or any(self._inflects(letters[:end], letters[end:]) for end in _stem_ends(letters))
        )

    def _inflects(self, stem: str, ending: str) -> bool:
        if stem + "ة" in self.stems and ending in FEMININE:
            return True
        if len(stem) < 3:
            return False
        return (stem in self.stems and ending in NOMINAL) or (stem in self.verbs and ending in VERBAL)


def read_lexicon(lines: Iterable[str]) -> Lexicon:
    """The sections of a lexicon file; an unknown section raises KeyError."""
    sections: dict[str, set[str]] = {name: set() for name in Lexicon._fields}
    current: set[str] = set()
    for line in lines:
        content = line.partition("#")[0].strip()
        if content.startswith("["):
            current = sections[content.strip("[]")]
        else:
            current.update(map(_key, content.split()))
    return Lexicon(**{name: frozenset(words) for name, words in sections.items()})


@cache
def lexicon() -> Lexicon:
    """The lexicon that ships with the project, read once."""
    return read_lexicon((files("liwa.arabic") / "lexicon.txt").read_text(encoding="utf-8").splitlines())


def _may_be_clitic(letters: str, allowed: frozenset[str]) -> bool:
    """Whether the first of `letters` could be a proclitic, judged by its place and by what stands behind it."""
    first, rest = letters[:1], letters[1:]
    if first not in allowed or len(rest) < 2 or rest[0] in _NEVER_INITIAL:
        return False
    return first not in FUTURE or (rest[0] in _IMPERFECT and len(rest) > 2)


def count(word: str) -> int:
    """How many of the first letters of `word` (marks and tatweel apart) are proclitics: 0, 1 or 2.

    Two are a conjunction and a preposition or the future particle. The article stays with the stem.
    """
    if word[:1] in _NEVER_CLITIC:
        return 0
    spelling, known = bare(word), lexicon()
    letters = _key(spelling)
    for place, allowed in enumerate((CONJUNCTIONS | PREPOSITIONS | FUTURE, PREPOSITIONS | FUTURE)):
        if not _may_be_clitic(letters[place:], allowed):
            return place
        if spelling[place + 1] not in _ALWAYS_INITIAL and known.forbids_split(letters[place:]):
            return place
        if letters[place] not in CONJUNCTIONS:
            return place + 1
    return 2


def proclitic_ends(word: str) -> tuple[int, ...]:
    """Where each proclitic at the start of `word` ends, in code points; () for none.

    A clitic takes the diacritics and the tatweel behind it. Inside a ligature in one code point nothing is cut.
    """
    clitics = count(word)
    return tuple(_letter_ends(word, clitics)) if clitics else ()


def _letter_ends(word: str, letters: int) -> Iterator[int]:
    """The ends of the first `letters` letters of `word`, each with the marks behind it."""
    sizes = [len(bare(char)) for char in word]
    end = 0
    for _ in range(letters):
        while not sizes[end]:
            end += 1
        if sizes[end] > 1:
            return
        end += 1
        while not sizes[end]:
            end += 1
        yield end


def after_lam(stem: str) -> str:
    """The norm of a stem in ل behind the preposition ل, which swallows the alef of the article.

    لفريق is الفريق; لواء, a stem in ل, is اللواء; لبنان, a name without article, is itself.
    """
    letters = fold(stem)
    known, key = lexicon(), _key(stem)
    if key == "له":
        return "الله"
    if key in known.names:
        return letters
    return ("ال" if known.has_noun(key) else "ا") + letters
