"""Nothing is lost where the disk is full or the database is gone, nor where what a page sent last overtook the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Final

import pytest
from playwright.sync_api import Dialog, Route

from liwa import jsonl
from liwa.annotations.rows import task
from tests.annotator.page.conftest import NewPage
from tests.annotator.page.desk import Desk
from tests.annotator.serving import Server

OpenOwn = Callable[[], Desk]

TASKS: Final = 120
APART: Final = 10
"""Tasks from where one test begins to where the next does, so that none sees what another did."""

FAILURES: Final = {
    "a full disk refuses": """() => {
      const add = IDBObjectStore.prototype.add;
      IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); };
      globalThis.mend = () => { IDBObjectStore.prototype.add = add; };
    }""",
    "a full disk refuses at the end": """() => {
      const add = IDBObjectStore.prototype.add;
      IDBObjectStore.prototype.add = function (...all) {
        const request = add.apply(this, all);
        request.addEventListener("success", () => this.transaction.abort());
        return request;
      };
      globalThis.mend = () => { IDBObjectStore.prototype.add = add; };
    }""",
    "the disk cannot be written at all": """() => {
      const { transaction } = IDBDatabase.prototype;
      IDBDatabase.prototype.transaction = function (name, mode, ...others) {
        if (mode === "readwrite") throw new DOMException("full", "QuotaExceededError");
        return transaction.call(this, name, mode, ...others);
      };
      globalThis.mend = () => { IDBDatabase.prototype.transaction = transaction; };
    }""",
    "the browser closed the database": "() => { liwa.work.queue.database.disk.close(); globalThis.mend = () => {}; }",
}
"""Ways in which the browser's database fails, by functions of the page; each leaves one that mends it."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("disk")
    jsonl.write(folder / "tasks.jsonl", (task(f"زار سامي القاعدة {n} صباحًا", {}) for n in range(TASKS)))
    started = Server(folder / "tasks.jsonl", folder / "annotations.db", log=folder / "server.log")
    yield started
    started.close()


@pytest.fixture(scope="module")
def places() -> Iterator[int]:
    return count(0, APART)


@pytest.fixture
def own(server: Server, new_page: NewPage, places: Iterator[int]) -> OpenOwn:
    """A function that opens a task behind which no test has worked, with others fetched ahead."""

    def start() -> Desk:
        (first,) = server.get("tasks", offset=next(places), limit=1)["tasks"]
        page = new_page()
        page.add_init_script(f"sessionStorage['liwa-task'] ??= '{first['id']}'")
        desk = Desk(page, server).open()
        page.wait_for_function("() => liwa.work.ahead.length > 3")
        return desk

    return start


def stored(desk: Desk, name: str) -> tuple[str | None, list[str]] | None:
    """Return what the server has of a task: the answer, and the texts of the spans."""
    state = desk.server.get(f"tasks/{name}")["state"]
    return state and (state["answer"], [s["text"] for s in state["spans"]])


def word(desk: Desk) -> str:
    """Label the first word of the task, and return it."""
    desk.press("Escape", "ArrowLeft", "1")
    assert desk.span
    return desk.span


def leave(desk: Desk, *keys: str) -> None:
    """Press keys that lead to another task, and wait for it."""
    name = desk.task
    desk.press(*keys).page.wait_for_function("name => liwa.app.task.id !== name", arg=name)


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_what_the_disk_does_not_take_is_stored_all_the_same(own: OpenOwn, failure: str) -> None:
    desk = own()
    first, kept = desk.task, word(desk)
    desk.saved().page.evaluate(failure)
    desk.press("ArrowLeft", "2").saved()
    words = [s for s, _ in desk.spans]
    assert stored(desk, first) == (None, words) and words[0] == kept
    leave(desk, "Enter")
    second, said = desk.task, word(desk)
    desk.saved()
    assert stored(desk, first) == ("accept", words)
    # Once there is room again, the disk is used again.
    desk.page.evaluate("mend()")
    leave(desk, "Enter")
    desk.saved()
    assert stored(desk, second) == ("accept", [said])
    assert not desk.run("(app, work) => work.queue.database.isVolatile")


