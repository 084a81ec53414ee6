"""How sure a model is: exact for a conditional random field, by a beam for transitions, relation by relation."""

from __future__ import annotations

from typing import Any

import pytest
import spacy

from liwa.errors import LiwaError
from liwa.records import Article, Span
from liwa.training.predict import load_model, predict
from liwa.training.uncertainty import Doubt, binary_entropy, doubt, judge
from tests.gold import gold, story

KNOWN = gold(story(3), article="known")
STRANGE = Article("strange", "صعد الزورق موج البحيرة الخضراء\nثم رست سفينة لواء في ميناء العميد سامي اللواء قاعدة")


def test_a_strange_text_is_more_doubtful_than_a_known_one(tiny: str) -> None:
    nlp = load_model(tiny)
    known, strange = doubt(nlp, KNOWN), doubt(nlp, STRANGE)
    assert strange.per_word > 2 * known.per_word > 0
    assert (known.words, strange.words) == (len((KNOWN.text or "").split()), len(STRANGE.text.split()))
    assert known.relations == 0


def test_the_doubt_of_an_article_hangs_on_nothing_else(tiny: str) -> None:
    nlp = load_model(tiny)
    first = doubt(nlp, KNOWN)
    assert [doubt(nlp, text) for text in (STRANGE, KNOWN)][1] == first


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_a_text_without_words_has_no_doubt(tiny: str, text: str) -> None:
    found = doubt(load_model(tiny), Article("e", text))
    assert (found.words, found.per_word) == (0, 0.0)


def test_spans_are_those_of_the_model_each_with_its_likelihood(tiny: str) -> None:
    nlp = load_model(tiny)
    found = judge(nlp, KNOWN)
    [wanted] = predict(nlp, [KNOWN])
    assert tuple(found.spans) == wanted.spans
    assert found.spans
    assert all(likely is not None and 0.4 < likely <= 1 for likely in found.spans.values())


def test_relations_and_a_beam(tiny_relations: str) -> None:
    nlp = load_model(tiny_relations)
    known, strange = doubt(nlp, KNOWN), doubt(nlp, STRANGE)
    assert known.relations > 0
    assert strange.spans / strange.words > known.spans / known.words
    found = judge(nlp, KNOWN)
    [wanted] = predict(nlp, [KNOWN])
    assert (tuple(found.spans), tuple(sorted(found.relations))) == (wanted.spans, wanted.relations)
    assert wanted.relations
    assert all(likely is not None and 0.3 < likely <= 1 for likely in found.relations.values())
    assert all(likely is not None and 0 < likely <= 1 for likely in found.spans.values())


def test_a_pipeline_that_cannot_say_how_sure_it_is_gives_no_scores() -> None:
    nlp = spacy.blank("ar", config={"nlp": {"tokenizer": {"@tokenizers": "liwa.ArabicTokenizer.v1"}}})
    ruler: Any = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "رتبة", "pattern": "العميد"}])
    assert judge(nlp, Article("a", "وصل العميد")).spans == {Span(4, 10, "رتبة"): None}
    with pytest.raises(LiwaError, match="can say how sure it is of its spans, found one of entity_ruler"):
        doubt(nlp, KNOWN)


def test_the_entropy_of_a_yes_or_no() -> None:
    assert [binary_entropy(p) for p in (0.0, 0.5, 1.0)] == [0, 1, 0]
    assert binary_entropy(0.1) == pytest.approx(binary_entropy(0.9)) == pytest.approx(0.469, abs=1e-3)


def test_doubts_add_up() -> None:
    assert Doubt(1, 2, 3).plus(Doubt(0.5, 0, 1)) == (1.5, 2, 4)
    assert Doubt(1, 2, 6).per_word == 0.5
