from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from murmurhash.mrmr import hash as murmurhash

from liwa import jsonl
from liwa.annotations import rules
from liwa.annotations.hashes import input_hash, task_hash
from liwa.annotations.rows import from_row, task, to_row
from liwa.findings import Finding, stop
from liwa.records import Gold, Range, Relation, Span, sha256
from tests.gold import gold
from tests.strategies import golds, texts

TEXT = "وصل العميد هاني إلى هنا"
SPAN = {"start": 4, "end": 10, "label": "RANK"}
OTHER = {"start": 11, "end": 15, "label": "PERSON"}


def read(row: dict[str, Any]) -> tuple[Gold | None, list[Finding]]:
    findings: list[Finding] = []
    return from_row(row, "f.jsonl:1", findings.append), findings


def readable(row: dict[str, Any]) -> Gold:
    found = from_row(jsonl.parse(jsonl.dumps(row), ""), "", stop)
    assert found
    return found


@given(golds())
def test_gold_survives_its_row(given_gold: Gold) -> None:
    assert readable(to_row(given_gold)) == given_gold


@given(golds(), texts(alphabet="🙂\u0301ّ x"))
def test_a_prefix_shifts_every_offset_by_its_code_points(given_gold: Gold, prefix: str) -> None:
    by = len(prefix)
    moved = replace(
        given_gold,
        text=prefix + (given_gold.text or ""),
        ranges=(Range(given_gold.start, given_gold.end + by),),
        spans=tuple(s.shifted(by) for s in given_gold.spans),
        relations=tuple(r.shifted(by) for r in given_gold.relations),
    )
    back = readable(to_row(moved))
    assert [(back.surface(s), s.label) for s in back.spans] == [
        (given_gold.surface(s), s.label) for s in given_gold.spans
    ]
    assert len(back.relations) == len(given_gold.relations)
    row = to_row(moved)
    assert all(row["text"][t["start"] : t["end"]] == t["text"] for t in row["tokens"])


def test_a_new_task_is_hashed_as_prodigy_hashes_it() -> None:
    row = task("This is a text", {"article": "a"})
    assert row["spans"] == []
    assert row["_input_hash"] == input_hash("This is a text")
    assert row["_task_hash"] == task_hash(row["_input_hash"], [])
    assert [t["text"] for t in row["tokens"]] == ["This", "is", "a", "text"]
    assert [t["ws"] for t in row["tokens"]] == [True, True, True, False]


def test_arabic_is_escaped_before_it_is_hashed_as_prodigy_does() -> None:
    assert input_hash("لواء") == murmurhash(b'text="\\u0644\\u0648\\u0627\\u0621"'.decode())


def test_task_hashes_leave_out_what_prodigy_leaves_out() -> None:
    span = {"start": 0, "end": 4, "label": "A"}
    noisy = {**span, "score": 0.5, "source": "x", "answer": "accept", "_view_id": "ner"}
    assert task_hash(1, [noisy]) == task_hash(1, [span]) != task_hash(1, [{**span, "label": "B"}])


def test_what_liwa_does_not_know_survives() -> None:
    row = {
        "text": TEXT,
        "_input_hash": 7,
        "_task_hash": 8,
        "spans": [{**SPAN, "source": "x", "mine": [1]}],
        "relations": [{"head_span": SPAN, "child_span": SPAN, "label": "R", "color": "#fff"}],
        "tokens": [{"text": TEXT, "start": 0, "end": len(TEXT), "id": 0, "ws": False, "disabled": True}],
        "answer": "accept",
        "mine": {"deep": 0.1234567890123},
        "meta": {"outlet": "x", "pages": [3]},
    }
    back = to_row(readable(row))
    assert back["spans"] == row["spans"]
    assert back["relations"][0]["color"] == "#fff"
    assert {**back["meta"], **{"outlet": "x", "pages": [3]}} == back["meta"]
    assert {k: back[k] for k in ("_input_hash", "_task_hash", "tokens", "answer", "mine")} == {
        k: row[k] for k in ("_input_hash", "_task_hash", "tokens", "answer", "mine")
    }


