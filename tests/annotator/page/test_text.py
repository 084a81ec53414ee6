"""The text on the page: native DOM, its directions, and boxes that stand where the browser itself draws the words."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from tests.annotator.page.conftest import OpenDesk
from tests.annotator.page.desk import Desk
from tests.annotator.page.stage import MIXED

BOXES = """(app, work, start, end) => {
  const origin = app.host.getBoundingClientRect();
  return app.text.boxesOf({ start, end }).map((b) => ({ ...b, x: b.x + origin.left, y: b.y + origin.top }));
}"""

RECTS = """(app, work, start, end) => [...app.text.domRange({ start, end }).getClientRects()]
  .filter((r) => r.width > 0).map(({ left, right, top, bottom }) => ({ left, right, top, bottom }))"""


def boxes(desk: Desk, surface: str, nth: int = 0) -> list[dict[str, Any]]:
    return list(desk.run(BOXES, *desk.range_of(surface, nth)))


def rects(desk: Desk, surface: str, nth: int = 0) -> list[dict[str, Any]]:
    return list(desk.run(RECTS, *desk.range_of(surface, nth)))


def test_paragraphs_are_blocks_of_one_text_node_with_their_own_direction(desk: OpenDesk) -> None:
    page = desk()
    found = page.run(
        "app => [...document.querySelectorAll('#text > p')].map(p => [p.textContent, p.dir, p.childNodes.length])"
    )
    lines = [line for line in MIXED.split("\n") if line]
    assert found == [[line, "ltr" if line.startswith("Colonel") else "rtl", 1] for line in lines]
    directions = page.run("() => [...document.querySelectorAll('#text > p')].map(p => getComputedStyle(p).direction)")
    assert directions == ["rtl", "rtl", "ltr"]


def test_spans_never_enter_the_text(desk: OpenDesk) -> None:
    page = desk()
    before = page.run(
        "() => [document.getElementById('text').innerText, document.querySelector('#text p').offsetWidth]"
    )
    page.label("سامي الدوري", "1").label("وَلِيد", "1").label("F-16", "4")
    assert (
        page.run("() => [document.getElementById('text').innerText, document.querySelector('#text p').offsetWidth]")
        == before
    )
    assert page.run("() => document.querySelectorAll('#text *:not(p)').length") == 0


@pytest.mark.parametrize("width", [360, 1280])
def test_a_box_is_where_the_words_are(desk: OpenDesk, width: int) -> None:
    page = desk(viewport={"width": width, "height": 900})
    surfaces = [
        "سامي الدوري",
        "اللواء 83 مدفعية",
        "وَلِيد الجَابِرِي",
        "طائرات F-16 Block 52",
        "Camp Alpha",
        "😀",
        "12/5",
        "Sami said that the اللواء 83",
    ]
    for surface in surfaces:
        drawn, true = boxes(page, surface), rects(page, surface)
        assert min(b["x"] for b in drawn) == pytest.approx(min(r["left"] for r in true), abs=1), surface
        assert max(b["x"] + b["width"] for b in drawn) == pytest.approx(max(r["right"] for r in true), abs=1), surface
        for rect in true:
            middle = (rect["top"] + rect["bottom"]) / 2
            assert any(
                b["x"] - 1 <= rect["left"]
                and rect["right"] <= b["x"] + b["width"] + 1
                and b["y"] < middle < b["y"] + b["height"]
                for b in drawn
            ), (surface, rect, drawn)
        assert sum(b["width"] for b in drawn) == pytest.approx(sum(r["right"] - r["left"] for r in true), abs=3), (
            surface
        )


def test_a_span_of_several_runs_is_one_box_a_line(desk: OpenDesk) -> None:
    page = desk()
    for surface in ["اللواء 83 مدفعية", "طائرات F-16 Block 52", "قاعدة السدرة في 12/5"]:
        found = boxes(page, surface)
        assert len(found) == len({b["line"] for b in found}), surface
    assert len(rects(page, "طائرات F-16 Block 52")) > 1, "the browser has more than one run, or this shows nothing"


def test_a_span_over_two_lines_has_a_box_on_each(desk: OpenDesk) -> None:
    page = desk(viewport={"width": 360, "height": 900})
    found = boxes(page, "وقال العميد وَلِيد الجَابِرِي إن طائرات F-16 Block 52 من السرب 7 حلّقت")
    lines = [b["line"] for b in found]
    assert len(set(lines)) >= 2
    assert lines == sorted(lines)


def test_a_span_that_the_runs_tear_apart_is_joined_by_a_line(desk: OpenDesk) -> None:
    # The first half of a Latin run and the word before it: in a right-to-left line, the second half stands between.
    page = desk()
    page.label("فوق Camp", "4")
    assert len(boxes(page, "فوق Camp")) == 2
    assert page.page.locator(".span u").count() == 1


def test_labels_stand_below_the_line_and_do_not_overlap(desk: OpenDesk) -> None:
    page = desk()
    for surface, key in [
        ("اللواء الركن", "2"),
        ("سامي الدوري", "1"),
        ("اللواء 83 مدفعية", "3"),
        ("قاعدة السدرة الجوية", "4"),
    ]:
        page.label(surface, key)
    script = """() => [...document.querySelectorAll('.span b')].map((b) => {
      const r = b.getBoundingClientRect(); return [r.left, r.right, r.top] })"""
    labels = sorted(page.run(script))
    assert len(labels) == 4
    for (_, right, top), (left, _, other) in itertools.pairwise(labels):
        assert top != other or right <= left
    for surface in ["سامي الدوري", "اللواء 83 مدفعية"]:
        bottom = boxes(page, surface)[0]["y"] + boxes(page, surface)[0]["height"]
        assert any(top == pytest.approx(bottom, abs=1) for _, _, top in labels)


def test_boxes_follow_the_text_when_the_window_or_its_size_changes(desk: OpenDesk) -> None:
    page = desk()
    page.label("اللواء 83 مدفعية", "3")
    drawn = "() => [...document.querySelectorAll('.span i')].map(i => i.getBoundingClientRect().left)"
    changes: list[Callable[[], Any]] = [
        lambda: page.page.set_viewport_size({"width": 500, "height": 900}),
        lambda: page.run(
            """(app) => { app.settings.size = 30; document.documentElement.style.setProperty('--size', '30px');
              app.text.relayout() }"""
        ),
    ]
    for change in changes:
        change()
        page.page.wait_for_timeout(100)
        assert min(page.run(drawn)) == pytest.approx(min(r["left"] for r in rects(page, "اللواء 83 مدفعية")), abs=1)


def test_spacing_keeps_the_room_that_is_asked_for(desk: OpenDesk) -> None:
    page = desk(viewport={"width": 500, "height": 900})
    # Without the listeners: the relations ask for no room here, and would take it back.
    page.run(
        "app => { app.text.listeners.clear(); app.text.setSpacing(1, { above: 60, between: 50 }); app.text.relayout() }"
    )
    lines = page.run("app => app.text.lines()")
    second = [line for line in lines if line["paragraph"] == 1]
    assert len(second) > 2
    for above, below in itertools.pairwise(second):
        assert below["top"] - above["bottom"] >= 50 + 15 - 1
        assert below["top"] - below["gap"] >= 50 - 1
    assert second[0]["top"] - second[0]["gap"] >= 60 - 1
    last_before = [line for line in lines if line["paragraph"] == 0][-1]
    assert second[0]["gap"] >= last_before["bottom"]
