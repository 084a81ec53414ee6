from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from liwa.records import Article, Gold, Range, Relation, Span, clip, first_difference, sha256, union
from tests.gold import gold

SPOTS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)).map(lambda p: Range(p[0], p[0] + p[1])), max_size=6)


def covered(ranges: tuple[Range, ...] | list[Range]) -> set[int]:
    return {i for r in ranges for i in range(r.start, r.end)}


def test_an_article_is_known_by_the_hash_of_its_utf8() -> None:
    known = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    assert Article("a", "hello").sha256 == sha256("hello") == known
    assert sha256("\u0639\u0650") != sha256("\u0639")


@given(SPOTS)
def test_union_covers_the_same_code_points_in_disjoint_order(ranges: list[Range]) -> None:
    joined = union(ranges)
    assert covered(joined) == covered(ranges)
    assert all(a.end < b.start for a, b in pairwise(joined))


@given(SPOTS, st.integers(0, 20), st.integers(1, 20))
def test_clip_keeps_what_lies_in_the_window(ranges: list[Range], start: int, length: int) -> None:
    window = Range(start, start + length)
    assert covered(clip(ranges, window)) == covered(ranges) & covered([window])


def test_within_keeps_offsets_of_the_article() -> None:
    whole = gold("سطر أول\n[العميد](RANK 1) [هاني](PERSON HOLDS_RANK:1) هنا")
    part = whole.within(Range(8, 23))
    assert (part.text, part.start, part.end, part.ranges) == ("العميد هاني هنا", 8, 23, (Range(8, 23),))
    assert [part.surface(s) for s in part.spans] == ["العميد", "هاني"]
    assert part.relations == (Relation(Span(15, 19, "PERSON"), Span(8, 14, "RANK"), "HOLDS_RANK"),)


def test_within_leaves_out_what_is_cut_and_never_goes_beyond_the_text() -> None:
    part = gold("[العميد](RANK 1) [هاني](PERSON HOLDS_RANK:1) هنا").within(Range(3, 11))
    assert (part.spans, part.relations) == ((Span(7, 11, "PERSON"),), ())
    assert part.within(Range(0, 99)) == part


def test_comparison_is_of_the_annotation_alone() -> None:
    one = Gold("a", "", (Range(0, 1),), where="f:1", extra={"answer": "accept"})
    assert one == Gold("a", "", (Range(0, 1),)) != Gold("a", "", (Range(0, 2),))


@given(st.text(), st.text())
def test_first_difference_is_the_end_of_the_common_prefix(one: str, other: str) -> None:
    at = first_difference(one, other)
    assert (at is None) == (one == other)
    if at is not None:
        assert one[:at] == other[:at]
        assert one[at : at + 1] != other[at : at + 1]
