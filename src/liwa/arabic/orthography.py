"""Orthographic normalisation: one spelling for the many ways in which Arabic news writes a word.

Only the NORM of a token is normalised; the text of an article stays as it was read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

TATWEEL = "\u0640"

# Ranges for the inside of a regular expression's character class.
LETTERS = (
    "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06e5\u06e6\u06ee\u06ef\u06fa-\u06fc\u06ff"
    "\u0750-\u077f\u0870-\u0887\u0889-\u088e\u08a0-\u08c9"
    "\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufd8f\ufd92-\ufdc7\ufdf0-\ufdfb\ufe70-\ufe74\ufe76-\ufefc"
)
MARKS = (
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u0898-\u089f\u08ca-\u08e1\u08e3-\u08ff"
)
_INVISIBLE = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_PRESENTATION_FORMS = "\ufb50-\ufdff\ufe70-\ufefc"

# Every character of a value is written as the key: alef forms, then the letters of Persian, Urdu and
# Kurdish keyboards and of dialect names, then the punctuation that news mixes with its Latin twin.
_SPELLINGS = {
    "ا": "أإآٱٲٳ",
    "ي": "ىیېێے",
    "ك": "کڪگڭ",
    "ه": "ھہەۀ",
    "ة": "ۃ",
    "ب": "پ",
    "ج": "چ",
    "ز": "ژ",
    "ف": "ڤڥ",
    '"': "“”„«»‟",
    "'": "‘’‚‹›`´",
    ",": "،٬",
    ";": "؛",
    "?": "؟",
    "%": "٪",
    ".": "٫۔",
    "-": "‐‑‒–—―−",
}


def _members(ranges: str) -> Iterator[str]:
    """The code points of a character class such as ``a-zA-Z``."""
    points = iter(ranges)
    for first in points:
        yield first
        if ranges.startswith("-", ranges.index(first) + 1):
            next(points)
            yield from map(chr, range(ord(first) + 1, ord(next(points)) + 1))


def _presentation_form(char: str) -> str:
    """A positional form or ligature as the letters that it stands for; a phrase (U+FDFA) keeps its code point.

    A spacing diacritic becomes nothing.
    """
    letters = unicodedata.normalize("NFKC", char).lstrip(" ")
    return char if " " in letters else letters.translate(_UNWRITTEN)


_UNWRITTEN = str.maketrans(dict.fromkeys([TATWEEL, *_members(MARKS), *_members(_INVISIBLE)], ""))
_BARE = _UNWRITTEN | {ord(char): _presentation_form(char) for char in _members(_PRESENTATION_FORMS)}
_FOLDED = str.maketrans(
    {old: new for new, olds in _SPELLINGS.items() for old in olds}
    | {chr(ord(zero) + value): str(value) for zero in "٠۰" for value in range(10)}
)
_BARE_AND_FOLDED = _FOLDED | {old: new.translate(_FOLDED) for old, new in _BARE.items()}


def bare(text: str) -> str:
    """`text` without diacritics, tatweel and bidi marks, positional forms as plain letters; "" if none is left."""
    return text.translate(_BARE)


def fold(text: str) -> str:
    """The bare `text` in one spelling: alef, ya, kaf and the like, digits, punctuation. ``fold(bare(x)) == fold(x)``.

    After `bare`, folding keeps the length: a letter for a letter.
    """
    return text.translate(_BARE_AND_FOLDED)


def normalise(text: str) -> str:
    """The NORM of a token: folded letters, digits and punctuation, Latin in lower case.

    Never "" for a non-empty token: where nothing is left, the text itself is its norm.
    """
    return fold(text.lower()) or text
