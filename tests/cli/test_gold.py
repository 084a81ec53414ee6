from __future__ import annotations

from pathlib import Path

from liwa import jsonl
from liwa.annotations.gold import read_gold
from liwa.annotations.rows import to_row
from liwa.cli.gold import carry
from tests.gold import gold

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
