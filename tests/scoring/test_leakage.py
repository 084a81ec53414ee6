from __future__ import annotations

from dataclasses import replace

import pytest

from liwa.errors import LiwaError
from liwa.scoring.leakage import audit
from liwa.training.memory import Memory, remember
from tests.gold import gold

LONG = "تفقد [اللواء](RANK) [سامي](PERSON) صباح اليوم جنود [اللواء الثالث](UNIT) المرابطين على طول الساحل الغربي للبلاد"
TRAIN = [gold(f"{LONG}\nخبر قصير", "t")]


def test_an_exact_and_a_near_passage_are_found_and_placed() -> None:
    test = gold(f"{LONG}\nفقرة أخرى لا شأن لها بما سبق\n{LONG} كله", "a")
    found = audit([test], remember(TRAIN))
    assert [(p.kind, p.start) for p in found.places] == [("exact", 0), ("near", (test.text or "").rindex("تفقد"))]
    assert 0.6 <= found.places[1].similarity < 1
    assert (found.passages, found.number("exact"), found.number("near")) == (3, 1, 1)


def test_a_short_passage_counts_only_word_for_word() -> None:
    assert audit([gold("خبر قصير"), gold("خبر قصير جدا", "b")], remember(TRAIN)).number("exact") == 1


def test_two_alike_test_passages_do_not_leak_from_each_other() -> None:
    found = audit([gold(LONG, "a"), gold(f"{LONG} أيضا", "b")], remember([gold("شيء آخر", "t")]))
    assert found.places == []


def test_mentions_and_surfaces_are_counted_apart_and_spelling_variants_are_one() -> None:
    test = gold("[سامي](PERSON) و[سَامي](PERSON) و[سامي](PERSON) و[بدر](PERSON)")
    found = audit([test], remember(TRAIN))
    assert (found.mentions, found.seen, found.surfaces, found.shared) == (4, 3, 3, 2)


def test_a_paragraph_that_nobody_annotated_is_no_part_of_the_test() -> None:
    test = gold(f"{LONG}\nفقرة", ranges=((len(gold(LONG).text or "") + 1, len(gold(LONG).text or "") + 5),))
    assert audit([replace(test, spans=())], remember(TRAIN)).passages == 1


def test_texts_are_needed() -> None:
    with pytest.raises(LiwaError, match="has no text"):
        audit([replace(gold("[خبر](UNIT)"), text=None)], remember(TRAIN))


def test_a_memory_comes_back_the_same_and_holds_no_text() -> None:
    memory = remember(TRAIN)
    data = memory.to_dict()
    back = Memory.from_dict(data)
    assert back and audit([gold(LONG)], back) == audit([gold(LONG)], memory)
    assert back.to_dict() == data
    assert "سامي" not in repr(data) and "سامي".encode() not in data["mentions"]
    assert Memory.from_dict({**data, "version": 99}) is None


def test_hashes_are_salted_with_the_gold() -> None:
    one, other = remember(TRAIN), remember([replace(TRAIN[0], article="u")])
    assert one.mentions.isdisjoint(other.mentions)
