"""W3C Web Annotation: a folder with a text file (.txt) and an annotation page (.jsonld) an article.

A span is an annotation that tags a TextPositionSelector, whose offsets are code points, with a TextQuoteSelector
beside it as the proof; a relation one with the motivation ``linking`` whose targets are the annotations of its head
and its child, in that order. What the model has no term for stands under the key ``liwa``, which JSON-LD passes over.
Source: W3C Recommendation "Web Annotation Data Model", 23 February 2017.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

from liwa import jsonl
from liwa.annotations.parse import Parser, Report, shown
from liwa.annotations.rules import BAD_RELATION, BAD_SPAN, SPAN_TEXT
from liwa.errors import LiwaError
from liwa.formats.arrays import values
from liwa.formats.base import FEATURES, Format, Settings, article_id, documents, file_name, read_text
from liwa.formats.inline import gold_of, local, meta_of
from liwa.formats.losses import Losses
from liwa.formats.rules import BAD_FILE, LEFT_OUT
from liwa.records import Gold, Span, sha256

CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"

_SUFFIX: Final = ".jsonld"
_ROW: Final = "liwa"
_TAGS: Final = ("tagging", "classifying", "identifying", "describing")
_AROUND: Final = 32


def read(path: Path, report: Report) -> Iterator[Gold]:
    """Yield one gold a text that the annotations of a file, or of the .jsonld files of a folder, speak of.

    The text is a file in the same folder, by the name that the annotations give as their source.
    """
    for file in documents(path, _SUFFIX):
        yield from _Page(file, report).golds()


def write(golds: Iterable[Gold], path: Path, losses: Losses, settings: Settings) -> int:
    """Write a text and a page of annotations an article."""
    path.mkdir()
    count = 0
    for gold in golds:
        name = file_name(gold.article)
        with jsonl.open_output(path / f"{name}.txt") as out:
            text = gold.text or ""
            out.write(text[:1] + text if text.startswith("\ufeff") else text)  # a reader drops one mark
        source = quote(f"{name}.txt")
        row = {"source": source, "meta": meta_of(gold)}
        page = {"@context": CONTEXT, "id": quote(name + _SUFFIX), "type": "AnnotationPage", _ROW: row}
        with jsonl.open_output(path / f"{name}{_SUFFIX}") as out:
            items = ",\n".join(map(jsonl.dumps, _annotations(gold, source)))
            out.write(f'{jsonl.dumps(page)[:-1]},"items":[\n{items}\n]}}\n')
        count += 1
    return count


def _annotations(gold: Gold, source: str) -> Iterator[dict[str, Any]]:
    spans, relations = local(gold)
    ids = {span: f"#span-{number}" for number, span in enumerate(spans, 1)}
    for span, name in ids.items():
        target = {"source": source, "selector": _selectors(span, gold.text or "")}
        yield {"id": name, "type": "Annotation", "motivation": "tagging", "body": _tag(span.label), "target": target}
    for number, (head, child, label) in enumerate(relations, 1):
        ends = {"motivation": "linking", "body": _tag(label), "target": [ids[head], ids[child]]}
        yield {"id": f"#relation-{number}", "type": "Annotation", **ends}


def _tag(label: str) -> dict[str, str]:
    return {"type": "TextualBody", "value": label, "purpose": "tagging"}


def _selectors(span: Span, text: str) -> list[dict[str, Any]]:
    around = {
        "exact": text[span.start : span.end],
        "prefix": text[max(0, span.start - _AROUND) : span.start],
        "suffix": text[span.end : span.end + _AROUND],
    }
    position = {"type": "TextPositionSelector", "start": span.start, "end": span.end}
    return [position, {"type": "TextQuoteSelector", **around}]


class _Page:
    """The annotations of one file."""

    def __init__(self, path: Path, report: Report) -> None:
        self._path = path
        self._report = report
        self._texts: dict[str, str] = {}
        self._metas: dict[str, Mapping[str, Any]] = {}
        self._spans: dict[str, dict[str, dict[str, Any]]] = {}
        self._links: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def golds(self) -> Iterator[Gold]:
        """Yield the gold of each text, in the order in which the file names them."""
        found = [(where, value) for where, top in values(self._path) for value in self._items(top, where)]
        others = [(where, value) for where, value in found if not self._span(value, Parser(self._report, where))]
        for where, value in others:
            self._link(value, Parser(self._report, where))
        for source, text in self._texts.items():
            meta = self._metas.get(source) or {"article": _article(source), "sha256": sha256(text)}
            spans = self._spans.get(source, {}).values()
            where = f"{self._path}:1"
            if gold := gold_of(text, meta, spans, self._links[source], where=where, report=self._report):
                yield gold

    def _items(self, value: Any, where: str) -> Iterator[Mapping[str, Any]]:
        """Yield the annotations of a file's value: one, a page or a collection of them."""
        if not isinstance(value, Mapping):
            Parser(self._report, where).complain(BAD_FILE, f"expected an annotation, found {shown(value)}")
            return
        row = value.get(_ROW)
        if isinstance(row, Mapping) and isinstance(row.get("source"), str) and isinstance(row.get("meta"), Mapping):
            self._text(row["source"])
            self._metas[row["source"]] = row["meta"]
        if "target" in value:
            yield value
        for part in [*_listed(value.get("items")), value.get("first"), value.get("next")]:
            if isinstance(part, Mapping):
                yield from self._items(part, where)

    def _text(self, source: str) -> str:
        """Return the text that a source is; LiwaError where no file of that name stands beside the annotations."""
        if source not in self._texts:
            file = self._path.parent / Path(unquote(source)).name
            if file == self._path or not file.is_file():
                hint = f"Put it into the folder of the annotations as {file.name}"
                raise LiwaError(f"found no text of {shown(source)}", where=f"{self._path}:1", hint=hint)
            self._texts[source] = read_text(file)
        return self._texts[source]

    def _span(self, value: Mapping[str, Any], parser: Parser) -> bool:
        """Take an annotation as a span, if its one target is a part of a text."""
        targets = _listed(value.get("target"))
        target = targets[0] if len(targets) == 1 and isinstance(targets[0], Mapping) else {}
        source = target.get("source")
        source = source.get("id") if isinstance(source, Mapping) else source
        if not isinstance(source, str) or "selector" not in target:
            return False
        place = _place(_listed(target["selector"]), self._text(source), parser)
        label = _label(value, parser)
        if place and label:
            known = self._spans.setdefault(source, {})
            known[str(value.get("id", f"_:{len(known)}"))] = {**place, "label": label}
        return True

    def _link(self, value: Mapping[str, Any], parser: Parser) -> None:
        """Take an annotation as a relation, if its targets are the annotations of spans."""
        targets = _listed(value.get("target"))
        ends = [str(target.get("id") if isinstance(target, Mapping) else target) for target in targets]
        source = next((source for source, spans in self._spans.items() if ends and ends[0] in spans), None)
        spans = self._spans.get(source or "", {})
        if "linking" not in _listed(value.get("motivation")) and not all(end in spans for end in ends):
            parser.complain(LEFT_OUT, f"the annotation {shown(value.get('id'))}, which is of no part of a text")
        elif source is None or len(ends) != 2 or ends[1] not in spans:
            parser.complain(
                BAD_RELATION, f"expected the ids of two annotations of a text as targets, found {shown(ends)}"
            )
        elif label := _label(value, parser):
            self._links[source].append({"head_span": spans[ends[0]], "child_span": spans[ends[1]], "label": label})


