from __future__ import annotations

import pytest
from hypothesis import given

from liwa.formats.units import Offsets
from tests.strategies import texts

TEXT = "a\r\nل\u064e🙂."


@pytest.mark.parametrize(
    ("unit", "units"),
    [("UTF-16 units", [0, 1, 2, 3, 4, 5, 7, 8]), ("UTF-8 bytes", [0, 1, 2, 3, 5, 7, 11, 12])],
)
def test_each_code_point_has_its_units(unit: str, units: list[int]) -> None:
    offsets = Offsets(TEXT, unit)
    assert [offsets.to_units(point) for point in range(len(TEXT) + 1)] == units
    assert [offsets.to_points(at) for at in units] == list(range(len(TEXT) + 1))
    assert len(offsets) == units[-1]


def test_inside_a_character_and_outside_the_text_there_is_no_code_point() -> None:
    offsets = Offsets(TEXT, "UTF-16 units")
    assert [offsets.to_points(at) for at in (6, 9, -1)] == [None, None, None]


@given(texts())
def test_units_are_those_of_the_encodings(text: str) -> None:
    for unit, encoding, size in (("UTF-16 units", "utf-16-le", 2), ("UTF-8 bytes", "utf-8", 1)):
        offsets = Offsets(text, unit)
        for point in range(len(text) + 1):
            assert offsets.to_units(point) == len(text[:point].encode(encoding)) // size
            assert offsets.to_points(offsets.to_units(point)) == point
