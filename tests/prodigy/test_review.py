"""Answers of several annotators as one task: which versions there are, who gave them, and which stands first."""

from __future__ import annotations

from typing import Any

import pytest

from liwa.annotations.hashes import input_hash, task_hash
from liwa.annotations.rows import to_row
from liwa.errors import LiwaError
from liwa.prodigy.review import review_tasks
from tests.gold import gold

Row = dict[str, Any]

BARE = "قال العميد سامي كلاماً"
RANK = "قال [العميد](RANK) سامي كلاماً"
BOTH = "قال [العميد](RANK 1) [سامي](PERSON 2) كلاماً"
LINKED = "قال [العميد](RANK 1) [سامي](PERSON HOLDS_RANK:1) كلاماً"


def said(marked: str, by: str | None = None, answer: str = "accept", article: str = "a", **more: Any) -> Row:
    row = {**to_row(gold(marked, article)), "_view_id": "relations", "answer": answer}
    row |= {"_task_hash": task_hash(row["_input_hash"], []), **more}  # of the spans as they stood in the stream
    return {**row, "_session_id": f"set-{by}", "_annotator_id": by} if by else row


def one(*rows: Row, **options: Any) -> Row:
    (task,) = review_tasks({"set": rows}, **options)
    return task


def test_the_same_answer_is_one_version_with_all_who_gave_it() -> None:
    task = one(said(RANK, "z"), said(RANK, "b"))
    assert task["sessions"] == ["set-b", "set-z"]
    (version,) = task["versions"]
    assert {**task, "default": True} == {**version, "versions": task["versions"], "view_id": "relations"}
    assert (task["view_id"], task["_annotator_id"]) == ("relations", "z")


def test_each_other_answer_is_a_version_and_that_of_most_stands_first() -> None:
    task = one(said(RANK, "a"), said(BOTH, "b"), said(BOTH, "c"))
    assert [(v["sessions"], v["default"]) for v in task["versions"]] == [
        (["set-a"], False),
        (["set-b", "set-c"], True),
    ]
    assert task["spans"] == to_row(gold(BOTH))["spans"]
    assert task["_task_hash"] == task_hash(input_hash(BARE), task["spans"])


def test_of_as_many_the_first_stands_first() -> None:
    assert [v["default"] for v in one(said(RANK, "b"), said(BOTH, "a"))["versions"]] == [True, False]


def test_relations_make_another_answer_though_prodigys_hash_is_the_same() -> None:
    task = one(said(BOTH, "a"), said(LINKED, "b"))
    first, second = task["versions"]
    assert first["_task_hash"] == second["_task_hash"]
    assert [len(v.get("relations", [])) for v in (first, second)] == [0, 1]


def test_the_order_of_marking_makes_no_other_answer() -> None:
    turned = said(BOTH, "b")
    turned["spans"] = turned["spans"][::-1]
    assert len(one(said(BOTH, "a"), turned)["versions"]) == 1


def test_the_last_answer_of_an_annotator_counts() -> None:
    (version,) = one(said(RANK, "a"), said(BOTH, "b"), said(BOTH, "a"))["versions"]
    assert version["sessions"] == ["set-a", "set-b"]
    assert version["_session_id"] == "set-b"


def test_the_same_text_in_two_articles_is_two_tasks() -> None:
    found = review_tasks({"set": [said(RANK, "a"), said(BOTH, "b", article="other")]})
    assert [len(task["versions"]) for task in found] == [1, 1]
    assert len({task["_input_hash"] for task in found}) == 1


def test_texts_come_in_the_order_in_which_they_first_came() -> None:
    sets = {"one": [said("ب", "a"), said("ا", "a")], "two": [said("ج", "b"), said("ا", "b")]}
    assert [task["text"] for task in review_tasks(sets)] == ["ب", "ا", "ج"]


def test_a_dataset_stands_for_the_annotator_of_a_row_that_names_none() -> None:
    sets = {"mona": [{**said(RANK), "_session_id": None}], "omar": [said(RANK)]}
    (task,) = review_tasks(sets)
    assert task["sessions"] == ["mona", "omar"]
    assert task["_session_id"] == "mona"


def test_a_plain_row_gets_the_hash_and_the_view() -> None:
    task = one({"text": BARE, "spans": []}, view="ner_manual")
    assert (task["_input_hash"], task["view_id"], task["_view_id"]) == (input_hash(BARE), "ner_manual", "ner_manual")


def test_only_what_was_accepted_is_a_version_unless_asked_for() -> None:
    rows = said(RANK, "a"), said(BOTH, "b", "reject"), said(BARE, "c", "ignore")
    assert [v["answer"] for v in one(*rows)["versions"]] == ["accept"]
    assert [v["answer"] for v in one(*rows, skipped=True)["versions"]] == ["accept", "reject", "ignore"]
    assert review_tasks({"set": rows[1:]}) == []


@pytest.mark.parametrize(
    ("other", "answer", "differ"),
    [(RANK, "accept", False), (BOTH, "accept", True), (RANK, "reject", True), (RANK, "ignore", True)],
)
def test_only_texts_whose_answers_differ_where_that_is_asked(other: str, answer: str, differ: bool) -> None:
    rows = [said(RANK, "a"), said(other, "b", answer), said(BARE, "a", article="alone")]
    assert len(review_tasks({"set": rows}, differing=True)) == differ


def test_answers_of_two_views_are_not_reviewed_together() -> None:
    rows = [said(RANK, "a"), said(RANK, "b", _view_id="ner_manual")]
    with pytest.raises(LiwaError, match="set:2: expected answers of relations, as before, found ner_manual"):
        review_tasks({"set": rows})


def test_answers_of_another_kind_are_refused() -> None:
    with pytest.raises(LiwaError, match=r"set:1: expected answers of .*, found choice"):
        review_tasks({"set": [said(RANK, "a", _view_id="choice")]})


def test_an_answer_that_cannot_be_read_is_named_and_a_rejected_one_need_not_be() -> None:
    broken: dict[str, Any] = {"spans": [{"start": 0, "end": 99, "label": "RANK"}]}
    with pytest.raises(LiwaError, match=r"set:2.*expected 0 <= start"):
        review_tasks({"set": [said(RANK, "a"), said(RANK, "b", **broken)]})
    assert review_tasks({"set": [said(RANK, "a"), said(RANK, "b", "reject", **broken)]})
