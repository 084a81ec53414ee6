from __future__ import annotations

from hypothesis import assume, given

from liwa.formats.place import Places
from liwa.records import Article, Gold, Range
from tests.gold import gold
from tests.strategies import golds

ARTICLE = gold("مقدمة 🙂\r\n\r\nقال  [اللواء](RANK 1)\t[سامي الدوري](PERSON HOLDS_RANK:1).\n", "whole")
OTHERS = [Article("other", "شيء آخر"), Article("whole", ARTICLE.text or "")]


def alone(text_gold: Gold) -> Gold:
    """Return gold as a format without ids gives it back."""
    return Gold("x", "", text_gold.ranges, text_gold.spans, text_gold.relations, text_gold.text)


def test_a_whole_article_gets_its_white_space_back() -> None:
    squeezed = gold("مقدمة 🙂\nقال [اللواء](RANK 1) [سامي الدوري](PERSON HOLDS_RANK:1) .")
    assert Places(OTHERS, exact=False).find(alone(squeezed)) == ARTICLE
    assert Places(OTHERS, exact=True).find(alone(squeezed)) is None


def test_a_passage_is_found_in_its_article() -> None:
    passage = gold("قال  [اللواء](RANK 1)\t[سامي الدوري](PERSON HOLDS_RANK:1)")
    for exact in (True, False):
        found = Places(OTHERS, exact=exact).find(alone(passage))
        assert found
        assert found == ARTICLE.within(Range(11, 34))


def test_what_stands_in_two_places_or_none_is_not_found() -> None:
    twice = [Article("a", "كرر كرر"), Article("b", "مرة")]
    assert Places(twice, exact=True).find(alone(gold("كرر"))) is None
    assert Places([*twice, Article("c", "مرة")], exact=True).find(alone(gold("مرة"))) is None
    assert Places(twice, exact=True).find(alone(gold("غير"))) is None
    assert Places(twice, exact=False).find(alone(gold(" \n"))) is None


def test_a_span_of_white_space_has_no_place_where_that_is_left_aside() -> None:
    assert Places([Article("a", "قال كمال")], exact=False).find(alone(gold("قال[ ](X)كمال"))) is None


def test_ranges_move_along() -> None:
    half = gold("قال [كمال](X)", ranges=((4, 8),))
    found = Places([Article("a", "ثم  قال\nكمال هنا")], exact=False).find(alone(half))
    assert found
    assert found.ranges == (Range(8, 12),)


@given(golds(whole=True))
def test_an_exact_place_is_the_same_gold(whole: Gold) -> None:
    assume("\ue000" not in (whole.text or ""))
    article = Article("b", f"\ue000{whole.text}\ue000")
    found = Places([Article("a", "\ue000"), article], exact=True).find(whole)
    assert found
    assert (found.article, found.start, found.sha256, found.text) == ("b", 1, article.sha256, whole.text)
    assert found.spans == tuple(span.shifted(1) for span in whole.spans)
    assert found.relations == tuple(link.shifted(1) for link in whole.relations)
