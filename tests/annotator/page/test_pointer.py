"""Spans by mouse and by touch."""

from __future__ import annotations

from typing import Any

import pytest

from tests.annotator.page.conftest import OpenDesk

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("سامي", "الدوري"),
        ("اللواء 83 مدفعية", None),
        ("طائرات F-16 Block 52", None),
        ("وَلِيد الجَابِرِي", None),
        ("الصديقة", "ميدان"),
        ("Sami", "said"),
    ],
)
def test_words_are_selected_by_dragging_and_labelled_from_the_popup(
    desk: OpenDesk, first: str, last: str | None
) -> None:
    page = desk().drag(first, last)
    start, _end = page.range_of(first)
    whole = page.text[start : page.text.index(last, start) + len(last)] if last else first
    assert page.selected == whole
    page.page.locator("#popup").get_by_role("button", name="Label as Unit").click()
    assert page.spans == [(whole, "UNIT")]
    assert page.run("() => document.activeElement.id") == "task"


def test_a_drag_from_the_middle_of_words_snaps_to_whole_ones(desk: OpenDesk) -> None:
    page = desk()
    start, _ = page.range_of("سامي الدوري")
    page.sweep(page.middle(start + 2), page.middle(start + 8))
    assert page.selected == "سامي الدوري"


def test_without_snapping_a_drag_takes_letters(desk: OpenDesk) -> None:
    page = desk().press("t")
    start, _ = page.range_of("اللواء الركن")
    y = page.middle(start)[1]
    page.sweep((page.place(start + 1)["right"] - 0.5, y), (page.place(start + 4)["left"] + 0.5, y))
    selected = page.selected
    assert selected in ("للوا", "للو", "لوا"), "the middle of a joined word"
    page.press("3")
    assert page.spans == [(selected, "UNIT")]


def test_a_drag_over_two_lines_and_out_of_the_text_selects_to_its_end(desk: OpenDesk) -> None:
    page = desk()
    start, _ = page.range_of("stay at")
    sheet = page.page.locator("#sheet").bounding_box()
    assert sheet
    page.sweep(page.middle(start), (sheet["x"] + sheet["width"] / 2, sheet["y"] + sheet["height"] + 30))
    assert page.selected == "stay at Camp Alpha."


def test_a_click_selects_a_word_and_a_double_click_too(desk: OpenDesk) -> None:
    page = desk().click("الدوري", letter=2)
    assert page.selected == "الدوري"
    page.page.mouse.dblclick(*page.middle(page.range_of("مدفعية")[0] + 2))
    assert page.selected == "مدفعية"
    box = page.page.locator("#text").bounding_box()
    assert box
    page.page.mouse.click(box["x"] + 3, box["y"] + box["height"] - 3)
    assert page.selected is None


def test_a_span_is_picked_relabelled_and_removed_by_mouse(desk: OpenDesk) -> None:
    page = desk().label("اللواء 83 مدفعية", "3").label("سامي الدوري", "1").press("Escape")
    page.click("اللواء 83 مدفعية", letter=8)
    assert page.span == "اللواء 83 مدفعية"
    popup = page.page.locator("#popup")
    popup.get_by_role("button", name="Label as Base").click()
    assert page.spans[1] == ("اللواء 83 مدفعية", "BASE")
    # The label below the words is part of the span.
    at = page.place(*page.range_of("سامي الدوري"))
    label = page.page.locator(".span b", has_text="Person").bounding_box()
    assert label
    page.page.mouse.click(at["right"] - 5, label["y"] + 7)
    assert page.span == "سامي الدوري"
    popup.get_by_role("button", name="Remove").click()
    assert page.spans == [("اللواء 83 مدفعية", "BASE")]


def test_undo_redo_propagate_and_confirm_by_mouse(desk: OpenDesk) -> None:
    page = desk("words").drag("لؤي العتوم")
    popup = page.page.locator("#popup")
    popup.get_by_role("button", name="Label as Person").click()
    page.click("لؤي العتوم")
    popup.get_by_role("button", name="Label equal mentions too").click()
    assert len(page.spans) == 3
    page.button("Undo").click()
    assert len(page.spans) == 1
    page.button("Redo").click()
    assert len(page.spans) == 3
    marked = desk("marked").click("اللواء")
    popup.get_by_role("button", name="Confirm").click()
    assert marked.origins == ["mine", "pre", "pre", "pre", "pre"]


