"""Tasks for a team: articles on lease, as many people to a task as wanted, never one task twice to one person."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from liwa.annotator import people
from liwa.annotator.again import Touched, send_again
from liwa.annotator.ordering import set_priorities
from liwa.annotator.pace import LEAST, Worked, summary
from liwa.annotator.schema import leases
from liwa.errors import LiwaError
from tests.annotator.crew import Crew
from tests.annotator.invented import invented
from tests.annotator.local import spans_of

BOTH_STORES = True


@pytest.fixture
def crew(tmp_path: Path, place: str) -> Iterator[Crew]:
    """Four articles of two tasks each, for three people, two to a task."""
    made = Crew(tmp_path, place, invented(), "salma", "omar", "huda", overlap=2, lease=60.0)
    yield made
    made.store.close()


def expire(crew: Crew, name: str) -> None:
    """Let the time of someone's leases be over."""
    number = _number(crew, name)
    with crew.store.writing() as connection:
        connection.execute(update(leases).where(leases.c.annotator_id == number).values(until=time.time() - 1))


def _number(crew: Crew, name: str) -> int:
    person = people.team(crew.store)(crew.tokens[name])
    assert isinstance(person, people.Person)
    return person.id


def test_an_article_comes_whole_and_to_as_many_as_wanted(crew: Crew) -> None:
    first = crew.next("salma")
    assert (first["meta"]["article"], first["position"], first["total"]) == ("s00", 1, 2)
    assert first["lease"]["held"]
    assert crew.next("omar")["id"] == first["id"]
    assert crew.next("huda")["meta"]["article"] == "s01", "two people have the first one"
    assert crew.next("salma", 1)["position"] == 2
    assert crew.next("salma", 2)["id"] == first["id"], "nothing more is lent while something is left"


def test_everything_is_answered_by_two_and_never_twice_by_one(crew: Crew) -> None:
    done = {name: crew.work(name) for name in ("salma", "omar", "huda")}
    assert all(len(set(tasks)) == len(tasks) for tasks in done.values())
    assert set(Counter(task for tasks in done.values() for task in tasks).values()) == {2}
    assert crew.next("salma")["done"]
    progress = crew.get("lead", "stats")["progress"]
    assert (progress["tasks"], progress["complete"], progress["answers"], progress["wanted"]) == (8, 8, 16, 16)


