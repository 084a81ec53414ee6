from __future__ import annotations

import re
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from liwa.scoring.arcs import Arc, draw

ENDS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=8)


def arc(head: int, child: int) -> Arc:
    return Arc(head, child, "X", "#888888")


def areas(shown: str) -> list[list[int]]:
    """Return first row, first line, last row and last line of each arc in the grid."""
    found = re.findall(r'class="arc" style="grid-area:(\d+)/(\d+)/(\d+)/(\d+);', shown)
    return [[int(number) for number in area] for area in found]


def test_an_arc_runs_from_the_middle_of_its_head_to_that_of_its_child() -> None:
    shown = draw(["a", "b", "c"], [arc(0, 1), arc(2, 0)])
    assert areas(shown) == [[2, 2, 3, 4], [1, 2, 3, 6]]
    assert re.findall(r"inset-inline-(\w+)", shown) == ["end", "start"]
    assert re.findall(r'<div style="grid-area:3/(\d)/auto/span 2">(\w)</div>', shown) == [
        *zip("135", "abc", strict=True)
    ]
    assert "grid-template-rows:repeat(2,1.8rem) auto" in shown


def test_a_relation_to_itself_is_a_loop_over_the_whole_mention() -> None:
    assert areas(draw(["a", "b"], [arc(1, 1)])) == [[1, 3, 2, 5]]


@given(ENDS)
def test_no_two_arcs_of_one_level_share_a_part_of_the_row(ends: list[tuple[int, int]]) -> None:
    shown = draw([*"abcdef"], [arc(*pair) for pair in ends])
    assert len(areas(shown)) == shown.count('class="type"') == len(ends)
    for one, other in combinations(areas(shown), 2):
        apart = one[3] <= other[1] or other[3] <= one[1]
        assert apart or one[0] != other[0]


@given(ENDS)
def test_a_longer_arc_stands_over_a_shorter_one(ends: list[tuple[int, int]]) -> None:
    for one, other in combinations(areas(draw([*"abcdef"], [arc(*pair) for pair in ends])), 2):
        if one[1] <= other[1] and other[3] <= one[3] and one[1:] != other[1:]:
            assert one[0] < other[0] or (one[1], one[3]) == (other[1], other[3])