def test_tokens_and_hashes_of_another_text_do_not_survive() -> None:
    whole = readable(to_row(gold(f"سطر\n{TEXT}")))
    part = to_row(whole.within(Range(4, 4 + len(TEXT))))
    assert part["_input_hash"] == input_hash(TEXT)
    assert part["tokens"][0]["text"] == "وصل"


def test_relations_name_the_last_tokens_of_their_ends() -> None:
    row = to_row(gold("[العميد الركن](RANK 1) [هاني سالم](PERSON HOLDS_RANK:1)"))
    found = row["relations"][0]
    assert (row["tokens"][found["child"]]["text"], row["tokens"][found["head"]]["text"]) == ("الركن", "سالم")
    assert found["head_span"] == row["spans"][1]


def test_a_relation_is_found_by_its_tokens_where_spans_have_no_indices() -> None:
    row = to_row(gold("[العميد](RANK 1) [هاني سالم](PERSON HOLDS_RANK:1)"))
    bare = [{k: s[k] for k in ("start", "end", "label")} for s in row["spans"]]
    ends = [{k: r[k] for k in ("head", "child", "label")} for r in row["relations"]]
    assert readable({**row, "spans": bare, "relations": ends}) == readable(row)


def test_a_span_without_token_boundary_has_no_indices() -> None:
    row = to_row(Gold("a", sha256(TEXT), (Range(0, len(TEXT)),), (Span(5, 7, "RANK"),), text=TEXT))
    assert row["spans"] == [{"start": 5, "end": 7, "label": "RANK"}]


def test_a_row_without_meta_is_an_article_of_its_own() -> None:
    found = readable({"text": TEXT})
    assert (found.article, found.sha256, found.start) == (sha256(TEXT)[:12], sha256(TEXT), 0)


@pytest.mark.parametrize("meta", [{"article": "a"}, {"start": 4}])
def test_a_passage_whose_article_has_no_sha256_has_none(meta: dict[str, Any]) -> None:
    found = readable({"text": TEXT, "meta": meta})
    assert found.sha256 == ""
    assert "sha256" not in to_row(found)["meta"]


def test_a_prediction_has_no_answer() -> None:
    assert "answer" not in to_row(readable({"text": TEXT, "answer": "accept"}), answer=None)
    assert to_row(readable({"text": TEXT}))["answer"] == "accept"


def test_offsets_of_findings_are_those_of_the_article() -> None:
    found, (finding,) = read({"text": TEXT, "meta": {"start": 100}, "spans": [SPAN, {**SPAN, "end": 15}]})
    assert found is not None
    assert (finding.rule, finding.start, finding.end) == (rules.OVERLAP, 104, 115)
    assert found.spans == (Span(104, 110, "RANK"),)


@pytest.mark.parametrize(
    ("start", "end"),
    [(1.0, 4), (True, 4), ("3", 6), (None, 3), (3, None), ([], 4), (-1, 3), (4, 4), (6, 4), (0, 99), (10**15, 10**16)],
)
def test_bad_offsets_are_reported_and_not_read(start: Any, end: Any) -> None:
    found, (finding,) = read({"text": TEXT, "spans": [{"start": start, "end": end, "label": "RANK"}]})
    assert found is not None
    assert found.spans == ()
    assert finding.rule == rules.BAD_OFFSETS


@pytest.mark.parametrize("spans", [5, "x", {"a": 1}, [5], [None], [SPAN | {"label": 5}], [SPAN | {"label": ""}]])
def test_what_is_no_span_is_reported(spans: Any) -> None:
    assert {f.rule for f in read({"text": TEXT, "spans": spans})[1]} == {rules.BAD_SPAN}


