"""Sides taken by keys, by mouse, and answers that nobody had given."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.annotator.page.review.conftest import OpenReview, Reviews
from tests.annotator.page.review.desk import ReviewDesk
from tests.annotator.page.tables import require_both

RANK = "Other boundaries"


def test_what_all_agree_on_is_there_and_the_first_disagreement_is_looked_at(review: OpenReview) -> None:
    page = review()
    assert page.spans == [("سامي الدوري", "PERSON"), ("قاعدة السدرة", "BASE")]
    assert page.open_ones == [RANK, "Other boundaries and labels", "Not all have it"]
    assert page.page.locator("#disputes [aria-current] .kind").inner_text() == RANK
    names = page.page.locator(".columns bdi").all_inner_texts()
    assert names == ["huda", "sami", "noor"]
    assert page.page.locator(".badge").all_inner_texts() == ["1", "2 3"]


def test_one_stroke_takes_a_side_and_goes_on(review: OpenReview) -> None:
    page = review().stroke("1")
    assert ("اللواء الركن", "RANK") in page.spans
    assert "Other boundaries and labels" in page.current
    # The relation between spans that are settled now is asked for.
    page.stroke("2", "0")
    assert ("اللواء 83", "UNIT") in page.spans
    assert all(text != "الميدان" for text, _ in page.spans)
    assert page.open_ones == ["Relation: not all have it", "Relation: not all have it"]


def test_a_whole_review_by_keys_is_stored_as_a_layer_of_its_own(review: OpenReview, court: Reviews) -> None:
    page = review().stroke("1", "2", "2", "1", "2").settled()
    spans, relations, task = page.spans, page.relations, page.task
    assert spans == [
        ("اللواء الركن", "RANK"),
        ("سامي الدوري", "PERSON"),
        ("اللواء 83", "UNIT"),
        ("قاعدة السدرة", "BASE"),
        ("الميدان", "BASE"),
    ]
    assert relations == [("سامي الدوري", "HOLDS_RANK", "اللواء الركن"), ("اللواء 83", "BASED_AT", "قاعدة السدرة")]
    before = court.get(f"review/{task}")["answers"]
    page.press("Enter")
    page.page.wait_for_function("task => liwa.app.task.id !== task", arg=task)
    page.saved()
    stored = court.get(f"review/{task}")
    assert [s["text"] for s in stored["state"]["spans"]] == [text for text, _ in spans]
    assert stored["state"]["by"] == "lead"
    assert not stored["state"]["draft"]
    assert stored["resolution"]["open"] == 0
    assert stored["answers"] == before


def test_enter_saves_nothing_while_something_is_open(review: OpenReview) -> None:
    page = review().stroke("1")
    task = page.task
    page.press("Enter")
    page.page.wait_for_function("() => document.getElementById('live').textContent.includes('3 still open')")
    assert page.task == task


def test_the_next_and_the_previous_by_one_key(review: OpenReview) -> None:
    page = review()
    page.press("Space")
    assert "Other boundaries and labels" in page.current
    page.press("Space")
    assert "الميدان" in page.current
    page.press("Space")
    assert RANK in page.current
    page.press("Shift+Space")
    assert "الميدان" in page.current


def test_all_of_one_side_is_one_step(review: OpenReview) -> None:
    page = review()
    before = page.spans
    page.stroke("Shift+Digit1").settled()
    assert ("اللواء 83 مدفعية", "UNIT") in page.spans
    assert len(page.relations) == 2
    page.press("Control+z")
    assert (page.spans, page.relations, page.sides) == (before, [], {})
    page.press("Control+Shift+z")
    assert len(page.relations) == 2
    page.settled()


def test_undo_brings_back_the_side_and_what_it_led_to(review: OpenReview) -> None:
    page = review()
    before = page.spans
    page.stroke("1").press("Control+z")
    assert page.spans == before
    assert page.sides == {}
    assert page.open_ones[0] == RANK


def test_another_side_takes_the_place_of_the_first(review: OpenReview) -> None:
    page = review().stroke("1")
    page.page.locator("#disputes .kind").first.click()
    page.stroke("2")
    assert ("الركن", "RANK") in page.spans
    assert ("اللواء الركن", "RANK") not in page.spans


def test_a_third_answer_is_written_with_the_tools_of_annotating(review: OpenReview, court: Reviews) -> None:
    page = review()
    page.press("m")
    # With a selection, digits are labels.
    assert page.selected == "اللواء الركن"
    page.press("Shift+ArrowRight", "2")
    page.page.wait_for_selector("#disputes .own")
    assert ("اللواء", "RANK") in page.spans
    assert page.open_ones[0] != RANK
    own = next(iter(page.sides.values()))
    assert [(item["start"], item["end"], item["label"]) for item in own] == [(5, 11, "RANK")]
    page.press("Escape").press("Space")
    page.stroke("2", "0", "2", "2").settled()
    assert page.relations == [("اللواء 83", "BASED_AT", "قاعدة السدرة")]
    task = page.task
    page.press("Enter")
    page.page.wait_for_function("task => liwa.app.task.id !== task", arg=task)
    page.saved()
    stored = court.get(f"review/{task}")["state"]
    assert ("اللواء", "RANK") in [(s["text"], s["label"]) for s in stored["spans"]]


def test_what_is_written_as_somebody_has_it_is_their_side(review: OpenReview) -> None:
    page = review()
    page.press("m", "2", "Escape")
    assert ("اللواء الركن", "RANK") in page.spans
    assert list(page.sides.values()) == ["huda"]


def test_an_answer_of_ones_own_outlives_other_sides(review: OpenReview) -> None:
    page = review()
    # Over the border of the place: no side could say so.
    page.run("app => { const s = app.offsets.text.indexOf('جنود'); app.select({ range: { start: s, end: s + 10 } }) }")
    page.press("3", "Escape")
    own = ("جنود اللوا", "UNIT")
    assert own in page.spans
    page.page.locator("#disputes .kind").first.click()
    page.stroke("1")
    assert own in page.spans
    assert ("اللواء الركن", "RANK") in page.spans


def test_sides_by_mouse(review: OpenReview) -> None:
    page = review()
    page.button("Take: sami: الركن Rank").click()
    expect(page.button("Take: sami: الركن Rank")).to_have_attribute("aria-pressed", "true")
    # Those who say the same are right together.
    expect(page.button("Take: noor: الركن Rank")).to_have_attribute("aria-pressed", "true")
    page.page.locator("#sides").get_by_role("button", name="Neither").click()
    page.page.wait_for_function("() => Object.keys(liwa.app.doc.review.sides).length === 2")
    page.button("Take all that is open from sami").click()
    # The unit that a relation hangs on is gone: only neither can be right.
    expect(page.page.locator("#sides .side:disabled")).to_have_count(1)
    page.stroke("0").settled()
    page.button("Save review").click()
    page.saved()


def test_a_click_in_the_text_looks_at_what_differs_there(review: OpenReview) -> None:
    page = review()
    page.click("الميدان")
    assert "الميدان" in page.current


def test_a_draft_outlives_the_page(review: OpenReview) -> None:
    page = review().stroke("1", "2")
    page.saved()
    spans, sides = page.spans, page.sides
    page.page.reload()
    page.ready()
    assert (page.spans, page.sides) == (spans, sides)
    assert page.page.locator(".cell[aria-pressed=true]").count() >= 2


def test_opening_a_review_stores_nothing(review: OpenReview, court: Reviews) -> None:
    page = review()
    page.page.wait_for_timeout(400)
    assert court.get(f"review/{page.task}")["state"] is None


def test_the_corpus_is_reviewed_by_keys_from_start_to_end(
    corpus: Callable[..., Reviews], new_page: Callable[..., object]
) -> None:
    server = corpus("liwa-019", "liwa-037", "liwa-048")
    total = server.get("review")["total"]
    assert total >= 5
    page = ReviewDesk(new_page(), server)  # type: ignore[arg-type]
    page.open()
    for _ in range(total):
        task = page.task
        for _ in range(20):
            if not page.open_ones:
                break
            lost = page.page.locator("#sides .side:disabled").count()
            page.stroke("0" if lost else "12"[len(page.sides) % 2])
        page.settled().press("Enter")
        page.page.wait_for_function(
            "task => document.getElementById('task').hidden || liwa.app.task.id !== task", arg=task
        )
    expect(page.page.locator("#notice")).to_contain_text("Nothing is left to review")
    page.saved()
    assert server.get("review")["open"] == 0
    for task in server.get("review")["tasks"]:
        state = server.get(f"review/{task['id']}")["state"]
        assert state["answer"] == "accept"
        assert set(state["sides"].values()) <= {"a", "b", "none"}


def test_reviews_in_arabic_say_everything(review: OpenReview) -> None:
    page = review(locale="ar-IQ")
    assert page.page.locator("html").get_attribute("dir") == "rtl"
    shown = page.page.locator("#panel").inner_text() + page.page.locator("#dock").inner_text()
    assert set(re.findall(r"[A-Za-z]{3,}", shown)) <= {"huda", "sami", "noor", "Enter"}
    script = "async () => (await import('/page/review/strings.js')).REVIEW_STRINGS"
    require_both(page.page.evaluate(script))


@pytest.mark.parametrize("width", [360, 820])
def test_a_review_fits_phones_and_tablets(review: OpenReview, width: int) -> None:
    page = review(viewport={"width": width, "height": 780}, has_touch=True)
    assert page.page.evaluate("() => document.documentElement.scrollWidth") <= width
    page.page.locator("#sides").get_by_role("button", name="Take: huda").tap()
    page.page.wait_for_function("() => Object.keys(liwa.app.doc.review.sides).length === 1")
    cells = page.page.locator("#disputes .cells").first.locator(".cell")
    tops = {round(cells.nth(i).bounding_box()["y"]) for i in range(3)}  # type: ignore[index]
    assert len(tops) == (3 if width == 360 else 1)