def test_many_at_once_get_what_is_theirs(crew: Crew) -> None:
    done: dict[str, list[str]] = {}
    threads = [
        threading.Thread(target=lambda name=name: done.update({name: crew.work(name)}))
        for name in ("salma", "omar", "huda")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(len(set(tasks)) == len(tasks) for tasks in done.values())
    assert Counter(task for tasks in done.values() for task in tasks) == dict.fromkeys(
        [task for tasks in done.values() for task in tasks], 2
    )
    assert sum(map(len, done.values())) == 16


def test_an_expired_lease_gives_what_is_left_to_others(crew: Crew) -> None:
    crew.open(overlap=1, lease=60.0)
    first = crew.next("salma")
    crew.send("salma", first["id"])
    left = crew.next("salma")
    expire(crew, "salma")
    taken = crew.next("omar")
    assert taken["id"] == left["id"], "the answered task stays with who answered it"
    crew.send("omar", taken["id"])
    late = crew.send("salma", left["id"], comment="late")
    assert (late.status_code, late.json()["lease"]["held"]) == (200, False)
    assert crew.get("salma", f"tasks/{left['id']}")["state"]["comment"] == "late"
    assert [(t["held"], t["answer"]) for t in crew.get("salma", "tasks")["tasks"]] == [(True, "accept")] * 2


def test_who_comes_back_before_another_keeps_the_article(crew: Crew) -> None:
    crew.open(overlap=1, lease=60.0)
    first = crew.next("salma")
    expire(crew, "salma")
    assert crew.send("salma", first["id"], None).json()["lease"]["held"]
    assert crew.next("omar")["meta"]["article"] == "s01"


def test_work_renews_a_lease_and_looking_at_a_list_does_not(crew: Crew) -> None:
    crew.open(overlap=1, lease=1000.0)
    task = crew.next("salma")
    with crew.store.writing() as connection:
        connection.execute(update(leases).values(until=time.time() + 5))
    crew.get("salma", "tasks")
    crew.get("salma", "session")
    (lease,) = crew.get("lead", "stats")["leases"]
    assert lease["until"] < time.time() + 10
    crew.send("salma", task["id"], None)
    (lease,) = crew.get("lead", "stats")["leases"]
    assert lease["until"] > time.time() + 900
    assert (lease["name"], lease["article"], lease["tasks"], lease["left"]) == ("salma", "s00", 2, 2)


def test_a_task_of_others_is_neither_shown_nor_taken(crew: Crew) -> None:
    theirs = crew.next("salma")["id"]
    assert crew.ask("huda", "GET", f"tasks/{theirs}").status_code == 403
    for answer in ("accept", None):
        refused = crew.send("huda", theirs, answer)
        assert (refused.status_code, refused.json()["error"]) == (403, "this task was not handed to you")
    assert crew.get("huda", "tasks") == {"total": 0, "tasks": []}


def test_an_answer_on_its_way_counts_as_given(crew: Crew) -> None:
    first = crew.next("salma")
    second = crew.next("salma", 1, without=first["id"])
    assert second["meta"]["article"] == "s00"
    third = crew.next("salma", 2, without=f"{first['id']},{second['id']}")
    assert third["meta"]["article"] == "s01"


def test_a_lead_looks_in_without_taking_an_article(crew: Crew) -> None:
    assert crew.next("lead")["done"]
    assert crew.get("lead", "stats")["leases"] == []
    assert crew.next("lead", take=1)["meta"]["article"] == "s00"


def test_the_session_of_a_team(crew: Crew) -> None:
    session = crew.get("salma", "session")
    assert {name: session[name] for name in ("annotator", "role", "team", "overlap", "lease", "view")} == {
        "annotator": "salma",
        "role": "annotator",
        "team": True,
        "overlap": 2,
        "lease": 60.0,
        "view": "annotate",
    }
    crew.work("salma", 3)
    mine = crew.get("salma", "mine")
    assert (mine["counts"]["tasks"], mine["counts"]["answered"], mine["seconds"]) == (4, 3, 4.5)
    assert (mine["answers_per_hour"], mine["words_per_hour"]) == (None, None)


def test_a_pace_is_told_once_there_is_time_to_tell_it_from() -> None:
    few = summary([Worked(0.0, 40, LEAST / 2), Worked(1.0, 60, LEAST / 2 - 1)])
    assert (few["seconds"], few["answers_per_hour"], few["days"][0]["words_per_hour"]) == (LEAST - 1, None, None)
    enough = summary([Worked(0.0, 40, LEAST), Worked(1.0, 60, LEAST)])
    assert (enough["answers_per_hour"], enough["words_per_hour"]) == (3600 / LEAST, 50 * 3600 / LEAST)


def test_articles_come_by_priority_but_begun_ones_first(crew: Crew) -> None:
    with crew.store.writing() as connection:
        set_priorities(connection, {"s02": 2.0, "s03": 1.0})
    assert crew.next("salma")["meta"]["article"] == "s02"
    with crew.store.writing() as connection:
        set_priorities(connection, {"s01": 5.0})
    assert crew.next("omar")["meta"]["article"] == "s02"
    assert crew.next("huda")["meta"]["article"] == "s01"


def test_a_changed_rule_sends_what_it_touches_round_again(crew: Crew) -> None:
    for name in ("salma", "omar"):
        for _ in range(4):
            task = crew.next(name)
            spans = spans_of(task["text"], ("اللواء", "RANK")) if (name, task["position"]) == ("salma", 1) else []
            crew.send(name, task["id"], spans=spans)
    found = send_again(crew.store, "RANK 2", Touched("RANK", "اللوآء"), note="صفة لا رتبة")
    assert found == {"salma": 1}
    assert crew.get("salma", "session")["counts"]["again"] == 1
    task = crew.next("salma")
    assert (task["again"]["rule"], task["again"]["text"]) == ("RANK 2", "صفة لا رتبة")
    assert len(task["state"]["spans"]) == 1, "the old answer is the start"
    assert crew.send("salma", task["id"], base=task["state"]["revision"]).json()["counts"]["again"] == 0
    again = crew.get("salma", f"tasks/{task['id']}")
    assert (again["again"], again["state"]["note"]["again"]["rule"]) == (None, "RANK 2")
    assert [t["again"] for t in crew.get("salma", "tasks")["tasks"]] == [False] * 4


@pytest.mark.parametrize(
    ("touched", "rule", "said"),
    [
        (Touched(), "R", "expected what tells the answers"),
        (Touched("TREE"), "R", "the scheme has no label TREE"),
        (Touched("RANK"), " ", "expected the name of a rule"),
    ],
)
def test_what_cannot_go_round_again(crew: Crew, touched: Any, rule: str, said: str) -> None:
    with pytest.raises(LiwaError, match=said):
        send_again(crew.store, rule, touched)


def test_which_answers_a_rule_touches() -> None:
    body = {"spans": [[0, 6, "RANK"], [7, 11, "PERSON"]], "relations": [[1, 0, "HOLDS_RANK"]]}
    text = "العميد هاني"
    assert Touched("HOLDS_RANK", "هانى").holds(text, body)
    assert not Touched("PERSON", "العميد").holds(text, body)
    assert Touched(matching="العميد").holds(text, {"spans": [], "relations": []})
    assert not Touched("UNIT").holds(text, body)


def test_a_revoked_person_gives_articles_back(crew: Crew) -> None:
    crew.open(overlap=1, lease=60.0)
    crew.next("salma")
    people.revoke(crew.store, "salma")
    assert crew.ask("salma", "GET", "session").status_code == 401
    assert crew.next("omar")["meta"]["article"] == "s00"


def test_who_worked_alone_goes_on_in_a_team(tmp_path: Path, place: str) -> None:
    from tests.annotator.local import Local

    alone = Local(tmp_path, invented(), place=place)
    first, second, *_ = alone.ids
    alone.send(second, "reject")
    alone.store.close()
    crew = Crew(tmp_path, place, invented(), "tester", overlap=1)
    assert crew.get("tester", "tasks")["tasks"][0]["answer"] == "reject"
    assert crew.next("tester")["id"] == first
    assert len(crew.work("tester")) == 7
    crew.store.close()
