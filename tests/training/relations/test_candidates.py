from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from liwa.scheme import load_scheme
from liwa.training.relations.candidates import create_candidates
from liwa.training.relations.mentions import Mentions
from liwa.training.relations.signatures import Signatures
from tests.training.relations.invented import blank, reference

SIGNATURES = Signatures({"x": {"head": ["A"], "child": ["B", "C"]}, "y": {"head": ["B"], "child": ["B"]}})
VOCAB = Vocab()
WORDS = ["كلمة", "أخرى", ".", "\n"]


@st.composite
def mentions(draw: st.DrawFn) -> Mentions:
    """Draw documents of several sentences and paragraphs with flat, perhaps adjacent, spans."""
    words = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=25))
    doc = Doc(VOCAB, words=words)
    cuts = sorted(draw(st.sets(st.integers(0, len(words)), max_size=12)))
    labels = draw(st.lists(st.sampled_from(["A", "B", "C", "D", ""]), min_size=12, max_size=12))
    borders = zip(cuts, cuts[1:], labels, strict=False)
    return Mentions.of(doc, [Span(doc, a, b, label=label) for a, b, label in borders if label])


@given(mentions(), st.integers(0, 12), st.none() | st.integers(0, 2))
def test_candidates_are_all_pairs_in_the_window_that_fit_a_signature_and_no_others(
    found: Mentions, max_tokens: int, max_sentences: int | None
) -> None:
    expected = []
    for head in range(len(found)):
        for child in range(len(found)):
            left, right = sorted((head, child))
            near = found.starts[right] - found.ends[left] <= max_tokens
            sentences = found.sentences[right] - found.sentences[left]
            together = found.paragraphs[left] == found.paragraphs[right]
            near = near and (max_sentences is None or sentences <= max_sentences)
            legal = any(SIGNATURES.allows(found.labels[head], found.labels[child], kind) for kind in SIGNATURES.types)
            if head != child and near and together and legal:
                expected.append([head, child])
    assert create_candidates(max_tokens, max_sentences)(found, SIGNATURES).tolist() == expected


@pytest.mark.parametrize("marked", ["لا شيء هنا.", "شكر [سامي](PERSON) الناس.", ""])
def test_documents_with_less_than_two_spans_have_none(marked: str) -> None:
    doc = reference(blank(), marked)
    pairs = create_candidates()(Mentions.of(doc, doc.ents), Signatures.of_scheme(load_scheme()))
    assert pairs.shape == (0, 2)


def test_adjacent_spans_are_a_pair() -> None:
    doc = reference(blank(), "[اللواء](RANK 1) [فؤاد البكري](PERSON HOLDS_RANK:1)")
    found = Mentions.of(doc, doc.ents)
    assert found.ends[0] == found.starts[1]
    assert create_candidates(0)(found, Signatures.of_scheme(load_scheme())).tolist() == [[1, 0]]


def test_both_directions_are_candidates_where_a_signature_allows_both() -> None:
    doc = reference(blank(), "[الكتيبة 4](UNIT) و[لواء الجبل](UNIT)")
    pairs = create_candidates()(Mentions.of(doc, doc.ents), Signatures.of_scheme(load_scheme()))
    assert pairs.tolist() == [[0, 1], [1, 0]]


def test_paragraphs_and_sentences_divide() -> None:
    doc = reference(blank(), "[سامي](PERSON) هنا. وهناك [الجيش](UNIT).\nو[الشرطة](UNIT) غدا.")
    found, signatures = Mentions.of(doc, doc.ents), Signatures.of_scheme(load_scheme())
    assert create_candidates()(found, signatures)[:, 0].tolist() == [0]
    assert create_candidates(max_sentences=0)(found, signatures).tolist() == []
    assert create_candidates(max_sentences=1)(found, signatures).tolist() == [[0, 1]]
