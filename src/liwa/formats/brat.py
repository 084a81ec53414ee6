"""brat stand-off: a folder with a ``.txt`` and an ``.ann`` a document (Stenetorp and others 2012, version 1.3).

Offsets count code points of the text, line breaks as they are. An annotation stands on one line with its text, so a
span over a line break is written in fragments, as brat's own page does, and such fragments are read as one span.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from liwa import jsonl
from liwa.annotations import rules as gold_rules
from liwa.annotations.parse import Parser, Report, shown
from liwa.errors import LiwaError
from liwa.formats import rules
from liwa.formats.base import Format, Settings, article_id, documents, file_name, read_text, whole
from liwa.formats.brat_config import annotation_conf, visual_conf
from liwa.formats.losses import Losses, without
from liwa.formats.peek import first_lines
from liwa.records import Gold, Range, Relation, Span

_ENTITY: Final = re.compile(r"(\S+) (\d+ \d+(?:;\d+ \d+)*)")
_RELATION: Final = re.compile(r"(\S+)((?: [^\s:]+:\S+)+)")
_BREAKS: Final = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_LINE: Final = re.compile(r"(?:[TREAMN]|AM|#[A-Za-z]*)\d+\t.*|\*\t.*")
_SURELY: Final = re.compile(r"T\d+\t\S+ \d+ \d+.*|(?:[REAMN]|AM|#[A-Za-z]*)\d+\t\S+[ :].*[TREA]\d.*|\*\t\S+ T\d.*")
_LEFT_OUT: Final = {
    "A": "an attribute",
    "M": "an attribute",
    "N": "a normalization",
    "#": "a note",
    "*": "an equivalence",
}
_LOST: Final = "it begins or ends with a line break"


class _Line(NamedTuple):
    """One line of an .ann file: its place, the annotation's id, and the fields behind it."""

    where: str
    id: str
    data: str
    text: str | None


def read(path: Path, report: Report) -> Iterator[Gold]:
    """Yield the documents of a folder, or of one .ann or .txt file; attributes, notes and the like are left out.

    Raises LiwaError for an .ann file without its text. Events, discontinuous spans and relations of more than two are
    errors.
    """
    path = path.with_suffix(".ann") if path.suffix == ".txt" else path
    for file in documents(path, ".ann"):
        name = file.relative_to(path) if path.is_dir() else Path(file.name)
        yield _document(file, article_id(name.with_suffix("").as_posix()), report)


def write(golds: Iterable[Gold], path: Path, losses: Losses, settings: Settings) -> int:
    """Write two files a document, and annotation.conf and visual.conf for the scheme and whatever else is labelled."""
    path.mkdir()
    labels: dict[str, None] = {}
    kinds: dict[str, None] = {}
    count = 0
    for gold in golds:
        text = gold.text or ""
        fragments = {span: _fragments(span, text) for span in gold.spans}
        lost = {span: why for span, places in fragments.items() if (why := _problem(span, places))}
        unsayable = {link: "its type has white space" for link in gold.relations if not _is_word(link.label)}
        kept = without(gold, lost, losses, unsayable)
        labels |= dict.fromkeys(s.label for s in kept.spans)
        kinds |= dict.fromkeys(r.label for r in kept.relations)
        _write(path / f"{file_name(gold.article)}.txt", text)
        _write(path / f"{file_name(gold.article)}.ann", "".join(_lines(kept, fragments)))
        count += 1
    _write(path / "annotation.conf", annotation_conf(settings.scheme, labels, kinds))
    _write(path / "visual.conf", visual_conf(settings.scheme))
    return count


def _write(path: Path, text: str) -> None:
    if path.exists():
        message = f"two documents are called {path.stem}"
        raise LiwaError(message, hint="Keep one row of it, or give each an article of its own")
    with jsonl.open_output(path) as out:
        out.write(text)


