from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from liwa.errors import LiwaError
from liwa.scoring.counts import Counts
from liwa.scoring.scorefile import ScoreFile, read_scores
from tests.scoring.score_files import plain, score_data

GOOD = plain({"a": {"X": Counts(1, 2, 3)}})
BAD: dict[str, tuple[Any, str]] = {
    "list": ([], "expected a score file of format liwa-scores, found list"),
    "no format": ({}, "found 'no format'"),
    "other format": ({"format": "liwa-agreement", "version": 1}, "found 'liwa-agreement'"),
    "newer": ({**GOOD, "version": 99}, "expected version 1 or earlier of a score file, found 99"),
    "no version": ({**GOOD, "version": None}, "found None"),
    "no micro": ({**GOOD, "spans": {}}, "expected a micro average of spans"),
    "rates": ({**GOOD, "spans": {"micro": {"f1": 0.5}}}, "expected precision, recall and f1 from 0 to 1"),
    "percent": ({**GOOD, "spans": {"micro": {"precision": 70, "recall": 0.5, "f1": 0.5}}}, "from 0 to 1"),
    "spans": ({**GOOD, "spans": [1]}, "in each line of spans"),
    "two counts": ({**GOOD, "by_article": {"a": {"X": [1, 2]}}}, "expected three counts"),
    "negative": ({**GOOD, "by_article": {"a": {"X": [1, 2, -3]}}}, "expected three counts"),
    "true": ({**GOOD, "by_article": {"a": {"X": [1, 2, True]}}}, "expected three counts"),
    "flat": ({**GOOD, "by_article": {"a": [1, 2, 3]}}, "expected three counts"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_score_file_is_refused_with_the_reason(name: str) -> None:
    data, said = BAD[name]
    with pytest.raises(LiwaError, match=r"^x\.json: ") as caught:
        ScoreFile.from_dict(data, "x.json")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "expected JSON"),
        (b'{"format":', "expected JSON"),
        (b'{"format": NaN}', "NaN, which is no number of JSON"),
        (b'{"format": -Infinity}', "-Infinity, which is no number"),
        ("{'لواء'}".encode("cp1256"), "expected utf-8"),
    ],
)
def test_broken_files_are_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "s.json").write_bytes(content)
    with pytest.raises(LiwaError, match=said):
        read_scores(tmp_path / "s.json")
    with pytest.raises(LiwaError, match="cannot read"):
        read_scores(tmp_path / "none.json")


def test_a_rate_too_large_for_a_float_is_refused() -> None:
    text = json.dumps(plain({})).replace('"f1": null', '"f1": 1e999')
    with pytest.raises(LiwaError, match="from 0 to 1"):
        ScoreFile.from_dict(json.loads(text), "x")


def test_an_older_file_has_what_it_has() -> None:
    old = {key: GOOD[key] for key in ("format", "version", "spans")}
    found = ScoreFile.from_dict(old, "x")
    assert (found.test, found.counts["spans"], found.table("relations")) == ("", {}, {})
    assert list(found.table("spans")) == ["X", "micro"]


def test_what_evaluate_writes_is_read_indented_too(tmp_path: Path) -> None:
    data = score_data(0.3)
    (tmp_path / "s.json").write_text(json.dumps(data, indent=2), encoding="utf-8")
    found = read_scores(tmp_path / "s.json")
    assert list(found.table("spans")) == [*data["spans"]["labels"], "micro"]
    assert found.counts["spans"]["g00"]["RANK"] == tuple(data["by_article"]["g00"]["RANK"])


def test_relations_are_those_end_to_end() -> None:
    system = {"micro": {"precision": 1, "recall": 0.5, "f1": 0.6}, "types": {}}
    data = {**GOOD, "relations": {"apart": "X", "gold_spans": {}, "end_to_end": system}}
    assert ScoreFile.from_dict(data, "x").table("relations") == {"micro": system["micro"]}
