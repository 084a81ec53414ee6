"""The interfaces in which Prodigy shows rows, and what each adds to a row, as read from its exports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from liwa.scheme import Scheme

VIEWS: Final = ("ner_manual", "relations")
"""Prodigy's names for annotation of flat spans alone, and of spans and relations."""


def view_of(scheme: Scheme) -> str:
    """Return the view in which everything that a scheme has can be annotated."""
    return VIEWS[bool(scheme.relations)]


def in_view(row: Mapping[str, Any], view: str, colours: Mapping[str, str]) -> dict[str, Any]:
    """Return tokens, spans and relations of a row as a view has them; nothing where it adds nothing.

    colours: of relation types; a type without one gets none.
    """
    if view != VIEWS[1]:
        return {}
    text = row["text"]
    return {
        "tokens": [{"disabled": False, **token} for token in row["tokens"]],
        "spans": [{**span, "text": text[span["start"] : span["end"]], "type": "span"} for span in row["spans"]],
        "relations": [_coloured(relation, colours) for relation in row.get("relations", ())],
    }


def _coloured(relation: Mapping[str, Any], colours: Mapping[str, str]) -> dict[str, Any]:
    colour = colours.get(relation["label"])
    return {**relation, "color": colour} if colour else dict(relation)
