"""doccano: JSON lines with entities and relations by their ids, as its project for sequence labelling exchanges them.

Its page counts UTF-16 code units, and its server stores what the page counts. A project that counts grapheme clusters
("grapheme mode", off unless asked for) writes offsets that nothing in the file tells from these: its files do not fit.
Source: doccano 1.8, ``data_import/pipeline``, ``data_export/pipeline`` and the page's ``v-annotator``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from liwa import jsonl
from liwa.annotations.parse import Parser, Report, is_integer, shown
from liwa.annotations.rules import BAD_OFFSETS, BAD_RELATION, BAD_SPAN
from liwa.errors import LiwaError
from liwa.formats.base import FEATURES, Format, Settings, documents
from liwa.formats.inline import gold_of, local, meta_of
from liwa.formats.losses import Losses
from liwa.formats.peek import first_row
from liwa.formats.rules import BAD_FILE, BAD_LINE
from liwa.formats.units import Offsets
from liwa.records import Gold

UNIT: Final = "UTF-16 units"

_OURS: Final = ("id", "text", "entities", "relations", "label", "labels", "meta")


def read(path: Path, report: Report) -> Iterator[Gold]:
    """Yield one gold a line of a file, or of the .jsonl files of a folder.

    Spans are ``entities`` or, without relations, triples under ``label``. Other fields are meta, as doccano has them.
    """
    for file in documents(path, ".jsonl"):
        for where, line in jsonl.lines(file):
            if line.strip() and (row := _row(line, where, report)) and (gold := _gold(row, where, report)):
                yield gold


def write(golds: Iterable[Gold], path: Path, losses: Losses, settings: Settings) -> int:
    """Write one line a gold, for a project with relations; one without takes ``entities`` for its label column."""
    return jsonl.write(path, map(_line, golds))


def _line(gold: Gold) -> dict[str, Any]:
    spans, relations = local(gold)
    units = Offsets(gold.text or "", UNIT).to_units
    ids = {span: number for number, span in enumerate(spans, 1)}
    entities = [
        {"id": number, "label": span.label, "start_offset": units(span.start), "end_offset": units(span.end)}
        for span, number in ids.items()
    ]
    links = [
        {"id": number, "from_id": ids[head], "to_id": ids[child], "type": label}
        for number, (head, child, label) in enumerate(relations, 1)
    ]
    return {"text": gold.text, "entities": entities, "relations": links, "meta": meta_of(gold)}


def _row(line: str, where: str, report: Report) -> dict[str, Any] | None:
    try:
        return jsonl.parse(line, where)
    except LiwaError as error:
        Parser(report, where).complain(BAD_LINE, error.message)
        return None


def _gold(row: Mapping[str, Any], where: str, report: Report) -> Gold | None:
    parser = Parser(report, where)
    text, own = row.get("text"), row.get("meta")
    if not isinstance(text, str):
        parser.complain(BAD_FILE, f"expected a row with a text, found {shown(dict(row))}")
        return None
    rest = {key: value for key, value in row.items() if key not in _OURS and value not in (None, [])}
    spans = _spans(row, text, parser)
    meta = {**rest, **(own if isinstance(own, Mapping) else {})}
    links = _links(row, spans, parser)
    return gold_of(text, meta, spans.values(), links, where=where, report=report)


def _spans(row: Mapping[str, Any], text: str, parser: Parser) -> dict[Any, dict[str, Any]]:
    """Return the spans of a row by their ids, in code points."""
    points = Offsets(text, UNIT).to_points
    found: dict[Any, dict[str, Any]] = {}
    name = next((key for key in ("entities", "label", "labels") if key in row), "entities")
    for number, value in enumerate(parser.listed(row.get(name), name)):
        entity = dict(zip(("start_offset", "end_offset", "label"), value, strict=False)) if _is_triple(value) else value
        if not isinstance(entity, Mapping):
            parser.complain(BAD_SPAN, f"expected an entity, found {shown(value)}")
            continue
        ends = [entity.get("start_offset"), entity.get("end_offset")]
        start, end = (points(end) if is_integer(end) else None for end in ends)
        if start is None or end is None:
            parser.complain(BAD_OFFSETS, f"expected UTF-16 offsets in the text, found {shown(ends)}")
            continue
        found[entity.get("id", f"#{number}")] = {"start": start, "end": end, "label": entity.get("label")}
    return found


def _is_triple(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 3


def _links(
    row: Mapping[str, Any], spans: Mapping[Any, Mapping[str, Any]], parser: Parser
) -> Iterator[Mapping[str, Any]]:
    for link in parser.listed(row.get("relations"), "relations"):
        ends = [link.get("from_id"), link.get("to_id")] if isinstance(link, Mapping) else []
        if not ends or not all(isinstance(end, int | str) and end in spans for end in ends):
            parser.complain(BAD_RELATION, f"expected a relation between ids of entities, found {shown(link)}")
        else:
            yield {"head_span": spans[ends[0]], "child_span": spans[ends[1]], "label": link.get("type")}


def _guess(head: bytes, path: Path) -> bool:
    row = first_row(head, path)
    return isinstance(row.get("text"), str) and ("entities" in row or _labelled(row))


def _labelled(row: Mapping[str, Any]) -> bool:
    label = row.get("label", row.get("labels"))
    return isinstance(label, list) and all(map(_is_triple, label))


FORMAT: Final = Format(
    name="doccano",
    title="doccano JSONL",
    unit=UNIT,
    holds=frozenset(FEATURES) - {"answers", "fields"},
    guess=_guess,
    read=read,
    write=write,
    suffixes=(".doccano.jsonl",),
)
