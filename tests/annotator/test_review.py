"""Reviews: what answers differ on, what sides lead to, and that a review is a layer of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from liwa import jsonl
from liwa.annotations.adjudicate import adjudicate
from liwa.annotations.decisions import Rulings
from liwa.annotations.gold import read_gold
from liwa.annotator.export import export
from liwa.annotator.layers import decisions, read_layers, seed
from liwa.annotator.store import Store
from liwa.markup import parse
from liwa.scheme import load_scheme
from tests.annotator.crew import Crew
from tests.annotator.invented import paragraphs
from tests.annotator.local import spans_of
from tests.annotator.serving import submission
from tests.gold import gold, story, write

BOTH_STORES = True

TEXT = "زار العميد هاني العتوم قاعدة الوادي"
RANK, NAME, FULL, BASE = ("العميد", "RANK"), ("هاني", "PERSON"), ("هاني العتوم", "PERSON"), ("قاعدة الوادي", "BASE")


def linked(spans: Sequence[dict[str, Any]], head: int, child: int, label: str) -> dict[str, Any]:
    """Return a relation between two of some spans."""
    ends = [[spans[at]["start"], spans[at]["end"]] for at in (head, child)]
    return {"head": ends[0], "child": ends[1], "label": label}


@pytest.fixture
def crew(tmp_path: Path, empty: str) -> Iterator[Crew]:
    """A task on which two annotators differ, one on which they agree, and one that a single one has answered."""
    rows = [row for index, text in enumerate((TEXT, "لا شيء هنا", "ولا هنا")) for row in paragraphs(text, f"a{index}")]
    made = Crew(tmp_path, empty, rows, "salma", "omar", overlap=2)
    said = {"salma": spans_of(TEXT, RANK, NAME, BASE), "omar": spans_of(TEXT, RANK, FULL)}
    for name, spans in said.items():
        task = made.next(name)
        made.send(name, task["id"], spans=spans, relations=[linked(spans, 1, 0, "HOLDS_RANK")])
        made.send(name, made.next(name)["id"])
    made.send("salma", made.next("salma")["id"])
    yield made
    made.store.close()


def review(crew: Crew) -> Any:
    return crew.get("lead", "review/next", after=0)


def resolve(crew: Crew, task: str, **sides: Any) -> Any:
    found = crew.json("lead", "POST", f"review/{task}/resolve", {"sides": sides})
    assert found.status_code == 200, found.text
    return found.json()


def test_only_what_differs_is_to_be_reviewed(crew: Crew) -> None:
    listed = crew.get("lead", "review")
    assert (listed["total"], listed["open"], listed["tasks"][0]["names"]) == (1, 1, ["salma", "omar"])
    assert crew.get("lead", "stats")["review"] == {"tasks": 2, "differ": 1, "reviewed": 0, "open": 1}


def test_answers_stand_side_by_side_with_what_they_differ_on(crew: Crew) -> None:
    task = review(crew)
    assert [one["name"] for one in task["answers"]] == ["salma", "omar"]
    assert [span["text"] for span in task["answers"][1]["spans"]] == ["العميد", "هاني العتوم"]
    found = task["resolution"]
    assert [span["text"] for span in found["spans"]] == ["العميد"], "what both say"
    assert [(d["kind"], d["ruling"]) for d in found["decisions"]] == [("boundary", None), ("missing", None)]
    assert (found["open"], found["waiting"], task["state"]) == (2, 2, None)
    says = found["decisions"][0]["says"]
    assert says == {"salma": spans_of(TEXT, NAME), "omar": spans_of(TEXT, FULL)}
    assert found["decisions"][1]["says"] == {"salma": spans_of(TEXT, BASE), "omar": []}


def test_sides_settle_spans_and_then_relations(crew: Crew) -> None:
    task = review(crew)
    name, base = (decision["id"] for decision in task["resolution"]["decisions"])
    found = resolve(crew, task["id"], **{name: "omar"})
    assert [span["text"] for span in found["spans"]] == ["العميد", "هاني العتوم"]
    assert found["relations"] == [linked(found["spans"], 1, 0, "HOLDS_RANK")]
    assert [(d["ruling"], d["by"]) for d in found["decisions"]] == [("omar", None), (None, None), ("salma", "liwa")]
    found = resolve(crew, task["id"], **{name: "none", base: "none"})
    assert ([span["text"] for span in found["spans"]], found["open"]) == (["العميد"], 2)
    assert {d["kind"] for d in found["decisions"] if d["ruling"] is None} == {"relation-ends"}


def test_a_third_answer_to_one_decision(crew: Crew) -> None:
    task = review(crew)
    name, base = (decision["id"] for decision in task["resolution"]["decisions"])
    third = spans_of(TEXT, ("العتوم", "PERSON"))
    found = resolve(crew, task["id"], **{name: third, base: "salma"})
    assert found["decisions"][0]["ruling"] == third
    assert [span["text"] for span in found["spans"]] == ["العميد", "العتوم", "قاعدة الوادي"]


@pytest.mark.parametrize("side", ["huda", [{"start": 0}], [{"start": 0, "end": 999, "label": "BASE"}], [7], 3, None])
def test_sides_that_cannot_be_taken(crew: Crew, side: Any) -> None:
    task = review(crew)
    name = task["resolution"]["decisions"][0]["id"]
    for path, more in ((f"review/{task['id']}/resolve", {}), (f"review/{task['id']}", submission("accept"))):
        data = {key: value for key, value in more.items() if key != "spans"}
        assert crew.json("lead", "POST", path, {**data, "sides": {name: side}}).status_code == 422
    assert crew.get("lead", f"review/{task['id']}")["state"] is None


def test_a_review_is_a_layer_of_its_own(crew: Crew) -> None:
    before = list(export(crew.store))
    task = review(crew)
    spans = spans_of(TEXT, RANK, FULL, BASE)
    body = submission("accept", spans=spans, relations=[linked(spans, 1, 0, "HOLDS_RANK")], comment="الاسم كامل")
    done = crew.json("lead", "POST", f"review/{task['id']}", body)
    assert done.json() == {"revision": 1, "total": 1, "open": 0}
    assert crew.json("lead", "POST", f"review/{task['id']}", body).json()["revision"] == 1, "sent twice, stored once"
    assert review(crew) == {"done": True, "total": 1, "open": 0}
    state = crew.get("lead", f"review/{task['id']}")["state"]
    assert (state["by"], state["answer"], state["draft"], len(state["spans"])) == ("lead", "accept", False, 3)
    assert list(export(crew.store)) == before
    (row,) = export(crew.store, layer="review")
    assert (row["reviewed_by"], row["answer"], len(row["spans"])) == ("lead", "accept", 3)
    assert crew.json("lead", "POST", f"review/{task['id']}", submission("reject")).status_code == 409
    assert crew.get("lead", "stats")["progress"]["answers"] == 5, "a review is nobody's answer"


def test_an_answer_after_the_review_opens_it_again(crew: Crew) -> None:
    task = review(crew)
    crew.json("lead", "POST", f"review/{task['id']}", submission("accept", spans=spans_of(TEXT, RANK)))
    crew.send("salma", task["id"], base=1)
    again = review(crew)
    assert (again["id"], again["open"]) == (task["id"], 1)


def test_a_draft_of_a_review_keeps_its_sides(crew: Crew) -> None:
    task = review(crew)
    name = task["resolution"]["decisions"][0]["id"]
    body = {key: value for key, value in submission(None, sides={name: "salma"}).items() if key != "spans"}
    assert crew.json("lead", "PUT", f"review/{task['id']}/draft", body).json()["open"] == 1
    again = review(crew)
    assert (again["state"]["draft"], again["state"]["sides"]) == (True, {name: "salma"})
    assert [span["text"] for span in again["state"]["spans"]] == ["العميد", "هاني"]
    assert again["resolution"]["open"] == 1
    assert crew.get("lead", "review")["tasks"][0]["draft"]
    open_ = {**body, "key": "another-key", "answer": "accept", "base": 1}
    refused = crew.json("lead", "POST", f"review/{task['id']}", open_)
    assert (refused.status_code, refused.json()["error"]) == (422, "1 decisions are open")


def test_who_does_not_accept_differs_too(crew: Crew) -> None:
    task = crew.get("omar", "tasks")["tasks"][1]
    crew.send("omar", task["id"], "reject", base=1)
    found = crew.get("lead", f"review/{task['id']}")["resolution"]["decisions"]
    assert [(d["kind"], d["says"]["omar"]) for d in found] == [("answer", [{"answer": "reject"}])]
    assert resolve(crew, task["id"], answer="omar")["open"] == 0


def test_adjudication_follows_a_review_to_the_same_gold(crew: Crew, tmp_path: Path) -> None:
    task = review(crew)
    spans = spans_of(TEXT, RANK, FULL, BASE)
    body = submission("accept", spans=spans, relations=[linked(spans, 1, 0, "HOLDS_RANK")], comment="الاسم كامل")
    crew.json("lead", "POST", f"review/{task['id']}", body)
    layers = {}
    for name in ("salma", "omar"):
        jsonl.write(tmp_path / f"{name}.jsonl", export(crew.store, annotator=name))
        layers[name] = list(read_gold(tmp_path / f"{name}.jsonl"))
    jsonl.write(tmp_path / "decisions.jsonl", [decision.to_row() for decision in decisions(crew.store)])
    result = adjudicate(layers, Rulings(jsonl.read(tmp_path / "decisions.jsonl")))
    assert (result.undecided, result.stale) == ([], [])
    assert {d.answer.by for d in result.decisions} == {"lead"}
    assert {d.answer.why for d in result.decisions} == {"الاسم كامل"}
    assert [TEXT[s.start : s.end] for s in result.gold[0].spans] == ["العميد", "هاني العتوم", "قاعدة الوادي"]
    assert len(result.gold[0].relations) == 1


def test_a_review_that_changes_what_all_agreed_on_leaves_the_list_open(crew: Crew) -> None:
    task = review(crew)
    joined = spans_of(TEXT, ("العميد هاني العتوم", "PERSON"))
    crew.json("lead", "POST", f"review/{task['id']}", submission("accept", spans=joined))
    assert all(decision.open for decision in decisions(crew.store))


def test_layers_in_files_are_reviewed(tmp_path: Path, empty: str) -> None:
    one, other = gold(story(0), "s0"), gold(story(0).replace("(UNIT 2 BASED_AT:3)", "(BASE)"), "s0")
    alike = gold(story(1), "s1")
    paths = {
        name: str(write(tmp_path / f"{name}.jsonl", golds))
        for name, golds in (("a", [one, alike]), ("b", [other, alike]))
    }
    store = Store(empty)
    assert read_layers(store, paths, load_scheme()) == (4, 2)
    assert read_layers(store, paths, load_scheme()) == (4, 2)
    found = list(decisions(store))
    expected = adjudicate({name: list(read_gold([path])) for name, path in paths.items()}).decisions
    assert [decision.to_row() for decision in found] == [decision.to_row() for decision in expected]
    layers = {name: list(read_gold([path])) for name, path in paths.items()}
    ruled: list[dict[str, Any]] = []
    while (result := adjudicate(layers, Rulings(("", row) for row in ruled))).undecided:
        ruled = [{**decision.to_row(), "ruling": "a", "by": "رئيس"} for decision in result.decisions]
    jsonl.write(tmp_path / "decisions.jsonl", ruled)
    assert seed(store, tmp_path / "decisions.jsonl", "lead") == len(ruled)
    assert seed(store, tmp_path / "decisions.jsonl", "lead") == 0, "earlier reviews stay"
    assert [(d.answer.ruling, d.answer.by) for d in decisions(store)] == [("a", "رئيس")] * len(ruled)
    rows_of = list(export(store, annotator="a"))
    assert len(rows_of) == 4
    assert len(parse(story(0))[1]) == sum(len(row["spans"]) for row in rows_of[:2])
    store.close()


def test_the_export_of_a_lead_is_that_of_the_command(crew: Crew) -> None:
    found = crew.ask("lead", "GET", "export", params={"annotator": "salma"})
    assert [jsonl.parse(line, "") for line in found.text.splitlines()] == [
        jsonl.parse(jsonl.dumps(row), "") for row in export(crew.store, annotator="salma")
    ]
    assert found.headers["content-disposition"] == 'attachment; filename="annotators.jsonl"'
    for query, status in (({"annotator": "nobody"}, 400), ({"layer": "x"}, 400), ({"layer": "review"}, 200)):
        assert crew.ask("lead", "GET", "export", params=query).status_code == status


def test_statistics_of_a_team(crew: Crew) -> None:
    found = crew.get("lead", "stats")
    people = {person["name"]: person for person in found["people"]}
    assert (people["salma"]["answered"], people["salma"]["spans"]) == (3, {"RANK": 1, "PERSON": 1, "BASE": 1})
    assert (people["omar"]["relations"], people["omar"]["seconds"], people["lead"]["answered"]) == (
        {"HOLDS_RANK": 1},
        3.0,
        0,
    )
    assert people["omar"]["answers_per_hour"] is None
    assert people["omar"]["days"][0]["answers"] == 2
    (pair,) = found["agreement"]
    assert (pair["layers"], pair["articles"], pair["kinds"]["boundary"]) == (["salma", "omar"], 2, 1)
    assert pair["spans"]["labels"]["RANK"]["exact"]["f1"] == 1.0
    assert pair["spans"]["micro"]["exact"]["f1"] == pytest.approx(0.4)
    assert pair["relations"]["micro"]["end_to_end"]["f1"] == 0.0
    assert found["progress"]["articles_complete"] == 2


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_statistics_as_a_report(crew: Crew, form: str) -> None:
    from liwa.annotator.stats import Stats
    from liwa.annotator.stats_tables import FORMATS

    said = FORMATS[form](Stats(crew.store, crew.scheme, None, samples=20).to_dict())
    assert "salma" in said
    assert ("salma and omar, 2 articles" in said) == (form != "json")


def test_a_task_that_is_not_there(crew: Crew) -> None:
    for path in ("review/" + "0" * 32, "review/nothing"):
        assert crew.ask("lead", "GET", path).status_code == 404
        assert crew.json("lead", "POST", path, submission("accept")).status_code == 404
        assert crew.json("lead", "POST", f"{path}/resolve", {}).status_code == 404
