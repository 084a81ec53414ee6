from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from liwa import jsonl
from liwa.annotations.gold import read_gold
from liwa.annotations.rows import to_row
from liwa.annotations.standoff import to_standoff
from liwa.cli.gold import carry
from liwa.cli.split import split
from liwa.errors import LiwaError
from liwa.records import Article
from tests.gold import gold, story

STATEMENT = "أعلنت [قيادة الساحل](UNIT) أن [العقيد](RANK) تفقد أمس رصيف الميناء الجديد ومخازنه وعاد إلى مقره"


def test_answers_are_copied_to_near_duplicates_and_losses_are_said(tmp_path: Path) -> None:
    first, second = gold(STATEMENT, "a"), gold(STATEMENT.replace("[العقيد](RANK)", "العميد"), "b")
    jsonl.write(tmp_path / "answers.jsonl", [to_row(first)])
    task = to_row(second, answer=None)
    task["meta"]["duplicate_of"] = {"article": "a", "start": 0, "end": first.end, "similarity": 0.9}
    jsonl.write(tmp_path / "tasks.jsonl", [task, to_row(gold("خبر آخر", "c"), answer=None)])
    said: list[str] = []
    files = (str(tmp_path / name) for name in ("answers.jsonl", "tasks.jsonl"))
    assert carry(*files, output=str(tmp_path / "carried.jsonl"), note=said.append) == 1
    (copied,) = read_gold([tmp_path / "carried.jsonl"])
    assert [copied.surface(s) for s in copied.spans] == ["قيادة الساحل"]
    assert not any(r.start <= (second.text or "").index("العميد") < r.end for r in copied.ranges)
    assert len(said) == 1
    assert "RANK 22-28 could not be copied to b" in said[0]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"shares": "1,0,0"}, "expected three shares above 0 that add up to 1, found 1,0,0"),
        ({"shares": "nan,0.5,0.5"}, "expected three shares above 0"),
        ({"stratify": "nofield"}, r"no article has the field nofield in its meta. Name one of .*outlet"),
    ],
)
def test_a_split_that_cannot_be_is_refused_and_writes_no_part(
    tmp_path: Path, options: dict[str, Any], said: str
) -> None:
    jsonl.write(tmp_path / "gold.jsonl", [to_row(gold(story(n), f"s{n}", outlet="o")) for n in range(12)])
    with pytest.raises(LiwaError, match=said):
        split([str(tmp_path / "gold.jsonl")], output=tmp_path / "split", **options)
    assert not (tmp_path / "split").exists()


def test_a_split_of_gold_without_texts_says_where_texts_come_from(tmp_path: Path) -> None:
    jsonl.write(tmp_path / "gold.jsonl", [to_standoff(gold(STATEMENT), Article("a", gold(STATEMENT).text or ""))])
    jsonl.write(tmp_path / "by.jsonl", [])
    with pytest.raises(LiwaError, match=r"gold\.jsonl:1: article .* has no text.* --texts"):
        split([str(tmp_path / "gold.jsonl")], output=tmp_path / "split", by=tmp_path / "by.jsonl")
    assert not (tmp_path / "split").exists()
