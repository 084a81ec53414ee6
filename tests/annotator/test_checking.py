"""What is refused of what a browser sends, and that the rest comes back as it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liwa.annotator.checking import Body, RefusedError, read_body, read_submission
from liwa.records import Relation, Span
from liwa.scheme import load_scheme

TEXT = "العميد هاني من لواء النخيل 😀 في قاعدة الوادي\nالعقيد"
SCHEME = load_scheme()
RANK, PERSON = {"start": 0, "end": 6, "label": "RANK"}, {"start": 7, "end": 11, "label": "PERSON"}
UNIT, BASE = {"start": 15, "end": 26, "label": "UNIT"}, {"start": 32, "end": 44, "label": "BASE"}
HOLDS = {"head": [7, 11], "child": [0, 6], "label": "HOLDS_RANK"}


def said(*spans: dict[str, Any], relations: Any = (), **more: Any) -> dict[str, Any]:
    """Return what the page would send, with the texts of the spans."""
    quoted = [{"text": TEXT[span["start"] : span["end"]], **span} for span in spans]
    return {"key": "12345678", "base": 0, "answer": "accept", "spans": quoted, "relations": [*relations], **more}


def test_what_is_right_is_read() -> None:
    body = read_body(said(UNIT, RANK, PERSON, BASE, relations=[HOLDS], comment="؟", flagged=True), TEXT, SCHEME)
    assert body.spans == (Span(0, 6, "RANK"), Span(7, 11, "PERSON"), Span(15, 26, "UNIT"), Span(32, 44, "BASE"))
    assert body.relations == (Relation(body.spans[1], body.spans[0], "HOLDS_RANK"),)
    assert (body.comment, body.flagged, body.origins) == ("؟", True, ("mine",) * 5)


BAD: dict[str, tuple[Any, str]] = {
    "no object": ([], "expected a JSON object"),
    "key": (said(key="x"), "expected a key of 8 to 64"),
    "key with a slash": (said(key="../../etc/passwd"), "expected a key"),
    "no key": (said(key=None), "expected a key"),
    "base": (said(base=-1), "expected a base revision"),
    "base of true": (said(base=True), "expected a base revision"),
    "base of a float": (said(base=1.0), "expected a base revision"),
    "answer": (said(answer="yes"), "expected an answer of accept, reject, ignore"),
    "no answer": (said(answer=None), "expected an answer"),
    "seconds": (said(seconds="1"), "expected seconds as a number"),
    "seconds without end": (said(seconds=float("inf")), "expected seconds as a number"),
    "comment": (said(comment=["x"]), "expected a comment as a string"),
    "flagged": (said(flagged=1), "expected flagged as true or false"),
    "spans": (said() | {"spans": {}}, "expected spans to be a list"),
    "a span": (said() | {"spans": ["x"]}, "expected an object with start and end"),
    "offsets": (said() | {"spans": [{"start": "0", "end": 1}]}, "expected integers"),
    "empty span": (said({**RANK, "end": 0}), "expected 0 <= start < end"),
    "beyond": (said({**RANK, "end": len(TEXT) + 1}), "expected 0 <= start < end"),
    "other text": (said({**RANK, "text": "العقيد"}), "0-6: the text there is 'العميد', the span says 'العقيد'"),
    "no text": (said({**RANK, "text": None}), "the span says None"),
    "overlap": (said(RANK, {**PERSON, "start": 5}), "overlaps"),
    "twice": (said(RANK, RANK), "overlaps"),
    "label": (said({**RANK, "label": "GRADE"}), "expected a label of PERSON, RANK, UNIT, BASE"),
    "no label": (said({**RANK, "label": None}), "expected a label"),
    "origin": (said({**RANK, "origin": "other"}), "expected an origin of pre, mine"),
    "relations": (said() | {"relations": 1}, "expected relations to be a list"),
    "a relation": (said(relations=[3]), "expected a relation with a label"),
    "end": (said(PERSON, relations=[HOLDS]), "the child of HOLDS_RANK is no span"),
    "half an end": (said(RANK, PERSON, relations=[{**HOLDS, "head": [7]}]), "the head of HOLDS_RANK is no span"),
    "type": (said(RANK, PERSON, relations=[{**HOLDS, "label": "OWNS"}]), "expected a relation type of"),
    "direction": (said(RANK, PERSON, relations=[{**HOLDS, "head": [0, 6], "child": [7, 11]}]), "does not go from RANK"),
    "itself": (said(UNIT, relations=[{"head": [15, 26], "child": [15, 26], "label": "PART_OF"}]), "to itself"),
    "double": (said(RANK, PERSON, relations=[HOLDS, HOLDS]), "given twice"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_refused_in_one_line(name: str) -> None:
    data, why = BAD[name]
    with pytest.raises(RefusedError) as error:
        read_submission(data, TEXT, SCHEME, draft=False)
    assert why in str(error.value)
    assert "\n" not in str(error.value)


def test_offsets_are_code_points() -> None:
    emoji = TEXT.index("😀")
    body = read_body(said({"start": emoji + 5, "end": emoji + 10, "label": "BASE", "text": "قاعدة"}), TEXT, SCHEME)
    assert TEXT[body.spans[0].start : body.spans[0].end] == "قاعدة"
    with pytest.raises(RefusedError, match="the span says"):
        read_body(said({"start": emoji + 6, "end": emoji + 11, "label": "BASE", "text": "قاعدة"}), TEXT, SCHEME)


def test_a_draft_needs_no_answer_and_has_none() -> None:
    assert read_submission(said(answer=None), TEXT, SCHEME, draft=True).answer is None
    assert read_submission(said(), TEXT, SCHEME, draft=True).answer is None


@pytest.mark.parametrize(("seconds", "kept"), [(2, 2.0), (-1.5, 0.0), (1e300, 7 * 24 * 3600.0)])
def test_seconds_are_kept_within_reason(seconds: float, kept: float) -> None:
    assert read_submission(said(seconds=seconds), TEXT, SCHEME, draft=False).seconds == kept


def test_half_a_surrogate_pair_in_a_comment_is_replaced() -> None:
    assert read_body(said(comment="a\ud83d"), TEXT, SCHEME).comment == "a\ufffd"


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """Flat spans of one label over the text, and relations between some of them."""
    cuts = sorted(draw(st.sets(st.integers(0, len(TEXT)), max_size=12)))
    origins = st.sampled_from(["pre", "mine"])
    spans = [
        {"start": a, "end": b, "label": "UNIT", "origin": draw(origins)}
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    pairs = [(a, b) for a in spans for b in spans if a is not b]
    chosen = draw(st.lists(st.sampled_from(pairs), unique_by=str, max_size=5)) if pairs else []
    relations = [
        {"head": [a["start"], a["end"]], "child": [b["start"], b["end"]], "label": "PART_OF", "origin": draw(origins)}
        for a, b in chosen
    ]
    comment = draw(st.text(st.characters(exclude_categories=["Cs"])))
    shuffled = draw(st.permutations(spans))
    return said(*shuffled, relations=relations, comment=comment, flagged=draw(st.booleans()))


@given(data=bodies())
def test_a_body_comes_back_from_the_store_as_it_was_sent(data: dict[str, Any]) -> None:
    kept = read_body(data, TEXT, SCHEME).to_json()
    assert kept.isascii()
    back = Body.from_json(kept).to_dict(TEXT)
    assert back["spans"] == sorted(data["spans"], key=lambda span: span["start"])
    assert sorted(back["relations"], key=str) == sorted(data["relations"], key=str)
    assert (back["comment"], back["flagged"]) == (data["comment"], data["flagged"])


KEYS = [
    "key",
    "base",
    "answer",
    "spans",
    "relations",
    "comment",
    "start",
    "end",
    "label",
    "head",
    "child",
    "text",
    "origin",
]
WORDS = ["accept", "UNIT", "PART_OF", "12345678"]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=20,
)


@given(data=st.dictionaries(st.sampled_from(KEYS), anything) | anything)
def test_whatever_is_sent_is_read_or_refused(data: Any) -> None:
    try:
        read_submission(data if not isinstance(data, dict) else said() | data, TEXT, SCHEME, draft=False)
    except RefusedError as error:
        assert str(error)
