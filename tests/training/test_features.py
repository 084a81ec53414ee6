"""Features of words: one vector for the spellings of a word, whatever the document around it."""

from __future__ import annotations

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from liwa.arabic.orthography import normalise
from liwa.training.features import FEATURES, create_arabic_embed, outline, stem, word_features
from liwa.training.gazetteer import classes, gazetteer, read_gazetteer
from liwa.training.lattice import Array

NLP = spacy.blank("ar", config={"nlp": {"tokenizer": {"@tokenizers": "liwa.ArabicTokenizer.v1"}}})


def embedded(docs: list[Doc], *, train: bool = False, hidden: float = 0.0) -> list[Array]:
    model = create_arabic_embed(8, [50] * len(FEATURES), word_dropout=hidden)
    model.initialize(X=docs)
    return list(model(docs, is_train=train)[0])


@pytest.mark.parametrize(
    ("word", "expected"), [("الدبابات", "دباب"), ("مدفعية", "مدفع"), ("جيش", "جيش"), ("ها", "ها"), ("كتيبة", "كتيب")]
)
def test_a_stem_has_no_article_and_no_ending(word: str, expected: str) -> None:
    assert stem(word) == expected


def test_an_outline_keeps_letters_of_affixes_and_hides_the_root() -> None:
    assert outline("مضرب") == "مففف"
    assert outline("f16") == "x99"
    assert outline("...") == "..."


@given(st.text(min_size=1))
def test_every_word_has_every_feature(word: str) -> None:
    found = word_features(normalise(word))
    assert [*found, "joins"] == list(FEATURES)
    assert len(stem(word)) >= min(3, len(word))


def test_spellings_of_a_word_have_one_vector() -> None:
    one, other = embedded([NLP.make_doc("إبراهيم في أكاديميّة"), NLP.make_doc("ابراهیم في اكاديمية")])
    np.testing.assert_allclose(one, other, atol=1e-5)


def test_what_a_token_touches_is_a_feature() -> None:
    apart, joined = embedded([NLP.make_doc("و عماد"), NLP.make_doc("وعماد")])
    assert len(apart) == len(joined) == 2
    assert (apart != joined).any(axis=1).all()


def test_training_hides_words_and_prediction_does_not() -> None:
    docs = [NLP.make_doc("وصل العماد سامي")]
    shown, trained = embedded(docs, hidden=1.0)[0], embedded(docs, train=True, hidden=1.0)[0]
    assert (shown != trained).any(axis=1).all()


def test_an_empty_document_has_no_vectors() -> None:
    empty, full = embedded([NLP.make_doc(""), NLP.make_doc("نعم")])
    assert empty.shape == (0, 8)
    assert full.shape == (1, 8)


def test_the_gazetteer_knows_words_with_article_and_ending() -> None:
    assert "unit_heads" in classes("كتيبة")
    assert classes("الكتيبة") == classes("كتيبة")
    assert "adjectives" in classes("اردنية")
    assert classes("غغغغ") == frozenset()


def test_a_word_may_stand_in_two_sections_and_behind_a_comment() -> None:
    read = read_gazetteer(["# head", "[one]", "أمل عمل", "[two]", "أمل # again"])
    assert read == {"امل": {"one", "two"}, "عمل": {"one"}}
    assert all(word == normalise(word) for word in gazetteer())