@pytest.mark.parametrize("failure", ["a full disk refuses", "the browser closed the database"])
def test_what_is_in_memory_alone_waits_and_the_page_asks_before_it_goes(own: OpenOwn, failure: str) -> None:
    desk = own()
    desk.page.route("**/api/**", lambda route: route.abort())
    first, said = desk.task, word(desk)
    leave(desk, "Enter")
    desk.page.evaluate("() => liwa.work.queue.writing.then(() => null)")
    desk.page.evaluate(FAILURES[failure])
    second, last = desk.task, word(desk)
    desk.page.wait_for_function("() => liwa.work.queue.database.isVolatile")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    desk.page.on("dialog", stay)
    desk.page.close(run_before_unload=True)
    desk.page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    desk.page.unroute("**/api/**")
    desk.run("async (app, work) => { await work.queue.send() }")
    assert stored(desk, second) == (None, [last])
    # What is in a database that the page cannot read any more, the next page sends.
    desk.page.reload()
    desk.ready().saved()
    assert stored(desk, first) == ("accept", [said])


def test_a_draft_that_overtook_its_answer_while_the_page_went_is_no_conflict(own: OpenOwn) -> None:
    desk = own()
    name, sending = desk.task, "**/api/tasks/*/*"
    desk.page.route(sending, lambda route: route.abort())
    word(desk)
    leave(desk, "Enter")
    leave(desk, "b")
    desk.press("Escape", "ArrowLeft", "ArrowLeft", "2")
    answer, draft = desk.run("(app, work) => work.queue.of(app.task.id)")
    assert (answer["kind"], draft["kind"], desk.task) == ("answer", "draft", name)
    spans = draft["body"]["spans"]
    assert desk.server.send(name, None, key=draft["key"], base=draft["base"], spans=spans).status_code == 200
    desk.page.unroute(sending)
    desk.run("async (app, work) => { await work.queue.send() }")
    desk.saved()
    assert desk.page.locator("dialog").count() == 0
    state = desk.server.get(f"tasks/{name}")["state"]
    assert (state["answer"], state["draft"], len(state["spans"])) == ("accept", True, len(spans))
    assert len(spans) == 2


def test_an_answer_that_is_not_on_disk_yet_is_sent_without_the_draft_before_it(own: OpenOwn) -> None:
    desk = own()
    desk.run("(app, work) => { work.queue.send = async () => {} }")
    word(desk)
    desk.run("(app, work) => work.queue.writing.then(() => null)")
    script = """(app, work) => {
      work.queue.database.add = () => new Promise(() => {});
      work.api.store = async (task, kind) => { sessionStorage.sent = (sessionStorage.sent ?? "") + kind };
    }"""
    desk.run(script)
    desk.press("Enter").page.goto(desk.server.url + "/page/style.css")
    # Both would arrive side by side, and one of them be refused.
    assert desk.page.evaluate("sessionStorage.sent") == "answer"


@pytest.mark.parametrize("keys", [["Enter"], ["ArrowLeft", "2"]], ids=["has gone on", "has edited it"])
def test_what_another_tab_stored_is_not_shown_to_who_has_done_something_meanwhile(
    own: OpenOwn, keys: list[str]
) -> None:
    desk = own()
    name = desk.task
    word(desk)
    desk.saved()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    desk.page.route(f"**/api/tasks/{name}", hold)
    desk.page.evaluate("name => { globalThis.shown = liwa.work.refresh(name) }", name)
    desk.page.wait_for_timeout(200)
    leave(desk, *keys) if keys == ["Enter"] else desk.press(*keys)
    before = desk.task, desk.spans
    held[0].continue_()
    assert desk.page.evaluate("globalThis.shown") is False
    assert (desk.task, desk.spans) == before
    assert len(desk.spans) == (0 if keys == ["Enter"] else 2)


def test_what_was_done_as_the_page_went_and_the_server_was_away_is_stored_by_the_next(own: OpenOwn) -> None:
    page = own()
    name = page.task
    # As if the page went before the disk had written: it never ends to write.
    page.run("(app, work) => { work.queue.database.add = () => new Promise(() => {}) }")
    page.page.route("**/api/**", lambda route: route.abort())
    label = word(page)
    page.page.goto(f"{page.server.url}/page/style.css")
    page.page.unroute("**/api/**")
    assert [s for s, _ in page.open().spans] == [label]
    page.saved()
    assert stored(page, name) == (None, [label])
    assert page.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('liwa-left'))") == []
