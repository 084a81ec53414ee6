from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from liwa.errors import LiwaError
from liwa.scheme import Scheme, load_scheme

OTHER = Path(__file__).parent / "data" / "other.toml"


def test_the_default_scheme_is_the_decided_one() -> None:
    scheme = load_scheme()
    assert list(scheme.labels) == ["PERSON", "RANK", "UNIT", "BASE"]
    assert {name: (kind.head, kind.child) for name, kind in scheme.relations.items()} == {
        "HOLDS_RANK": (("PERSON",), ("RANK",)),
        "COMMANDS": (("PERSON",), ("UNIT",)),
        "SERVES_IN": (("PERSON",), ("UNIT",)),
        "SUCCEEDS": (("PERSON",), ("PERSON",)),
        "BASED_AT": (("UNIT",), ("BASE",)),
        "PART_OF": (("UNIT",), ("UNIT",)),
    }


def test_legal_respects_direction() -> None:
    scheme = load_scheme()
    assert scheme.legal("PERSON", "UNIT") == ["COMMANDS", "SERVES_IN"]
    assert scheme.legal("UNIT", "PERSON") == []


def test_every_label_can_be_shown_and_chosen_apart() -> None:
    scheme = load_scheme()
    entries = [*scheme.labels.values(), *scheme.relations.values()]
    assert len({e.key for e in entries}) == len({e.colour for e in scheme.labels.values()}) + len(scheme.relations)
    assert all(e.title["ar"] and e.title["en"] and e.help for e in entries)


@pytest.mark.parametrize("path", [None, OTHER])
def test_a_scheme_survives_its_plain_data(path: Path | None) -> None:
    scheme = load_scheme(path)
    assert Scheme.from_dict(scheme.to_dict()) == scheme


LABEL = {"name": "NAME"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "needs at least one"),
        ({"labels": LABEL}, "expected a list of tables"),
        ({"labels": ["NAME"]}, "expected a list of tables"),
        ({"labels": [{}]}, "needs a name without white space, found None"),
        ({"labels": [{"name": "A B"}]}, "needs a name without white space"),
        ({"labels": [LABEL, LABEL]}, "names NAME twice"),
        ({"labels": [{**LABEL, "color": "red"}]}, "unknown keys \\['color'\\]"),
        ({"labels": [LABEL], "relations": [{"name": "R"}]}, "head must list labels of the scheme, found none"),
        ({"labels": [LABEL], "relations": [{"name": "R", "head": ["NAME"], "child": ["X"]}]}, "child must list"),
        ({"labels": [{**LABEL, "key": 1}]}, "NAME: expected a string for key, found 1"),
        ({"labels": [{**LABEL, "title": "x"}]}, "NAME: expected a table for title, found 'x'"),
        ({"labels": [LABEL], "relations": [{"name": "R", "head": "NAME", "child": ["NAME"]}]}, "head must list"),
        ({"labels": [LABEL], "relations": [{"name": "R", "head": 1, "child": ["NAME"]}]}, "head must list"),
    ],
)
def test_a_wrong_scheme_is_one_clear_error(data: dict[str, Any], said: str) -> None:
    with pytest.raises(LiwaError, match=said):
        Scheme.from_dict(data)


@pytest.mark.parametrize("content", [None, b"name = ", b"\xff"])
def test_an_unreadable_scheme_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "s.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(LiwaError, match=r"s\.toml: cannot read the scheme"):
        load_scheme(file)
