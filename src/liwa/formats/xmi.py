"""UIMA CAS XMI, as INCEpTION exchanges it: a folder with one .xmi an article and their ``TypeSystem.xml``.

In the files offsets are UTF-16 code units; dkpro-cassis (the extra ``liwa[xmi]``) turns them into code points. What
the types of INCEpTION do not say of gold stands in an annotation of the type `ROW`, which INCEpTION passes over.
Source: UIMA References, "XMI CAS Serialization".
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from liwa import jsonl
from liwa.annotations.parse import Parser, Report
from liwa.annotations.rules import BAD_RELATION
from liwa.arabic.tokenizer import tokenise
from liwa.errors import LiwaError
from liwa.formats.base import FEATURES, Format, Settings, article_id, documents, file_name
from liwa.formats.inline import gold_of, local, meta_of
from liwa.formats.losses import Losses
from liwa.formats.rules import BAD_FILE, LEFT_OUT, NOT_SUPPORTED
from liwa.formats.uima import LABEL, RELATION, SPAN, is_custom, label_of
from liwa.passages import paragraphs
from liwa.records import Gold, sha256

ROW: Final = "liwa.Row"
"""The type of an annotation of the whole text whose feature ``meta`` is the JSON of a gold's meta."""

TYPES: Final = "TypeSystem.xml"

_SEGMENTS: Final = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type."
_DOCUMENT: Final = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
_ANNOTATION: Final = "uima.tcas.Annotation"
_STRING: Final = "uima.cas.String"
_STRUCTURE: Final = (_DOCUMENT, f"{_SEGMENTS}Sentence", f"{_SEGMENTS}Token", "uima.tcas.DocumentAnnotation")
_INHERITED: Final = ("sofa", "begin", "end", "Governor", "Dependent")
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REPLACED: Final = "replaced"
_MISFITS: Final = (LookupError, ValueError, TypeError, AttributeError, UserWarning)


def read(path: Path, report: Report) -> Iterator[Gold]:
    """Yield one gold a file; the type system is the ``TypeSystem.xml`` beside it, else the one that `write` writes.

    Layers of DKPro Core's own, such as parts of speech, are left out, all but named entities.
    """
    for file in documents(path, ".xmi"):
        if gold := _gold(file, report):
            yield gold


def write(golds: Iterable[Gold], path: Path, losses: Losses, settings: Settings) -> int:
    """Write a file an article, and the type system; the tokens are those of liwa's tokenizer, sentences paragraphs."""
    path.mkdir()
    types = _types()
    types.to_xml(path / TYPES)
    count = 0
    for gold in golds:
        _cas(gold, types).to_xmi(path / f"{file_name(gold.article)}.xmi", pretty_print=True)
        count += 1
    return count


@cache
def _cassis() -> Any:
    try:
        import cassis
    except ImportError:
        hint = "Install it: pip install 'liwa[xmi]'"
        raise LiwaError("UIMA CAS XMI needs dkpro-cassis, which is not installed", hint=hint) from None
    return cassis


def _types() -> Any:
    """Return the type system that is written."""
    types = _cassis().TypeSystem()
    strings = {_DOCUMENT: ("documentTitle", "documentId"), SPAN: (LABEL,), RELATION: (LABEL,), ROW: ("meta",)}
    for name in (f"{_SEGMENTS}Sentence", f"{_SEGMENTS}Token", *strings):
        kind = types.create_type(name, "uima.tcas.DocumentAnnotation" if name == _DOCUMENT else _ANNOTATION)
        for feature in strings.get(name, ()):
            types.create_feature(kind, feature, _STRING)
    for feature in ("Governor", "Dependent"):
        types.create_feature(types.get_type(RELATION), feature, SPAN)
    return types


def _cas(gold: Gold, types: Any) -> Any:
    """Return the CAS of gold."""
    text = gold.text or ""
    spans, relations = local(gold)
    cas = _cassis().Cas(types)
    cas.sofa_string = _NO_XML.sub("\ufffd", text)
    cas.sofa_mime = "text/plain"

    def add(name: str, start: int, end: int, **features: Any) -> Any:
        annotation = types.get_type(name)(begin=start, end=end, **features)
        cas.add(annotation)
        return annotation

    title = _NO_XML.sub("\ufffd", gold.article)
    add(_DOCUMENT, 0, len(text), documentId=title, documentTitle=title)
    add(ROW, 0, len(text), meta=_row(gold))
    for start, end in paragraphs(text):
        add(f"{_SEGMENTS}Sentence", start, end)
    for start, end in tokenise(text):
        if not text[start:end].isspace():
            add(f"{_SEGMENTS}Token", start, end)
    ends = {span: add(SPAN, span.start, span.end, label=_label(span.label, gold)) for span in spans}
    for head, child, label in relations:
        add(RELATION, child.start, child.end, Governor=ends[head], Dependent=ends[child], label=_label(label, gold))
    return cas


