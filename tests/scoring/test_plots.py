from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liwa.scoring.plots import SERIES, WIDTH, Bar, bars, curve

SVG = "{http://www.w3.org/2000/svg}"
RATE = st.floats(0, 1)
BARS = st.builds(lambda a: Bar(a[1], a[0], a[2]), st.lists(RATE, min_size=3, max_size=3).map(sorted))
NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), min_size=1
)


def tree(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def numbers(element: ET.Element) -> dict[str, float]:
    return {key: float(value) for key, value in element.items() if re.fullmatch(r"-?[\d.]+", value)}


@given(st.dictionaries(NAMES, BARS | st.just(Bar(None)), max_size=12))
def test_bars_are_well_formed_and_stay_inside(groups: dict[str, Bar]) -> None:
    root = tree(bars("F1", {name: [bar] for name, bar in groups.items()}, ["one"]))
    height = float(root.attrib["viewBox"].split()[3])
    for element in root.iter():
        found = numbers(element)
        assert all(0 <= found.get(key, 0) <= WIDTH for key in ("x", "x1", "x2", "cx"))
        assert all(0 <= found.get(key, 0) <= height for key in ("y", "y1", "y2", "cy"))
    assert len(root.findall(f"{SVG}rect")) == sum(bar.value is not None for bar in groups.values())


def test_a_bar_is_as_long_as_its_rate_and_its_whisker_reaches_the_ends_of_the_interval() -> None:
    root = tree(bars("F1", {"a": [Bar(1.0)], "b": [Bar(0.5, 0.25, 0.75)]}, ["one"]))
    whole, half = root.findall(f"{SVG}rect")
    assert numbers(half)["width"] == pytest.approx(numbers(whole)["width"] / 2)
    left, width = numbers(whole)["x"], numbers(whole)["width"]
    whisker = [numbers(line) for line in root.findall(f"{SVG}line") if line.get("class") == "halo"]
    assert [(w["x1"], w["x2"]) for w in whisker] == [pytest.approx((left + width / 4, left + 3 * width / 4), abs=0.1)]


def test_a_figure_says_in_words_what_it_shows() -> None:
    root = tree(bars("F1 & more", {"<UNIT>": [Bar(0.5, 0.4, 0.6), Bar(None)]}, ["a", "b"]))
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "F1 & more"
    assert "<UNIT>: 50.0 (40.0 to 60.0), n/a" in (root.findtext(f"{SVG}desc") or "")


def test_several_series_have_colours_and_a_key() -> None:
    root = tree(bars("F1", {"a": [Bar(0.5), Bar(0.6)]}, ["before", "after"]))
    assert [rect.get("class") for rect in root.findall(f"{SVG}rect")] == ["s0", "s1", "s0", "s1"]
    assert {"before", "after"} <= {text.text for text in root.findall(f"{SVG}text")}


def test_long_names_are_cut_in_the_middle() -> None:
    root = tree(bars("F1", {"a-very-long-label-of-9": [Bar(0.5)]}, ["one"]))
    assert "a-very-…el-of-9" in {text.text for text in root.findall(f"{SVG}text")}


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=6, unique=True).map(sorted), st.data())
def test_a_curve_has_a_line_a_name_with_a_point_a_size(xs: list[int], data: st.DataObject) -> None:
    names = [f"n{i}" for i in range(SERIES + 1)]
    lines = {name: data.draw(st.lists(BARS, min_size=len(xs), max_size=len(xs))) for name in [*names, "micro"]}
    root = tree(curve("F1", xs, lines, unit="words"))
    drawn = root.findall(f"{SVG}polyline")
    assert [len((line.get("points") or "").split()) for line in drawn] == [len(xs)] * len(lines)
    assert [line.get("class") for line in drawn][-1] == "bold thick"
    assert sum("stroke-dasharray" in line.attrib for line in drawn) == 1
    assert len(root.findall(f"{SVG}polygon")) == (len(xs) > 1)
    places = [tuple(map(float, p.split(","))) for line in drawn for p in (line.get("points") or "").split()]
    assert all(0 <= x <= WIDTH and 0 <= y <= 210 for x, y in places)


def test_a_curve_rises_with_its_rates() -> None:
    root = tree(curve("F1", [100, 200], {"micro": [Bar(0.2), Bar(0.9)]}, unit="words"))
    first, last = root.findall(f"{SVG}circle")
    assert numbers(first)["cy"] > numbers(last)["cy"]
    assert numbers(first)["cx"] < numbers(last)["cx"]


def test_sizes_that_would_run_into_each_other_are_left_out_but_never_the_last() -> None:
    root = tree(curve("F1", [1000, 1010, 90000], {"micro": [Bar(0.5)] * 3}, unit="words"))
    shown = [text.text for text in root.findall(f"{SVG}text")]
    assert "90,000" in shown
    assert len({"1,000", "1,010"} & {*shown}) == 1
