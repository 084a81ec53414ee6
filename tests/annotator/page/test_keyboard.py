"""Spans by keyboard alone, by the logical order of the text."""

from __future__ import annotations

import pytest

from tests.annotator.page.conftest import OpenDesk


def test_the_next_word_is_to_the_left_where_the_text_runs_from_the_right(desk: OpenDesk) -> None:
    page = desk()
    page.press("ArrowLeft")
    assert page.selected == "تفقّد"
    page.press("ArrowLeft", "ArrowLeft")
    assert page.selected == "الركن"
    page.press("ArrowRight")
    assert page.selected == "اللواء"


def test_the_next_word_is_to_the_right_in_a_latin_paragraph(desk: OpenDesk) -> None:
    page = desk().select("Colonel")
    page.press("ArrowRight")
    assert page.selected == "Sami"
    page.press("ArrowLeft")
    assert page.selected == "Colonel"


def test_arrows_visit_every_token_once_in_logical_order(desk: OpenDesk) -> None:
    page = desk()
    tokens = page.run("app => app.task.tokens.map((ends) => app.surface(ends)).filter(t => t.trim())")
    # In the last paragraph the other arrow is the forward one.
    forward = {"rtl": "ArrowLeft", "ltr": "ArrowRight"}
    visited = []
    for _ in tokens:
        page.press(
            forward[page.run("app => app.text.paragraphs[app.text.paragraphOf(app.selection.range?.start ?? 0)].dir")]
        )
        visited.append(page.selected)
    assert visited == tokens


def test_shift_lengthens_and_shortens_the_selection(desk: OpenDesk) -> None:
    page = desk().select("سامي")
    page.press("Shift+ArrowLeft")
    assert page.selected == "سامي الدوري"
    page.press("Shift+ArrowRight")
    assert page.selected == "سامي"
    page.press("Shift+ArrowRight", "Shift+ArrowRight")
    assert page.selected == "اللواء الركن سامي"
    page.press("Shift+ArrowLeft")
    assert page.selected == "الركن سامي"


def test_a_selection_stays_in_its_paragraph(desk: OpenDesk) -> None:
    page = desk().select("قيادته.")
    page.press("Shift+ArrowLeft")
    assert page.selected == "قيادته."


def test_with_alt_the_ends_move_by_letters(desk: OpenDesk) -> None:
    page = desk().select("جنود")
    page.press("Alt+ArrowLeft")
    assert page.selected == "نود"
    page.press("Alt+Shift+ArrowRight")
    assert page.selected == "نو"
    page.press("Alt+ArrowRight", "Alt+Shift+ArrowLeft")
    assert page.selected == "جنود"
    # A letter is a base with its diacritics, an emoji with its joiners.
    page.select("وَلِيد").press("Alt+ArrowLeft")
    assert page.selected == "لِيد"
    page.select("الصديقة 👨‍👩‍👧").press("Alt+Shift+ArrowRight")
    assert page.selected == "الصديقة"
    page.press("Alt+Shift+ArrowLeft")
    assert page.selected == "الصديقة 👨‍👩‍👧"


def test_a_single_letter_moves_on_as_a_whole(desk: OpenDesk) -> None:
    page = desk().select("جنود").press("Alt+Shift+ArrowRight", "Alt+Shift+ArrowRight", "Alt+Shift+ArrowRight")
    assert page.selected == "ج"
    page.press("Alt+ArrowLeft")
    assert page.selected == "ن"


def test_without_snapping_arrows_go_by_letters(desk: OpenDesk) -> None:
    page = desk().select("جنود").press("t")
    assert page.said == "Selections go by letters"
    page.press("ArrowLeft")
    assert page.selected == "ا"
    page.press("Shift+ArrowLeft", "Shift+ArrowLeft")
    assert page.selected == "الل"
    page.press("1")
    assert page.spans == [("الل", "PERSON")]


def test_up_and_down_go_to_the_word_above_and_below(desk: OpenDesk) -> None:
    page = desk(viewport={"width": 500, "height": 900}).select("جنود", 1)
    middle = page.middle(*page.range_of("جنود", 1))
    for key, below in (("ArrowDown", True), ("ArrowUp", False)):
        page.select("جنود", 1).press(key)
        found = page.run("app => [app.selection.range.start, app.selection.range.end]")
        x, y = page.middle(*found)
        assert (y > middle[1] + 10) if below else (y < middle[1] - 10)
        assert abs(x - middle[0]) < 60


def test_home_and_end_go_to_the_ends_of_the_line(desk: OpenDesk) -> None:
    page = desk(viewport={"width": 1400, "height": 900}).select("سامي").press("Home")
    assert page.selected == "تفقّد"
    page.select("Sami").press("End")
    assert page.selected == "."


@pytest.mark.parametrize(("key", "label"), [("1", "PERSON"), ("2", "RANK"), ("3", "UNIT"), ("4", "BASE")])
def test_one_key_a_label(desk: OpenDesk, key: str, label: str) -> None:
    page = desk().select("اللواء 83 مدفعية").press(key)
    assert page.spans == [("اللواء 83 مدفعية", label)]
    assert page.span == "اللواء 83 مدفعية"
    assert "اللواء 83 مدفعية" in page.said


def test_keys_are_physical_so_an_arabic_layout_works(desk: OpenDesk) -> None:
    page = desk().select("سامي الدوري")
    page.run("""() => { for (const [key, code] of [["١", "Digit1"], ["ح", "KeyP"]])
      document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true })) }""")
    assert page.spans == [("سامي الدوري", "PERSON")]
    assert page.said == "No other unlabelled mention here"


