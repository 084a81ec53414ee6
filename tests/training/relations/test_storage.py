from __future__ import annotations

from collections.abc import Callable

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.pipeline import EntityRuler
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

import liwa
from liwa.training.relations.storage import annotated, has_relations, relations_of, set_annotated, set_relations

WORDS = 12
VOCAB = Vocab()


@st.composite
def documents(draw: st.DrawFn) -> Doc:
    """Draw documents with entities and relations between any of them."""
    doc = Doc(VOCAB, words=["كلمة"] * WORDS)
    cuts = sorted(draw(st.sets(st.integers(0, WORDS), min_size=2, max_size=8)))
    labels = draw(st.lists(st.sampled_from(["A", "B", ""]), min_size=8, max_size=8))
    borders = zip(cuts, cuts[1:], labels, strict=False)
    doc.ents = [Span(doc, a, b, label=label) for a, b, label in borders if label]
    if doc.ents:
        ends = st.sampled_from(doc.ents)
        set_relations(doc, draw(st.lists(st.tuples(ends, ends, st.sampled_from(["x", "y"])), max_size=6)))
    return doc


def facts(doc: Doc) -> list[tuple[int, int, str, int, int, str, str]]:
    return [(h.start, h.end, h.label_, c.start, c.end, c.label_, kind) for h, c, kind in relations_of(doc)]


def through_bytes(doc: Doc) -> Doc:
    return Doc(Vocab()).from_bytes(doc.to_bytes())


def through_json(doc: Doc) -> Doc:
    return Doc(Vocab()).from_json(doc.to_json())


def through_docbin(doc: Doc) -> Doc:
    return next(iter(DocBin().from_bytes(DocBin(docs=[doc]).to_bytes()).get_docs(Vocab())))


def through_docbin_with_user_data(doc: Doc) -> Doc:
    data = DocBin(docs=[doc], store_user_data=True).to_bytes()
    return next(iter(DocBin(store_user_data=True).from_bytes(data).get_docs(Vocab())))


def through_copy(doc: Doc) -> Doc:
    return doc.copy()


@pytest.mark.parametrize(
    "way", [through_bytes, through_json, through_docbin, through_docbin_with_user_data, through_copy]
)
@given(doc=documents())
def test_relations_survive(way: Callable[[Doc], Doc], doc: Doc) -> None:
    assert facts(way(doc)) == facts(doc)


@given(doc=documents())
def test_relations_survive_when_documents_are_joined(doc: Doc) -> None:
    both = Doc.from_docs([doc, doc.copy()])
    assert both is not None
    moved = [(a + WORDS, b + WORDS, x, c + WORDS, d + WORDS, y, kind) for a, b, x, c, d, y, kind in facts(doc)]
    assert facts(both) == facts(doc) + moved


@given(doc=documents())
def test_setting_replaces_and_what_is_set_comes_back_in_order(doc: Doc) -> None:
    links = list(relations_of(doc))[::-1]
    expected = facts(doc)[::-1]
    set_relations(doc, links)
    assert facts(doc) == expected


def test_no_relations_is_not_the_same_as_never_looked() -> None:
    doc = Doc(Vocab(), words=["كلمة"])
    assert not has_relations(doc)
    assert annotated(doc) == []
    set_relations(doc, [])
    assert has_relations(doc)
    assert list(relations_of(doc)) == []
    assert annotated(doc) == [(0, 1)]
    assert has_relations(through_bytes(doc))


def test_annotated_ranges_are_kept() -> None:
    doc = Doc(Vocab(), words=["كلمة"] * 6)
    set_relations(doc, [])
    set_annotated(doc, [(0, 2), (3, 3), (4, 6)])
    assert annotated(doc.copy()) == [(0, 2), (4, 6)]


def test_the_public_name() -> None:
    assert liwa.relations_of is relations_of


def test_relations_survive_worker_processes() -> None:
    nlp = spacy.blank("ar")
    ruler = nlp.add_pipe("entity_ruler")
    assert isinstance(ruler, EntityRuler)
    ruler.add_patterns([{"label": "UNIT", "pattern": "الجيش"}, {"label": "BASE", "pattern": "المعسكر"}])
    nlp.add_pipe("relation_rule")
    texts = ["الجيش في المعسكر", "لا شيء", "المعسكر و الجيش في المعسكر"]
    here = [facts(doc) for doc in nlp.pipe(texts)]
    assert here[0] == [(0, 1, "UNIT", 2, 3, "BASE", "BASED_AT")]
    assert [facts(doc) for doc in nlp.pipe(texts, n_process=2, batch_size=1)] == here