def _fragments(span: Span, text: str) -> list[Range]:
    """Return the parts of a span between line breaks; [] where it begins or ends with one."""
    gaps = [Range(*m.span()) for m in _BREAKS.finditer(text, span.start, span.end)]
    edges = [span.start, *(edge for gap in gaps for edge in gap), span.end]
    parts = [Range(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return parts if all(part.start < part.end for part in parts) else []


def _problem(span: Span, fragments: Sequence[Range]) -> str:
    if not _is_word(span.label):
        return "its label has white space"
    return "" if fragments else _LOST


def _is_word(label: str) -> bool:
    return label.split() == [label]


def _lines(gold: Gold, fragments: Mapping[Span, Sequence[Range]]) -> Iterator[str]:
    ids = {span: f"T{number}" for number, span in enumerate(gold.spans, 1)}
    for span, name in ids.items():
        places = ";".join(f"{part.start} {part.end}" for part in fragments[span])
        yield f"{name}\t{span.label} {places}\t{' '.join(map(gold.surface, fragments[span]))}\n"
    for number, link in enumerate(gold.relations, 1):
        yield f"R{number}\t{link.label} Arg1:{ids[link.head]} Arg2:{ids[link.child]}\n"


def _document(file: Path, article: str, report: Report) -> Gold:
    text_file = file.with_suffix(".txt")
    if not text_file.is_file():
        raise LiwaError(f"expected its text in {text_file.name}, found no such file", where=str(file))
    text = read_text(text_file)
    spans: dict[str, Span] = {}
    lines: dict[Span, str] = {}
    links: list[tuple[_Line, Parser]] = []
    for line in _annotations(file, report):
        parser = Parser(report, line.where, article)
        if line.id[0] == "R":
            links.append((line, parser))
        elif line.id[0] != "T":
            _leave_out(line, parser)
        elif line.id in spans:
            parser.complain(rules.BAD_LINE, f"{line.id} is there twice")
        elif span := _span(line, text, parser):
            spans[line.id] = span
            lines[span] = line.where
    found = [link for line, parser in links if (link := _relation(line, spans, parser))]
    return whole(text, spans.values(), found, where=f"{file}:1", report=report, article=article, lines=lines)


def _annotations(file: Path, report: Report) -> Iterator[_Line]:
    for where, raw in jsonl.lines(file):
        line = raw.rstrip("\r\n")
        if _LINE.fullmatch(line):
            name, data, *text = line.split("\t", 2)
            yield _Line(where, name, data, text[0] if text else None)
        elif line.strip():
            Parser(report, where).complain(rules.BAD_LINE, f"expected an annotation such as T1, found {shown(line)}")


def _span(line: _Line, text: str, parser: Parser) -> Span | None:
    match = _ENTITY.fullmatch(line.data)
    if not match:
        parser.complain(rules.BAD_LINE, f"expected LABEL START END, found {shown(line.data)}")
        return None
    parts = [Range(*map(int, part.split(" "))) for part in match[2].split(";")]
    if any(not _BREAKS.search(text[a.end : b.start]) or text[a.end : b.start].strip() for a, b in pairwise(parts)):
        parser.complain(rules.NOT_SUPPORTED, f"{line.id} is a discontinuous span, {match[2]}")
        return None
    span = Span(parts[0].start, parts[-1].end, match[1])
    if not parser.span(span._asdict(), Range(0, len(text))):
        return None
    if line.text not in (None, "", " ".join(text[part.start : part.end] for part in parts)):
        parser.complain(gold_rules.SPAN_TEXT, f"{line.id} says another text than stands there", Range(*span[:2]))
        return None
    return span


def _relation(line: _Line, spans: Mapping[str, Span], parser: Parser) -> Relation | None:
    match = _RELATION.fullmatch(line.data.rstrip(" "))
    if not match:
        parser.complain(rules.BAD_LINE, f"expected TYPE Arg1:ID Arg2:ID, found {shown(line.data)}")
        return None
    ends = [argument.split(":", 1) for argument in match[2].split()]
    if len(ends) != 2:
        parser.complain(rules.NOT_SUPPORTED, f"{line.id} is a relation of {len(ends)}")
        return None
    (_, head), (_, child) = sorted(ends) if {role for role, _ in ends} == {"Arg1", "Arg2"} else ends
    missing = [end for end in (head, child) if end not in spans]
    if missing:
        parser.complain(gold_rules.BAD_RELATION, f"{line.id} has an end that is no span of the file, {missing[0]}")
        return None
    return Relation(spans[head], spans[child], match[1])


def _leave_out(line: _Line, parser: Parser) -> None:
    if line.id[0] == "E":
        parser.complain(rules.NOT_SUPPORTED, f"{line.id} is an event")
    else:
        parser.complain(rules.LEFT_OUT, _LEFT_OUT[line.id[0]])


def _guess(head: bytes, path: Path) -> bool:
    files = sorted(path.rglob("*.ann")) if path.is_dir() else [path]
    if path.suffix == ".txt":
        return path.with_suffix(".ann").is_file()
    lines = (line for file in files for line in _first(file, head))
    first = next(lines, None)
    beside = any(file.suffix == ".ann" and file.with_suffix(".txt").is_file() for file in files)
    return beside if first is None else _SURELY.fullmatch(first) is not None


def _first(file: Path, head: bytes) -> list[str]:
    """Return the first line of a file that is not blank, if any."""
    start = head or (file.read_bytes()[: 2**16] if file.is_file() else b"")
    return [line.rstrip("\r") for line in first_lines(start) if line.strip()][:1]


FORMAT: Final = Format(
    name="brat",
    title="brat stand-off",
    unit="code points",
    holds=frozenset({"text", "spans", "relations", "article"}),
    guess=_guess,
    read=read,
    write=write,
    folder=True,
)
