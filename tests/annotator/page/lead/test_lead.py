"""The lead's view, live; and what somebody in a team is told."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from liwa import annotator
from liwa.annotator.people import revoke
from liwa.annotator.store import Store
from tests.annotator.page.conftest import NewPage
from tests.annotator.page.desk import READY
from tests.annotator.page.lead.team import Team
from tests.annotator.page.tables import require_both
from tests.conftest import Run


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Callable[..., Team]]:
    """A function that starts a team of huda, sami and noor."""
    started = []

    def start(*options: str, articles: int = 4) -> Team:
        names = ("huda", "sami", "noor")
        started.append(Team(tmp_path, "--overlap", "2", *options, names=names, articles=articles))
        return started[-1]

    yield start
    for one in started:
        one.server.close()


PAGE = Path(annotator.__file__).parent / "page"


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_function(READY)
    return page


SPAN = {"start": 5, "end": 11, "label": "RANK", "text": "اللواء"}


def test_figures_are_live(team: Callable[..., Team], new_page: NewPage) -> None:
    found = team()
    page = new_page()
    page.goto(found.page("lead"))
    page.wait_for_url("**/page/lead/index.html")
    progress = page.locator("#progress-part")
    expect(progress).to_contain_text("0 of 16 answers")
    expect(page.locator("#agreement-part")).to_contain_text("Agreement appears")
    found.answer("huda", spans=[SPAN])
    found.answer("sami")
    expect(progress).to_contain_text("2 of 16 answers", timeout=15_000)
    expect(progress).to_contain_text("1 of 8 tasks complete")
    expect(progress).to_contain_text("1 of 1 disagreement to review")
    expect(page.locator("#people-part tr", has_text="huda")).to_contain_text("now")
    expect(page.locator("#labels-part tr", has_text="Rank")).to_be_visible()
    expect(page.locator("#agreement-part h3")).to_contain_text("huda\u2069 and \u2068sami")
    expect(page.locator("#agreement-part .kinds")).to_contain_text("not all have it 1")
    expect(page.locator("#leases-part tbody tr")).to_have_count(2)
    expect(page.locator("#model-part")).to_contain_text("no model was named")


def test_what_has_not_changed_is_not_written_again(team: Callable[..., Team], new_page: NewPage) -> None:
    page = new_page()
    page.goto(team().page("lead"))
    page.locator(".figures").wait_for()
    page.evaluate("() => { globalThis.kept = document.querySelector('.figures') }")
    page.evaluate("() => liwa.look()")
    assert page.evaluate("() => kept.isConnected")


def test_answers_are_exported_as_a_file(team: Callable[..., Team], new_page: NewPage) -> None:
    found = team()
    found.answer("huda", 2, spans=[])
    page = new_page()
    page.goto(found.page("lead"))
    with page.expect_download() as waiting:
        page.get_by_role("button", name="All answers").click()
    lines = Path(waiting.value.path()).read_text(encoding="utf-8").splitlines()
    assert waiting.value.suggested_filename == "answers.jsonl"
    assert [json.loads(line)["answer"] for line in lines] == ["accept", "accept"]
    expect(page.locator("#export-part")).to_contain_text("Exported: answers.jsonl")


def test_a_lead_goes_between_the_views(team: Callable[..., Team], new_page: NewPage) -> None:
    found = team()
    page = new_page()
    page.goto(found.page("lead"))
    page.get_by_role("link", name="Annotate").click()
    page.wait_for_function(READY)
    # Only now was the lead handed an article.
    assert page.evaluate("() => liwa.app.task.total") == 2
    page.get_by_role("link", name="Review").click()
    page.wait_for_url("**/?view=review")
    page.wait_for_function(READY)
    expect(page.locator("#notice")).to_contain_text("Nothing is left to review")
    page.get_by_role("link", name="Overview").click()
    page.locator(".figures").wait_for()


def test_others_do_not_see_the_lead_s_view(team: Callable[..., Team], new_page: NewPage) -> None:
    found = team()
    page = new_page()
    page.goto(found.page("huda").replace("/#", "/page/lead/index.html#"))
    expect(page.locator("#status")).to_have_text("This view is for the lead")
    assert opened(new_page(), found.page("huda")).locator("#views").count() == 0


def test_the_lead_s_view_speaks_arabic_and_fits_a_phone(team: Callable[..., Team], new_page: NewPage) -> None:
    found = team()
    found.answer("huda", spans=[SPAN])
    found.answer("sami")
    page = new_page(locale="ar-IQ", viewport={"width": 360, "height": 700}, color_scheme="dark")
    page.goto(found.page("lead"))
    page.locator(".pairs").wait_for()
    assert page.evaluate("() => document.documentElement.scrollWidth") == 360
    shown = page.locator("body").inner_text()
    assert set(re.findall("[A-Za-z]{3,}", shown)) <= {"huda", "sami", "noor", "lead", "JSON"}


@pytest.mark.parametrize(
    ("folder", "module", "table"),
    [
        ("lead", "lead/strings.js", "LEAD_STRINGS"),
        ("mine", "mine/dialog.js", "MINE_STRINGS"),
        ("review", "review/strings.js", "REVIEW_STRINGS"),
    ],
)
def test_every_string_is_there_in_both_languages(modules: Page, folder: str, module: str, table: str) -> None:
    tables = modules.evaluate("async ([file, name]) => (await import('/page/' + file))[name]", [module, table])
    require_both(tables)
    common = modules.evaluate("async () => (await import('/page/strings-en.js')).default")
    sources = [file.read_text(encoding="utf-8") for file in (PAGE / folder).glob("*.js")]
    asked = {key for source in sources for key in re.findall(r'\bt\("(\w+)"', source)}
    assert asked <= tables["en"].keys() | common.keys()


def test_the_views_of_a_lead_do_not_say_the_same_key_in_two_ways(modules: Page) -> None:
    script = """async () => {
      const tables = [(await import("/page/strings-en.js")).default];
      const more = [["relations", "RELATION_STRINGS"], ["review", "REVIEW_STRINGS"]];
      for (const [folder, name] of more) tables.push((await import(`/page/${folder}/strings.js`))[name].en);
      return [Object.keys((await import("/page/lead/strings.js")).LEAD_STRINGS.en), tables.flatMap(Object.keys)];
    }"""
    lead, others = modules.evaluate(script)
    assert set(lead) & set(others) == set()


def test_who_i_am_and_what_i_did(team: Callable[..., Team], new_page: NewPage) -> None:
    found = team()
    found.answer("huda")
    page = opened(new_page(), found.page("huda"))
    page.keyboard.press("u")
    dialog = page.get_by_role("dialog", name="My progress")
    expect(dialog).to_contain_text("1 of 2 answered")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="huda").click()
    expect(dialog).to_contain_text("huda · annotator")


def test_a_task_that_came_back_says_why(team: Callable[..., Team], new_page: NewPage, liwa: Run) -> None:
    found = team(articles=1)
    found.answer("huda", 2)
    note = "Branches are part of the rank now."
    sent = liwa("annotations", "again", found.store, "--rule", "RANK 2", "--matching", "اللواء", "--note", note)
    assert sent.returncode == 0, sent.stderr
    page = opened(new_page(), found.page("huda"))
    expect(page.locator("#notice")).to_contain_text("This came back: RANK 2 has changed")
    expect(page.locator("#notice")).to_contain_text(note)
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("All tasks are answered")
    page.get_by_role("button", name="My progress").click()
    expect(page.get_by_role("dialog")).to_contain_text("2 of 2 answered")


def test_a_lease_that_ran_out_is_said_and_the_answer_kept(team: Callable[..., Team], new_page: NewPage) -> None:
    found = team("--lease", "1s", articles=1)
    page = opened(new_page(), found.page("huda"))
    page.wait_for_timeout(1600)
    for name in ("sami", "noor"):
        found.answer(name)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("1")
    expect(page.locator("#notice")).to_contain_text("this article was given on")
    page.keyboard.press("Enter")
    with found.client("lead") as lead:
        for _ in range(50):
            people = lead.get("/api/stats").json()["people"]
            if (answered := next(p["answered"] for p in people if p["name"] == "huda")) == 1:
                break
            page.wait_for_timeout(100)
    assert answered == 1


def test_who_has_nothing_left_can_ask_again(team: Callable[..., Team], new_page: NewPage) -> None:
    found = team(articles=1)
    for name in ("huda", "sami"):
        with found.client(name) as client:
            assert "id" in client.get("/api/tasks/next?after=0").json()
    page = opened(new_page(), found.page("noor"))
    again = page.get_by_role("button", name="Try again")
    expect(page.locator("#notice")).to_contain_text("All tasks are answered")
    again.click()
    expect(page.locator("#task")).to_be_hidden()
    with closing(Store(found.store)) as store:
        revoke(store, "huda")
    again.click()
    expect(page.locator("#task")).to_be_visible()
    assert page.evaluate("() => [liwa.app.task.position, liwa.app.closed]") == [1, False]
