"""Nothing is lost: drafts, the queue while the server is away, two tabs, lost acknowledgements."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tests.annotator.conftest import Serve
from tests.annotator.page.conftest import NewPage, OpenDesk
from tests.annotator.page.desk import Desk
from tests.annotator.serving import Server

OpenOwn = Callable[..., Desk]


@pytest.fixture
def own(serve: Serve, new_page: NewPage) -> Iterator[OpenOwn]:
    """A function that opens the page of a server of its own, over the tasks of `tests.annotator.invented`."""

    def start(server: Server | None = None, **options: Any) -> Desk:
        return Desk(new_page(**options), server or serve()).open()

    yield start


def answers(server: Server) -> dict[int, tuple[str | None, list[str]]]:
    """Return what the server has of each task that was answered or drafted: its answer, and the texts of its spans."""
    found = {}
    for task in server.get("tasks")["tasks"]:
        if state := server.get(f"tasks/{task['id']}")["state"]:
            found[task["position"]] = (state["answer"], [s["text"] for s in state["spans"]])
    return found


def exported(server: Server, run: Any) -> list[dict[str, Any]]:
    done = run("annotations", "export", server.store, "-o", "-")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def first_word(page: Desk) -> str:
    """Label the first word of the task, by keys, and return it."""
    page.press("Escape", "ArrowLeft", "1")
    assert page.span
    return page.span


def test_a_draft_is_saved_at_every_edit_and_is_there_after_a_reload(own: OpenOwn) -> None:
    page = own()
    page.press("ArrowLeft", "1").saved()
    first = page.spans
    assert answers(page.server) == {1: (None, [first[0][0]])}
    page.press("ArrowLeft", "2", "f").page.keyboard.type("لست متأكدًا من الرتبة")
    page.press("Escape").saved()
    spans = page.spans
    assert len(spans) == 2
    page.page.reload()
    page.ready()
    assert page.spans == spans
    assert page.page.get_by_role("textbox", name="Comment").input_value() == "لست متأكدًا من الرتبة"
    state = page.server.get(f"tasks/{page.task}")["state"]
    assert state["draft"]
    assert state["flagged"]
    assert state["comment"] == "لست متأكدًا من الرتبة"


@pytest.mark.parametrize("by", ["keys", "mouse"])
def test_accept_reject_ignore_and_back(own: OpenOwn, by: str) -> None:
    page = own()
    tasks = [page.task]
    for key, button in [("Enter", "Accept"), ("x", "Reject"), ("i", "Ignore")]:
        page.press("ArrowLeft", "1")
        if by == "keys":
            page.press(key)
        else:
            page.button(button).click()
        page.page.wait_for_function("id => liwa.app.task.id !== id", arg=tasks[-1])
        tasks.append(page.task)
    page.saved()
    stored = answers(page.server)
    assert [stored[n][0] for n in (1, 2, 3)] == ["accept", "reject", "ignore"]
    assert page.page.locator("#position").text_content() == "4 / 8"
    for _ in range(2):
        page.press("b") if by == "keys" else page.button("Back").click()
    page.page.wait_for_function("id => liwa.app.task.id === id", arg=tasks[1])
    assert page.button("Reject").get_attribute("aria-pressed") == "true"
    # Answered again, the way leads on to what is not answered yet.
    page.press("Enter")
    page.page.wait_for_function("id => liwa.app.task.id === id", arg=tasks[3])
    page.saved()
    assert answers(page.server)[2][0] == "accept"


def test_the_last_answer_ends_with_a_word(own: OpenOwn) -> None:
    page = own()
    for left in range(7, -1, -1):
        task = page.task
        page.press("x")
        if left:
            page.page.wait_for_function("id => liwa.app.task.id !== id", arg=task)
    page.page.locator("#notice", has_text="All tasks are answered").wait_for()
    page.saved()
    assert len(answers(page.server)) == 8
    assert page.page.title() == "8/8 · liwa"
    # Nothing is done to a task that is out of sight.
    before = page.spans
    page.press("ArrowLeft", "1", "f")
    assert (page.spans, page.page.locator("#comment").is_visible()) == (before, False)
    page.press("b").page.wait_for_selector("#task")
    assert page.task == task
    assert first_word(page) in answers(page.saved().server)[8][1]


def test_the_server_is_killed_and_work_goes_on_until_it_is_back(own: OpenOwn, liwa: Any) -> None:
    page = own()
    # The next tasks are here before the server goes.
    page.page.wait_for_function("() => liwa.work.ahead.length === 7")
    done = [first_word(page)]
    page.press("Enter").saved()
    page.server.kill()
    for _ in range(3):
        page.page.wait_for_function("() => !liwa.app.doc.spans.length")
        done.append(first_word(page))
        page.press("Enter")
    page.page.wait_for_function("() => !liwa.app.doc.spans.length")
    done.append(first_word(page))
    page.page.wait_for_function("() => document.getElementById('status').className === 'offline'")
    assert "4 waiting" in str(page.page.locator("#status").text_content())
    page.server.start()
    # The new server has a new token, which this page cannot know.
    page.page.wait_for_function("() => document.getElementById('status').className === 'stopped'", timeout=30_000)
    Desk(page.page.context.new_page(), page.server).open()
    page.saved()
    stored = answers(page.server)
    assert [stored[n] for n in range(1, 6)] == [("accept", [w]) for w in done[:4]] + [(None, [done[4]])]
    assert [row["spans"][0]["start"] for row in exported(page.server, liwa)] == [0] * 4


def test_what_waits_outlives_the_page(own: OpenOwn) -> None:
    page = own()
    page.page.wait_for_function("() => liwa.work.ahead.length === 7")
    page.server.kill()
    words = [first_word(page)]
    page.press("Enter")
    page.page.wait_for_function("() => !liwa.app.doc.spans.length")
    words.append(first_word(page))
    page.page.wait_for_function("async () => (await liwa.work.queue.database.all()).length === 2")
    context = page.page.context
    page.page.close()
    page.server.start()
    again = Desk(context.new_page(), page.server).open().saved()
    stored = answers(again.server)
    assert stored == {1: ("accept", [words[0]]), 2: (None, [words[1]])}
    # The draft that waited is what the page shows, and work on it goes on where it was.
    again.run("(app, work) => work.jump(2)")
    again.page.wait_for_function("() => liwa.app.doc.spans.length === 1")
    again.press("Delete", "Tab", "Delete").saved()
    assert answers(again.server)[2] == (None, [])


def test_what_waits_for_one_store_is_not_sent_to_another(own: OpenOwn, tmp_path: Path) -> None:
    page = own()
    first = page.server
    first.kill()
    word = first_word(page)
    page.page.wait_for_function("async () => (await liwa.work.queue.database.all()).length === 1")
    other = Server(first.tasks, tmp_path / "other.db", log=tmp_path / "other.log", port=first.port)
    again = Desk(page.page.context.new_page(), other).open().saved()
    assert again.spans == []
    assert answers(other) == {}
    # The first page does not take the other store's token for its own.
    assert page.status != "saved"
    other.kill()
    first.start()
    Desk(page.page.context.new_page(), first).open().saved()
    assert answers(first) == {1: (None, [word])}


def test_an_acknowledgement_that_is_lost_stores_nothing_twice(own: OpenOwn, liwa: Any) -> None:
    page = own()
    lost: list[int] = []

    def lose(route: Route) -> None:
        if len(lost) < 2:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.page.route("**/answer", lose)
    word = first_word(page)
    page.press("Enter").saved()
    assert lost == [200, 200], "the server stored it both times that it was sent, or this shows nothing"
    assert answers(page.server) == {1: ("accept", [word])}
    assert page.server.get("session")["counts"]["answered"] == 1
    assert len(exported(page.server, liwa)) == 1


def test_a_draft_whose_acknowledgement_is_lost_is_no_conflict(own: OpenOwn) -> None:
    page = own()
    lost: list[int] = []

    def lose(route: Route) -> None:
        if not lost:
            lost.append(route.fetch().status)
            page.press("ArrowLeft", "2")
            route.abort()
        else:
            route.continue_()

    page.page.route("**/draft", lose)
    page.press("ArrowLeft", "1").saved()
    assert lost == [200]
    assert len(answers(page.server)[1][1]) == 2
    assert page.page.locator("dialog").count() == 0


def test_an_edit_just_before_the_page_is_closed_is_stored(own: OpenOwn) -> None:
    page = own()
    page.page.wait_for_function("() => liwa.work.ahead.length === 7")
    word = first_word(page)
    context, server = page.page.context, page.server
    page.page.close(run_before_unload=False)
    again = Desk(context.new_page(), server).open().saved()
    assert answers(server) == {1: (None, [word])}
    assert [s for s, _ in again.spans] == [word]


def test_what_is_not_sent_yet_is_sent_while_the_page_goes(own: OpenOwn) -> None:
    page = own()
    page.page.wait_for_function("() => liwa.work.ahead.length === 7")
    # Nothing but the page's last moment sends it.
    page.run("(app, work) => { work.queue.send = async () => {} }")
    word = first_word(page)
    page.page.goto("about:blank")
    for _ in range(50):
        if found := answers(page.server):
            break
        page.page.wait_for_timeout(100)
    assert found == {1: (None, [word])}


def test_a_tab_that_sends_for_another_shows_what_it_sent(own: OpenOwn) -> None:
    page = own()
    other = Desk(page.page.context.new_page(), page.server).open()
    other.page.route("**/draft", lambda route: route.abort())
    word = first_word(other)
    other.page.wait_for_function("() => document.getElementById('status').className === 'offline'")
    page.run("(app, work) => work.queue.send()")
    page.page.wait_for_function("() => liwa.app.doc.spans.length === 1")
    assert answers(page.server) == {1: (None, [word])}


def test_a_tab_without_edits_shows_what_another_tab_stored(own: OpenOwn) -> None:
    page = own()
    other = Desk(page.page.context.new_page(), page.server).open()
    assert other.task == page.task
    word = first_word(page)
    other.page.wait_for_function("() => liwa.app.doc.spans.length === 1")
    assert [s for s, _ in other.spans] == [word]
    # From here on the other tab builds on it.
    other.press("ArrowLeft", "ArrowLeft", "2").saved()
    page.page.wait_for_function("() => liwa.app.doc.spans.length === 2")
    assert page.page.locator("dialog").count() == other.page.locator("dialog").count() == 0


def clash(own: OpenOwn, *, one_browser: bool) -> tuple[Desk, Desk]:
    """Let two tabs change one task so that neither knows of the other: the second finds out when it saves."""
    first = own()
    if one_browser:
        second = Desk(first.page.context.new_page(), first.server).open()
        # As if the message between the tabs came too late.
        second.run("(app, work) => { work.tabs.channel.close(); work.tabs.channel = null }")
        first.run("(app, work) => { work.tabs.tell = () => {} }")
    else:
        second = own(first.server)
    assert first.task == second.task
    first.press("ArrowLeft", "1").saved()
    second.press("ArrowLeft", "ArrowLeft", "2")
    second.page.get_by_text("This task was changed elsewhere").wait_for()
    return first, second


@pytest.mark.parametrize("one_browser", [True, False])
def test_two_tabs_do_not_overwrite_each_other_and_mine_can_stay(own: OpenOwn, one_browser: bool) -> None:
    first, second = clash(own, one_browser=one_browser)
    dialog = second.page.get_by_role("dialog")
    assert first.spans[0][0] in str(dialog.text_content())
    assert second.spans[0][0] in str(dialog.text_content())
    assert answers(first.server)[1] == (None, [first.spans[0][0]]), "nothing is overwritten"
    dialog.get_by_role("button", name="Keep what is here").click()
    second.saved()
    assert answers(first.server)[1] == (None, [second.spans[0][0]])


def test_two_tabs_do_not_overwrite_each_other_and_theirs_can_stay(own: OpenOwn) -> None:
    first, second = clash(own, one_browser=False)
    second.page.get_by_role("dialog").get_by_role("button", name="Take what is stored").click()
    second.page.wait_for_function("text => liwa.app.surface(liwa.app.doc.spans[0]) === text", arg=first.spans[0][0])
    assert second.spans == first.spans
    second.press("Tab", "Delete").saved()
    assert answers(first.server)[1] == (None, [])


def test_a_conflict_that_nobody_settled_is_asked_again(own: OpenOwn) -> None:
    _, second = clash(own, one_browser=False)
    second.page.reload()
    second.ready()
    second.page.get_by_text("This task was changed elsewhere").wait_for()
    second.page.get_by_role("button", name="Keep what is here").click()
    second.saved()


def test_the_same_answer_in_two_tabs_is_no_conflict(own: OpenOwn) -> None:
    first, second = own(), None
    second = own(first.server)
    first.press("x").saved()
    second.press("x").saved()
    assert answers(first.server) == {1: ("reject", [])}
    assert second.page.locator("dialog").count() == 0


def test_the_address_can_be_given_to_a_page_without_one(own: OpenOwn, new_page: NewPage) -> None:
    page = own()
    bare: Page = new_page()
    bare.goto(page.server.url)
    bare.get_by_text("This page needs its address").wait_for()
    bare.get_by_role("textbox", name="Address").fill(page.server.page)
    bare.get_by_role("button", name="Open").click()
    assert Desk(bare, page.server).ready().task == page.task


def test_the_token_leaves_the_address(own: OpenOwn) -> None:
    page = own()
    assert page.page.url == page.server.url + "/"
    page.page.reload()
    assert page.ready().task


def test_a_near_duplicate_takes_over_the_answer(serve: Serve, new_page: NewPage) -> None:
    from tests.annotator.invented import paragraphs

    rows = paragraphs("قاد سامي الدوري الكتيبة صباح اليوم.\nقاد سامي الدوري الكتيبة مساء اليوم.", "d")
    rows[1]["meta"]["duplicate_of"] = {"article": "d", "start": 0, "end": len(rows[0]["text"]), "similarity": 0.9}
    page = Desk(new_page(), serve(rows)).open()
    page.label("سامي الدوري", "1").press("Enter").saved().at("مساء")
    page.page.reload()
    page.ready().button("Take over that answer").click()
    assert page.spans == [("سامي الدوري", "PERSON")]


def test_a_task_whose_spans_do_not_fit_its_text_is_not_shown(own: OpenOwn) -> None:
    page = own()
    wrong = page.server.get(f"tasks/{page.task}") | {
        "spans": [{"start": 0, "end": 3, "label": "PERSON", "text": "غلط"}]
    }
    page.page.route("**/api/tasks/*", lambda route: route.fulfill(json=wrong))
    page.page.reload()
    page.page.locator("#notice", has_text="This task cannot be shown").wait_for()
    assert page.page.locator("#task").is_hidden()
    page.press("Enter")
    page.page.wait_for_timeout(300)
    assert answers(page.server) == {}


def test_a_tab_that_opens_while_another_saves_shows_what_that_one_has(own: OpenOwn) -> None:
    page = own()
    server, context = page.server, page.page.context
    page.page.route("**/draft", lambda route: None)  # the server does not answer
    word = first_word(page)
    page.page.wait_for_function("async () => (await liwa.work.queue.database.all()).length === 1")
    other = Desk(context.new_page(), server).open()
    assert [s for s, _ in other.spans] == [word]
    other.press("ArrowLeft", "ArrowLeft", "2")
    page.page.close()
    other.saved()
    assert other.page.locator("dialog").count() == 0
    assert answers(server) == {1: (None, [s for s, _ in other.spans])}
    assert len(other.spans) == 2


def test_a_tab_whose_task_was_on_its_way_while_another_saved_is_up_to_date(own: OpenOwn) -> None:
    page = own()
    server, name = page.server, page.task
    other = page.page.context.new_page()
    done: list[str] = []

    def late(route: Route) -> None:
        response = route.fetch()
        if not done:
            done.append(first_word(page))
            page.saved().page.close()
        route.fulfill(response=response)

    other.route(f"**/api/tasks/{name}", late)
    other.add_init_script(f"sessionStorage['liwa-task'] ??= '{name}'")
    desk = Desk(other, server).open()
    assert [s for s, _ in desk.spans] == done
    desk.press("ArrowLeft", "ArrowLeft", "2").saved()
    assert other.locator("dialog").count() == 0
    assert answers(server) == {1: (None, [s for s, _ in desk.spans])}


def test_what_the_server_fails_on_is_set_aside_and_the_rest_is_sent(own: OpenOwn) -> None:
    page = own()
    first, failing = page.task, "**/tasks/*/answer"

    def fail(route: Route) -> None:
        if first in route.request.url:
            route.fulfill(status=500, json={"error": "a fault"})
        else:
            route.continue_()

    page.page.route(failing, fail)
    words = []
    for _ in range(3):
        task = page.task
        words.append(first_word(page))
        page.press("Enter").page.wait_for_function("id => liwa.app.task.id !== id", arg=task)
    page.page.get_by_text("1 not stored yet").wait_for()
    page.page.wait_for_function("async () => (await liwa.work.queue.database.all()).length === 1")
    assert answers(page.server) == {2: ("accept", [words[1]]), 3: ("accept", [words[2]])}
    # Another answer takes the place of the one that failed, which a draft does not.
    page.run("(app, work, id) => work.visit(id)", first)
    page.press("ArrowLeft", "ArrowLeft", "2")
    page.page.wait_for_function("async () => (await liwa.work.queue.database.all()).length === 2")
    page.press("Enter")
    page.page.wait_for_function("async () => (await liwa.work.queue.database.all()).length === 1")
    assert 1 not in answers(page.server)
    page.page.unroute(failing)
    page.saved()
    accepted, found = answers(page.server)[1]
    assert (accepted, found[0], len(found)) == ("accept", words[0], 2)


def test_each_task_is_fetched_once(own: OpenOwn) -> None:
    page = own()
    page.page.wait_for_function("() => liwa.work.ahead.ended")
    asked: list[str] = []
    page.page.on("request", lambda request: asked.append(request.url) if "/next" in request.url else None)
    for _ in range(6):
        task = page.task
        page.press("x").page.wait_for_function("id => liwa.app.task.id !== id", arg=task)
    page.saved()
    assert asked == []


def test_who_answers_while_the_next_task_is_fetched_waits_for_that(own: OpenOwn) -> None:
    page = own()
    page.page.wait_for_function("() => liwa.work.ahead.ended")
    first, asked, held = page.task, [], []

    def hold(route: Route) -> None:
        asked.append(route.request.url)
        held.append(route)

    page.page.route("**/tasks/next**", hold)
    page.run("(app, work) => { work.ahead.restart(); void work.ahead.fill(1) }")
    page.press("x", "x", "x")
    page.page.wait_for_timeout(200)
    assert len(asked) == 1
    held[0].continue_()
    page.page.unroute("**/tasks/next**")
    page.page.wait_for_function("id => liwa.app.task.id !== id", arg=first)
    page.saved()
    assert page.run("(app, work) => work.trail.length") == 2
    assert answers(page.server) == {1: ("reject", [])}


def test_what_the_server_refuses_is_said_and_kept(own: OpenOwn) -> None:
    page = own()
    page.page.route("**/draft", lambda route: route.fulfill(status=422, json={"error": "no such label"}))
    page.press("ArrowLeft", "1")
    page.page.get_by_text("Not stored: no such label").wait_for()
    page.page.unroute("**/draft")
    page.press("ArrowLeft", "1").saved()
    assert len(answers(page.server)[1][1]) == 2


def test_time_is_counted(desk: OpenDesk) -> None:
    page = desk()
    page.page.wait_for_timeout(300)
    page.label("سامي", "1")
    seconds = page.run(
        "async (app, work) => (await work.queue.of(app.task.id)).at(-1)?.body.seconds ?? work.current.seconds"
    )
    assert 0.2 <= seconds < 10
