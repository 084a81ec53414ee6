from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liwa.arabic.orthography import LETTERS, MARKS, TATWEEL, bare, fold, normalise

ARABIC_BLOCKS = [
    chr(point)
    for first, last in ((0x600, 0x700), (0x750, 0x780), (0x870, 0x900), (0xFB50, 0xFE00), (0xFE70, 0xFF00))
    for point in range(first, last)
]


@pytest.mark.parametrize(
    ("written", "norm"),
    [
        ("أحمد", "احمد"),
        ("إيران", "ايران"),
        ("آمر", "امر"),
        ("ٱلله", "الله"),
        ("مصطفى", "مصطفي"),
        ("قیادة", "قيادة"),
        ("المھام", "المهام"),
        ("یركز", "يركز"),
        ("کرکوک", "كركوك"),
        ("گرگان", "كركان"),
        ("قـــوات", "قوات"),
        ("قُوَّاتٌ", "قوات"),
        ("١٥", "15"),
        ("۱۲٫۵", "12.5"),
        ("ﻟﻠﻔﺮﻳﻖ", "للفريق"),
        ("ﻷمر", "لامر"),
        ("ﷲ", "الله"),
        ("،", ","),
        ("«", '"'),
        ("F-16", "f-16"),
        ("\u200fداعش\u200f", "داعش"),
        ("مسؤول", "مسؤول"),
        ("قاعدة", "قاعدة"),
    ],
)
def test_spellings_share_one_norm(written: str, norm: str) -> None:
    assert normalise(written) == norm


@pytest.mark.parametrize("text", ["ـ", "\u200f", "\u064b", "\n\n", " ", "\ufdfa"])
def test_what_has_no_letters_keeps_itself(text: str) -> None:
    assert normalise(text) == text


@given(st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from(ARABIC_BLOCKS))))
def test_normalising_is_idempotent_and_never_empties(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
    assert bool(normalise(text)) == bool(text)


@given(st.text(alphabet=ARABIC_BLOCKS), st.text(alphabet=ARABIC_BLOCKS))
def test_folding_goes_letter_by_letter(first: str, second: str) -> None:
    assert fold(first + second) == fold(first) + fold(second)
    assert fold(bare(first)) == fold(first)
    assert len(fold(first)) == len(bare(first))


def test_character_classes_hold_exactly_the_letters_and_marks_of_the_arabic_blocks() -> None:
    letters, marks = re.compile(f"[{LETTERS}]"), re.compile(f"[{MARKS}]")
    for char in ARABIC_BLOCKS:
        category = unicodedata.category(char)
        if category == "Cn":  # assigned by a later Unicode than this Python's
            continue
        assert bool(letters.match(char)) == (category[0] == "L" and char != TATWEEL), hex(ord(char))
        assert bool(marks.match(char)) == (category[0] == "M"), hex(ord(char))
