"""Tasks with few and with many relations, open in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from liwa import jsonl
from tests.annotator.page.conftest import USUAL, NewPage
from tests.annotator.page.desk import Desk
from tests.annotator.page.relations import scenes
from tests.annotator.page.relations.drawn import Drawn
from tests.annotator.serving import Server

OpenScene = Callable[..., Drawn]


@pytest.fixture(scope="package")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests of relations, over the tasks of `scenes`."""
    folder = tmp_path_factory.mktemp("theatre")
    jsonl.write(folder / "tasks.jsonl", scenes.rows())
    server = Server(folder / "tasks.jsonl", folder / "annotations.db", log=folder / "server.log")
    yield server
    server.close()


@pytest.fixture(scope="package")
def fresh(theatre: Server) -> Callable[[str], str]:
    """A function that returns the id of a task of a scene that no test has opened."""
    left: dict[str, list[str]] = {}
    for task in theatre.get("tasks", limit=1000)["tasks"]:
        left.setdefault(task["article"].rpartition("-")[0], []).append(task["id"])
    return lambda name: left[name].pop()


@pytest.fixture(scope="package")
def wide(browser: Browser, theatre: Server) -> Iterator[Desk]:
    """A page, 1280 by 900 pixels, English, that goes from task to task."""
    context = browser.new_context(**USUAL)
    yield Desk(context.new_page(), theatre).open()
    context.close()


@pytest.fixture
def scene(wide: Desk, theatre: Server, fresh: Callable[[str], str], new_page: NewPage) -> Iterator[OpenScene]:
    """A function that opens a task of a scene; options: of the browser's context, a new one where there are any."""
    thrown: list[str] = []
    wide.page.on("pageerror", lambda error: thrown.append(f"{error}\n{error.stack}"))

    def start(name: str, **options: Any) -> Drawn:
        if not options:
            wide.page.set_viewport_size(USUAL["viewport"])
            wide.page.mouse.move(0, 0)
            wide.begin(fresh(name))
            return Drawn(wide.page, theatre)
        page = new_page(**options)
        page.add_init_script(f"sessionStorage['liwa-task'] ??= '{fresh(name)}'")
        Desk(page, theatre).open()
        return Drawn(page, theatre)

    yield start
    assert not thrown, "\n".join(thrown)


@pytest.fixture
def geometry(page: Page, theatre: Server) -> Page:
    """A page on which the modules can be imported for tests of pure functions."""
    page.goto(theatre.url + "/page/relations/lanes.js")
    return page
