from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liwa.arabic.clitics import after_lam, count, lexicon, proclitic_ends, read_lexicon
from liwa.arabic.orthography import fold

CLITICS = "وفبلكس"


def split(word: str) -> list[str]:
    cuts = [0, *proclitic_ends(word), len(word)]
    return [word[start:end] for start, end in pairwise(cuts)]


@pytest.mark.parametrize(
    "pieces",
    [
        "ل داعش",
        "ل ماكنزي",
        "و الكاظمي",
        "و ل بغداد",
        "ف ب التنسيق",
        "و س تعلن",
        "ل لفريق",
        "و ل لواء",
        "ك الجيش",
        "لـ داعش",
        "وـ لــ بغداد",
        "وَ لِ بغداد",
        "ل إيران",
        "ب آمر",
        "ب آبل",
        "و بشار",
        "ل وليد",
        "و لبنان",
        "ب كركوك",
        "ل لبنانيين",
        "ف ثقتهم",
        "ﻟ ﺪاﻋﺶ",
    ],
)
def test_each_clitic_is_a_piece_of_its_own(pieces: str) -> None:
    assert split(pieces.replace(" ", "")) == pieces.split()


NAMES = "وليد بشار كمال فهد لبنان باريس كركوك فالح فيصل بعشيقة"
WORDS = "بعد بين كان لكن سلاح وزير وزيرة فريق كانت بيانات لجنتها وحداتهم فرقة لواء بنائه سياسية والد سيناء ولي كتيبته"
SHORT = "له بها لـ و ل سيق"


@pytest.mark.parametrize("words", [NAMES, WORDS, SHORT])
def test_a_stem_keeps_its_first_letter(words: str) -> None:
    assert [split(word) for word in words.split()] == [[word] for word in words.split()]


@pytest.mark.parametrize(
    "word", ["لجان", "وجدة", "لغزة", "بعلي", "فعلي", "بايران", "بروسيا", "ونيسان", "لذات", "وجودة"]
)
def test_a_word_whose_remainder_is_a_name_or_noun_is_split(word: str) -> None:
    assert split(word) == [word[0], word[1:]]


@pytest.mark.parametrize(
    ("stem", "norm"),
    [
        ("لفريق", "الفريق"),
        ("لواء", "اللواء"),
        ("لبنان", "لبنان"),
        ("لبنانيين", "اللبنانيين"),
        ("لجان", "اللجان"),
        ("لجيش", "الجيش"),
        ("لإرهاب", "الارهاب"),
        ("ليبيا", "ليبيا"),
        ("ليفربول", "ليفربول"),
        ("لقاء", "اللقاء"),
        ("لاعبين", "اللاعبين"),
        ("له", "الله"),
    ],
)
def test_the_article_comes_back_behind_lam(stem: str, norm: str) -> None:
    assert after_lam(stem) == norm


def test_a_ligature_is_never_cut() -> None:
    assert split("ﻻوباما") == ["ﻻوباما"]


@pytest.mark.parametrize("name", ["زينب", "حسين", "الأنبار", "صنعاء", "طه", "إدلب", "آمد", "مأرب", "تكريت", "العند"])
@pytest.mark.parametrize("prefix", ["و", "ف", "ب", "ل", "ك", "ول", "وب", "فل", "وك", "وَ", "لـ"])
def test_no_name_is_lost_behind_a_clitic(prefix: str, name: str) -> None:
    assert len(prefix) in proclitic_ends(prefix + name)


@given(st.text(alphabet=CLITICS + "اأإآةىءؤئنيتمرـَ", min_size=1))
def test_only_clitic_letters_are_cut_off_and_a_stem_is_left(word: str) -> None:
    *clitics, stem = split(word)
    assert all(fold(clitic) in set(CLITICS) for clitic in clitics)
    assert len(clitics) == count(word) <= 2
    assert not clitics or len(fold(stem)) >= 2


def test_sections_of_a_lexicon() -> None:
    known = read_lexicon("[stems] # nouns\nبيان لجنة فن\n[verbs]\nوصل\n[names]\nلندن\n[ambiguous]\nلجان".splitlines())
    assert all(map(known.forbids_split, ["بيان", "بيانات", "فن", "لجنة", "لجنته", "وصلت", "لندن"]))
    assert not any(map(known.forbids_split, ["بيانك", "فنان", "لجن", "لجنان", "وصلان", "لندني", "لجان"]))
    with pytest.raises(KeyError):
        read_lexicon(["[nouns]"])


def test_the_lexicon_holds_only_words_that_could_be_split() -> None:
    known = lexicon()
    for section in known:
        assert section
        assert {word[0] for word in section} <= set(CLITICS)
    assert all(known.has_noun(word) and not known.forbids_split(word) for word in known.ambiguous)
