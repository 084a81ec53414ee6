from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from liwa import jsonl
from liwa.annotations.gold import read_gold
from liwa.errors import LiwaError
from liwa.records import Range
from liwa.scoring.errors import list_errors
from tests.gold import gold

RIGHT = gold("سطر أول\nوصل [العقيد](RANK) [بشار كمال](PERSON)\nسطر [أخير](UNIT)", "a", outlet="o")
FOUND = gold("[سطر](UNIT) أول\nوصل [العقيد](UNIT) بشار [كمال](PERSON)\nسطر [أخير](UNIT)", "a")


def test_a_row_is_a_paragraph_with_its_gold_and_what_was_predicted_otherwise() -> None:
    first, second = list_errors([RIGHT], [FOUND])
    assert (first["text"], first["spans"]) == ("سطر أول", [])
    assert [e["kind"] for e in first["meta"]["errors"]] == ["spurious"]
    assert [(s["start"], s["label"]) for s in second["spans"]] == [(4, "RANK"), (11, "PERSON")]
    assert [e["kind"] for e in second["meta"]["errors"]] == ["label", "boundary"]
    error = second["meta"]["errors"][1]
    assert RIGHT.surface(Range(error["gold"]["start"], error["gold"]["end"])) == "بشار كمال"
    assert RIGHT.surface(Range(error["predicted"]["start"], error["predicted"]["end"])) == "كمال"
    assert second["meta"]["outlet"] == "o"


def test_contexts_are_isolated_and_marked() -> None:
    context = next(iter(list_errors([RIGHT], [FOUND])))["meta"]["errors"][0]["context"]
    assert list(context) == ["predicted"]
    assert context["predicted"].startswith("\u2067[سطر](UNIT) أول")
    assert context["predicted"].endswith("\u2069")


def test_rows_are_read_back_as_gold_of_their_article(tmp_path: Path) -> None:
    jsonl.write(tmp_path / "errors.jsonl", list_errors([RIGHT], [FOUND]))
    back = list(read_gold([tmp_path / "errors.jsonl"]))
    assert [s for g in back for s in g.spans] == list(RIGHT.spans[:2])
    assert {(g.article, g.sha256) for g in back} == {("a", RIGHT.sha256)}


def test_without_errors_there_are_no_rows_and_without_texts_no_list() -> None:
    assert list(list_errors([RIGHT], [RIGHT])) == []
    with pytest.raises(LiwaError, match="has no text"):
        list(list_errors([replace(RIGHT, text=None)], [FOUND]))
