"""Eight annotators at once, each in a browser of their own."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.annotator.page.conftest import NewPage
from tests.annotator.page.desk import READY, SAVED
from tests.annotator.page.lead.team import Team

pytestmark = pytest.mark.slow

PEOPLE = tuple(f"p{n}" for n in range(8))
ARTICLES = 12
OVERLAP = 2

LEFT = "() => !document.getElementById('task').hidden"


def test_eight_at_once_get_each_task_once_and_every_task_its_overlap(tmp_path: Path, new_page: NewPage) -> None:
    team = Team(tmp_path, "--overlap", str(OVERLAP), names=PEOPLE, articles=ARTICLES)
    try:
        pages = {name: new_page() for name in PEOPLE}
        for name, page in pages.items():
            page.goto(team.page(name))
        for page in pages.values():
            page.wait_for_function(READY)
        seen = work(pages)
        for page in pages.values():
            page.wait_for_function(SAVED)
        with team.client("lead") as lead:
            stats = lead.get("/api/stats").json()
            rows = lead.get("/api/export").text.splitlines()
    finally:
        team.server.close()
    assert all(max(Counter(tasks).values()) == 1 for tasks in seen.values() if tasks)
    people = defaultdict(set)
    for name, tasks in seen.items():
        for task in tasks:
            people[task].add(name)
    assert len(people) == 2 * ARTICLES
    assert {len(names) for names in people.values()} == {OVERLAP}
    assert stats["progress"]["answers"] == stats["progress"]["wanted"] == len(rows) == 2 * ARTICLES * OVERLAP
    # Nobody was left without work while there was some.
    assert sum(bool(tasks) for tasks in seen.values()) == len(PEOPLE)


def work(pages: dict[str, Page]) -> dict[str, list[str]]:
    """Let everybody label a word and accept, turn by turn, until nobody is given a task; return who answered what."""
    seen: dict[str, list[str]] = {name: [] for name in pages}
    left, end = dict(pages), time.monotonic() + 240
    while left:
        assert time.monotonic() < end, "the work does not end"
        for name, page in list(left.items()):
            if not page.evaluate(LEFT):
                del left[name]
                continue
            task = page.evaluate("() => liwa.app.task.id")
            if seen[name][-1:] == [task]:
                continue  # the next one is on its way
            seen[name].append(task)
            for key in ("ArrowLeft", "ArrowLeft", "1", "Enter"):
                page.keyboard.press(key)
    return seen
