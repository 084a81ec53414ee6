"""Search in the article, by keyboard and by mouse."""

from __future__ import annotations

from tests.annotator.page.conftest import OpenDesk


def test_search_finds_every_spelling_and_goes_from_find_to_find(desk: OpenDesk) -> None:
    page = desk("words").press("/")
    field = page.page.get_by_role("searchbox")
    field.fill("لوي العتوم")
    assert page.page.locator("#finds").text_content() == "Not found", "a hamza is a letter here"
    field.fill("لُؤي")
    assert page.page.locator("#finds").text_content() == "1 of 3"
    assert page.page.locator("#layer .hit").count() == 3
    page.press("Enter")
    assert page.page.locator("#finds").text_content() == "2 of 3"
    page.press("Shift+Enter", "Shift+Enter")
    assert page.page.locator("#finds").text_content() == "3 of 3"
    hit = page.page.locator("#layer .hit.current").bounding_box()
    assert hit
    start, _ = page.range_of("لُؤَي")
    at = page.place(start, start + 5)
    assert abs(hit["x"] - at["left"]) < 1
    assert abs(hit["x"] + hit["width"] - at["right"]) < 1
    page.press("Escape")
    assert page.selected == "لُؤَي"
    assert page.page.locator("#layer .hit").count() == 0
    page.press("1")
    assert page.spans == [("لُؤَي", "PERSON")]


def test_search_by_mouse(desk: OpenDesk) -> None:
    page = desk("words")
    page.button("Search").click()
    page.page.get_by_role("searchbox").fill("الكتيبة 9")
    assert page.page.locator("#finds").text_content() == "1 of 3", "٩ is 9, and 99 begins with it"
    page.button("Next find").click()
    page.button("Next find").click()
    assert page.page.locator("#finds").text_content() == "3 of 3"
    page.button("Previous find").click()
    assert page.page.locator("#finds").text_content() == "2 of 3"
    page.page.locator("#find").get_by_role("button", name="Close").click()
    assert page.page.locator("#find").is_hidden()


def test_search_goes_through_the_rest_of_the_article(desk: OpenDesk) -> None:
    page = desk("around").press("Shift+B").at("زار العميد")
    page.press("/").page.keyboard.type("هاني السالمي")
    assert page.page.locator("#finds").text_content() == "1 of 2"
    assert page.run("() => CSS.highlights.get('hit').size") == 1
    page.press("Enter")
    assert page.run("() => [...CSS.highlights.get('current')].map(String)") == ["هاني السالمي"]
    page.press("Escape")


def test_what_is_selected_is_searched_for(desk: OpenDesk) -> None:
    page = desk("words").select("لؤي العتوم").press("/")
    assert page.page.get_by_role("searchbox").input_value() == "لؤي العتوم"
    assert page.page.locator("#finds").text_content() == "1 of 3"
    page.press("Escape")


def test_the_article_stands_around_the_task(desk: OpenDesk) -> None:
    page = desk("around").press("Shift+B").at("زار العميد")
    before = page.page.locator("#before p").all_text_contents()
    after = page.page.locator("#after p").all_text_contents()
    assert before == ["عنوان الخبر: زيارة إلى القاعدة"]
    assert after == ["وجال في القاعدة مع ضباط الكتيبة 5 ثم ألقى كلمة.", "وختم هاني السالمي زيارته للقاعده مساءً."]
    colour = "selector => getComputedStyle(document.querySelector(selector)).color"
    assert page.page.evaluate(colour, "#before p") != page.page.evaluate(colour, "#text p")
    # It cannot be annotated: a click on it selects nothing.
    box = page.page.locator("#after p").first.bounding_box()
    assert box
    page.page.mouse.click(box["x"] + box["width"] - 30, box["y"] + box["height"] / 2)
    assert page.selected is None


def test_the_list_of_tasks_finds_and_opens_one(desk: OpenDesk) -> None:
    page = desk("around").press("j")
    dialog = page.page.get_by_role("dialog")
    dialog.get_by_role("searchbox").fill("7")
    dialog.get_by_role("button", name="7", exact=False).first.wait_for()
    page.press("Enter")
    page.page.wait_for_function("() => liwa.app.task.position === 7")
    assert dialog.count() == 0
    page.button("All tasks", exact=False).click()
    rows = dialog.locator("li button")
    rows.nth(10).wait_for()
    assert dialog.locator("[aria-current=true]").count() == 1
    rows.nth(10).click()
    page.page.wait_for_function("() => liwa.app.task.position !== 7")
