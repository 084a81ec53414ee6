"""Lanes, tracks and paths, on boxes that no page drew."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

QUICK: Final = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

LINES: Final = 7
STEP: Final = 90
FRAME: Final = {"left": 40, "right": 760, "gutters": {"left": 30, "right": 40}}

PLAN: Final = """async ([links, lines, frame]) => {
  const { plan } = await import("/page/relations/lanes.js");
  const { shapes, labelSpots } = await import("/page/relations/paths.js");
  const planned = plan(links, lines, frame);
  const drawn = shapes(planned, lines, frame);
  const spots = labelSpots(planned, drawn, lines, frame, () => ({ width: 44, height: 13 }));
  const far = (v) => (v === Infinity ? 1e9 : v === -Infinity ? -1e9 : v);
  const run = ({ gap, lane, lo, hi }) => ({ gap, lane, lo: far(lo), hi: far(hi) });
  const runs = planned.routes.flatMap((r) => r.runs.map(run));
  const tracks = planned.routes.flatMap((r) => (r.track ? [{ ...r.track, gap: r.track.side }] : []));
  return { runs, tracks, lanes: planned.lanes, drawn, spots: Object.fromEntries(spots) };
}"""


def lines() -> list[dict[str, int]]:
    """Return lines 33 pixels high, with 42 pixels of free room above each."""
    return [{"top": STEP * k + 60, "gap": STEP * k + 60 - 42, "paragraph": k // 3} for k in range(LINES)]


@st.composite
def box(draw: st.DrawFn) -> dict[str, Any]:
    line = draw(st.integers(0, LINES - 1))
    x = draw(st.integers(40, 700))
    width = draw(st.integers(4, 760 - x))
    foot = {"from": x, "to": x + draw(st.integers(0, 80)), "height": 15}
    return {"x": x, "y": STEP * line + 60, "width": width, "height": 33, "line": line, "foot": foot}


boxes = st.lists(box(), min_size=1, max_size=2)
links = st.lists(st.tuples(boxes, boxes), max_size=40)


def planned(page: Page, pairs: list[Any]) -> Mapping[str, Any]:
    """Return the plan of links between boxes."""
    named = [{"id": str(k), "head": head, "child": child} for k, (head, child) in enumerate(pairs)]
    return dict(page.evaluate(PLAN, [named, lines(), FRAME]))


@QUICK
@given(pairs=links)
def test_no_two_stretches_of_a_lane_or_track_meet(geometry: Page, pairs: list[Any]) -> None:
    plan = planned(geometry, pairs)
    for stretches in (plan["runs"], plan["tracks"]):
        for k, a in enumerate(stretches):
            for b in stretches[:k]:
                same = (a["gap"], a["lane"]) == (b["gap"], b["lane"])
                assert not same or a["hi"] < b["lo"] or b["hi"] < a["lo"]


@QUICK
@given(pairs=links)
def test_there_are_no_more_lanes_than_stretches_that_overlap_somewhere(geometry: Page, pairs: list[Any]) -> None:
    plan = planned(geometry, pairs)
    for gap, count in enumerate(plan["lanes"]):
        runs = [r for r in plan["runs"] if r["gap"] == gap]
        # Two stretches that come nearer than six pixels need two lanes.
        deepest = max((sum(o["lo"] <= r["lo"] <= o["hi"] + 6 for o in runs) for r in runs), default=0)
        assert count == deepest and all(0 <= r["lane"] < count for r in runs)


@QUICK
@given(pairs=links)
def test_arcs_run_in_gaps_and_gutters_only(geometry: Page, pairs: list[Any]) -> None:
    for shape, (head, child) in zip(planned(geometry, pairs)["drawn"], pairs, strict=True):
        points = shape["points"]
        assert any(_on_edge(b, points[0]) for b in head) and any(_on_edge(b, points[-1]) for b in child)
        for (x, y), (x2, y2) in pairwise(points):
            assert x == x2 or y == y2
            if y == y2:
                assert any(line["gap"] <= y <= line["top"] for line in lines())
        for x, _ in points[2:-2]:
            assert x < FRAME["left"] or x > FRAME["right"]


@QUICK
@given(pairs=links)
def test_labels_lie_in_gaps_and_on_no_other_arc(geometry: Page, pairs: list[Any]) -> None:
    plan = planned(geometry, pairs)
    boxes = {k: (s["x"] - 22, s["y"] - 6.5, s["x"] + 22, s["y"] + 6.5) for k, s in plan["spots"].items()}
    for key, (left, top, right, bottom) in boxes.items():
        assert any(line["gap"] <= top and bottom <= line["top"] for line in lines())
        for other, (left2, top2, right2, bottom2) in boxes.items():
            assert other == key or left2 >= right or left >= right2 or top2 >= bottom or top >= bottom2
        for shape in plan["drawn"]:
            for (x, y), (x2, y2) in pairwise(shape["points"]):
                across = min(max(x, x2), right) - max(min(x, x2), left)
                down = min(max(y, y2), bottom) - max(min(y, y2), top)
                assert shape["id"] == key or across < 0 or down < 0


def test_short_arcs_lie_below_long_ones(geometry: Page) -> None:
    boxes = [_box(0, x) for x in (100, 200, 300, 400)]
    plan = planned(geometry, [([boxes[0]], [boxes[3]]), ([boxes[1]], [boxes[2]])])
    assert [r["lane"] for r in plan["runs"]] == [1, 0]


def test_arcs_that_leave_one_box_do_not_cross(geometry: Page) -> None:
    start, near, far = _box(0, 100), _box(0, 300), _box(0, 500)
    first, second = planned(geometry, [([start], [far]), ([start], [near])])["drawn"]
    assert first["points"][0][0] < second["points"][0][0]
    assert first["points"][1][1] < second["points"][1][1]


def test_of_the_parts_of_a_broken_span_the_nearest_is_taken(geometry: Page) -> None:
    head = [_box(1, 60), _box(2, 700)]
    (shape,) = planned(geometry, [(head, [_box(2, 400)])])["drawn"]
    assert shape["points"][0] == [head[1]["x"] + 20, head[1]["y"]]


def test_an_arc_between_boxes_over_each_other_is_one_straight_line(geometry: Page) -> None:
    (shape,) = planned(geometry, [([_box(1, 300)], [_box(2, 310)])])["drawn"]
    assert len({x for x, _ in shape["points"]}) == 1


def test_an_arc_from_below_leaves_beside_the_label_or_under_it(geometry: Page) -> None:
    wide = {**_box(1, 300), "width": 120, "foot": {"from": 380, "to": 420, "height": 15}}
    narrow = {**_box(1, 300), "foot": {"from": 290, "to": 340, "height": 15}}
    for head, x, y in ((wide, 340, wide["y"] + 33), (narrow, 320, narrow["y"] + 48)):
        (shape,) = planned(geometry, [([head], [_box(2, 600)])])["drawn"]
        assert shape["points"][0] == [x, y]


def test_beyond_the_cap_lanes_are_shared(geometry: Page) -> None:
    pairs = [([_box(0, 50 + k)], [_box(0, 400 + k)]) for k in range(20)]
    plan = planned(geometry, pairs)
    needs = geometry.evaluate(
        'async ([lanes, lines]) => Object.fromEntries((await import("/page/relations/lanes.js")).needs(lanes, lines))',
        [plan["lanes"], lines()],
    )
    assert plan["lanes"][0] == 20
    assert needs == {"0": {"above": 8, "between": 0}, "1": {"above": 0, "between": 0}, "2": {"above": 0, "between": 0}}
    heights = {shape["points"][1][1] for shape in plan["drawn"]}
    assert len(heights) == 8 and all(18 <= y <= 60 for y in heights)


def test_what_lies_under_a_pointer_is_the_nearest_arc(geometry: Page) -> None:
    found = geometry.evaluate("""async () => {
      const { nearest } = await import("/page/relations/paths.js");
      const drawn = [
        { id: "a", points: [[10, 40], [10, 20], [90, 20], [90, 40]] },
        { id: "b", points: [[20, 40], [20, 28], [80, 28], [80, 40]] },
      ];
      return [[50, 21], [50, 27], [10, 38], [50, 60]].map((at) => nearest(drawn, at));
    }""")
    assert found == ["a", "b", "a", None]


def _box(line: int, x: int) -> dict[str, Any]:
    return {"x": x, "y": STEP * line + 60, "width": 40, "height": 33, "line": line}


def _on_edge(box: Mapping[str, Any], point: list[float]) -> bool:
    x, y = point
    edges = (box["y"], box["y"] + box["height"], box["y"] + box["height"] + 15)
    return bool(box["x"] <= x <= box["x"] + box["width"] and y in edges)
