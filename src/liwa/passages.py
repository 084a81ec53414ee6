"""What a paragraph and a sentence are: one definition for tasks, relations, training and checks.

A paragraph is a maximal run of text between line breaks, without the white space at its ends. A sentence is a part
of a paragraph. Both are ranges of code points; what lies between them is separator, white space only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from liwa.records import Range

# A line break as str.splitlines sees it, less the separators (\x1c-\x1e) that no news text means as one.
_LINE: Final = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")

# A sentence ends at a stop or question mark, with the closing quotes and brackets behind it, before white space.
# Not after a single letter (the title "د." and initials) and not after a digit's full stop in a list ("1. ").
_STOP: Final = re.compile(r"(?<!\b\w)[.!?؟؛…]+[»”\"')\]’]*(?=\s)")

UNITS: Final = ("paragraph", "sentence", "article")


def paragraphs(text: str) -> Iterator[Range]:
    """Yield the paragraphs of a text, in order."""
    for line in _LINE.finditer(text):
        yield from _stripped(text, line.start(), line.end())


def sentences(text: str, paragraph: Range | None = None) -> Iterator[Range]:
    """Yield the sentences of one paragraph, or of every paragraph of a text, in order."""
    for block in [paragraph] if paragraph else paragraphs(text):
        start = block.start
        for stop in _STOP.finditer(text, block.start, block.end):
            yield from _stripped(text, start, stop.end())
            start = stop.end()
        yield from _stripped(text, start, block.end)


def whole(text: str) -> Iterator[Range]:
    """Yield one range: the text without the white space at its ends, if anything is left."""
    yield from _stripped(text, 0, len(text))


def passages(text: str, unit: str) -> Iterator[Range]:
    """Yield the passages of a text for a unit of ``UNITS``."""
    split: dict[str, Callable[[str], Iterator[Range]]] = {
        "paragraph": paragraphs,
        "sentence": sentences,
        "article": whole,
    }
    yield from split[unit](text)


def _stripped(text: str, start: int, end: int) -> Iterator[Range]:
    part = text[start:end]
    begin = start + len(part) - len(part.lstrip())
    if stripped := part.strip():
        yield Range(begin, begin + len(stripped))
