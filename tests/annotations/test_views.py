"""What Prodigy's interfaces add to rows."""

from __future__ import annotations

from dataclasses import replace

from liwa.annotations.rows import to_row
from liwa.annotations.views import VIEWS, in_view, view_of
from liwa.scheme import load_scheme
from tests.gold import gold, story


def test_a_scheme_is_annotated_in_the_view_that_holds_all_of_it() -> None:
    scheme = load_scheme()
    assert view_of(scheme) == "relations"
    assert view_of(replace(scheme, relations={})) == "ner_manual"


def test_the_view_of_spans_adds_nothing() -> None:
    assert in_view(to_row(gold(story(0))), VIEWS[0], {}) == {}


def test_the_view_of_relations_says_what_each_thing_is() -> None:
    row = to_row(gold(story(0)))
    found = in_view(row, VIEWS[1], {"BASED_AT": "#abcdef"})
    assert [t["disabled"] for t in found["tokens"]] == [False] * len(row["tokens"])
    assert [(s["text"], s["type"]) for s in found["spans"]] == [
        (row["text"][s["start"] : s["end"]], "span") for s in row["spans"]
    ]
    assert [(r["label"], r.get("color")) for r in found["relations"]] == [("HOLDS_RANK", None), ("BASED_AT", "#abcdef")]


def test_a_row_without_relations_gets_an_empty_list() -> None:
    assert in_view(to_row(gold("كلام")), VIEWS[1], {})["relations"] == []
