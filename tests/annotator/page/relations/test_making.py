"""Making relations: two strokes by keyboard, by mouse, by touch."""

from __future__ import annotations

from tests.annotator.page.relations.conftest import OpenScene
from tests.annotator.page.relations.drawn import Drawn

KAMAL, SAMI, BRIGADE, SQUADRON = "كمال الراشد", "سامي الدوري", "اللواء 83 مدفعية", "السرب 7 (F-16)"
COMMAND, COLONEL, BASE = "القيادة الجنوبية", "العقيد", "قاعدة Camp Alpha 12"


def hints(page: Drawn) -> dict[str, str]:
    """Return the keys that are drawn, with the words of the spans beside which they stand."""
    return dict(
        page.run("""(app) => Object.fromEntries([...document.querySelectorAll(".hints kbd")].map((kbd) => {
      const { left, top } = app.host.getBoundingClientRect();
      const [x, y] = [left + parseFloat(kbd.style.left), top + parseFloat(kbd.style.top) + 9];
      const span = app.spanAt(x - 3, y)?.span ?? app.spanAt(x + 3, y).span;
      return [kbd.textContent, app.surface(span)];
    }))""")
    )


def new(page: Drawn, before: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Return the relations that were not there before."""
    return [r for r in page.relations if r not in before]


def test_two_strokes_make_a_relation(scene: OpenScene) -> None:
    page = scene("mixed").pick(KAMAL)
    before = page.relations
    page.press("KeyW", "Digit1")
    assert new(page, before) == [(KAMAL, "COMMANDS", COMMAND)]
    assert page.said == f"{KAMAL} commands {COMMAND}"
    # The head stays selected, for the next relation.
    assert page.span == KAMAL
    page.press("Control+KeyZ")
    assert page.relations == before


def test_the_nearest_other_end_has_the_first_key_and_only_legal_ones_have_any(scene: OpenScene) -> None:
    page = scene("mixed").pick(KAMAL).press("KeyE")
    assert hints(page) == {"1": COMMAND, "2": SQUADRON, "3": BRIGADE, "4": "83rd Brigade"}
    page.press("Escape")
    assert not hints(page) and not page.page.locator(".relation-prompt").is_visible()
    page.press("Digit1")
    # Without a relation that waits, the key labels again.
    assert not new(page, page.relations) and page.span == KAMAL


def test_a_type_that_the_span_cannot_have_is_refused_in_words(scene: OpenScene) -> None:
    page = scene("mixed").pick(KAMAL).press("KeyA")
    assert not hints(page) and page.said == f"Nothing here that \u2068{KAMAL}\u2069 could be linked to"


def test_what_is_there_already_is_not_offered(scene: OpenScene) -> None:
    page = scene("mixed").pick(SAMI).press("KeyW")
    assert BRIGADE not in hints(page).values() and COMMAND in hints(page).values()


def test_from_the_child_the_same_keys_find_the_head(scene: OpenScene) -> None:
    page = scene("mixed").pick(BASE)
    before = page.relations
    page.press("KeyA", "Digit1")
    assert new(page, before) == [(SQUADRON, "BASED_AT", BASE)]


def test_with_shift_the_selected_span_is_the_child(scene: OpenScene) -> None:
    page = scene("mixed").pick(COMMAND)
    before = page.relations
    page.press("Shift+KeyS")
    assert hints(page) == {"1": "83rd Brigade"}
    page.press("Digit1")
    assert new(page, before) == [("83rd Brigade", "PART_OF", COMMAND)]


def test_another_type_can_be_chosen_while_the_first_waits(scene: OpenScene) -> None:
    page = scene("mixed").pick(KAMAL)
    before = page.relations
    page.press("KeyW", "KeyE", "Digit2")
    assert new(page, before) == [(KAMAL, "SERVES_IN", SQUADRON)]


def test_the_tab_key_goes_through_the_ends_and_enter_takes_one(scene: OpenScene) -> None:
    page = scene("mixed").pick(KAMAL)
    before, task = page.relations, page.task
    page.press("KeyE", "Enter")
    assert page.task == task
    page.press("Tab", "Tab")
    assert page.said == f"{SQUADRON}, Unit"
    page.press("Shift+Tab", "Enter")
    assert new(page, before) == [(KAMAL, "SERVES_IN", COMMAND)] and page.task == task


def test_without_a_type_the_end_comes_first_and_the_legal_types_are_asked(scene: OpenScene) -> None:
    page = scene("mixed").pick(KAMAL)
    before = page.relations
    page.press("KeyN")
    end = next(key for key, words in hints(page).items() if words == COMMAND)
    page.press(f"Digit{end}")
    assert page.page.get_by_role("menuitem").all_inner_texts() == ["commands\nW", "serves in\nE"]
    page.press("KeyE")
    assert new(page, before) == [(KAMAL, "SERVES_IN", COMMAND)]


def test_the_menu_can_be_left_and_used_by_arrows(scene: OpenScene) -> None:
    page = scene("mixed").pick(KAMAL)
    before = page.relations
    page.press("KeyN", "Digit1")
    menu = page.page.get_by_role("menu")
    assert menu.is_visible()
    page.press("Escape")
    assert not menu.is_visible() and page.relations == before
    page.press("KeyN", "Digit1", "ArrowDown", "Enter")
    assert new(page, before) == [(KAMAL, "SERVES_IN", COMMAND)]


def drag(page: Drawn, first: str, last: str) -> Drawn:
    """Drag with the mouse from the middle of a span to that of another."""
    page.page.mouse.move(*page.middle(*page.range_of(first)))
    page.page.mouse.down()
    page.page.mouse.move(*page.middle(*page.range_of(last)), steps=6)
    page.page.mouse.up()
    return page


def test_dragging_from_span_to_span_makes_the_only_legal_relation(scene: OpenScene) -> None:
    page = scene("mixed")
    before, spans = page.relations, page.spans
    drag(page, SQUADRON, BASE)
    assert new(page, before) == [(SQUADRON, "BASED_AT", BASE)]
    assert page.spans == spans and page.span == SQUADRON


def test_dragging_the_other_way_round_means_the_same_where_only_one_is_legal(scene: OpenScene) -> None:
    page = scene("mixed")
    before = page.relations
    drag(page, COLONEL, KAMAL)
    assert new(page, before) == [(KAMAL, "HOLDS_RANK", COLONEL)]


def test_dragging_asks_where_several_types_are_legal(scene: OpenScene) -> None:
    page = scene("mixed")
    before = page.relations
    drag(page, KAMAL, COMMAND)
    assert page.page.get_by_role("menuitem").count() == 2
    page.page.get_by_role("menuitem", name="commands").click()
    assert new(page, before) == [(KAMAL, "COMMANDS", COMMAND)]


def test_dragging_to_where_nothing_is_legal_selects_text(scene: OpenScene) -> None:
    page = scene("mixed")
    before = page.relations
    drag(page, COLONEL, SQUADRON)
    assert page.relations == before and page.span is None and page.selected


def test_with_shift_a_drag_over_spans_selects_text(scene: OpenScene) -> None:
    page = scene("mixed")
    before = page.relations
    page.page.keyboard.down("Shift")
    drag(page, KAMAL, COMMAND)
    page.page.keyboard.up("Shift")
    assert page.relations == before and not page.page.get_by_role("menu").is_visible()


def test_alt_and_a_click_relate_the_selected_span(scene: OpenScene) -> None:
    page = scene("mixed").pick(KAMAL)
    before = page.relations
    page.page.keyboard.down("Alt")
    page.page.mouse.click(*page.middle(*page.range_of(COLONEL)))
    page.page.keyboard.up("Alt")
    assert new(page, before) == [(KAMAL, "HOLDS_RANK", COLONEL)]


def test_a_click_ends_a_relation_that_waits_and_a_click_elsewhere_gives_it_up(scene: OpenScene) -> None:
    page = scene("mixed").pick(KAMAL)
    before = page.relations
    page.press("KeyE").click(SQUADRON)
    assert new(page, before) == [(KAMAL, "SERVES_IN", SQUADRON)]
    page.pick(KAMAL).press("KeyW").click("الحاضرون")
    assert len(page.relations) == len(before) + 1 and not hints(page)


def test_the_handle_of_the_selected_span_can_be_dragged(scene: OpenScene) -> None:
    page = scene("mixed").pick(KAMAL)
    before = page.relations
    box = page.page.locator(".relation-handle").bounding_box()
    assert box
    page.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.page.mouse.down()
    page.page.mouse.move(*page.middle(*page.range_of("الحاضرون")), steps=3)
    assert page.page.locator(".band path").get_attribute("d")
    page.page.mouse.move(*page.middle(*page.range_of(COLONEL)), steps=3)
    page.page.mouse.up()
    assert new(page, before) == [(KAMAL, "HOLDS_RANK", COLONEL)] and page.span == KAMAL


def test_by_touch_the_handle_then_the_other_end(scene: OpenScene) -> None:
    page = scene("mixed", viewport={"width": 820, "height": 1100}, has_touch=True)
    before = page.relations
    page.page.touchscreen.tap(*page.middle(*page.range_of(KAMAL)))
    assert page.span == KAMAL
    page.page.locator(".relation-handle").tap()
    assert page.page.locator(".relation-prompt").is_visible()
    page.page.touchscreen.tap(*page.middle(*page.range_of(COMMAND)))
    page.page.get_by_role("menuitem", name="serves in").tap()
    assert new(page, before) == [(KAMAL, "SERVES_IN", COMMAND)]


def test_the_popup_of_a_span_offers_to_relate_it(scene: OpenScene) -> None:
    page = scene("mixed").click(KAMAL)
    page.page.locator("#popup [data-action=relate]").click()
    assert hints(page) and not page.page.locator("#popup").is_visible()
    page.press("Escape")


def test_a_relation_that_is_made_is_stored(scene: OpenScene) -> None:
    page = scene("mixed").pick(KAMAL).press("KeyW", "Digit1").saved()
    stored = page.server.get(f"tasks/{page.task}")["state"]["relations"]
    assert len(stored) == 12 and page.relations[-1] == (KAMAL, "COMMANDS", COMMAND)


def test_the_letters_of_hints_leave_the_keys_of_types_alone(scene: OpenScene) -> None:
    page = scene("sixty").pick("سامي الدوري").press("KeyE")
    codes = [*hints(page)]
    assert codes[:10] == [*"123456789", "F"] and not set(codes) & set("QWERAS")
    assert len(codes) == len(set(codes)) > 20
