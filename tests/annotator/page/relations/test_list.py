"""The list beside the text, and what can be done to one relation, by keyboard and by mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.annotator.page.relations.conftest import OpenScene
from tests.annotator.page.relations.drawn import Drawn
from tests.annotator.page.tables import require_both

FIRST = ("سامي الدوري", "HOLDS_RANK", "اللواء")
LINKED = ("السرب 7 (F-16)", "PART_OF", "القيادة الجنوبية")


def row(page: Drawn, relation: tuple[str, str, str]) -> int:
    """Return which row of the list a relation has."""
    script = """(app, work, ...wanted) => {
      const words = (r) => [app.surface(r.head), r.label, app.surface(r.child)];
      const r = app.doc.relations.find((r) => String(words(r)) === String(wanted));
      return `${r.head.join("-")} ${r.child.join("-")} ${r.label}`;
    }"""
    key = page.run(script, *relation)
    keys = page.run("() => [...document.querySelectorAll('#relation-list [data-key]')].map((li) => li.dataset.key)")
    return int(keys.index(key))


def words(relation: tuple[str, str, str]) -> str:
    head, label, child = relation
    return f"{head} {label.lower().replace('_', ' ')} ? {child}"


def test_the_list_says_each_relation_with_its_words_apart(scene: OpenScene) -> None:
    page = scene("mixed")
    rows = page.page.locator("#relation-list .relation")
    assert rows.count() == 11 and page.page.locator("#relations .count").text_content() == "11"
    assert rows.first.locator("bdi").all_text_contents() == ["سامي الدوري", "اللواء"]
    assert rows.first.evaluate("(b) => b.textContent") == "سامي الدوريholds rank ?اللواء"


def test_pointing_at_a_row_highlights_its_arc(scene: OpenScene) -> None:
    page = scene("mixed")
    page.page.locator("#relation-list .relation").nth(3).hover()
    key = page.page.locator("#relation-list li").nth(3).get_attribute("data-key")
    assert page.lit == [key] and page.page.locator("#relation-list li.on .relation-tools").count() == 1


def test_a_key_goes_from_relation_to_relation(scene: OpenScene) -> None:
    page = scene("mixed").press("KeyO")
    assert page.chosen == words(FIRST) and page.lit
    assert page.said == "سامي الدوري holds rank اللواء"
    page.press("KeyO", "KeyO", "Shift+KeyO", "Shift+KeyO")
    assert page.chosen == words(FIRST)
    page.press("Escape")
    assert page.chosen is None and not page.lit
    page.pick("القيادة الجنوبية").press("KeyO")
    assert page.chosen and "القيادة الجنوبية" in page.chosen


def test_keys_turn_retype_and_remove_the_chosen_relation(scene: OpenScene) -> None:
    page = scene("mixed").pick("السرب 7 (F-16)").press("KeyO", "KeyO")
    assert page.chosen == words(LINKED)
    page.press("KeyV")
    assert (LINKED[2], "PART_OF", LINKED[0]) in page.relations and LINKED not in page.relations
    assert page.chosen == "القيادة الجنوبية part of السرب 7 (F-16)"
    page.press("Delete")
    assert len(page.relations) == 10 and page.chosen is None and len(page.spans) == 13
    page.press("Control+KeyZ", "Control+KeyZ")
    assert LINKED in page.relations


def test_only_legal_types_can_be_given(scene: OpenScene) -> None:
    page = scene("mixed").pick("لؤي العتوم").press("KeyO", "KeyO")
    assert page.chosen == "لؤي العتوم serves in ? السرب 7 (F-16)"
    page.press("KeyA")
    assert page.said == "The scheme allows nothing else here" and len(page.relations) == 11
    page.press("KeyV")
    assert page.said == "The scheme allows nothing else here"
    page.press("KeyW")
    assert page.chosen == "لؤي العتوم commands السرب 7 (F-16)"
    assert ("لؤي العتوم", "COMMANDS", "السرب 7 (F-16)") in page.relations and len(page.relations) == 11


def test_the_buttons_of_a_row_do_the_same(scene: OpenScene) -> None:
    page = scene("mixed")
    at = row(page, LINKED)
    page.page.locator("#relation-list .relation").nth(at).hover()
    page.page.get_by_role("button", name="Turn round").click()
    assert (LINKED[2], "PART_OF", LINKED[0]) in page.relations
    at = row(page, ("لؤي العتوم", "SERVES_IN", "السرب 7 (F-16)"))
    page.page.locator("#relation-list .relation").nth(at).hover()
    page.page.get_by_role("button", name="Another type").click()
    page.page.get_by_role("menuitem", name="commands").click()
    assert ("لؤي العتوم", "COMMANDS", "السرب 7 (F-16)") in page.relations
    page.page.locator("#relation-list .relation").first.hover()
    page.page.get_by_role("button", name="Remove relation").click()
    assert FIRST not in page.relations and len(page.relations) == 10


def test_a_click_on_an_arc_chooses_it_and_shows_what_can_be_done(scene: OpenScene) -> None:
    page = scene("mixed")
    arc = next(a for a in page.arcs if "PART_OF" in a.key and a.name)
    assert arc.name
    page.page.mouse.click((arc.name.left + arc.name.right) / 2, (arc.name.top + arc.name.bottom) / 2)
    assert page.lit == [arc.key]
    items = page.page.get_by_role("menuitem").all_inner_texts()
    assert items == ["Confirm\nC", "Turn round\nV", "Remove relation\nDel"]
    page.press("Delete")
    assert arc.key not in [a.key for a in page.arcs] and len(page.relations) == 10


def test_the_list_is_walked_by_arrows_and_left_by_escape(scene: OpenScene) -> None:
    page = scene("mixed")
    page.page.locator("#relation-list .relation").first.focus()
    task = page.task
    page.press("ArrowDown")
    assert page.chosen == "سامي الدوري commands ? اللواء 83 مدفعية"
    assert page.page.evaluate("() => document.activeElement.closest('li').classList.contains('current')")
    page.press("KeyE")
    assert page.chosen == "سامي الدوري serves in اللواء 83 مدفعية"
    assert page.page.evaluate("() => document.activeElement.matches('.current .relation')")
    page.press("Enter")
    assert page.task == task
    assert page.page.locator("#relation-list [tabindex='0']").count() == 1
    page.press("Escape")
    assert page.page.evaluate("() => document.activeElement.id") == "task" and page.chosen is None


def test_selecting_a_span_lets_go_of_the_relation(scene: OpenScene) -> None:
    page = scene("mixed").press("KeyO")
    page.pick("كمال الراشد")
    assert page.chosen is None
    page.press("Delete")
    assert ("كمال الراشد", "PERSON") not in page.spans


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_list_reads_from_head_to_child_in_the_direction_of_the_page(scene: OpenScene, language: str) -> None:
    page = scene("one", locale=language)
    head, kind, child = (
        page.page.locator(f"#relation-list .relation > :nth-child({k})").bounding_box() for k in (1, 2, 3)
    )
    assert head and kind and child
    xs = [head["x"], kind["x"], child["x"]]
    assert xs == sorted(xs, reverse=language == "ar")
    told = {"en": "holds rank ?", "ar": "يحمل رتبة ?"}
    kind_of = page.page.locator("#relation-list small")
    assert kind_of.text_content() == told[language]
    arrow = kind_of.evaluate("(node) => getComputedStyle(node, '::after').content")
    assert arrow == {"en": '"→"', "ar": '"←"'}[language]


def test_both_languages_have_the_same_words(geometry: Page) -> None:
    script = "async () => (await import('/page/relations/strings.js')).RELATION_STRINGS"
    require_both(geometry.evaluate(script))
