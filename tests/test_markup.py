from __future__ import annotations

import pytest
from hypothesis import given

from liwa import markup
from liwa.errors import LiwaError
from liwa.records import Gold, Relation, Span
from tests.strategies import golds, texts


def test_a_relation_stands_in_the_mark_of_its_head() -> None:
    text, spans, relations = markup.parse("[العميد](RANK 1) [هاني سالم](PERSON HOLDS_RANK:1) وصل")
    rank, person = Span(0, 6, "RANK"), Span(7, 16, "PERSON")
    assert (text, spans, relations) == ("العميد هاني سالم وصل", (rank, person), (Relation(person, rank, "HOLDS_RANK"),))


def test_brackets_that_begin_no_mark_are_text() -> None:
    assert markup.parse("قال [هكذا] (1) [x](http://a) ]( \\").text == "قال [هكذا] (1) [x](http://a) ]( \\"


def test_offsets_count_an_emoji_and_a_mark_as_one_each() -> None:
    assert markup.parse("🙂 قِ [وليد](PERSON)").spans == (Span(5, 9, "PERSON"),)


@given(golds(one_line=True, whole=True))
def test_what_is_written_is_read_back(gold: Gold) -> None:
    assert gold.text is not None
    marked = markup.write(gold.text, gold.spans, gold.relations)
    assert markup.parse(marked, text=gold.text) == (gold.text, gold.spans, gold.relations)


@given(golds(one_line=True, whole=True), texts(alphabet="🙂\u0301ّ x\n"))
def test_a_prefix_shifts_every_span_by_its_code_points(gold: Gold, prefix: str) -> None:
    assert gold.text is not None
    marked = markup.parse(markup.write(prefix, ()) + markup.write(gold.text, gold.spans))
    assert marked.spans == tuple(span.shifted(len(prefix)) for span in gold.spans)


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        ("[هاني](PERSON HOLDS_RANK:1)", "HOLDS_RANK:1 in the mark at offset 0 points to no mark"),
        ("[هاني](PERSON 1) [وليد](PERSON 1)", "two marks have the name 1"),
    ],
)
def test_a_wrong_mark_is_an_error_with_its_place(marked: str, said: str) -> None:
    with pytest.raises(LiwaError, match=f"^a.mark:1: {said}"):
        markup.parse(marked, where="a.mark:1")


@pytest.mark.parametrize("text", ["وصل وليذ", "وصل وليد.", "وصل ولي", "وصل  وليد", ""])
def test_a_text_that_differs_by_one_code_point_is_refused(text: str) -> None:
    at = next((i for i, (a, b) in enumerate(zip("وصل وليد", text, strict=False)) if a != b), min(8, len(text)))
    with pytest.raises(LiwaError, match=f"differs at offset {at}:"):
        markup.parse("وصل [وليد](PERSON)", text=text)
