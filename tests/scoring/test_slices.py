from __future__ import annotations

from dataclasses import replace

import pytest

from liwa.errors import LiwaError
from liwa.records import Gold, Range
from liwa.scoring.counts import Counts
from liwa.scoring.evaluate import Scores, evaluate
from liwa.scoring.slices import MOST, is_small, slicers
from liwa.training.memory import remember
from tests.gold import gold

TRAIN = [gold("كان [بشار](PERSON) هنا", "t")]


def scores(golds: list[Gold], found: list[Gold], *fields: str) -> Scores:
    return evaluate(golds, found, slicers=slicers(golds, fields=fields, memory=remember(TRAIN)))


def counts(scored: Scores, field: str) -> dict[str, Counts]:
    return {value: rates.counts for value, rates in scored.slices[field].items()}


def test_spans_fall_into_the_slice_of_their_own_surface_and_place() -> None:
    right = gold("قال [بشار](PERSON) إن [سامي كامل](PERSON) عاد و[هاني](PERSON) معه")
    found = gold("قال [بشار](PERSON) إن [سامي](PERSON) كامل عاد و[هاني](PERSON) معه")
    scored = scores([right], [found])
    assert counts(scored, "seen") == {"seen": Counts(1, 0, 0), "unseen": Counts(1, 1, 1)}
    assert counts(scored, "clitic") == {"with": Counts(1, 0, 0), "without": Counts(1, 1, 1)}
    assert counts(scored, "length") == {"1": Counts(2, 1, 0), "2": Counts(0, 0, 1)}
    assert counts(scored, "article_length") == {"0-49": Counts(2, 1, 1)}


def test_diacritics_before_a_mention_do_not_hide_the_clitic() -> None:
    right = gold("وَ[سامي](PERSON) عاد")
    assert list(counts(scores([right], [right]), "clitic")) == ["with"]


def test_articles_fall_into_the_slice_of_their_meta() -> None:
    golds = [gold("[بشار](PERSON)", f"a{n}", outlet=f"o{n % 2}", date=f"201{n}-01-02") for n in range(4)]
    golds.append(gold("[بشار](PERSON)", "x", date="soon"))
    scored = scores(golds, golds[:3])
    assert counts(scored, "outlet") == {"o0": Counts(2), "o1": Counts(1, 0, 1), "unknown": Counts(0, 0, 1)}
    assert counts(scored, "year") == {
        "2010": Counts(1), "2011": Counts(1), "2012": Counts(1), "2013": Counts(0, 0, 1), "unknown": Counts(0, 0, 1),
    }  # fmt: skip


def test_slices_of_an_article_field_add_up_to_the_whole() -> None:
    golds = [gold("[بشار](PERSON) و [سامي](PERSON)", f"a{n:03}", desk=f"d{n}") for n in range(MOST + 5)]
    scored = scores(golds, golds[:-1], "desk")
    assert len(scored.slices["desk"]) == MOST + 1
    assert "5 others" in scored.slices["desk"]
    parts = counts(scored, "desk").values()
    assert sum(part.tp for part in parts) == scored.micro.counts.tp
    assert sum(part.fn for part in parts) == scored.micro.counts.fn == 2


def test_numbers_are_in_their_order_and_a_slice_of_one_article_has_no_interval() -> None:
    golds = [gold(f"[بشار](PERSON) {'كلمة ' * n}", f"a{n}") for n in (300, 60, 900, 61)]
    slices = scores(golds, golds).slices["article_length"]
    assert list(slices) == ["50-99", "200-399", "800+"]
    assert slices["50-99"].f1 == (1, 1, 1)
    assert slices["800+"].f1 == (1, None, None)


def test_an_unknown_field_is_refused_with_those_there_are() -> None:
    with pytest.raises(LiwaError, match=r"field desk .* Name one of outlet"):
        slicers([gold("خبر", outlet="o")], fields=["desk"])


def test_a_slice_under_thirty_spans_is_small() -> None:
    many = gold(" ".join(["[بشار](PERSON)"] * 30))
    assert not is_small(scores([many], [many]).slices["seen"]["seen"])
    assert is_small(scores([gold("[بشار](PERSON)")], []).slices["seen"]["seen"])


def test_without_texts_only_the_meta_divides() -> None:
    bare = replace(gold("[بشار](PERSON)", outlet="o"), text=None)
    assert list(scores([bare], [bare]).slices) == ["outlet"]


def test_a_prediction_that_begins_before_the_text_at_hand_is_sliced_all_the_same() -> None:
    whole = gold("أهلا [بشار كمال سامي](PERSON) هنا")
    part = whole.within(Range(10, len(whole.text or "")))
    assert counts(scores([part], [whole]), "length") == {"2": Counts(0, 1, 0)}
