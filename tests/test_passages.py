from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liwa.passages import UNITS, paragraphs, passages, sentences
from tests.strategies import texts


@given(texts(min_size=0), st.sampled_from(UNITS))
def test_passages_and_white_space_are_the_whole_text(text: str, unit: str) -> None:
    last = 0
    for passage in passages(text, unit):
        assert not text[last : passage.start].strip()
        assert text[passage.start : passage.end] == text[passage.start : passage.end].strip() != ""
        last = passage.end
    assert not text[last:].strip()


@given(texts())
def test_a_sentence_lies_in_one_paragraph(text: str) -> None:
    blocks = list(paragraphs(text))
    assert all(any(b.holds(s) for b in blocks) for s in sentences(text))


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029", "\n\n \n"])
def test_a_line_break_ends_a_paragraph(line_break: str) -> None:
    text = f" أول{line_break}ثان "
    assert [text[r.start : r.end] for r in paragraphs(text)] == ["أول", "ثان"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("وصل القائد. ثم غادر؟ نعم!", ["وصل القائد.", "ثم غادر؟", "نعم!"]),
        ("قال «انتهى الأمر.» ومضى", ["قال «انتهى الأمر.»", "ومضى"]),
        ("د. هاني هنا", ["د. هاني هنا"]),
        ("بلغت 12.5 في المئة", ["بلغت 12.5 في المئة"]),
        ("تقدم؛ ثم وقف... وعاد", ["تقدم؛", "ثم وقف...", "وعاد"]),
        ("", []),
        (" \n\t", []),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert [text[r.start : r.end] for r in sentences(text)] == parts


def test_sentences_of_one_paragraph_keep_article_offsets() -> None:
    text = "سطر.\nأول. ثان."
    block = list(paragraphs(text))[1]
    assert [text[r.start : r.end] for r in sentences(text, block)] == ["أول.", "ثان."]
