"""Values of a JSON file with their lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liwa.errors import LiwaError
from liwa.formats.arrays import values

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=3),
    max_leaves=8,
)


def read(folder: Path, text: str) -> list[tuple[str, Any]]:
    file = folder / "a.json"
    file.write_text(text, encoding="utf-8")
    return [(where.rpartition(":")[2], value) for where, value in values(file)]


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(JSON, max_size=4), indent=st.sampled_from([None, 1]))
def test_the_values_are_those_of_the_array(tmp_path_factory: pytest.TempPathFactory, rows: Any, indent: Any) -> None:
    folder = tmp_path_factory.mktemp("a")
    assert [value for _, value in read(folder, json.dumps(rows, indent=indent))] == rows


def test_each_value_has_the_line_on_which_it_begins(tmp_path: Path) -> None:
    assert read(tmp_path, '\n[{"a":\n1},\n\n 2, 3]\n') == [("2", {"a": 1}), ("5", 2), ("5", 3)]
    assert read(tmp_path, '\n\n{"a": 1}\n') == [("3", {"a": 1})]
    assert read(tmp_path, "\ufeff[]") == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "expected JSON, found the end of the file"),
        ("[1,\n{]", 2, "expected JSON, found ']'"),
        ("[1,\n2", 2, "expected a comma or ], found the end of the file"),
        ("[1\n2]", 2, "expected a comma or ], found '2]'"),
        ("[1]\n\n2", 3, "expected the end of the file, found '2'"),
        ('{"a": 1}\n{"a": 2}', 2, "expected the end of the file"),
        ("[1,\n[NaN]]", 2, "expected JSON, found '[NaN]]'"),
        ('[1,\n"\\ud83d"]', 2, "found half of a surrogate pair"),
    ],
)
def test_broken_json_names_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    with pytest.raises(LiwaError) as caught:
        read(tmp_path, text)
    assert f"a.json:{line}: " in str(caught.value) and message in str(caught.value)
