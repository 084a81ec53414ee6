"""Feeding tasks: what is new, what was there, and what keeps its answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liwa import jsonl
from liwa.annotator.beside import outside
from liwa.annotator.feed import Fed
from liwa.annotator.task import Place, identity, place_of
from liwa.errors import LiwaError
from liwa.markup import parse
from liwa.passages import paragraphs as parts
from liwa.records import Range, sha256
from tests.annotator.conftest import Serve
from tests.annotator.invented import invented, paragraphs
from tests.annotator.local import Local
from tests.gold import story

BOTH_STORES = True


def answered(project: Local) -> dict[str, str | None]:
    """Return the answer to each task, by the beginning of its text."""
    return {task["preview"]: task["answer"] for task in project.get("tasks")["tasks"]}


def test_the_same_tasks_again_are_not_read_again(tmp_path: Path) -> None:
    project = Local(tmp_path, invented())
    assert project.fed == Fed(tasks=8, new=8, repeated=0, aside=0)
    assert project.feed(invented()) is None
    project.store.close()


def test_more_tasks_are_added_and_answers_stay_with_theirs(project: Local) -> None:
    ids = project.ids
    project.send(ids[1], "reject")
    project.send(ids[6], "accept")
    before = answered(project)
    rows = invented(6)
    assert project.feed([*rows[8:], *reversed(rows[:8])]) == Fed(tasks=12, new=4, repeated=0, aside=0)
    after = answered(project)
    assert {text: after[text] for text in before} == before
    assert sorted(filter(None, after.values())) == ["accept", "reject"]
    assert project.ids[4:] == ids[::-1]
    assert project.get("session")["counts"]["answered"] == 2


def test_fewer_tasks_keep_the_others_aside(project: Local) -> None:
    project.send(project.ids[0], "accept")
    assert project.feed(invented()[4:]) == Fed(tasks=4, new=0, repeated=0, aside=4)
    assert project.get("session")["counts"] == {
        **dict.fromkeys(("answered", "accept", "reject", "ignore", "flagged", "drafts", "again"), 0),
        "tasks": 4,
    }
    assert project.feed(invented()) == Fed(tasks=8, new=0, repeated=0, aside=0)
    assert project.get("session")["counts"]["accept"] == 1


def test_lines_that_repeat_a_task_are_counted(tmp_path: Path) -> None:
    rows = invented(1)
    project = Local(tmp_path, [*rows, *rows, rows[0]])
    assert project.fed == Fed(tasks=2, new=2, repeated=3, aside=0)
    project.store.close()


def test_equal_hashes_do_not_make_tasks_equal(tmp_path: Path) -> None:
    rows = [{**row, "_input_hash": 1, "_task_hash": 2} for row in invented()]
    project = Local(tmp_path, rows)
    assert project.fed and project.fed.tasks == 8
    project.store.close()


@pytest.mark.parametrize("change", [{"article": "b"}, {"sha256": "0" * 64}, {"start": 1, "end": 4}])
def test_a_task_is_another_where_its_place_is(change: dict[str, Any]) -> None:
    place = Place("a", "1" * 64, 0, 3)
    assert identity(place._replace(**change), "abc") != identity(place, "abc") != identity(place, "abd")
    assert identity(place, "abc") == identity(Place(*place), "abc")


def test_rows_change_until_someone_has_answered(project: Local) -> None:
    rows = invented()
    project.send(project.ids[0], "accept")
    for row in rows[:2]:
        row["spans"] = [{"start": 0, "end": 4, "label": "PERSON"}]
    project.feed(rows)
    first, second = (project.get(f"tasks/{name}") for name in project.ids[:2])
    assert (first["spans"], len(second["spans"])) == ([], 1)


def other_text(rows: list[dict[str, Any]]) -> None:
    rows[:2] = paragraphs(parse(story(0)).text + ".", "s00")


def other_cut(rows: list[dict[str, Any]]) -> None:
    text = parse(story(0)).text
    meta = {**rows[0]["meta"], "end": len(text)}
    rows[:2] = [{"text": text, "meta": meta}]


@pytest.mark.parametrize("change", [other_text, other_cut])
def test_answered_articles_cannot_be_changed_under_their_answers(
    project: Local, change: Callable[[list[dict[str, Any]]], None]
) -> None:
    rows = invented()
    change(rows)
    project.feed(rows)
    project.feed(invented())
    project.send(project.ids[0], "accept")
    ids = project.ids
    with pytest.raises(LiwaError, match=r"tasks\.jsonl: article s00 has another text or cut than what was answered"):
        project.feed(rows)
    assert project.ids == ids


def test_an_article_with_two_texts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LiwaError, match="article a has two texts"):
        Local(tmp_path, [*paragraphs("نص", "a"), *paragraphs("نص آخر", "a")])


def span(start: int, end: int, label: str) -> dict[str, Any]:
    return {"start": start, "end": end, "label": label}


BAD: dict[str, tuple[dict[str, Any] | str, str]] = {
    "empty": ("", "found an empty file"),
    "broken": ("{", ":1: expected a JSON object"),
    "no text": ({"spans": []}, ":1: expected a task with a text"),
    "empty text": ({"text": ""}, ":1: expected a task with a text"),
    "meta": ({"text": "a", "meta": [1]}, "expected a task with a text"),
    "place": ({"text": "abc", "meta": {"start": 2, "end": 4}}, "meta says 2 to 4 of a text of 3 code points"),
    "far": ({"text": "abc", "meta": {"start": 2**40, "end": 2**40 + 3}}, "meta says"),
    "digest": ({"text": "abc", "meta": {"sha256": "x"}}, "expected a SHA-256"),
    "article": ({"text": "abc", "meta": {"article": "a\0b"}}, "expected an article's id"),
    "surrogate": ('{"text": "a\\ud800"}', "half of a surrogate pair"),
    "span": ({"text": "abc", "spans": [span(0, 9, "UNIT")]}, "expected 0 <= start < end <= 3"),
    "overlap": ({"text": "abc", "spans": [span(0, 2, "UNIT"), span(1, 3, "UNIT")]}, "overlaps"),
    "label": ({"text": "abc", "spans": [span(0, 1, "X")]}, "UNIT, BASE. Name the scheme of the tasks with --scheme"),
    "spans": ({"text": "abc", "spans": 3}, "expected spans to be a list"),
    "relations": ({"text": "abc", "relations": {}}, "expected relations to be a list"),
    "end": ({"text": "abc", "relations": [{"head": 0, "child": 1, "label": "PART_OF"}]}, "is no span of the row"),
    "ranges": ({"text": "abc", "meta": {"ranges": 1}}, "expected ranges to be a list"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_tasks_are_one_line_and_change_nothing(project: Local, name: str) -> None:
    content, said = BAD[name]
    line = content if isinstance(content, str) else jsonl.dumps(content)
    ids = project.ids
    file = project.folder / "tasks.jsonl"
    with pytest.raises(LiwaError) as error:
        project.feed_lines(line)
    assert str(error.value).startswith(str(file))
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert project.ids == ids


KEYS = [
    "start",
    "end",
    "label",
    "head",
    "child",
    "head_span",
    "child_span",
    "text",
    "id",
    "article",
    "sha256",
    "ranges",
    "duplicate_of",
]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**33), 2**33) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=8,
)
rows = st.fixed_dictionaries(
    {"text": st.text(min_size=1, max_size=8)},
    optional=dict.fromkeys(("meta", "spans", "relations", "tokens", "answer", "_task_hash", "title"), json_values),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(row=rows)
def test_whatever_a_row_holds_it_is_refused_or_shown(project: Local, row: dict[str, Any]) -> None:
    try:
        project.feed_lines(jsonl.dumps(row))
    except LiwaError:
        return
    (name,) = project.ids
    task = project.get(f"tasks/{name}")
    assert task["text"] == row["text"]
    base = task["state"]["revision"] if task["state"] else 0
    assert project.send(name, "ignore", base=base).status_code == 200
    assert row["text"] in [row["text"] for row in project.exported()]


def test_a_row_without_meta_is_an_article_of_its_own() -> None:
    assert place_of({"text": "abc"}) == Place(sha256("abc")[:12], sha256("abc"), 0, 3)


@given(text=st.text(alphabet="اب \n", max_size=40), cuts=st.lists(st.integers(0, 40), max_size=6))
def test_what_is_outside_tasks_is_every_letter_outside_them(text: str, cuts: list[int]) -> None:
    ends = sorted(min(cut, len(text)) for cut in cuts)
    covered = [Range(a, b) for a, b in zip(ends[::2], ends[1::2], strict=False)]
    found = list(outside(text, covered))
    inside = {i for start, end in covered for i in range(start, end)}
    letters = {i for i, c in enumerate(text) if not c.isspace()}
    assert letters - inside == {i for start, end in found for i in range(start, end) if i in letters}
    assert not inside & {i for start, end in found for i in range(start, end)}
    assert covered or found == list(parts(text))


def test_the_command_tells_what_was_fed(serve: Serve, tmp_path: Path) -> None:
    server = serve([*invented(), invented()[0]])
    assert "8 new tasks, 1 lines that repeat a task, 8 tasks in all, 0 answered by annotator in " in server.said
    server.stop()
    jsonl.write(tmp_path / "tasks.jsonl", invented(5)[2:])
    server.start()
    assert "2 new tasks, 2 tasks of the store that are not in this file, 8 tasks in all" in server.said
