"""UIMA CAS XMI: what is written, what is read, with dkpro-cassis as the judge of both."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from liwa.errors import LiwaError
from liwa.findings import Finding, stop
from liwa.formats import registry, xmi
from liwa.formats.base import Settings
from liwa.formats.losses import Losses
from liwa.records import Gold, Relation, Span, sha256
from tests.gold import gold

cassis: Any = pytest.importorskip("cassis")

FORMAT = registry.get("xmi")
ENTITY = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
POS = "de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS"
DOCUMENT = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
TEXT = "🙂 وصل سامي\r\nإلى اللواء"
PERSON, UNIT = Span(6, 10, "PERSON"), Span(16, 22, "UNIT")


def write(folder: Path, *golds: Gold) -> Path:
    folder.mkdir(exist_ok=True)
    FORMAT.write(golds, folder / "xmi", Losses(), Settings())
    return folder / "xmi"


def project() -> Any:
    """Return a type system such as an INCEpTION project has."""
    types = cassis.TypeSystem()
    for name, features in {
        DOCUMENT: ("documentTitle", "documentId"),
        ENTITY: ("identifier", "value"),
        POS: ("PosValue",),
        "webanno.custom.Base": (),
        "webanno.custom.Relation": ("label",),
    }.items():
        kind = types.create_type(name)
        for feature in features:
            types.create_feature(kind, feature, "uima.cas.String")
    for side in ("Governor", "Dependent"):
        types.create_feature(types.get_type("webanno.custom.Relation"), side, "uima.tcas.Annotation")
    types.create_feature(types.get_type("webanno.custom.Base"), "roles", "uima.cas.FSArray")
    return types


class Case:
    """A CAS that is put together for a test."""

    def __init__(self, folder: Path, text: str = TEXT) -> None:
        self.folder = folder
        self.types = project()
        self.cas = cassis.Cas(self.types)
        self.cas.sofa_string = text
        self.cas.sofa_mime = "text/plain"

    def add(self, name: str, start: int, end: int, **features: Any) -> Any:
        annotation = self.types.get_type(name)(begin=start, end=end, **features)
        self.cas.add(annotation)
        return annotation

    def read(self, findings: list[Finding] | None = None, change: Any = str) -> Gold:
        (self.folder / "TypeSystem.xml").write_text(self.types.to_xml(), encoding="utf-8")
        file = self.folder / "admin.xmi"
        file.write_text(change(self.cas.to_xmi()), encoding="utf-8")
        (found,) = FORMAT.read(file, stop if findings is None else findings.append)
        return found


def test_offsets_in_the_file_are_utf_16_units_and_cassis_finds_the_same_words(tmp_path: Path) -> None:
    marked = "🙂 وصل [سامي](PERSON COMMANDS:1)\r\nإلى [اللواء](UNIT 1)"
    folder = write(tmp_path, gold(marked, article="خبر/١"))
    file = folder / "خبر%2F١.xmi"
    text = file.read_text(encoding="utf-8")
    assert 'begin="7" end="11" label="PERSON"' in text
    assert "&#13;&#10;" in text
    cas = cassis.load_cas_from_xmi(file, cassis.load_typesystem(folder / "TypeSystem.xml"))
    assert [(s.get_covered_text(), s.label) for s in cas.select("custom.Span")] == [
        ("سامي", "PERSON"),
        ("اللواء", "UNIT"),
    ]
    (link,) = cas.select("custom.Relation")
    assert (link.Governor.label, link.Dependent.label, link.label) == ("PERSON", "UNIT", "COMMANDS")
    assert (link.begin, link.end) == (link.Dependent.begin, link.Dependent.end)
    tokens = cas.select("de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token")
    assert [t.get_covered_text() for t in tokens] == ["🙂", "وصل", "سامي", "إلى", "اللواء"]
    sentences = cas.select("de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence")
    assert [s.get_covered_text() for s in sentences] == ["🙂 وصل سامي", "إلى اللواء"]
    assert [d.documentTitle for d in cas.select(DOCUMENT)] == ["خبر/١"]


def test_characters_that_xml_cannot_hold_come_back(tmp_path: Path) -> None:
    made = gold("س\x00ص\ufffe [سامي](PERSON)\x0b", outlet="\x01\uffff")
    folder = write(tmp_path, made)
    (file,) = folder.glob("*.xmi")
    assert "س\ufffdص\ufffd سامي\ufffd" in file.read_text(encoding="utf-8")
    assert list(FORMAT.read(folder, stop)) == [made]
    with pytest.raises(LiwaError, match="XML cannot hold the label"):
        write(tmp_path / "other", Gold("a", made.sha256, made.ranges, (Span(0, 1, "\x00"),), text=made.text))


def test_a_cas_of_an_inception_project(tmp_path: Path) -> None:
    case = Case(tmp_path)
    case.add(DOCUMENT, 0, len(TEXT), documentTitle="خبر.xmi")
    person = case.add(ENTITY, 6, 10, value="PERSON", identifier="Q1")
    unit = case.add(ENTITY, 16, 22, value="UNIT")
    case.add("webanno.custom.Base", 2, 5)
    case.add("webanno.custom.Relation", 16, 22, Governor=person, Dependent=unit, label="COMMANDS")
    case.add(POS, 2, 5, PosValue="VERB")
    findings: list[Finding] = []
    found = case.read(findings)
    assert (found.article, found.text, found.sha256) == ("خبر", TEXT, sha256(TEXT))
    assert found.spans == (Span(2, 5, "Base"), PERSON, UNIT)
    assert found.relations == (Relation(PERSON, UNIT, "COMMANDS"),)
    assert {f.rule.name for f in findings} == {"left-out"}
    assert [f.message for f in findings] == [f"the feature identifier of {ENTITY}", f"the layer {POS}, 1 annotations"]


def test_without_a_title_the_article_is_the_file(tmp_path: Path) -> None:
    assert Case(tmp_path).read().article == "admin"


CHANGED = {
    "an offset beyond the text": (
        'end="11"',
        'end="99"',
        "admin.xmi:1: expected a CAS of its types, found: Not mapping",
    ),
    "half a character": ('begin="7"', 'begin="1"', "admin.xmi:1: expected a CAS of its types, found: Not mapping"),
    "no text": (f'sofaString="{TEXT[:5]}', f'x="{TEXT[:5]}', "admin.xmi:1: expected a CAS"),
    "an unknown type": ("type:NamedEntity", "type:Nobody", "admin.xmi:1: expected a CAS of its types"),
    "broken XML": ("</xmi:XMI>", "\n</xmi>", "admin.xmi:3: expected XML, found"),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_broken_file_is_named_and_what_was_expected(tmp_path: Path, name: str) -> None:
    old, new, message = CHANGED[name]
    case = Case(tmp_path)
    case.add(ENTITY, 6, 10, value="PERSON")
    assert old in case.cas.to_xmi()
    with pytest.raises(LiwaError) as caught:
        case.read(change=lambda text: text.replace(old, new))
    assert message in str(caught.value)
    assert caught.value.hint


def overlap(case: Case, person: Any) -> None:
    case.add(ENTITY, 8, 12, value="UNIT")


def lost_end(case: Case, person: Any) -> None:
    case.add("webanno.custom.Relation", 6, 10, Governor=person, label="COMMANDS")


def slots(case: Case, person: Any) -> None:
    case.add("webanno.custom.Base", 2, 5, roles=case.types.get_type("uima.cas.FSArray")(elements=[person]))


@pytest.mark.parametrize(
    ("add", "message"),
    [
        (overlap, "admin.xmi:1 admin@8: UNIT 8-12 overlaps PERSON 6-10"),
        (lost_end, "admin.xmi:1 admin: expected a relation of two spans, found webanno.custom.Relation"),
        (slots, "admin.xmi:1 admin: the slots roles of webanno.custom.Base"),
    ],
)
def test_what_gold_cannot_be_is_refused(tmp_path: Path, add: Any, message: str) -> None:
    case = Case(tmp_path)
    add(case, case.add(ENTITY, 6, 10, value="PERSON"))
    with pytest.raises(LiwaError) as caught:
        case.read()
    assert message in str(caught.value)
    assert caught.value.hint


def test_types_that_lack_their_type_system_are_asked_for(tmp_path: Path) -> None:
    case = Case(tmp_path)
    case.add("webanno.custom.Base", 2, 5)
    case.read()
    (tmp_path / "TypeSystem.xml").unlink()
    with pytest.raises(LiwaError, match=r"Put the TypeSystem.xml of its export beside it"):
        list(FORMAT.read(tmp_path, stop))


def test_without_cassis_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cassis", None)
    xmi._cassis.cache_clear()
    try:
        with pytest.raises(LiwaError, match=r"pip install 'liwa\[xmi\]'"):
            write(tmp_path, gold("نص"))
    finally:
        xmi._cassis.cache_clear()
