"""WebAnno TSV 3.3, as INCEpTION exchanges it: a folder with one .tsv an article, or such a file.

Offsets are UTF-16 code units of the document. Source: INCEpTION User Guide, appendix "WebAnno TSV 3.3 File format".
The reader is in `webanno_reader`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from liwa import jsonl
from liwa.arabic.tokenizer import tokenise
from liwa.formats.base import Format, Settings, file_name
from liwa.formats.inline import local
from liwa.formats.losses import Losses, without
from liwa.formats.uima import LABEL, RELATION, SPAN
from liwa.formats.units import Offsets
from liwa.formats.webanno_reader import UNIT, read
from liwa.records import Gold, Range, Relation, Span

SUFFIX: Final = ".tsv"

_IN_VALUES: Final = re.compile(r"->|[\\\[\]|_;*\t\n]")
_IN_TEXT: Final = re.compile(r"[\\\x00-\x0a\x0c-\x1f]")
_READABLE: Final = {"\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", "\b": "\\b"}


_WHOLE: Final = Range(0, 0)


class _Unit(NamedTuple):
    """A row: a token, or, unless it is `_WHOLE`, the part of it that a span covers; in code points of the text."""

    token: int
    part: Range = _WHOLE


class _Sentence(NamedTuple):
    """A sentence: its text and the numbers of its tokens."""

    text: str
    tokens: range


def write(golds: Iterable[Gold], path: Path, losses: Losses, settings: Settings) -> int:
    """Write a file an article; its sentences are the lines of the text, its tokens those of liwa's tokenizer.

    A span that begins or ends in white space, which has no row, cannot be written.
    """
    path.mkdir()
    count = 0
    for gold in golds:
        with jsonl.open_output(path / f"{file_name(gold.article)}{SUFFIX}") as out:
            out.writelines(f"{line}\n" for line in _lines(gold, losses))
        count += 1
    return count


def _lines(gold: Gold, losses: Losses) -> Iterator[str]:
    text = gold.text or ""
    tokens = _tokens(text)
    units = {span: _units(span.shifted(-gold.start), tokens) for span in gold.spans}
    lost = {span: "it begins or ends in white space" for span, found in units.items() if not found}
    spans, relations = local(without(gold, lost, losses))
    units = {span: _units(span, tokens) for span in spans}
    sentences = _sentences(text, tokens)
    names = _names(sentences, units.values())
    columns = [_span_cells(units)] if spans else []
    columns += _relation_cells(relations, units, names) if relations else []
    yield "#FORMAT=WebAnno TSV 3.3"
    yield from ([f"#T_SP={SPAN}|{LABEL}"] if spans else [])
    yield from ([f"#T_RL={RELATION}|{LABEL}|BT_{SPAN}"] if relations else [])
    yield ""
    yield from _body(text, tokens, sentences, names, columns)


def _body(
    text: str,
    tokens: Sequence[Range],
    sentences: Sequence[_Sentence],
    names: Mapping[_Unit, str],
    columns: Sequence[Mapping[_Unit, str]],
) -> Iterator[str]:
    """Yield the lines of the sentences: an empty one, the text, and one a unit."""
    offsets = Offsets(text, UNIT)
    first = {sentence.tokens.start: sentence for sentence in sentences}
    for unit, name in names.items():
        if unit.token in first and unit.part == _WHOLE:
            yield ""
            yield from (f"#Text={_escaped(line)}" for line in first[unit.token].text.split("\n"))
        start, end = tokens[unit.token] if unit.part == _WHOLE else unit.part
        place = f"{offsets.to_units(start)}-{offsets.to_units(end)}"
        yield "\t".join([name, place, _escaped(text[start:end]), *(column.get(unit, "_") for column in columns), ""])


def _tokens(text: str) -> list[Range]:
    """Return the tokens that get a row: those of letters and signs, and white space where it begins the text.

    A document begins where its first token does, so without that row the white space would be lost.
    """
    tokens = [Range(start, end) for start, end in tokenise(text) if not text[start:end].isspace()]
    begin = tokens[0].start if tokens else len(text)
    return [Range(0, begin), *tokens] if begin else tokens


def _sentences(text: str, tokens: Sequence[Range]) -> list[_Sentence]:
    """Return the lines of a text that have tokens, each with all that stands before the next one.

    A reader puts one line feed between two sentences that do not touch, so that one is not part of either.
    """
    starts = [0, *(i for i in range(1, len(tokens)) if "\n" in text[tokens[i - 1].end : tokens[i].start])]
    found = []
    for first, after in zip(starts, [*starts[1:], len(tokens)], strict=True):
        end = tokens[after].start if after < len(tokens) else len(text)
        part = text[tokens[first].start : end]
        found.append(_Sentence(part.removesuffix("\n") if after < len(tokens) else part, range(first, after)))
    return found


def _units(span: Span, tokens: Sequence[Range]) -> list[_Unit]:
    """Return the rows of a span, none where it begins or ends between two tokens."""
    first, last = (bisect_right(tokens, at, key=lambda token: token.start) - 1 for at in (span.start, span.end - 1))
    if first < 0 or span.start >= tokens[first].end or span.end > tokens[last].end:
        return []
    edges = ((i, max(tokens[i].start, span.start), min(tokens[i].end, span.end)) for i in range(first, last + 1))
    return [_Unit(i, _WHOLE if (start, end) == tokens[i] else Range(start, end)) for i, start, end in edges]


def _names(sentences: Sequence[_Sentence], used: Iterable[Sequence[_Unit]]) -> dict[_Unit, str]:
    """Return the ids of all rows, in their order: ``1-2`` for a token, ``1-2.1`` for the first part of it."""
    parts: dict[int, set[_Unit]] = defaultdict(set)
    for unit in (unit for units in used for unit in units if unit.part != _WHOLE):
        parts[unit.token].add(unit)
    names = {}
    for number, sentence in enumerate(sentences, 1):
        for place, token in enumerate(sentence.tokens, 1):
            names[_Unit(token)] = f"{number}-{place}"
            names |= {unit: f"{number}-{place}.{i}" for i, unit in enumerate(sorted(parts[token]), 1)}
    return names


def _span_cells(units: Mapping[Span, Sequence[_Unit]]) -> dict[_Unit, str]:
    """Return the labels, each with the id of its span where that has several rows."""
    ids = _ids(units)
    return {
        unit: _escaped_value(span.label) + (f"[{ids[span]}]" if span in ids else "")
        for span, rows in units.items()
        for unit in rows
    }


def _relation_cells(
    relations: Sequence[Relation], units: Mapping[Span, Sequence[_Unit]], names: Mapping[_Unit, str]
) -> list[dict[_Unit, str]]:
    """Return the types and the heads of relations, both in the first row of the child."""
    ids = _ids(units)
    types: dict[_Unit, list[str]] = defaultdict(list)
    heads: dict[_Unit, list[str]] = defaultdict(list)
    for head, child, label in relations:
        at = units[child][0]
        both = (ids.get(head, 0), ids.get(child, 0))
        types[at].append(_escaped_value(label))
        heads[at].append(names[units[head][0]] + (f"[{both[0]}_{both[1]}]" if any(both) else ""))
    return [{unit: "|".join(values) for unit, values in column.items()} for column in (types, heads)]


def _ids(units: Mapping[Span, Sequence[_Unit]]) -> dict[Span, int]:
    """Return the numbers of the spans that have several rows."""
    return {span: number for number, span in enumerate((s for s, rows in units.items() if len(rows) > 1), 1)}


def _escaped(text: str) -> str:
    return _IN_TEXT.sub(lambda match: _READABLE.get(match[0], f"\\{match[0]}"), text)


def _escaped_value(value: str) -> str:
    return _IN_VALUES.sub(lambda match: _READABLE.get(match[0], f"\\{match[0]}"), value)


def _guess(head: bytes, path: Path) -> bool:
    if path.is_dir():
        file = min(path.rglob(f"*{SUFFIX}"), default=None)
        head = file.read_bytes()[:64] if file else b""
    return head.removeprefix(b"\xef\xbb\xbf").startswith(b"#FORMAT=WebAnno TSV 3.")


FORMAT: Final = Format(
    name="webanno",
    title="WebAnno TSV 3.3 (INCEpTION)",
    unit=UNIT,
    holds=frozenset({"text", "spans", "relations", "article"}),
    guess=_guess,
    read=read,
    write=write,
    folder=True,
)
