"""The recipes' rows beside real exports of Prodigy, key by key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from liwa import jsonl
from liwa.annotations.hashes import task_hash
from liwa.annotations.rows import from_row
from liwa.annotations.views import VIEWS
from liwa.findings import stop
from liwa.prodigy.answers import in_order
from liwa.prodigy.review import review_tasks
from liwa.prodigy.streams import as_task

pytestmark = pytest.mark.shared

Row = dict[str, Any]

OF_THE_APP = {"answer", "_view_id", "_session_id", "_annotator_id", "_is_binary", "_timestamp"}
"""What the app adds to a task when it is answered."""


def export(shared: Path, name: str) -> list[Row]:
    return [row for _, row in jsonl.read(shared / "prodigy" / f"{name}.jsonl")]


def streamed(row: Row, view: str, *, keep: bool = True, model: str = "") -> Row:
    """Return the task of our stream for an exported row's text, and its spans and relations if kept."""
    keys = ("text", "meta", "spans", "relations") if keep else ("text", "meta")
    gold = from_row({**{key: row[key] for key in keys if key in row}, "answer": "accept"}, "", stop)
    assert gold
    return as_task(
        gold, view, {relation["label"]: relation["color"] for relation in row.get("relations", ())}, model=model
    )


def keys(rows: list[Row]) -> set[str]:
    return {key for row in rows for key in row}


def parts(rows: list[Row], name: str) -> list[Row]:
    return [part for row in rows for part in row.get(name) or ()]


def test_tasks_without_spans_have_prodigys_keys_and_hashes(shared: Path) -> None:
    real = export(shared, "ner_manual")
    ours = [streamed(row, VIEWS[0], keep=False) for row in real]
    assert [(row["_input_hash"], row["_task_hash"]) for row in ours] == [
        (row["_input_hash"], row["_task_hash"]) for row in real
    ]
    assert keys(ours) - {"meta"} == keys(real) - OF_THE_APP
    assert {tuple(token) for token in parts(ours, "tokens")} == {tuple(token) for token in parts(real, "tokens")}


def test_spans_of_a_model_have_the_keys_of_those_that_prodigys_model_found(shared: Path) -> None:
    real = [row for row in export(shared, "ner_manual") if any("source" in span for span in row["spans"])]
    ours = [streamed(row, VIEWS[0], model="small") for row in real]
    found = {frozenset(span) for span in parts(real, "spans") if "source" in span}
    assert {frozenset(span) for span in parts(ours, "spans")} == found
    assert all(span["input_hash"] == row["_input_hash"] for row in ours for span in row["spans"])


def test_tasks_with_relations_have_prodigys_keys(shared: Path) -> None:
    real = export(shared, "relations")
    ours = [streamed(row, VIEWS[1]) for row in real]
    assert keys(ours) == keys(real) - OF_THE_APP
    for name in ("tokens", "spans", "relations"):
        assert keys(parts(ours, name)) == keys(parts(real, name))
    sides = ("head_span", "child_span")
    assert keys([r[s] for r in parts(ours, "relations") for s in sides]) == keys(
        [r[s] for r in parts(real, "relations") for s in sides]
    )


def test_task_hashes_with_relations_are_those_of_the_spans_as_the_view_has_them(shared: Path) -> None:
    real = export(shared, "relations")
    same = [task_hash(row["_input_hash"], row["spans"]) == row["_task_hash"] for row in real]
    assert all(same[:106])  # the others had other spans in the stream
    assert sum(same) == 106


def test_spans_and_relations_agree_value_by_value_token_numbers_aside(shared: Path) -> None:
    same = 0
    for row in export(shared, "relations"):
        mine, real = in_order([streamed(row, VIEWS[1]), row])
        assert placed(mine["spans"]) == placed(real["spans"])
        assert placed(mine["relations"]) == placed(real["relations"])
        if [t["end"] for t in mine["tokens"]] == [t["end"] for t in real["tokens"]]:
            same += 1
            assert mine["spans"] == real["spans"]
            assert [(r["head"], r["child"]) for r in mine["relations"]] == [
                (r["head"], r["child"]) for r in real["relations"]
            ]
    assert same == 10


def placed(items: list[Row]) -> list[Any]:
    """Return spans or relations without the numbers of tokens, which are other tokens than ours."""
    numbers = ("token_start", "token_end", "head", "child")
    return [
        {k: placed([v]) if isinstance(v, dict) else v for k, v in item.items() if k not in numbers} for item in items
    ]


def test_a_review_is_made_of_single_answers_as_prodigy_made_it(shared: Path) -> None:
    real = export(shared, "review")
    sets: dict[str, list[Row]] = {"original_annotations": [], "ner_model": []}
    for row in real:
        for version in row["versions"]:
            answer = {key: value for key, value in version.items() if key not in ("sessions", "default")}
            for session in version["sessions"]:
                sets[session].append({**answer, "_session_id": session, "_annotator_id": session})
    ours = review_tasks(sets)
    assert ours == real
    assert [list(row) for row in ours] == [list(row) for row in real]
    assert [list(v) for row in ours for v in row["versions"]] == [list(v) for row in real for v in row["versions"]]


def test_keeping_an_answer_loses_nothing_of_it(shared: Path) -> None:
    for name in ("ner_manual", "relations", "review"):
        for row in export(shared, name):
            (kept,) = in_order([row])
            assert {k: v for k, v in kept.items() if k not in ("spans", "relations")} == {
                k: v for k, v in row.items() if k not in ("spans", "relations")
            }
            for key in ("spans", "relations"):
                assert sorted(map(str, kept.get(key, ()))) == sorted(map(str, row.get(key, ())))
