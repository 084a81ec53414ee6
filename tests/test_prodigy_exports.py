"""What real exports of Prodigy say about hashes, tokens and relations, and that nothing of them gets lost."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from liwa import jsonl
from liwa.annotations.hashes import input_hash, task_hash
from liwa.annotations.rows import from_row, last_token, to_row
from liwa.findings import Finding
from liwa.records import Gold

pytestmark = pytest.mark.shared

ROWS = {"ner_manual": 523, "relations": 149, "review": 60}


@pytest.fixture(params=ROWS)
def rows(request: pytest.FixtureRequest, shared: Path) -> list[dict[str, Any]]:
    found = [row for _, row in jsonl.read(shared / "prodigy" / f"{request.param}.jsonl")]
    assert len(found) == ROWS[request.param]
    return found


def relations(shared: Path) -> list[dict[str, Any]]:
    return [row for _, row in jsonl.read(shared / "prodigy" / "relations.jsonl")]


def test_input_hashes_are_prodigys(rows: list[dict[str, Any]]) -> None:
    assert [input_hash(row["text"]) for row in rows] == [row["_input_hash"] for row in rows]


def test_task_hashes_are_prodigys_where_the_stream_had_no_spans(shared: Path) -> None:
    rows = [row for _, row in jsonl.read(shared / "prodigy" / "ner_manual.jsonl")]
    assert [task_hash(row["_input_hash"], []) for row in rows] == [row["_task_hash"] for row in rows]


def test_the_ends_of_relations_are_last_tokens(shared: Path) -> None:
    seen = 0
    for row in relations(shared):
        tokens = [(token["start"], token["end"]) for token in row["tokens"]]
        for relation in row["relations"]:
            for side in ("head", "child"):
                assert last_token(relation[f"{side}_span"]["end"], tokens) == relation[side]
                seen += 1
    assert seen == 534


def test_relations_are_read_alike_by_span_and_by_token(shared: Path) -> None:
    for row in relations(shared):
        bare = [{k: r[k] for k in ("head", "child", "label")} for r in row["relations"]]
        assert read(row, []) == read({**row, "relations": bare}, [])


def test_every_row_reads_and_writes_back_with_nothing_lost(rows: list[dict[str, Any]]) -> None:
    findings: list[Finding] = []
    for row in rows:
        gold = read(row, findings)
        if gold is None:
            assert row["answer"] == "ignore"
            continue
        back = jsonl.parse(jsonl.dumps(to_row(gold)), "")
        assert same(back.pop("spans"), row["spans"])
        assert same(back.pop("relations", []), row.get("relations", []))
        assert back.pop("meta").items() >= row.get("meta", {}).items()
        assert back == {key: value for key, value in row.items() if key not in ("spans", "relations", "meta")}
    assert {f.rule.name for f in findings} <= {"not-accepted"}


def read(row: dict[str, Any], findings: list[Finding]) -> Gold | None:
    return from_row(row, "export", findings.append)


def same(some: Iterable[Any], others: Iterable[Any]) -> bool:
    return sorted(some, key=str_of) == sorted(others, key=str_of)


def str_of(value: dict[str, Any]) -> str:
    return str(sorted(value.items(), key=lambda item: item[0]))