def test_a_label_that_was_picked_first_labels_every_selection(desk: OpenDesk) -> None:
    page = desk()
    picked = page.page.locator("#labels").get_by_role("button", name="Label as Unit")
    picked.click()
    assert picked.get_attribute("aria-pressed") == "true"
    page.drag("اللواء 83 مدفعية").press("Escape").click("السرب")
    assert page.spans == [("اللواء 83 مدفعية", "UNIT"), ("السرب", "UNIT")]
    page.press("Escape")
    page.page.locator("#labels").get_by_role("button", name="Label as Unit").click()
    page.drag("سامي", "الدوري")
    assert len(page.spans) == 2


def test_the_list_of_spans_picks_them_by_mouse_and_by_keys(desk: OpenDesk) -> None:
    page = desk().label("سامي الدوري", "1").label("قاعدة السدرة", "4").press("Escape")
    listed = page.page.get_by_role("option")
    assert listed.all_text_contents() == ["سامي الدوريPerson", "قاعدة السدرةBase"]
    listed.nth(1).click()
    assert page.span == "قاعدة السدرة"
    assert listed.nth(1).get_attribute("aria-selected") == "true"
    page.page.locator("#spans").focus()
    page.press("ArrowUp")
    assert page.span == "سامي الدوري"
    page.press("2")
    assert page.spans[0] == ("سامي الدوري", "RANK")
    page.press("Delete")
    assert page.spans == [("قاعدة السدرة", "BASE")]


def test_what_is_selected_is_what_is_copied(desk: OpenDesk) -> None:
    page = desk().select("اللواء 83 مدفعية")
    script = """app => { const data = new DataTransfer();
      app.host.dispatchEvent(new ClipboardEvent("copy", { clipboardData: data, bubbles: true, cancelable: true }));
      return data.getData("text/plain"); }"""
    assert page.run(script) == "اللواء 83 مدفعية"


def test_on_a_phone_a_tap_selects_and_the_bar_labels(desk: OpenDesk) -> None:
    page = desk(**PHONE)
    page.page.touchscreen.tap(*page.middle(page.range_of("الدوري")[0] + 2))
    assert page.selected == "الدوري"
    page.page.locator("#labels").get_by_role("button", name="Label as Person").tap()
    assert page.spans == [("الدوري", "PERSON")]
    page.page.touchscreen.tap(*page.middle(page.range_of("الدوري")[0] + 2))
    assert page.span == "الدوري"
    page.page.locator("#popup").get_by_role("button", name="Remove").tap()
    assert page.spans == []


def test_on_a_phone_the_native_selection_is_labelled(desk: OpenDesk) -> None:
    page = desk(**PHONE)
    x, y = page.middle(page.range_of("سامي")[0] + 1)
    session = page.page.context.new_cdp_session(page.page)
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    page.page.wait_for_timeout(700)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    if not page.run("() => getSelection().toString()"):
        # A Chromium without a long press in its emulation: select as its handles do.
        start, end = page.range_of("سامي")
        page.run("(app, w, start, end) => getSelection().addRange(app.text.domRange({ start, end }))", start, end)
    page.page.wait_for_function("() => liwa.app.selection.range")
    assert page.selected == "سامي"
    # The handles of the browser make the selection longer.
    _, end = page.range_of("سامي الدوري")
    page.run(
        "(app, w, at) => { const p = app.text.paragraphs[0]; getSelection().extend(p.node, app.offsets.toUnits(at)) }",
        end,
    )
    page.page.wait_for_function("() => liwa.app.surface(liwa.app.selection.range) === 'سامي الدوري'")
    page.page.locator("#labels").get_by_role("button", name="Label as Person").tap()
    assert page.spans == [("سامي الدوري", "PERSON")]


@pytest.mark.parametrize("size", [(360, 740), (820, 1180), (1400, 900)])
def test_the_page_fits_its_window(desk: OpenDesk, size: tuple[int, int]) -> None:
    page = desk("marked", viewport={"width": size[0], "height": size[1]}, has_touch=size[0] < 1000)
    page.click("سامي الدوري")
    assert page.run("() => document.documentElement.scrollWidth") <= size[0]
    popup = page.page.locator("#popup").bounding_box()
    assert popup
    assert popup["x"] >= 0
    assert popup["x"] + popup["width"] <= size[0]
    small = """() => [...document.querySelectorAll('button:not([hidden])')]
      .filter(b => b.offsetParent && b.offsetHeight < 34 && !b.closest('#task, #relations')).map(b => b.outerHTML)"""
    assert page.run(small) == [], "a finger needs more"