def test_a_span_is_reached_relabelled_resized_and_deleted_by_keys(desk: OpenDesk) -> None:
    page = desk().label("سامي", "1").label("قاعدة السدرة", "4").press("Escape")
    assert page.selected is None
    page.press("Tab")
    assert page.span == "سامي"
    page.press("Shift+ArrowLeft")
    assert page.spans[0] == ("سامي الدوري", "PERSON")
    page.press("Alt+ArrowLeft")
    assert page.spans[0] == ("امي الدوري", "PERSON")
    page.press("Alt+ArrowRight", "Tab")
    assert page.span == "قاعدة السدرة"
    page.press("3")
    assert page.spans == [("سامي الدوري", "PERSON"), ("قاعدة السدرة", "UNIT")]
    page.press("Shift+Tab", "Delete")
    assert page.spans == [("قاعدة السدرة", "UNIT")]
    assert page.selected == "سامي الدوري"
    page.press("Tab", "Backspace")
    assert page.spans == []


def test_tab_leaves_the_text_behind_the_last_span(desk: OpenDesk) -> None:
    page = desk().label("سامي", "1").press("Escape", "Tab", "Tab")
    assert page.run("() => document.activeElement.id") == "spans"
    page.press("Shift+Tab")
    assert page.run("() => document.activeElement.id") == "task"


def test_arrows_take_a_span_as_one(desk: OpenDesk) -> None:
    page = desk().label("سامي الدوري", "1").select("الركن").press("ArrowLeft")
    assert page.span == "سامي الدوري"
    page.press("ArrowLeft")
    assert page.selected == "😀"
    page.press("ArrowRight")
    assert page.span == "سامي الدوري"


def test_a_span_over_others_replaces_them(desk: OpenDesk) -> None:
    page = desk().label("اللواء", "2").label("سامي", "1")
    page.label("اللواء الركن سامي الدوري", "1")
    assert page.spans == [("اللواء الركن سامي الدوري", "PERSON")]
    page.press("Control+z")
    assert page.spans == [("اللواء", "RANK"), ("سامي", "PERSON")]


def test_undo_and_redo_without_limit(desk: OpenDesk) -> None:
    page = desk("words")
    tokens = page.run("app => app.tokens.list.map(t => [t.start, t.end])")
    steps = 120
    for step in range(steps):
        start, end = tokens[step % len(tokens)]
        page.run("(app, w, start, end) => app.select({ span: { start, end }, range: { start, end } })", start, end)
        page.press(str(step % 4 + 1))
    last = page.spans
    assert len(last) == len(tokens)
    page.press(*["Control+z"] * steps)
    assert page.spans == []
    page.press("Control+z")
    assert page.said == "Nothing to undo"
    page.press(*["Control+Shift+z"] * (steps - 1), "Control+y")
    assert page.spans == last


def test_a_label_goes_to_equal_mentions_in_any_spelling(desk: OpenDesk) -> None:
    page = desk("words").label("لؤي العتوم", "1").press("p")
    assert page.spans == [("لؤي العتوم", "PERSON")] * 2 + [("لُؤَي العتوم", "PERSON")]
    assert page.said == "2 more labelled Person"
    page.label("الكتيبة 9", "3").press("p")
    assert [s for s, label in page.spans if label == "UNIT"] == ["الكتيبة 9", "الكتيبة ٩"]
    page.press("Control+z")
    assert [s for s, label in page.spans if label == "UNIT"] == ["الكتيبة 9"]


def test_a_label_is_suggested_in_the_other_tasks_of_the_article(desk: OpenDesk) -> None:
    page = desk("around").press("Shift+B").at("زار العميد")
    page.label("هاني السالمي", "1").press("p", "Enter").at("وجال")
    assert page.spans == []
    page.press("Enter").at("وختم")
    assert page.spans == [("هاني السالمي", "PERSON")]
    assert page.origins == ["pre"]


def test_pre_annotations_are_shown_as_such_until_touched(desk: OpenDesk) -> None:
    page = desk("marked")
    assert page.origins == ["pre"] * 5
    assert page.page.locator(".span.pre").count() == 5
    assert page.page.locator("#spans .pre").first.text_content() == "اللواءRank · Suggested"
    page.press("Tab", "c")
    assert page.origins == ["mine"] + ["pre"] * 4
    page.press("Tab", "1")
    page.press("Tab", "Shift+ArrowLeft")
    assert page.origins == ["mine"] * 3 + ["pre"] * 2
    assert page.page.locator(".span.pre").count() == 2
    page.press("Control+z", "Control+z", "Control+z")
    assert page.origins == ["pre"] * 5


def test_a_span_that_goes_takes_its_relations_and_undo_brings_both_back(desk: OpenDesk) -> None:
    page = desk("marked")
    links = "app => app.doc.relations.map(r => r.label)"
    assert sorted(page.run(links)) == ["BASED_AT", "HOLDS_RANK"]
    page.press("Tab", "Delete")
    assert page.run(links) == ["BASED_AT"]
    page.press("Control+z")
    assert sorted(page.run(links)) == ["BASED_AT", "HOLDS_RANK"]
    # Another label under which the relation would be illegal ends it too; another border does not.
    page.press("Escape", "Tab", "4")
    assert page.run(links) == ["BASED_AT"]
    page.press("Control+z", "Escape", "Tab", "Alt+ArrowLeft")
    assert sorted(page.run(links)) == ["BASED_AT", "HOLDS_RANK"]
    assert page.run(
        "app => app.doc.relations.every(r => app.doc.spans.some(s => s.start === r.child[0] && s.end === r.child[1]))"
    )
