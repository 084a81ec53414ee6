"""Chromium for the tests of the page, driven by Playwright."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from liwa import jsonl
from tests.annotator.page import stage as texts
from tests.annotator.page.desk import Desk
from tests.annotator.serving import Server

CHROMIUM = Path(os.environ.get("LIWA_CHROMIUM") or "/usr/bin/chromium")

USUAL: Any = {"viewport": {"width": 1280, "height": 900}, "locale": "en-US"}

NewPage = Callable[..., Page]
OpenDesk = Callable[..., Desk]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, once for the tests of this folder; they skip, or fail if it is required, where it is absent.

    It ends with them: Playwright keeps an event loop running in the thread that the server's own tests need.
    """
    if not CHROMIUM.exists():
        message = f"Chromium is not at {CHROMIUM}; install Debian's package chromium, or name it in LIWA_CHROMIUM"
        if os.environ.get("LIWA_REQUIRE_CHROMIUM") == "1":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """A function that opens a page, by default in a context of its own; what a page's scripts throw fails the test.

    options: of the context, such as viewport, color_scheme, locale, has_touch. context: another page's, for a second
    tab of one browser.
    """
    contexts: list[BrowserContext] = []
    thrown: list[str] = []

    def start(context: BrowserContext | None = None, **options: Any) -> Page:
        if context is None:
            context = browser.new_context(**{**USUAL, **options})
            contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: thrown.append(f"{error}\n{error.stack}"))
        return page

    yield start
    for context in contexts:
        context.close()
    assert not thrown, "\n".join(thrown)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page in a context of its own: 1280 by 900 pixels, English."""
    return new_page()


@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that need none of their own, over the tasks of `tests.annotator.page.stage`."""
    folder = tmp_path_factory.mktemp("stage")
    jsonl.write(folder / "tasks.jsonl", texts.rows())
    server = Server(folder / "tasks.jsonl", folder / "annotations.db", log=folder / "server.log")
    yield server
    server.close()


@pytest.fixture(scope="package")
def untouched(stage: Server) -> Callable[[str], str]:
    """A function that returns the id of a task on the stage that no test has opened: of "mixed", "marked" and so on."""
    listed = stage.get("tasks", limit=1000)["tasks"]
    return lambda text: next(t["id"] for t in _taken(listed, text))


@pytest.fixture(scope="package")
def table(browser: Browser, stage: Server) -> Iterator[Desk]:
    """The page that is open all the time, and goes from task to task: most tests need no other."""
    context = browser.new_context(**USUAL)
    yield Desk(context.new_page(), stage).open()
    context.close()


@pytest.fixture
def desk(table: Desk, untouched: Callable[[str], str], new_page: NewPage) -> Iterator[OpenDesk]:
    """A function that opens a task of the stage, that no test has touched, with the settings of a first visit.

    text: "mixed", "marked", "words", or "around" for the first paragraph of an article; options: of the browser's
    context, which is a new one where there are any.
    """
    thrown: list[str] = []
    table.page.on("pageerror", lambda error: thrown.append(f"{error}\n{error.stack}"))

    def start(text: str = "mixed", **options: Any) -> Desk:
        if not options:
            return table.begin(untouched(text))
        page = new_page(**options)
        page.add_init_script(f"sessionStorage['liwa-task'] ??= '{untouched(text)}'")
        return Desk(page, table.server).open()

    yield start
    assert not thrown, "\n".join(thrown)


@pytest.fixture
def modules(page: Page, stage: Server) -> Page:
    """A page on which the modules can be imported for tests of pure functions."""
    page.goto(stage.url + "/page/offsets.js")
    return page


def _taken(listed: list[dict[str, Any]], text: str) -> Iterator[dict[str, Any]]:
    """Take the first task of a text off a list, with the others of its article."""
    first = next(t for t in listed if t["article"].startswith(text))
    listed[:] = [t for t in listed if t["article"] != first["article"]]
    yield first
