"""The settings of Prodigy's app: right to left, with labels, colours and keys of the scheme."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import chain
from typing import Any, Final

from liwa.annotations.views import VIEWS
from liwa.scheme import Label, Scheme

_COLOUR: Final = re.compile("#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")
_WHITE: Final = 0.6

_ACTIONS: Final = {
    "accept": ("a", "enter"),
    "reject": ("x", "shift+x"),
    "ignore": ("space", "shift+space"),
    "undo": ("backspace", "shift+backspace"),
}
"""Each action of the app with its key, and the key it gets where a label takes that one."""


def settings(scheme: Scheme, view: str) -> dict[str, Any]:
    """Return a recipe's ``config`` for a view, with what the scheme says.

    ``hide_meta``: the app shows meta as words, and ours has lists and objects.
    """
    keys = {label.name: label.key.lower() for label in _named(scheme, view) if label.key}
    shared = {
        "lang": "ar",
        "writing_dir": "rtl",
        "labels": list(scheme.labels),
        "keymap": keymap(keys.values()),
        "keymap_by_label": keys,
        "custom_theme": {"labels": colours(scheme), "cardMaxWidth": "90%"},
        "exclude_by": "input",
        "hide_meta": True,
        "show_flag": True,
    }
    if view != VIEWS[1]:
        return shared
    return {
        **shared,
        "labels": list(scheme.relations),
        "relations_span_labels": list(scheme.labels),
        "wrap_relations": True,
    }


def colours(scheme: Scheme) -> dict[str, str]:
    """Return the colours of labels and relation types, so light that the app's dark words can be read on them.

    Where the scheme says no colour, there is none, and the app chooses.
    """
    every = chain(scheme.labels.values(), scheme.relations.values())
    return {label.name: _light(label.colour) for label in every if label.colour != Label.colour}


def keymap(taken: Collection[str]) -> dict[str, list[str]]:
    """Return other keys for the actions of the app whose own keys labels take."""
    return {action: [other] for action, (own, other) in _ACTIONS.items() if own in taken}


def _named(scheme: Scheme, view: str) -> Iterator[Label]:
    return chain(scheme.labels.values(), scheme.relations.values() if view == VIEWS[1] else ())


def _light(colour: str) -> str:
    parts = _COLOUR.fullmatch(colour)
    if not parts:
        return colour
    mixed = (round(int(part, 16) * (1 - _WHITE) + 255 * _WHITE) for part in parts.groups())
    return "#" + "".join(f"{value:02x}" for value in mixed)