@pytest.mark.parametrize(
    "end",
    [
        {"head_span": {**SPAN, "start": 5}, "child_span": OTHER},
        {"head_span": {**SPAN, "start": 4.0}, "child_span": OTHER},
        {"head_span": {"start": [], "end": {}}, "child_span": OTHER},
        {"head_span": None, "child_span": OTHER},
        {"head": 0, "child": 1},
        {"head": "1", "child": True},
        {},
    ],
)
def test_a_relation_to_a_span_that_is_not_there_is_reported(end: dict[str, Any]) -> None:
    found, findings = read({"text": TEXT, "spans": [SPAN, OTHER], "relations": [{**end, "label": "R"}]})
    assert found is not None
    assert (found.relations, [f.rule for f in findings]) == ((), [rules.BAD_RELATION])


def test_a_relation_is_read_by_its_spans() -> None:
    found, _ = read({"text": TEXT, "spans": [SPAN, OTHER], "relations": [relation("R")]})
    assert found is not None
    assert found.relations == (Relation(Span(4, 10, "RANK"), Span(11, 15, "PERSON"), "R"),)


@pytest.mark.parametrize("label", [None, "", 3])
def test_a_relation_without_label_is_reported(label: Any) -> None:
    assert [f.rule for f in read({"text": TEXT, "spans": [SPAN, OTHER], "relations": [relation(label)]})[1]] == [
        rules.BAD_RELATION
    ]


def relation(label: Any) -> dict[str, Any]:
    return {"head_span": SPAN, "child_span": OTHER, "label": label}


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ({"text": 5}, rules.NOT_GOLD),
        ({"text": ""}, rules.NOT_GOLD),
        ({"text": TEXT, "meta": [1]}, rules.NOT_GOLD),
        ({"text": TEXT, "answer": "yes"}, rules.BAD_ANSWER),
        ({"text": TEXT, "answer": []}, rules.BAD_ANSWER),
        ({"text": TEXT, "answer": "reject"}, rules.NOT_ACCEPTED),
        ({"text": TEXT, "meta": {"start": 3, "end": 4}}, rules.BAD_META),
        ({"text": TEXT, "meta": {"start": -1}}, rules.BAD_META),
        ({"text": TEXT, "meta": {"start": 1.0}}, rules.BAD_META),
        ({"text": TEXT, "meta": {"end": "23"}}, rules.BAD_META),
        ({"text": TEXT, "meta": {"sha256": 5}}, rules.BAD_META),
        ({"text": TEXT, "meta": {"sha256": "abc"}}, rules.BAD_META),
    ],
)
def test_a_row_that_is_no_gold_is_reported(row: dict[str, Any], rule: object) -> None:
    found, findings = read(row)
    assert (found, [f.rule for f in findings]) == (None, [rule])


def test_spans_outside_the_annotated_ranges_are_reported_with_their_relations() -> None:
    meta = {"ranges": [[11, 15]]}
    found, findings = read({"text": TEXT, "meta": meta, "spans": [SPAN, OTHER], "relations": [relation("R")]})
    assert found is not None
    assert (found.spans, found.relations) == ((Span(11, 15, "PERSON"),), ())
    assert [f.rule for f in findings] == [rules.OUTSIDE, rules.BAD_RELATION]


@pytest.mark.parametrize("ranges", [[[0, 99]], [[0]], [5], [[0, True]], [[3, 3]], [["0", 5]]])
def test_bad_ranges_are_reported(ranges: Any) -> None:
    assert [f.rule for f in read({"text": TEXT, "meta": {"ranges": ranges}})[1]] == [rules.BAD_OFFSETS]


def test_overlapping_ranges_are_reported_and_joined() -> None:
    found, (finding,) = read({"text": TEXT, "meta": {"ranges": [[0, 5], [3, 9]]}})
    assert found is not None
    assert (found.ranges, finding.rule) == ((Range(0, 9),), rules.OVERLAP)


def test_a_task_that_nobody_answered_is_reported_and_a_plain_row_is_not() -> None:
    asked = task(TEXT, {"article": "a"})
    assert [f.rule for f in read(asked)[1]] == [rules.UNANSWERED]
    assert read({**asked, "answer": "accept"})[1] == []
    assert read({"text": TEXT, "spans": [SPAN]})[1] == []
