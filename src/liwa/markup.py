r"""Inline marks for writing gold and tests by hand: ``[text](LABEL)``, with relations in the mark of their head.

A mark says the label, then an optional name, then relations as ``TYPE:name`` of the child's mark::

    [اللواء](RANK 1) [سامي الدوري](PERSON HOLDS_RANK:1 COMMANDS:2)، قائد [الفرقة الثالثة](UNIT 2)

A bracket that begins no mark is plain text. Before ``[``, ``]`` and ``\`` a backslash makes them plain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from liwa.errors import LiwaError
from liwa.records import Relation, Span, first_difference

_TOKEN: Final = re.compile(r"\\([\[\]\\])|\[((?:[^\[\]\\\n]|\\[\[\]\\])+)\]\(([^\s():]+)((?: +[^\s()]+)*)\)")
_ESCAPED: Final = re.compile(r"\\([\[\]\\])")
_SPECIAL: Final = re.compile(r"[\[\]\\]")


class Marked(NamedTuple):
    """A text without its marks, and what the marks said, in code points of that text."""

    text: str
    spans: tuple[Span, ...]
    relations: tuple[Relation, ...]


def parse(marked: str, *, text: str | None = None, where: str = "") -> Marked:
    """Read marked-up text; with ``text``, prove that stripping the marks gives back exactly that.

    Raises LiwaError for a relation to a name that no mark has, a name used twice, and a stripped text that differs.
    """
    pieces: list[str] = []
    notes: list[tuple[Span, list[str]]] = []
    length = last = 0
    for match in _TOKEN.finditer(marked):
        escaped, surface, label, note = match.groups()
        piece = escaped or _ESCAPED.sub(r"\1", surface)
        pieces += marked[last : match.start()], piece
        length += match.start() - last
        if not escaped:
            notes.append((Span(length, length + len(piece), label), note.split()))
        length += len(piece)
        last = match.end()
    stripped = "".join([*pieces, marked[last:]])
    if text is not None:
        _prove(stripped, text, where)
    return Marked(stripped, tuple(span for span, _ in notes), _relations(notes, where))


def write(text: str, spans: Iterable[Span], relations: Iterable[Relation] = ()) -> str:
    """Return a text with its spans and relations marked; `parse` gives all three back.

    Spans must be flat, lie inside the text and within one line; every end of a relation must be one of them.
    """
    ordered = sorted(spans)
    links = sorted(relations)
    children = sorted({r.child for r in links})
    names = {child: str(number) for number, child in enumerate(children, 1)}
    out: list[str] = []
    last = 0
    for span in ordered:
        notes = [span.label, *([names[span]] if span in names else [])]
        notes += [f"{r.label}:{names[r.child]}" for r in links if r.head == span]
        out += _escape(text[last : span.start]), f"[{_escape(text[span.start : span.end])}]({' '.join(notes)})"
        last = span.end
    return "".join([*out, _escape(text[last:])])


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _relations(notes: Sequence[tuple[Span, list[str]]], where: str) -> tuple[Relation, ...]:
    named: dict[str, Span] = {}
    for span, words in notes:
        for name in (w for w in words if ":" not in w):
            if name in named:
                raise LiwaError(f"two marks have the name {name}", where=where, hint="Give each mark its own name")
            named[name] = span
    links: list[Relation] = []
    for head, words in notes:
        for label, _, name in (w.partition(":") for w in words if ":" in w):
            if name not in named:
                raise LiwaError(
                    f"{label}:{name} in the mark at offset {head.start} points to no mark",
                    where=where,
                    hint="Name the child's mark, as in [text](LABEL 1)",
                )
            links.append(Relation(head, named[name], label))
    return tuple(sorted(links))


def _prove(stripped: str, text: str, where: str) -> None:
    at = first_difference(stripped, text)
    if at is None:
        return
    raise LiwaError(
        f"without its marks the text differs at offset {at}: expected {text[at : at + 12]!r}, "
        f"found {stripped[at : at + 12]!r}",
        where=where,
        hint="Change nothing but the marks",
    )