def _label(label: str, gold: Gold) -> str:
    if _NO_XML.search(label):
        raise LiwaError(f"XML cannot hold the label {label!r}", where=gold.where, hint="Rename the label")
    return label


def _row(gold: Gold) -> str:
    """Return the meta of gold as JSON, with the characters that XML cannot hold: their places and code points."""
    replaced = [[match.start(), ord(match[0])] for match in _NO_XML.finditer(gold.text or "")]
    row = {**meta_of(gold), **({_REPLACED: replaced} if replaced else {})}
    return _NO_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", jsonl.dumps(row))


def _gold(path: Path, report: Report) -> Gold | None:
    cas = _load(path)
    text, meta = _text(cas, path)
    parser = Parser(report, f"{path}:1", str(meta["article"]))
    spans: dict[int, dict[str, Any]] = {}
    links = []
    left_out: Counter[str] = Counter()
    for found in cas.select_all_annotations():
        name = found.type.name
        if name in _STRUCTURE or name == ROW:
            continue
        if not is_custom(name):
            left_out[name] += 1
        elif found.type.get_feature("Governor"):
            links.append(found)
        else:
            spans[found.xmiID] = {"start": found.begin, "end": found.end, "label": _label_of(found, cas, parser)}
    for name, number in left_out.items():
        parser.complain(LEFT_OUT, f"the layer {name}, {number} annotations")
    relations = _links(links, spans, cas, parser)
    return gold_of(text, meta, spans.values(), relations, where=parser.where, report=report)


def _load(path: Path) -> Any:
    """Return the CAS of a file; LiwaError for whatever cassis cannot read."""
    cassis = _cassis()
    beside = path.with_name(TYPES)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            types = cassis.load_typesystem(beside) if beside.is_file() else _types()
            return cassis.load_cas_from_xmi(path, typesystem=types)
    except SyntaxError as error:
        where = f"{path}:{error.lineno or 1}"
        raise LiwaError(f"expected XML, found: {error}", where=where, hint=BAD_FILE.hint) from None
    except (cassis.typesystem.TypeNotFoundError, *_MISFITS) as error:
        hint = BAD_FILE.hint if beside.is_file() else f"Put the {TYPES} of its export beside it"
        raise LiwaError(f"expected a CAS of its types, found: {error}", where=f"{path}:1", hint=hint) from None


def _text(cas: Any, path: Path) -> tuple[str, dict[str, Any]]:
    """Return the text of a CAS and the meta of its gold."""
    text = cas.sofa_string
    if not isinstance(text, str):
        raise LiwaError("expected a CAS with a text, found none", where=f"{path}:1", hint=BAD_FILE.hint)
    if rows := _all(cas, ROW):
        meta = jsonl.parse(rows[0].meta or "{}", f"{path}:1")
        characters = list(text)
        for place, code in meta.pop(_REPLACED, ()):
            characters[place] = chr(code)
        return "".join(characters), meta
    titles = (getattr(found, key, None) for found in _all(cas, _DOCUMENT) for key in ("documentTitle", "documentId"))
    title = next((title.removesuffix(".xmi") for title in titles if title), article_id(path.stem))
    return text, {"article": title, "sha256": sha256(text)}


def _all(cas: Any, name: str) -> list[Any]:
    return list(cas.select(name)) if cas.typesystem.contains_type(name) else []


def _label_of(found: Any, cas: Any, parser: Parser) -> str:
    """Return the label of an annotation, and report slots, which are no features of its own."""
    features: dict[str, str | None] = {}
    for feature in found.type.all_features:
        value = found.get(feature.name)
        if feature.name in _INHERITED:
            continue
        if cas.typesystem.is_primitive(feature.rangeType):
            features[feature.name] = None if value is None else str(value)
        elif value is not None and getattr(value, "elements", True):
            parser.complain(NOT_SUPPORTED, f"the slots {feature.name} of {found.type.name}")
    return label_of(found.type.name, features, parser)


def _links(
    links: Iterable[Any], spans: Mapping[int, Mapping[str, Any]], cas: Any, parser: Parser
) -> Iterator[Mapping[str, Any]]:
    for link in links:
        head, child = (spans.get(getattr(link[side], "xmiID", 0)) for side in ("Governor", "Dependent"))
        if head and child:
            yield {"head_span": head, "child_span": child, "label": _label_of(link, cas, parser)}
        else:
            parser.complain(BAD_RELATION, f"expected a relation of two spans, found {link.type.name} {link.xmiID}")


def _guess(head: bytes, path: Path) -> bool:
    if path.is_dir():
        file = min(path.rglob("*.xmi"), default=None)
        head = file.read_bytes()[:2048] if file else b""
    return b"<xmi:XMI" in head[:2048] and b"http://www.omg.org/XMI" in head


FORMAT: Final = Format(
    name="xmi",
    title="UIMA CAS XMI (INCEpTION)",
    unit="UTF-16 units",
    holds=frozenset(FEATURES) - {"answers", "fields"},
    guess=_guess,
    read=read,
    write=write,
    folder=True,
)
