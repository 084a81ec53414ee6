"""Tasks for Prodigy: tokens that end where clitics do, spans on them, and the hashes that Prodigy would make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liwa import jsonl
from liwa.annotations.hashes import input_hash, task_hash
from liwa.annotations.rows import from_row, to_row
from liwa.annotations.views import VIEWS
from liwa.arabic.tokenizer import tokenise
from liwa.errors import LiwaError
from liwa.findings import stop
from liwa.prodigy.streams import as_task, count, read
from tests.gold import gold, story

SPANS, RELATIONS = VIEWS
COLOURS = {"HOLDS_RANK": "#111111"}


def tasks(path: Path, rows: list[dict[str, Any]], view: str = SPANS, **more: Any) -> list[dict[str, Any]]:
    jsonl.write(path / "rows.jsonl", rows)
    return [as_task(found, view, COLOURS, **more) for found in read(str(path / "rows.jsonl"))]


def test_any_row_with_a_text_becomes_a_task_without_spans(tmp_path: Path) -> None:
    text = "وبالقاعدة جنود."
    (task,) = tasks(tmp_path, [{"text": text, "source_id": 7}])
    assert [(token["start"], token["end"]) for token in task["tokens"]] == tokenise(text)
    assert [token["text"] for token in task["tokens"]][:2] == ["و", "ب"]
    assert (task["spans"], task["source_id"]) == ([], 7)
    assert (task["_input_hash"], task["_task_hash"]) == (input_hash(text), task_hash(input_hash(text), []))
    assert "answer" not in task


def test_a_task_of_liwa_tasks_comes_as_it_is(tmp_path: Path) -> None:
    row = to_row(gold("تفقد القائد جنوده."), answer=None)
    assert tasks(tmp_path, [row]) == [row]


def test_spans_of_the_source_stay_and_count_in_the_hash(tmp_path: Path) -> None:
    row = to_row(gold(story(0).split("\n")[0]))
    (task,) = tasks(tmp_path, [row], RELATIONS)
    assert [span["label"] for span in task["spans"]] == ["RANK", "PERSON", "UNIT", "BASE"]
    assert all(span["text"] == task["text"][span["start"] : span["end"]] for span in task["spans"])
    assert all(span["type"] == "span" and "token_start" in span for span in task["spans"])
    assert all(token["disabled"] is False for token in task["tokens"])
    assert [r.get("color") for r in task["relations"]] == ["#111111", None]
    assert task["_task_hash"] == task_hash(task["_input_hash"], task["spans"]) != row["_task_hash"]


def test_spans_of_a_model_say_so(tmp_path: Path) -> None:
    (task,) = tasks(tmp_path, [to_row(gold("قال [العميد](RANK) إنه قادم."))], model="small")
    (span,) = task["spans"]
    assert (span["source"], span["input_hash"], span["text"]) == ("small", task["_input_hash"], "العميد")


def test_what_says_where_a_span_comes_from_stays_and_does_not_count(tmp_path: Path) -> None:
    row = to_row(gold("قال [العميد](RANK 1) [سامي](PERSON HOLDS_RANK:1)."), answer=None)
    (plain,) = tasks(tmp_path, [row], RELATIONS)
    row["spans"][0] |= {"source": "model", "score": 0.75}
    row["relations"][0] |= {"score": 0.5}
    (task,) = tasks(tmp_path, [row], RELATIONS)
    assert (task["spans"][0]["source"], task["spans"][0]["score"], task["relations"][0]["score"]) == (
        "model",
        0.75,
        0.5,
    )
    assert task["_task_hash"] == plain["_task_hash"]


def test_relations_are_left_out_aloud_where_the_view_has_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (task,) = tasks(tmp_path, [to_row(gold(story(0)))])
    assert "relations" not in task
    assert "rows.jsonl:1: left out 2 relations, which ner_manual cannot show" in capsys.readouterr().err


def test_a_span_that_tokens_cannot_hold_is_left_out_aloud_with_its_relations(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = to_row(gold("[العميد](RANK 1) [سامي](PERSON HOLDS_RANK:1)"))
    row["spans"][0] |= {"end": 4}
    row["relations"][0]["child_span"] |= {"end": 4}
    (task,) = tasks(tmp_path, [row], RELATIONS)
    assert ([span["label"] for span in task["spans"]], task["relations"]) == (["PERSON"], [])
    assert "rows.jsonl:1: left out RANK 0-4, which begins or ends inside a token" in capsys.readouterr().err


def test_what_an_answer_said_of_itself_does_not_come_back(tmp_path: Path) -> None:
    answered = {"_session_id": "a-b", "_annotator_id": "b", "_timestamp": 1, "_view_id": "x", "_is_binary": False}
    row = {
        **to_row(gold("كلام عادي.")),
        "answer": "reject",
        **answered,
        "versions": [],
        "sessions": [],
        "default": True,
    }
    (task,) = tasks(tmp_path, [row])
    assert set(task) == {"text", "meta", "tokens", "spans", "_input_hash", "_task_hash"}


def test_foreign_tokens_give_way_to_ours(tmp_path: Path) -> None:
    row = to_row(gold("[العميد](RANK) هنا"))
    row |= {"tokens": [{"text": row["text"], "start": 0, "end": len(row["text"]), "id": 0, "ws": False}]}
    row["spans"][0] |= {"token_start": 0, "token_end": 0}
    (task,) = tasks(tmp_path, [row])
    assert len(task["tokens"]) == 2
    (span,) = task["spans"]
    assert task["tokens"][span["token_end"]]["end"] == span["end"]


def test_a_row_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(LiwaError, match=r"rows\.jsonl:2: expected a text"):
        tasks(tmp_path, [{"text": "كلام"}, {"label": "x"}])


def test_rows_are_counted_without_being_read(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"text": "a"}\n\nno row\n', encoding="utf-8")
    assert (count(str(tmp_path / "rows.jsonl")), count("-")) == (2, 0)


@given(st.text(min_size=1, max_size=40).filter(str.strip), st.data())
def test_every_span_of_a_task_lies_on_its_tokens(text: str, data: st.DataObject) -> None:
    cut = st.integers(0, len(text))
    start, end = data.draw(st.tuples(cut, cut).filter(lambda pair: pair[0] < pair[1]))
    row = {"text": text, "spans": [{"start": start, "end": end, "label": "A"}], "answer": "accept"}
    found = from_row(row, "", stop)
    assert found
    task = as_task(found, RELATIONS, {})
    for span in task["spans"]:
        assert task["tokens"][span["token_start"]]["start"] == span["start"]
        assert task["tokens"][span["token_end"]]["end"] == span["end"]
    borders = {edge for token in task["tokens"] for edge in (token["start"], token["end"])}
    assert (
        len(task["spans"]) == 1 or not {start, end} <= borders or not text[start].strip() or not text[end - 1].strip()
    )
