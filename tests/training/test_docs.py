from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from liwa.records import Range, Span
from liwa.training.docs import annotate, passages_of, spans_of
from tests.gold import gold


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.blank("ar", config={"nlp": {"tokenizer": {"@tokenizers": "liwa.ArabicTokenizer.v1"}}})


def test_spans_come_back_out_in_article_offsets(nlp: Language) -> None:
    whole = gold("مقدمة 😀\n\nوصل [العقيد](RANK) [بشار](PERSON)، ل[داعش](UNIT) خطر.")
    spans: list[Span] = []
    for part in passages_of(whole, "paragraph"):
        doc = nlp(part.text or "")
        assert not annotate(doc, part)
        spans += spans_of(doc, part.start)
    assert tuple(spans) == whole.spans


def test_unannotated_text_is_masked_never_negative(nlp: Language) -> None:
    whole = gold("وصل [بشار](PERSON) اليوم. وغادر كمال أمس.", ranges=((0, 15),))
    doc = nlp(whole.text or "")
    annotate(doc, whole)
    tags = {token.text: token.ent_iob_ for token in doc}
    assert tags["بشار"] == "B"
    assert tags["وصل"] == "O"
    assert tags["كمال"] == tags["أمس"] == ""


def test_a_span_inside_a_token_is_reported_not_dropped(nlp: Language) -> None:
    part = gold("وصل [بش](PERSON)ار")
    assert annotate(nlp(part.text or ""), part) == [Span(4, 6, "PERSON")]


def test_passages_without_annotation_are_left_out() -> None:
    whole = gold("فقرة أولى\nفقرة [ثانية](UNIT)\nفقرة ثالثة", ranges=((10, 20),))
    assert [part.text for part in passages_of(whole, "paragraph")] == ["فقرة ثانية"]
    assert [part.text for part in passages_of(whole, "article")] == [whole.text]


def test_a_row_of_one_paragraph_is_that_paragraph() -> None:
    whole = gold("فقرة أولى\nفقرة [ثانية](UNIT)")
    row = whole.within(Range(10, 21))
    assert list(passages_of(row, "paragraph")) == [row]


@given(before=st.sampled_from(["", "😀 ", "e\u0301 ", "كَ\u0651 ", "\u200f", "👩\u200d👩\u200d👧 ", "\n\n \t"]))
def test_emoji_and_combining_marks_shift_nothing(before: str) -> None:
    blank = spacy.blank("ar", config={"nlp": {"tokenizer": {"@tokenizers": "liwa.ArabicTokenizer.v1"}}})
    whole = gold(f"{before}في [قاعدة الوادي](BASE) و[العميد](RANK)")
    found: list[Span] = []
    for part in passages_of(whole, "paragraph"):
        doc = blank(part.text or "")
        assert not annotate(doc, part)
        found += spans_of(doc, part.start)
    assert [whole.surface(s) for s in found] == ["قاعدة الوادي", "العميد"]
