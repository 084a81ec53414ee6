from __future__ import annotations

import json
import warnings
from dataclasses import replace

import pytest
from hypothesis import given, settings
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example
from spacy.vocab import Vocab

from liwa.annotations.fingerprint import fingerprint
from liwa.errors import LiwaError
from liwa.records import Gold, Range, Span
from liwa.scoring.counts import Counts
from liwa.scoring.evaluate import evaluate
from liwa.scoring.intervals import Macro, Rates
from liwa.scoring.pairs import widened
from liwa.scoring.tables import to_json
from tests.gold import gold
from tests.scoring.invented import documents, tags

seqeval = pytest.importorskip("seqeval.metrics")

RIGHT = gold("وصل [العقيد](RANK) [بشار كمال](PERSON) إلى [قاعدة الوادي](BASE)")


def test_equal_spans_count_and_nothing_else() -> None:
    found = gold("وصل [العقيد](UNIT) بشار [كمال](PERSON) إلى [قاعدة الوادي](BASE)")
    labels = evaluate([RIGHT], [found]).labels
    assert {label: rates.counts for label, rates in labels.items()} == {
        "BASE": Counts(1, 0, 0), "PERSON": Counts(0, 1, 1), "RANK": Counts(0, 0, 1), "UNIT": Counts(0, 1, 0),
    }  # fmt: skip


def test_labels_of_the_scheme_come_first_and_are_never_left_out() -> None:
    assert list(evaluate([RIGHT], [RIGHT], labels=["UNIT", "RANK"]).labels) == ["UNIT", "RANK", "BASE", "PERSON"]


def test_an_offset_of_one_code_point_is_an_error() -> None:
    shifted = replace(RIGHT, spans=tuple(s.shifted(1) for s in RIGHT.spans[:2]))
    assert evaluate([RIGHT], [shifted]).micro.counts == Counts(0, 2, 3)


def test_what_lies_outside_the_annotated_ranges_is_masked() -> None:
    part = replace(RIGHT, ranges=(Range(0, 10),), spans=RIGHT.spans[:1])
    scores = evaluate([part], [RIGHT])
    assert scores.micro.counts == Counts(1, 0, 0)
    assert scores.masked == 2


def test_a_prediction_over_the_border_of_a_range_is_wrong() -> None:
    part = replace(RIGHT, ranges=(Range(0, 14),), spans=RIGHT.spans[:1])
    assert evaluate([part], [RIGHT]).micro.counts == Counts(1, 1, 0)


def test_an_article_without_prediction_is_missed_and_said() -> None:
    scores = evaluate([RIGHT], [gold("خبر [آخر](UNIT)", "b")])
    assert scores.micro.counts == Counts(0, 0, 3)
    assert scores.missing == ["a"]
    assert scores.unknown == ["b"]


def test_rows_of_one_article_are_scored_as_one() -> None:
    whole = gold("في [أول](UNIT) السطر\nفي [ثاني](UNIT) السطر")
    rows = [whole.within(Range(0, 12)), whole.within(Range(13, len(whole.text or "")))]
    assert evaluate(rows, [whole]).micro.counts == evaluate([whole], rows).micro.counts == Counts(2, 0, 0)
    assert len(evaluate(rows, [whole]).by_article) == 1


def test_other_texts_under_one_id_are_refused() -> None:
    with pytest.raises(LiwaError, match="different texts"):
        evaluate([RIGHT], [gold("نص آخر")])


def test_no_gold_is_an_error() -> None:
    with pytest.raises(LiwaError, match="no gold"):
        evaluate([], [RIGHT])


def test_words_widen_both_sides() -> None:
    right = gold("لقاء [وبشار](PERSON) مع [العقيد](RANK).")
    found = gold("لقاء و[بشار](PERSON) مع [العقيد.](RANK)")
    assert evaluate([right], [found]).micro.counts == Counts(0, 2, 2)
    assert evaluate([right], [found], words=True).micro.counts == Counts(2, 0, 0)


