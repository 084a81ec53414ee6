from __future__ import annotations

import numpy as np

from liwa.scheme import load_scheme
from liwa.training.relations.candidates import create_candidates
from liwa.training.relations.cues import CueBook, load_cues
from liwa.training.relations.features import COLUMNS, Pairs, describe, fold_words, stem
from liwa.training.relations.mentions import Mentions
from liwa.training.relations.signatures import Signatures
from liwa.training.relations.stated import Statements
from tests.training.relations.invented import blank, reference

SIGNATURES = Signatures.of_scheme(load_scheme())
STATEMENTS = Statements(load_cues(), SIGNATURES)
NLP = blank()


def pairs(marked: str) -> Pairs:
    doc = reference(NLP, marked)
    found = Mentions.of(doc, doc.ents)
    return describe(0, found, create_candidates()(found, SIGNATURES), SIGNATURES, STATEMENTS)


def differing(one: str, other: str, row: int = 0) -> set[int]:
    """Return the columns in which a pair of two documents differs."""
    return set(np.flatnonzero(pairs(one).rows[row] != pairs(other).rows[row]).tolist())


def test_a_mention_is_one_word() -> None:
    doc = reference(NLP, "قائد [الفرقة الثالثة عشرة](UNIT) [سامي الدوري](PERSON) هنا")
    found = Mentions.of(doc, doc.ents)
    words = fold_words(found, SIGNATURES.label_ids(found.labels))
    assert [doc[token].text for token in words.tokens] == ["قائد", "الفرقة", "سامي", "هنا"]
    assert words.places.tolist() == [1, 2]
    assert words.keys[1:3].tolist() == [n + 1 for n in SIGNATURES.label_ids(["UNIT", "PERSON"])]


def test_of_names_the_first_word_matters_only_and_the_words_around_do() -> None:
    one = "قائد [لواء الثالثة](UNIT) [سامي](PERSON) هنا"
    assert pairs(one).rows.shape == (1, COLUMNS)
    assert differing(one, "قائد [لواء الجبل](UNIT) [سامي علي الراوي](PERSON) هنا") == set()
    assert differing(one, "قائد [فوج الجبل](UNIT) [سامي علي الراوي](PERSON) هنا") == {10, 11}
    assert differing(one, "وزير [لواء الجبل](UNIT) [سامي](PERSON) هنا") >= {12, 17, 19}
    assert len(differing(one, "قائد [سامي](PERSON) [لواء الثالثة](UNIT) هنا")) == COLUMNS


def test_endings_and_articles_do_not_change_a_stem() -> None:
    assert stem("المتمركزة") == stem("متمركزون") == stem("متمر")
    assert stem("الى") != stem("ى")


def test_words_are_read_across_the_mentions_next_to_a_pair() -> None:
    plain_before = 28
    assert plain_before in differing(
        "قائد [العميد](RANK) [سامي](PERSON) و[الجيش](UNIT)", "وزير [العميد](RANK) [سامي](PERSON) و[الجيش](UNIT)", row=1
    )


def test_without_cues_nothing_is_said() -> None:
    doc = reference(NLP, "قائد [لواء الجبل](UNIT) [سامي](PERSON) هنا")
    found = Mentions.of(doc, doc.ents)
    none = Statements(CueBook({}), SIGNATURES)
    its = describe(0, found, create_candidates()(found, SIGNATURES), SIGNATURES, none)
    assert its.rows.shape == (1, COLUMNS)
    assert set(np.flatnonzero(its.rows[0] != pairs("قائد [لواء الجبل](UNIT) [سامي](PERSON) هنا").rows[0])) >= {32, 34}


def test_the_nearest_is_told_from_rivals_and_the_earlier_wins_a_tie() -> None:
    near = 4
    marked = "[سامي](PERSON) و[وليد](PERSON) في [الجيش](UNIT) مع [هاني](PERSON)"
    rows = pairs(marked).rows[:, near].tolist()
    assert pairs(marked).pairs.tolist()[:1] == [[0, 1]]
    by_pair = dict(zip(map(tuple, pairs(marked).pairs.tolist()), rows, strict=True))
    alone = pairs("[سامي](PERSON) في [الجيش](UNIT)").rows[0, near]
    assert by_pair[1, 2] == alone
    assert by_pair[0, 2] != alone
    assert by_pair[3, 2] != pairs("في [الجيش](UNIT) مع [هاني](PERSON)").rows[0, near]


def test_one_in_the_same_sentence_is_nearer_than_one_in_another() -> None:
    found = pairs("[سامي](PERSON). [الجيش](UNIT) كان هناك مع [هاني](PERSON)")
    nearest = dict(zip(map(tuple, found.pairs.tolist()), found.rows[:, 4].tolist(), strict=True))
    assert nearest[2, 1] == pairs("[الجيش](UNIT) مع [هاني](PERSON)").rows[0, 4]
    assert nearest[0, 1] != pairs("[سامي](PERSON) [الجيش](UNIT)").rows[0, 4]


def test_sentences_between_count() -> None:
    assert 3 in differing("[سامي](PERSON) ، [الجيش](UNIT)", "[سامي](PERSON) . [الجيش](UNIT)")


def test_illegal_types_are_marked() -> None:
    legal = pairs("[الجيش](UNIT) في [المعسكر](BASE)").legal
    assert [kind for kind, fits in zip(SIGNATURES.types, legal[0], strict=True) if fits] == ["BASED_AT"]
