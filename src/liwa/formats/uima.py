"""The annotation layers of INCEpTION and WebAnno: which are read, and what of an annotation is its label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from liwa.annotations.parse import Parser
from liwa.formats.rules import LEFT_OUT

SPAN: Final = "custom.Span"
"""The type of spans that is written: the span layer of INCEpTION's basic project, with the feature `LABEL`."""

RELATION: Final = "custom.Relation"
"""The type of relations that is written: that project's relation layer, attached to `SPAN`."""

LABEL: Final = "label"

_ENTITY: Final = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
_BUILT_IN: Final = ("uima.", "de.tudarmstadt.ukp.dkpro.core.", "org.dkpro.core.", "liwa.")
_LABELS: Final = (LABEL, "value")


def is_custom(layer: str) -> bool:
    """Say whether gold is read from a layer: named entities, and what a project has made itself."""
    return layer == _ENTITY or not layer.startswith(_BUILT_IN)


def label_of(layer: str, features: Mapping[str, str | None], parser: Parser) -> str:
    """Return the label of an annotation, and report its other features as left out.

    It is the feature ``label`` or ``value``, or the only one there is; without any, the last part of the layer's name.
    """
    name = next((key for key in _LABELS if key in features), next(iter(features)) if len(features) == 1 else None)
    for other, value in features.items():
        if other != name and value:
            parser.complain(LEFT_OUT, f"the feature {other} of {layer}")
    return (features[name] if name else None) or layer.rpartition(".")[2]