def test_widening_makes_spans_of_one_word_one() -> None:
    text = gold("ا[ب](X)-[ج](X)د ه").text or ""
    assert widened(gold("ا[ب](X)-[ج](X)د ه")).spans == (Span(0, text.index(" "), "X"),)


def test_widening_a_part_of_an_article_keeps_article_offsets() -> None:
    part = gold("سطر\nمع [بشار](X)، غدا").within(Range(4, 17))
    assert [part.surface(s) for s in widened(part).spans] == ["بشار،"]


@settings(deadline=None)
@given(documents())
def test_scores_equal_seqevals(pairs: list[tuple[Gold, Gold]]) -> None:
    scores = evaluate([g for g, _ in pairs], [p for _, p in pairs], samples=0)
    if not scores.labels:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of numpy, of its rates without support, and of its future
        sides = [[tags(one[side]) for one in pairs] for side in range(2)]
        expected = seqeval.classification_report(*sides, output_dict=True, zero_division=0)
    found: dict[str, Rates | Macro] = {**scores.labels, "micro avg": scores.micro, "macro avg": scores.macro}
    for name, rates in found.items():
        assert (rates.precision.value or 0) == pytest.approx(expected[name]["precision"])
        assert (rates.recall.value or 0) == pytest.approx(expected[name]["recall"])
        assert (rates.f1.value or 0) == pytest.approx(expected[name]["f1-score"])


@given(documents())
def test_scores_equal_spacys_where_tokens_hold_every_span(pairs: list[tuple[Gold, Gold]]) -> None:
    scores = evaluate([g for g, _ in pairs], [p for _, p in pairs])
    vocab = Vocab()
    expected = Scorer.score_spans([_example(vocab, g, p) for g, p in pairs], "ents")
    if expected["ents_f"] is None:  # spaCy's word for "no gold anywhere"
        assert scores.micro.counts.support == 0
        return
    assert (scores.micro.f1.value or 0) == pytest.approx(expected["ents_f"])
    assert (scores.micro.precision.value or 0) == pytest.approx(expected["ents_p"])
    assert (scores.micro.recall.value or 0) == pytest.approx(expected["ents_r"])
    for label, rates in expected["ents_per_type"].items():
        assert (scores.labels[label].f1.value or 0) == pytest.approx(rates["f"])


def _example(vocab: Vocab, right: Gold, found: Gold) -> Example:
    sides = []
    for side in (found, right):
        doc = Doc(vocab, words=(side.text or "").split())
        doc.set_ents([s for s in (doc.char_span(*span) for span in side.spans) if s])
        sides.append(doc)
    return Example(*sides)


def test_the_score_file_has_counts_by_article_and_every_section() -> None:
    found = gold("وصل [العقيد](UNIT) بشار [كمال](PERSON) إلى [قاعدة الوادي](BASE)")
    data = json.loads(to_json(evaluate([RIGHT], [found])))
    assert data["by_article"] == {"a": {"BASE": [1, 0, 0], "PERSON": [0, 1, 1], "RANK": [0, 0, 1], "UNIT": [0, 1, 0]}}
    assert data["errors"]["micro"] == {
        "right": 1, "boundary": 1, "label": 1, "boundary+label": 0, "missing": 0, "spurious": 0,
    }  # fmt: skip
    assert data["confusion"]["RANK"]["UNIT"] == 1
    assert data["spans"]["macro"]["f1"] == 1 / 4
    assert data["alignment_lost"] is None
    assert data["leakage"] == {"known": False}


def test_the_fingerprint_is_of_what_gold_says_and_not_of_its_rows() -> None:
    whole = gold("في [أول](UNIT) السطر\nفي [ثاني](UNIT) السطر")
    rows = [whole.within(Range(13, len(whole.text or ""))), whole.within(Range(0, 12))]
    assert fingerprint(rows) == evaluate(rows, []).test
    assert fingerprint([whole]) != fingerprint([replace(whole, spans=whole.spans[:1])])
    assert fingerprint([whole]) == fingerprint([replace(whole, text=None, meta={"outlet": "x"})])