def _place(selectors: Sequence[Any], text: str, parser: Parser) -> dict[str, Any] | None:
    """Return start, end and, where it is said, text of what is selected."""
    by_type = {selector.get("type"): selector for selector in selectors if isinstance(selector, Mapping)}
    position, quoted = by_type.get("TextPositionSelector"), by_type.get("TextQuoteSelector")
    exact = quoted.get("exact") if quoted else None
    if position:
        said = {"text": exact} if isinstance(exact, str) else {}
        return {"start": position.get("start"), "end": position.get("end"), **said}
    if not quoted or not isinstance(exact, str) or not exact:
        parser.complain(BAD_SPAN, f"expected a selector of a position or a quote, found {shown(list(by_type))}")
        return None
    before, after = (str(quoted.get(key) or "") for key in ("prefix", "suffix"))
    at = text.find(before + exact + after)
    found = "none" if at < 0 else "several" if text.find(before + exact + after, at + 1) >= 0 else ""
    if found:
        parser.complain(SPAN_TEXT, f"expected one place for a quote of {len(exact)} code points, found {found}")
        return None
    return {"start": at + len(before), "end": at + len(before) + len(exact), "text": exact}


def _label(value: Mapping[str, Any], parser: Parser) -> str | None:
    """Return the one tag of an annotation; other bodies are reported as left out."""
    motivation = next((m for m in _listed(value.get("motivation")) if m in _TAGS), _TAGS[0])
    tags = [value["bodyValue"]] if "bodyValue" in value else []
    for body in _listed(value.get("body")):
        purposes = _listed(body.get("purpose", motivation)) if isinstance(body, Mapping) else []
        if any(purpose in _TAGS for purpose in purposes) and isinstance(body.get("value"), str):
            tags.append(body["value"])
        else:
            parser.complain(LEFT_OUT, f"a body of the annotation {shown(value.get('id'))} that is no tag")
    if len(tags) == 1 and isinstance(tags[0], str):
        return tags[0]
    parser.complain(BAD_SPAN, f"expected one tag as the body of {shown(value.get('id'))}, found {len(tags)}")
    return None


def _article(source: str) -> str:
    """Return the id of the article of a source: its last part without the suffix."""
    return article_id(Path(unquote(source)).stem)


def _listed(value: Any) -> list[Any]:
    """Return a value of JSON-LD as a list: one thing may stand without its brackets."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _guess(head: bytes, path: Path) -> bool:
    if path.is_dir():
        file = min(path.rglob(f"*{_SUFFIX}"), default=None)
        head = file.read_bytes()[:4096] if file else b""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") and CONTEXT.encode() in head


FORMAT: Final = Format(
    name="webannotation",
    title="W3C Web Annotation JSON-LD",
    unit="code points",
    holds=frozenset(FEATURES) - {"answers", "fields"},
    guess=_guess,
    read=read,
    write=write,
    folder=True,
)
