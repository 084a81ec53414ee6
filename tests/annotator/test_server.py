"""The endpoints: what the page asks for, and what it gets."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest

from liwa.annotator import pages
from tests.annotator.conftest import Serve
from tests.annotator.invented import invented, paragraphs
from tests.annotator.local import AUTHORISED, Local, spans_of

BOTH_STORES = True

RANK = ("اللواء", "RANK")
NAME = ("سامي الدوري", "PERSON")


def first(project: Local) -> dict[str, Any]:
    found: dict[str, Any] = project.get("tasks/next", after=0)
    return found


def test_the_installed_command_serves_a_page_and_takes_an_answer(serve: Serve) -> None:
    server = serve()
    assert server.page.startswith("http://127.0.0.1:")
    assert server.client.get("/").headers["content-type"].startswith("text/html")
    task = server.get("tasks/next", after=0)
    assert server.send(task["id"], spans=spans_of(task["text"], RANK)).json()["revision"] == 1
    assert "8 new tasks, 8 tasks in all, 0 answered by annotator" in server.said
    assert server.stop() == 0
    assert "stopped; 1 of 8 tasks are answered in" in server.said


def test_the_session_says_who_annotates_what(project: Local) -> None:
    session = project.get("session")
    counts = {"tasks": 8, "answered": 0, "accept": 0, "reject": 0, "ignore": 0, "flagged": 0, "drafts": 0}
    assert session["counts"] == {**counts, "again": 0}
    assert (session["annotator"], session["dir"], session["view"]) == ("tester", "rtl", "annotate")
    assert session["scheme"] == project.scheme.to_dict()
    assert session["store"] == project.store.about("id")


def test_a_task_has_its_text_tokens_and_article(project: Local) -> None:
    task = project.get("tasks/next", after=0)
    assert (task["position"], task["total"], task["state"], task["duplicate"]) == (1, 8, None, None)
    words = [token["text"] for token in invented()[0]["tokens"]]
    assert [task["text"][start:end] for start, end in task["tokens"]] == words
    assert (task["before"], [p["text"] for p in task["after"]]) == ([], [invented()[1]["text"]])
    assert task["after"][0]["start"] == len(task["text"]) + 1
    assert project.get(f"tasks/{task['id']}") == task


def test_tasks_are_listed_in_parts(project: Local) -> None:
    listed = project.get("tasks", offset=6, limit=5)
    assert listed["total"] == 8
    assert [task["position"] for task in listed["tasks"]] == [7, 8]
    assert listed["tasks"][0]["title"] == "Title of s03"
    assert listed["tasks"][0]["preview"] == invented()[6]["text"][:60]
    assert (listed["tasks"][0]["answer"], listed["tasks"][0]["draft"]) == (None, False)


def test_the_next_task_is_the_next_without_an_answer_and_wraps_round(project: Local) -> None:
    ids = [task["id"] for task in project.get("tasks")["tasks"]]
    for position in (2, 3, 8):
        project.send(ids[position - 1], "ignore")
    assert project.get("tasks/next", after=1)["position"] == 4
    assert project.get("tasks/next", after=7)["position"] == 1
    for position in (1, 4, 5, 6):
        project.send(ids[position - 1], "reject")
    assert project.get("tasks/next", after=7)["position"] == 7
    project.send(ids[6], "accept")
    done = project.get("tasks/next", after=3)
    assert done["done"]
    assert (done["counts"]["accept"], done["counts"]["reject"], done["counts"]["ignore"]) == (1, 4, 3)


def test_an_answer_comes_back_as_the_state_of_its_task(project: Local) -> None:
    task = first(project)
    spans = spans_of(task["text"], RANK, NAME)
    ends = {"head": [spans[1]["start"], spans[1]["end"]], "child": [spans[0]["start"], spans[0]["end"]]}
    relation = {**ends, "label": "HOLDS_RANK", "origin": "pre"}
    key = str(uuid.uuid4())
    more = {"comment": "رتبة؟", "flagged": True, "key": key}
    done = project.send(task["id"], spans=spans, relations=[relation], **more).json()
    assert done["revision"] == 1
    assert (done["counts"]["flagged"], done["counts"]["drafts"]) == (1, 0)
    state = project.get(f"tasks/{task['id']}")["state"]
    assert state == {
        "revision": 1,
        "answer": "accept",
        "spans": [{**span, "origin": "mine"} for span in spans],
        "relations": [relation],
        "comment": "رتبة؟",
        "flagged": True,
        "draft": False,
        "by": "tester",
        "key": key,
    }


def test_a_draft_is_kept_over_the_answer_and_goes_with_the_next_answer(project: Local) -> None:
    task = first(project)
    project.send(task["id"], "reject")
    drafted = project.send(task["id"], None, base=1, spans=spans_of(task["text"], RANK)).json()
    assert (drafted["revision"], drafted["counts"]["drafts"], drafted["counts"]["reject"]) == (2, 1, 1)
    state = project.get(f"tasks/{task['id']}")["state"]
    assert (state["draft"], state["answer"], len(state["spans"])) == (True, "reject", 1)
    assert project.get("tasks")["tasks"][0]["draft"]
    counts = project.send(task["id"], base=2).json()["counts"]
    assert (counts["drafts"], counts["accept"], counts["reject"]) == (0, 1, 0)
    assert project.get(f"tasks/{task['id']}")["state"]["spans"] == []


def test_a_task_with_a_draft_alone_is_not_answered(project: Local) -> None:
    task = first(project)
    assert project.send(task["id"], None).json()["counts"]["answered"] == 0
    assert first(project)["id"] == task["id"]
    assert first(project)["state"]["answer"] is None


@pytest.mark.parametrize("answer", ["accept", None])
def test_a_request_that_comes_twice_is_stored_once(project: Local, answer: str | None) -> None:
    task, key = first(project)["id"], str(uuid.uuid4())
    once = project.send(task, answer, key=key)
    again = project.send(task, answer, key=key)
    assert (once.status_code, again.status_code) == (200, 200)
    assert once.json() == again.json()
    assert project.get(f"tasks/{task}")["state"]["revision"] == 1


def test_an_answer_is_known_again_even_behind_newer_ones(project: Local) -> None:
    task, key = first(project)["id"], str(uuid.uuid4())
    project.send(task, "accept", key=key)
    project.send(task, "reject", base=1)
    assert project.send(task, "accept", key=key).json()["revision"] == 1
    assert project.get(f"tasks/{task}")["state"]["answer"] == "reject"


def test_the_key_of_another_task_is_refused(project: Local) -> None:
    one, other = (task["id"] for task in project.get("tasks", limit=2)["tasks"])
    key = str(uuid.uuid4())
    assert project.send(one, key=key).status_code == 200
    assert project.send(other, key=key).status_code == 422


@pytest.mark.parametrize("answer", ["accept", None])
def test_what_another_tab_stored_is_not_overwritten(project: Local, answer: str | None) -> None:
    task = first(project)
    project.send(task["id"], "reject", comment="first tab")
    clash = project.send(task["id"], answer, comment="second tab")
    assert clash.status_code == 409
    assert (clash.json()["state"]["revision"], clash.json()["state"]["comment"]) == (1, "first tab")
    assert project.get(f"tasks/{task['id']}")["state"]["comment"] == "first tab"
    mine = project.send(task["id"], answer, comment="second tab", base=1)
    assert mine.json()["revision"] == 2


def test_a_base_from_the_future_is_a_conflict(project: Local) -> None:
    clash = project.send(first(project)["id"], base=3)
    assert (clash.status_code, clash.json()["state"]) == (409, None)


@pytest.mark.parametrize("path", ["tasks/none", "tasks/" + "0" * 32, "tasks/%00", "tasks/../session/x", "nothing"])
def test_what_is_not_there_is_not_found(project: Local, path: str) -> None:
    assert project.ask("GET", f"/api/{path}", headers=AUTHORISED).status_code == 404


def test_a_task_that_is_not_there_takes_no_answer(project: Local) -> None:
    assert project.send("0" * 32).status_code == 404


@pytest.mark.parametrize("query", ["offset=-1", "offset=x&limit=y", f"limit={9**40}", f"offset={9**40}", "offset=٣"])
def test_numbers_that_are_none_do_no_harm(project: Local, query: str) -> None:
    assert project.ask("GET", f"/api/tasks?{query}", headers=AUTHORISED).status_code == 200
    assert project.ask("GET", f"/api/tasks/next?{query.replace('offset', 'after')}", headers=AUTHORISED).is_success


def test_what_is_refused_is_told_even_where_it_is_no_unicode(project: Local) -> None:
    task = first(project)
    refused = project.send(task["id"], spans=[{**spans_of(task["text"], RANK)[0], "label": "\ud800"}])
    assert refused.status_code == 422
    assert refused.json()["error"].startswith("\ud800 5-11: expected a label of PERSON")


def test_other_methods_are_not_allowed(project: Local) -> None:
    task = first(project)["id"]
    refused = project.ask("DELETE", f"/api/tasks/{task}", headers=AUTHORISED)
    assert (refused.status_code, refused.json()) == (405, {"error": "method not allowed"})


def test_page_files_are_zipped_and_known_again(project: Local) -> None:
    page = project.ask("GET", "/", headers={"Accept-Encoding": "gzip"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-encoding"] == "gzip"
    again = project.ask("GET", "/", headers={"If-None-Match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_script_is_made_while_the_browser_reads_the_index(project: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []
    monkeypatch.setattr(pages, "scripts", made.append)
    project.ask("GET", "/page/style.css")
    assert made == []
    project.ask("GET", "/")
    assert made == [pages.PAGE]


@pytest.mark.parametrize(
    "name",
    [
        "../api.py",
        "..%2fsecret.css",
        "inner%2f..%2f..%2fsecret.css",
        "%2e%2e/api.py",
        "/etc/passwd",
        "no.js",
        "",
        "no%00.js",
        "a" * 5000 + ".js",
    ],
)
def test_only_files_of_the_page_are_served(
    project: Local, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = tmp_path / "page"
    (folder / "inner").mkdir(parents=True)
    for file in (tmp_path / "secret.css", folder / "own.css"):
        file.write_text("p {}", encoding="utf-8")
    monkeypatch.setattr(pages, "PAGE", folder)
    assert project.ask("GET", "/page/own.css").status_code == 200
    assert project.ask("GET", f"/page/{name}").status_code == 404


def test_a_near_duplicate_brings_the_answer_of_the_first_passage(tmp_path: Path) -> None:
    here = paragraphs("زار اللواء سامي الدوري قاعدة السدرة يوم الاثنين", "one")
    there = paragraphs("أمس: زار اللواء سامي الدوري قاعدة السدرة يوم الاثنين", "two")
    there[0]["meta"]["duplicate_of"] = {"article": "one", "start": 0, "end": 47, "similarity": 0.9}
    project = Local(tmp_path, [*here, *there])
    one, two = (task["id"] for task in project.get("tasks")["tasks"])
    assert project.get(f"tasks/{two}")["duplicate"] is None
    spans = spans_of(here[0]["text"], RANK, NAME)
    project.send(one, spans=spans)
    found = project.get(f"tasks/{two}")["duplicate"]
    assert (found["id"], found["answer"], found["similarity"], found["lost"]) == (one, "accept", 0.9, 0)
    assert found["spans"] == spans_of(there[0]["text"], RANK, NAME)
    project.store.close()


def test_what_is_not_at_hand_of_an_article_is_a_gap(tmp_path: Path) -> None:
    rows = paragraphs("الأولى هنا\nالثانية هنا\nالثالثة هنا\nالرابعة هنا", "a")
    project = Local(tmp_path, [rows[1], rows[3]])
    second, fourth = (project.get(f"tasks/{task['id']}") for task in project.get("tasks")["tasks"])
    assert [(p["gap"], p["text"]) for p in second["before"]] == [(True, "")]
    assert [(p["gap"], p["text"]) for p in second["after"]] == [(True, ""), (False, "الرابعة هنا")]
    assert (second["after"][0]["start"], second["after"][0]["end"]) == (22, 35)
    assert [p["gap"] for p in fourth["before"]] == [True, False, True]
    project.store.close()


def test_rejects_and_texts_fill_the_gaps(tmp_path: Path) -> None:
    text = "الأولى هنا\nالثانية هنا\nالثالثة هنا\n\n\n\nالرابعة هنا"
    rows = paragraphs(text, "a")
    (tmp_path / "tasks.rejects.jsonl").write_text("", encoding="utf-8")
    project = Local(tmp_path, [rows[1]])
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    project.feed([rows[1]], [str(tmp_path / "a.txt")])
    (task,) = project.get("tasks")["tasks"]
    full = project.get(f"tasks/{task['id']}")
    assert [p["text"] for p in full["before"]] == ["الأولى هنا"]
    assert [(p["text"], p["gap"]) for p in full["after"]][::2] == [("الثالثة هنا", False), ("الرابعة هنا", False)]
    project.store.close()
