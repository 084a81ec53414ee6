"""Reading WebAnno TSV 3: the text out of its sentences, spans and relations out of the columns of its layers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from liwa import jsonl
from liwa.annotations.parse import Parser, Report, named, shown
from liwa.annotations.rules import BAD_OFFSETS, BAD_RELATION, OVERLAP, SPAN_TEXT
from liwa.errors import LiwaError
from liwa.formats.base import article_id, documents, whole
from liwa.formats.rules import BAD_FILE, BAD_LINE, LEFT_OUT, NOT_SUPPORTED
from liwa.formats.uima import is_custom, label_of
from liwa.formats.units import Offsets
from liwa.records import Gold, Range, Relation, Span

UNIT: Final = "UTF-16 units"

_FORMAT: Final = re.compile(r"#FORMAT=WebAnno TSV 3\.\d+")
_LAYER: Final = re.compile(r"#T_(SP|RL|CH)=([^|]+)\|?(.*)")
_PLACE: Final = re.compile(r"(\d+)-(\d+)")
_STACKED: Final = re.compile(r"(?:\\->|\\.|[^|\\])+", re.DOTALL)
_NUMBERED: Final = re.compile(r"(.*)\[(\d+)\]", re.DOTALL)
_HEAD: Final = re.compile(r"(\d+-\d+(?:\.\d+)?)(?:\[(\d+)_(\d+)\])?")
_ESCAPE: Final = re.compile(r"\\(->|.)", re.DOTALL)
_CONTROLS: Final = {"t": "\t", "n": "\n", "f": "\f", "r": "\r", "b": "\b"}


class _Layer(NamedTuple):
    """A layer of the header. kind: SP, RL or CH; first: the index of its first column in a row."""

    kind: str
    name: str
    features: tuple[str, ...]
    first: int

    @property
    def width(self) -> int:
        """The number of its columns; a layer without features has one."""
        return max(1, len(self.features))

    @property
    def last(self) -> int:
        """The index of its last column, in which a relation names its head."""
        return self.first + self.width - 1

    @property
    def base(self) -> str:
        """The layer of the spans that a relation layer links."""
        return self.features[-1].removeprefix("BT_") if self.features else ""

    @property
    def own(self) -> tuple[str, ...]:
        """The features of its annotations."""
        return self.features[:-1] if self.kind == "RL" else self.features


class _Unit(NamedTuple):
    """A row: a token or a part of one, in UTF-16 units of the document."""

    parser: Parser
    name: str
    start: int
    end: int
    cells: Sequence[str]


@dataclass
class _Text:
    """The text of a document as it is put together, sentence by sentence; `size` in UTF-16 units."""

    parts: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, sentence: str, start: int) -> bool:
        """Add a sentence that begins at an offset; False where that lies before the end of the one before."""
        if self.parts and self.size != start:
            self.parts.append("\n")
            self.size += 1
        if self.size > start:
            return False
        self.parts += [" " * (start - self.size), sentence]
        self.size = start + len(sentence.encode("utf-16-le", "surrogatepass")) // 2
        return True


@dataclass
class _Found:
    """A span as it is put together from its rows; `parser` tells of the first one."""

    layer: str
    parser: Parser
    start: int
    end: int
    features: dict[str, str | None]


_Key = tuple[str, str, int]
"""What the rows of a span have in common: its layer and number, else its layer, its one row and its place there."""


def read(path: Path, report: Report) -> Iterator[Gold]:
    """Yield one gold a file, the file's name being its id.

    Layers that DKPro Core has, such as parts of speech, are left out, all but named entities; so are chains.
    """
    for file in documents(path, ".tsv"):
        yield _Document(file, report).gold()


class _Document:
    """One file: its layers, its text and its rows."""

    def __init__(self, path: Path, report: Report) -> None:
        self._path = path
        self._report = report
        self._article = article_id(path.stem)
        self._text = _Text()
        self._units: list[_Unit] = []
        self._rows: dict[tuple[str, str], list[_Key]] = defaultdict(list)
        lines = ((where, line.removesuffix("\n").removesuffix("\r")) for where, line in jsonl.lines(path))
        self._layers = self._header(lines)
        self._body(lines)

    def gold(self) -> Gold:
        """Return what the file says."""
        text = "".join(self._text.parts)
        points = Offsets(text, UNIT)
        for unit in self._units:
            _prove(unit, text, points)
        spans = self._spans(points)
        relations = list(self._relations(spans))
        where = f"{self._path}:1"
        return whole(text, spans.values(), relations, where=where, report=self._report, article=self._article)

    def _header(self, lines: Iterator[tuple[str, str]]) -> list[_Layer]:
        where, line = next(lines, (f"{self._path}:1", ""))
        if not _FORMAT.fullmatch(line):
            message = f"expected #FORMAT=WebAnno TSV 3.3, found {shown(line)}"
            raise LiwaError(message, where=where, hint=BAD_FILE.hint)
        layers: list[_Layer] = []
        first = 3
        for where, line in lines:
            if not line:
                break
            if not (match := _LAYER.fullmatch(line)):
                self._parser(where).complain(BAD_LINE, f"expected a layer, found {shown(line)}")
                continue
            kind, name, rest = match.groups()
            features = tuple(rest.split("|")) if rest else ()
            layers.append(_Layer(kind, name, features, first))
            first += layers[-1].width
        return layers

    def _body(self, lines: Iterator[tuple[str, str]]) -> None:
        sentence: list[str] = []
        for where, line in lines:
            if line.startswith("#Text="):
                sentence.append(_unescaped(line.removeprefix("#Text=")))
            elif line and not line.startswith("#") and (unit := self._unit(where, line)):
                if sentence and not self._text.add("\n".join(sentence), unit.start):
                    unit.parser.complain(BAD_OFFSETS, f"the sentence begins at {unit.start}, inside the one before")
                sentence = []
                self._units.append(unit)

    def _unit(self, where: str, line: str) -> _Unit | None:
        cells = line.split("\t")
        parser = self._parser(where)
        width = max((layer.first + layer.width for layer in self._layers), default=3)
        place = _PLACE.fullmatch(cells[1]) if len(cells) > 1 else None
        if place and len(cells) >= width:
            return _Unit(parser, cells[0], int(place[1]), int(place[2]), cells)
        parser.complain(BAD_LINE, f"expected {width} columns with offsets in the second, found {shown(line)}")
        return None

    def _spans(self, points: Offsets) -> dict[_Key, Span]:
        """Return the spans of all layers that are read."""
        found: dict[_Key, _Found] = {}
        for layer in self._layers:
            if layer.kind != "SP" or not is_custom(layer.name):
                self._leave_out(layer)
                continue
            for unit in self._units:
                for place, (features, number) in enumerate(_stacked(layer, unit)):
                    key = (layer.name, "", number) if number else (layer.name, unit.name, place)
                    new = _Found(layer.name, unit.parser, unit.start, unit.end, features)
                    found.setdefault(key, new).end = unit.end
                    self._rows[layer.name, unit.name].append(key)
        return _flat(found, points)

    def _relations(self, spans: Mapping[_Key, Span]) -> Iterator[Relation]:
        """Yield the relations; each stands in the rows of its child and names the row of its head."""
        for layer in self._layers:
            if layer.kind != "RL" or not is_custom(layer.name):
                continue
            for unit in self._units:
                for (features, _), link in zip(_stacked(layer, unit), _values(unit.cells[layer.last]), strict=False):
                    match = _HEAD.fullmatch(link)
                    head = match and self._at(spans, layer.base, match[1], match[2])
                    child = match and self._at(spans, layer.base, unit.name, match[3])
                    if head and child:
                        yield Relation(head, child, label_of(layer.name, features, unit.parser))
                    else:
                        unit.parser.complain(BAD_RELATION, f"expected the row of a {layer.base}, found {shown(link)}")

    def _at(self, spans: Mapping[_Key, Span], layer: str, row: str, number: str | None) -> Span | None:
        """Return the span of a layer that has a number, or that is the first in a row."""
        if number and int(number):
            return spans.get((layer, "", int(number)))
        rows = self._rows.get((layer, row))
        return spans.get(rows[0]) if rows else None

    def _leave_out(self, layer: _Layer) -> None:
        used = sum(unit.cells[layer.first] != "_" for unit in self._units)
        if used and not (layer.kind == "RL" and is_custom(layer.name)):
            self._parser(f"{self._path}:1").complain(LEFT_OUT, f"the layer {layer.name}, in {used} rows")

    def _parser(self, where: str) -> Parser:
        return Parser(self._report, where, self._article)


def _stacked(layer: _Layer, unit: _Unit) -> list[tuple[dict[str, str | None], int]]:
    """Return the features, and the number or 0, of each annotation that a layer has in a row."""
    columns: list[tuple[str, list[str]]] = []
    for name, cell in zip(layer.own or ("",), unit.cells[layer.first :], strict=False):
        if name.startswith("ROLE_"):
            if cell != "_":
                unit.parser.complain(NOT_SUPPORTED, f"the slots of {layer.name}, which link more than two spans")
        else:
            columns.append((name, _values(cell)))
    found = []
    for place in range(max((len(values) for _, values in columns), default=0)):
        features: dict[str, str | None] = {}
        number = 0
        for name, values in columns:
            value = values[place] if place < len(values) else "*"
            if match := _NUMBERED.fullmatch(value):
                value, number = match[1], int(match[2])
            if name:
                features[name] = None if value == "*" else _unescaped(value)
        found.append((features, number))
    return found


def _values(cell: str) -> list[str]:
    """Return what is stacked in a cell."""
    return [] if cell in ("_", "") else _STACKED.findall(cell)


def _flat(found: Mapping[_Key, _Found], points: Offsets) -> dict[_Key, Span]:
    """Return the spans in code points; one that is empty or overlaps another is reported and left out."""
    spans = {key: span for key, value in found.items() if (span := _span(value, points))}
    kept: dict[_Key, Span] = {}
    last = Span(0, 0, "")
    for key, span in sorted(spans.items(), key=lambda item: item[1]):
        parser = found[key].parser
        if span.start >= span.end:
            parser.complain(BAD_OFFSETS, f"expected a span of some text, found the empty {named(span)}")
        elif span.start < last.end:
            parser.complain(OVERLAP, f"{named(span)} overlaps {named(last)}", span)
        else:
            kept[key] = last = span
    return kept


def _span(found: _Found, points: Offsets) -> Span | None:
    start, end = points.to_points(found.start), points.to_points(found.end)
    label = label_of(found.layer, found.features, found.parser)
    return None if start is None or end is None else Span(start, end, label)


def _prove(unit: _Unit, text: str, points: Offsets) -> None:
    """Report a row whose offsets are none of the text, or whose token stands elsewhere."""
    start, end = points.to_points(unit.start), points.to_points(unit.end)
    if start is None or end is None:
        unit.parser.complain(BAD_OFFSETS, f"expected UTF-16 offsets in the text, found {unit.start}-{unit.end}")
    elif text[start:end] not in (unit.cells[2], _unescaped(unit.cells[2])):
        there = f"found {shown(unit.cells[2])} where the text has {shown(text[start:end])}"
        unit.parser.complain(SPAN_TEXT, there, Range(start, end))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: _CONTROLS.get(match[1], match[1]), text)
