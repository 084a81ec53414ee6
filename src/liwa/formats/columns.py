"""Tokens and tags: spans as IOB2, and whatever other inside-outside tags files have back into spans."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from liwa.arabic.tokenizer import tokenise
from liwa.passages import paragraphs
from liwa.records import Gold, Range, Span

OUTSIDE: Final = "O"
"""The tag of a token in no span."""

_TAG: Final = re.compile(r"O|([BIESLU])-(\S+)")
_BEGINS: Final = frozenset("BSU")
_ENDS: Final = frozenset("ESLU")


def is_tag(tag: str) -> bool:
    """Say whether a tag is O, or B-, I-, E-, S-, L- or U- with a label."""
    return _TAG.fullmatch(tag) is not None


def spans_of(tags: Sequence[str], places: Sequence[Range]) -> list[Span]:
    """Return the spans that tags say over the places of their tokens; a span never runs on into another call.

    Tags are those of IOB1, IOB2, BIOES or BILOU, read as the CoNLL-2000 evaluation reads them: an I- behind another
    label, or behind no span, begins one.
    """
    spans: list[Span] = []
    is_open = False
    for tag, place in zip(tags, places, strict=True):
        mark, _, label = tag.partition("-")
        if mark == OUTSIDE:
            is_open = False
            continue
        if is_open and mark not in _BEGINS and spans[-1].label == label:
            spans[-1] = spans[-1]._replace(end=place.end)
        else:
            spans.append(Span(place.start, place.end, label))
        is_open = mark not in _ENDS
    return spans


def sentences(gold: Gold) -> list[list[Range]]:
    """Return the places of the tokens of gold, in its text and without white space, a list for each paragraph."""
    text = gold.text or ""
    words = iter([Range(*place) for place in tokenise(text) if not text[slice(*place)].isspace()])
    found: list[list[Range]] = [[] for _ in paragraphs(text)]
    ends = [paragraph.end for paragraph in paragraphs(text)]
    at = 0
    for word in words:
        while word.start >= ends[at]:
            at += 1
        found[at].append(word)
    return found


def tags_of(spans: Sequence[Span], tokens: Sequence[Sequence[Range]]) -> tuple[list[list[str]], dict[Span, str]]:
    """Return the IOB2 tags of sentences of tokens, and the spans that they cannot say, each with the reason."""
    tags = [[OUTSIDE] * len(sentence) for sentence in tokens]
    begins = {place.start: (i, j) for i, sentence in enumerate(tokens) for j, place in enumerate(sentence)}
    ends = {place.end: (i, j) for i, sentence in enumerate(tokens) for j, place in enumerate(sentence)}
    lost: dict[Span, str] = {}
    for span in spans:
        if problem := _problem(span, begins, ends):
            lost[span] = problem
            continue
        (line, first), (_, last) = begins[span.start], ends[span.end]
        tags[line][first : last + 1] = [f"B-{span.label}", *[f"I-{span.label}"] * (last - first)]
    return tags, lost


def _problem(span: Span, begins: Mapping[int, tuple[int, int]], ends: Mapping[int, tuple[int, int]]) -> str:
    if span.label.split() != [span.label]:
        return "its label has white space"
    if span.start not in begins or span.end not in ends:
        return "it begins or ends inside a token"
    return "it runs over a line break" if begins[span.start][0] != ends[span.end][0] else ""


def joined(sentences: Sequence[Sequence[str]]) -> tuple[str, list[list[Range]]]:
    """Return sentences of tokens as a text, with spaces and line feeds between, and the place of each token."""
    at = 0
    places: list[list[Range]] = []
    for sentence in sentences:
        places.append(list(_placed(sentence, at)))
        at = places[-1][-1].end + 1 if sentence else at + 1
    return "\n".join(" ".join(sentence) for sentence in sentences), places


def _placed(tokens: Sequence[str], at: int) -> Iterator[Range]:
    for token in tokens:
        yield Range(at, at + len(token))
        at += len(token) + 1
