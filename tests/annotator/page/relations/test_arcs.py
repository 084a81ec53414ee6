"""Arcs as they are drawn, against the client rectangles of the words."""

from __future__ import annotations

import pytest

from tests.annotator.page.relations.conftest import OpenScene
from tests.annotator.page.relations.drawn import Drawn


def correct(page: Drawn) -> None:
    """Assert what holds of every drawing: no line through words, and each end where it belongs."""
    assert not page.through_words()
    for arc in page.arcs:
        head, child = arc.ends
        assert any(box.near(*arc.dot) for box in page.boxes(*head)), arc
        # Where a label stands below the child, an arrow from below ends under that.
        assert any(box._replace(bottom=box.bottom + 15).near(*arc.tip) for box in page.boxes(*child)), arc
        assert arc.corners[0] == pytest.approx(arc.dot, abs=0.2)
        assert arc.corners[-1] == pytest.approx(arc.tip, abs=0.2)


@pytest.mark.parametrize(("name", "number"), [("one", 1), ("ten", 12), ("mixed", 11), ("sixty", 62)])
def test_no_line_runs_through_words(scene: OpenScene, name: str, number: int) -> None:
    page = scene(name)
    for width in (1280, 700, 360):
        page.resize(width, 6000)
        assert len(page.arcs) == number
        correct(page)


def test_arcs_keep_to_the_words_when_the_window_and_the_text_change(scene: OpenScene) -> None:
    page = scene("mixed")
    for width in (1280, 520, 900):
        correct(page.resize(width, 2000))
    for size in (34, 16, 27):
        page.run("(app, work, size) => { app.settings.size = size; liwa.apply(); }", size)
        correct(page)


def test_arcs_follow_edits(scene: OpenScene) -> None:
    page = scene("ten").pick("هاني العتوم").press("Delete")
    assert len(page.arcs) == 10
    correct(page)
    page.press("Control+KeyZ")
    assert len(page.arcs) == 12
    correct(page)


def test_neighbouring_lines_share_their_gap_and_far_ones_go_by_a_gutter(scene: OpenScene) -> None:
    page = scene("mixed")
    left, right = page.run("""() => {
      const range = document.createRange();
      range.selectNodeContents(document.getElementById("text"));
      const { left, right } = document.getElementById("text").getBoundingClientRect();
      return [left, right];
    }""")
    kinds = set()
    for arc in page.arcs:
        upright = [s for s in arc.segments if s.right - s.left < 0.1]
        for inner in upright[1:-1]:
            assert inner.right < left or inner.left > right
            kinds.add("gutter")
        heights = {round(y) for _, y in (arc.dot, arc.tip)}
        kinds.add("one line" if len(heights) == 1 else "two lines")
    assert kinds == {"gutter", "one line", "two lines"}


def test_there_are_as_few_lanes_as_can_be_and_lines_are_no_further_apart(scene: OpenScene) -> None:
    page = scene("one")
    gap = "app => app.text.lines()[0].top - app.text.lines()[0].gap"
    assert page.run(gap) == pytest.approx(25, abs=4)
    page.run("app => app.select({ span: app.doc.spans[0] })")
    page.press("Delete")
    assert not page.arcs


def test_every_arc_has_its_label_where_there_is_room(scene: OpenScene) -> None:
    assert all(arc.name for arc in scene("one").arcs)
    page = scene("ten")
    assert all(arc.name for arc in page.arcs)
    names = page.page.locator(".arc .name text").all_text_contents()
    assert {name.removesuffix(" ?") for name in names} == {"holds rank", "commands", "part of", "based at"}
    boxes = [arc.name for arc in page.arcs if arc.name]
    assert not any(a.meets(b) for k, a in enumerate(boxes) for b in boxes[:k])


def test_labels_hide_no_other_arc(scene: OpenScene) -> None:
    page = scene("sixty")
    page.resize(1280, 3000)
    arcs = page.arcs
    for arc in arcs:
        for other in arcs:
            assert other is arc or not arc.name or not any(arc.name.meets(s, 0) for s in other.segments)


def test_pointing_at_an_arc_highlights_it_and_its_spans_and_dims_the_others(scene: OpenScene) -> None:
    page = scene("sixty")
    arc = next(a for a in page.arcs if a.name)
    assert arc.name
    page.page.mouse.move((arc.name.left + arc.name.right) / 2, (arc.name.top + arc.name.bottom) / 2)
    page.page.wait_for_selector(".arc.on")
    assert page.lit == [arc.key]
    assert page.page.locator(".ends rect").count() == sum(len(page.boxes(*end)) for end in arc.ends)
    page.page.wait_for_function("() => getComputedStyle(document.querySelector('.arc:not(.on)')).opacity < 0.3")
    assert page.page.locator("#relation-list .on").count() == 1
    page.page.mouse.move(5, 5)
    page.page.wait_for_selector(".arc.on", state="detached")


