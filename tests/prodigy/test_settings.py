"""The settings of the app: direction, labels, colours and keys, all out of the scheme."""

from __future__ import annotations

import pytest

from liwa.annotations.views import VIEWS
from liwa.prodigy.settings import colours, keymap, settings
from liwa.scheme import Scheme, load_scheme

SCHEME = load_scheme()
DARK = 0x44


def luminance(red: int, green: int, blue: int) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (red / 255, green / 255, blue / 255)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_right_to_left(view: str) -> None:
    assert settings(SCHEME, view)["writing_dir"] == "rtl"


def test_the_view_of_spans_has_their_labels_and_keys() -> None:
    found = settings(SCHEME, VIEWS[0])
    assert found["labels"] == ["PERSON", "RANK", "UNIT", "BASE"]
    assert found["keymap_by_label"] == {"PERSON": "1", "RANK": "2", "UNIT": "3", "BASE": "4"}
    assert found["keymap"] == {}
    assert "relations_span_labels" not in found


def test_the_view_of_relations_has_both() -> None:
    found = settings(SCHEME, VIEWS[1])
    assert found["labels"] == list(SCHEME.relations)
    assert found["relations_span_labels"] == ["PERSON", "RANK", "UNIT", "BASE"]
    assert found["wrap_relations"] is True
    assert (found["keymap_by_label"]["PERSON"], found["keymap_by_label"]["HOLDS_RANK"]) == ("1", "q")


def test_an_action_whose_key_a_label_takes_gets_another() -> None:
    assert settings(SCHEME, VIEWS[1])["keymap"] == {"accept": ["enter"]}
    assert keymap(["x", "space"]) == {"reject": ["shift+x"], "ignore": ["shift+space"]}


def test_labels_without_keys_or_colours_pass() -> None:
    bare = Scheme.from_dict({"name": "mine", "labels": [{"name": "A"}, {"name": "B", "colour": "teal"}]})
    found = settings(bare, VIEWS[0])
    assert found["keymap_by_label"] == {}
    assert found["custom_theme"]["labels"] == {"B": "teal"}


def test_dark_words_can_be_read_on_every_colour() -> None:
    found = colours(SCHEME)
    assert list(found) == list(SCHEME.labels)  # its relations have no colours
    assert found["PERSON"] == "#acc5e1"
    for colour in found.values():
        light = luminance(*(int(colour[n : n + 2], 16) for n in (1, 3, 5)))
        assert (light + 0.05) / (luminance(DARK, DARK, DARK) + 0.05) >= 4.5
