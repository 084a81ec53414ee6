"""Words as pieces."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from liwa.arabic.orthography import normalise
from liwa.training.encoder.checkpoint import read_checkpoint
from liwa.training.encoder.pieces import UNKNOWN, Segmenter, trimmed
from tests.training.encoder import tiny

SEGMENTER = Segmenter(tiny.PIECES, tiny.scores())
NLP = spacy.blank("ar", config={"nlp": {"tokenizer": {"@tokenizers": "liwa.ArabicTokenizer.v1"}}})
STABLE = "".join(letter for letter in tiny.LETTERS if normalise(letter) == letter)


def shown(segmenter: Segmenter, doc: Doc) -> list[list[str]]:
    return [[segmenter.pieces[row] for row in rows] for rows in segmenter(doc)]


@given(st.text(STABLE, min_size=1, max_size=12), st.booleans())
def test_the_pieces_of_a_word_are_the_word(word: str, spaced: bool) -> None:
    joined = "".join(SEGMENTER.pieces[row] for row in SEGMENTER.segment(word, spaced))
    assert joined == "\u2581" * spaced + word


@given(st.text(STABLE, min_size=1, max_size=7))
def test_no_other_cut_is_likelier(word: str) -> None:
    known = dict(zip(tiny.PIECES[4:], tiny.scores()[4:], strict=True))

    def likeliest(rest: str) -> float:
        heads = [n for n in range(1, len(rest) + 1) if rest[:n] in known]
        return max((known[rest[:n]] + likeliest(rest[n:]) for n in heads), default=0.0)

    found = sum(known[SEGMENTER.pieces[row]] for row in SEGMENTER.segment(word, True))
    assert found == pytest.approx(likeliest("\u2581" + word))


def test_a_letter_that_no_piece_holds_is_unknown() -> None:
    assert SEGMENTER.segment("中国", False)[1] == UNKNOWN


def test_spellings_of_one_word_have_the_same_pieces() -> None:
    assert shown(SEGMENTER, NLP("أُحمد الى")) == shown(SEGMENTER, NLP("احمد إلی"))


def test_a_stem_behind_a_proclitic_is_a_word_of_its_own() -> None:
    joined, apart = shown(SEGMENTER, NLP("والوادي")), shown(SEGMENTER, NLP("الوادي"))
    assert joined[1:] == apart
    assert joined[0] == ["\u2581", "و"]


def test_whitespace_has_no_pieces_and_punctuation_sticks_to_its_word() -> None:
    first, *others = shown(SEGMENTER, NLP("صباح.\n\n. 5"))
    assert first == ["\u2581صباح"]
    assert others == [["."], [], ["\u2581", "."], ["\u2581", "5"]]


def test_the_vocabulary_is_trimmed_to_what_norms_can_have(tmp_path: Path) -> None:
    checkpoint = read_checkpoint(tiny.write_checkpoint(tmp_path / "tiny.bin"))
    pieces, scores, rows = trimmed(checkpoint)
    assert pieces[:4] == ["<s>", "</s>", "<pad>", "<unk>"]
    assert [checkpoint.pieces[row] for row in rows] == pieces
    assert [float(checkpoint.scores[row]) for row in rows] == scores
    assert {"\u2581", "ا", "5", "\u2581صباح"} <= set(pieces)
    assert not {"أ", "ى", "中"} & set(pieces)
