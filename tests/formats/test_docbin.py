from __future__ import annotations

import zlib
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span, Token

import liwa
from liwa.errors import LiwaError
from liwa.findings import Finding, stop
from liwa.formats.base import Settings
from liwa.formats.docbin import FORMAT, read, write
from liwa.formats.losses import Losses
from liwa.training.relations.storage import set_relations
from tests.gold import gold

WHOLE = gold("مر [اللواء](RANK 1) [سامي الدوري](PERSON HOLDS_RANK:1) ب[الوادي](BASE) 🙂", "a", outlet="وكالة")


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.blank("ar")


def saved(path: Path, *docs: Doc) -> Path:
    DocBin(docs=docs, store_user_data=True).to_disk(path / "a.spacy")
    return path / "a.spacy"


def test_spacy_reads_ours(tmp_path: Path, nlp: Language) -> None:
    losses = Losses()
    assert write([WHOLE], tmp_path / "a.spacy", losses, Settings()) == 1
    assert not losses
    (doc,) = DocBin().from_disk(tmp_path / "a.spacy").get_docs(nlp.vocab)
    assert doc.text == WHOLE.text
    assert [(e.start_char, e.end_char, e.label_) for e in doc.ents] == list(WHOLE.spans)
    assert [(h.text, c.text, k) for h, c, k in liwa.relations_of(doc)] == [("سامي الدوري", "اللواء", "HOLDS_RANK")]
    assert doc.user_data["liwa"]["outlet"] == "وكالة"


def test_we_read_spacys_own(tmp_path: Path, nlp: Language) -> None:
    doc = nlp("قال كمال الدوري إن اللواء هنا 🙂")
    doc.ents = [Span(doc, 1, 3, "PERSON"), Span(doc, 4, 5, "RANK")]
    set_relations(doc, [(doc.ents[0], doc.ents[1], "HOLDS_RANK")])
    (one,) = read(saved(tmp_path, doc), stop)
    assert (one.text, one.ranges) == (doc.text, ((0, len(doc.text)),))
    assert [(one.surface(s), s.label) for s in one.spans] == [("كمال الدوري", "PERSON"), ("اللواء", "RANK")]
    assert [(one.surface(r.head), one.surface(r.child)) for r in one.relations] == [("كمال الدوري", "اللواء")]


def test_missing_entities_are_unannotated_text(tmp_path: Path, nlp: Language) -> None:
    half, none = nlp("قال كمال إن اللواء هنا"), nlp("لم يقرأ أحد")
    half.set_ents([half[1:2].char_span(0, 4, "PERSON")], missing=[half[3:]], default="outside")
    golds = list(read(saved(tmp_path, half, none), stop))
    assert [[g.surface(r) for r in g.ranges] for g in golds] == [["قال كمال إن"], []]


def test_what_else_a_document_says_is_noted(tmp_path: Path, nlp: Language) -> None:
    if not Token.has_extension("seen"):
        Token.set_extension("seen", default=None)
    doc = nlp("قال كمال")
    doc.ents = [Span(doc, 1, 2, "PERSON", kb_id="Q7")]
    doc.spans["sc"] = [doc[0:1]]
    doc.cats = {"news": 1.0}
    doc[0].pos_ = "VERB"
    doc[0]._.seen = True
    notes: list[Finding] = []
    assert len(list(read(saved(tmp_path, doc), notes.append))) == 1
    assert {n.rule.id for n in notes} == {"F101"}
    assert [n.message for n in notes] == [
        "the span group sc",
        "the user data seen",
        "the attribute POS of tokens",
        "categories",
        "ids of entities",
    ]


def test_a_span_inside_a_token_is_lost_with_its_relations(tmp_path: Path) -> None:
    cut = gold("وصل [سا](PERSON HOLDS_RANK:1)مي [اللواء](RANK 1)")
    losses = Losses()
    write([cut], tmp_path / "a.spacy", losses, Settings())
    assert [(loss.kind, loss.start, loss.end) for loss in losses] == [("spans", 4, 6), ("relations", 4, 6)]
    (one,) = read(tmp_path / "a.spacy", stop)
    assert (one.spans, one.relations) == (cut.spans[1:], ())


@pytest.mark.parametrize("content", [b"", b"text", zlib.compress(b"no message"), zlib.compress(b"\x80")])
def test_a_broken_file_is_one_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.spacy").write_bytes(content)
    with pytest.raises(LiwaError, match=r"a\.spacy: expected a DocBin, found .*\. Export the file again"):
        list(read(tmp_path / "a.spacy", stop))
    assert not FORMAT.guess(content, tmp_path / "a.spacy")