def test_pointing_at_a_span_highlights_its_relations(scene: OpenScene) -> None:
    page = scene("mixed")
    start, end = page.range_of("سامي الدوري")
    page.page.mouse.move(*page.middle(start, end))
    page.page.wait_for_selector(".arc.on")
    assert len(page.lit) == 3 and all(f"{start}-{end}" in key for key in page.lit)


def test_suggested_arcs_look_so_until_confirmed(scene: OpenScene) -> None:
    page = scene("one")
    assert page.page.locator(".arc.pre").count() == 1
    page.press("KeyO", "KeyC")
    assert page.page.locator(".arc.pre").count() == 0 and page.page.locator(".arc").count() == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_arcs_and_their_labels_can_be_read_on_the_paper(scene: OpenScene, theme: str) -> None:
    page = scene("ten", color_scheme=theme)
    contrasts = page.page.evaluate("""async () => {
      const { contrast } = await import("/page/colours.js");
      const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      const rgb = (colour) => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
      };
      const paper = rgb(getComputedStyle(document.getElementById("sheet")).backgroundColor);
      return [...document.querySelectorAll(".arc")].map((arc) => contrast(rgb(getComputedStyle(arc).color), paper));
    }""")
    assert len(contrasts) == 12 and min(contrasts) >= 4.5


def test_stubs_name_the_ends_out_of_sight_and_lead_there(scene: OpenScene) -> None:
    page = scene("sixty")
    page.run("() => scrollTo(0, 500)")
    page.page.wait_for_selector(".stubs.up .stub")
    stub = page.page.locator(".stubs.up .stub").first
    key = str(stub.get_attribute("data-key"))
    text = str(stub.locator("bdi").text_content())
    ends = [page.boxes(*map(int, end.split("-")))[0] for end in key.split(" ")[:2]]
    bar = page.page.locator("#bar").bounding_box()
    assert bar and min(end.top for end in ends) < bar["y"] + bar["height"] < max(end.top for end in ends)
    box = stub.bounding_box()
    assert box and 0 <= box["y"] - bar["y"] - bar["height"] < 20
    page.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.lit == [key]
    page.page.mouse.down()
    page.page.mouse.up()
    assert page.span == text
    page.page.wait_for_function("""() => {
      const { top, bottom } = document.querySelector(".span.selected i").getBoundingClientRect();
      return top > document.getElementById("bar").getBoundingClientRect().bottom && bottom < innerHeight;
    }""")


def test_there_are_stubs_below_too_and_none_when_all_is_in_sight(scene: OpenScene) -> None:
    page = scene("sixty")
    assert page.page.locator(".stubs.down .stub").count() > 0 and page.page.locator(".stubs.up .stub").count() == 0
    page.resize(1280, 3000)
    page.page.wait_for_function("() => !document.querySelector('.stub')")


def test_the_selected_span_stays_in_its_place_when_lines_move_apart(scene: OpenScene) -> None:
    page = scene("ten")
    page.resize(1280, 420)
    page.pick("اللواء 14")
    page.run("app => scrollBy(0, app.text.boxesOf(app.selection.span)[0].y)")
    before = page.place(*page.range_of("اللواء 14"))["top"]
    height = page.run("app => app.host.clientHeight")
    page.press("KeyS", "Digit2")
    page.press("Shift+KeyS", "Digit1")
    assert page.run("app => app.host.clientHeight") > height
    assert page.place(*page.range_of("اللواء 14"))["top"] == pytest.approx(before, abs=2)


def test_hundreds_of_arcs_are_drawn_as_they_come_into_sight(scene: OpenScene) -> None:
    page = scene("many")
    assert len(page.relations) == 400
    drawn = len(page.arcs)
    assert 10 < drawn < 200
    page.run("() => scrollTo(0, document.body.scrollHeight / 2)")
    page.page.wait_for_function("n => document.querySelectorAll('.arc').length > n", arg=drawn)
    page.page.wait_for_function("() => document.querySelectorAll('#relation-list li').length === 400")
    in_sight = [arc for arc in page.arcs if 60 < arc.dot[1] < 800]
    assert in_sight and not page.through_words()
