"""Prodigy recipe ``liwa.relations``: mark the spans and relations of a scheme by hand."""

from typing import Any

import prodigy

from liwa.prodigy import components


@prodigy.recipe(
    "liwa.relations",
    dataset=("Dataset to save answers to", "positional", None, str),
    source=("Tasks of liwa tasks, or other JSONL with texts; - is stdin", "positional", None, str),
    scheme=("TOML file with labels and relations; default: liwa's own", "option", "s", str),
)
def relations(dataset: str, source: str, scheme: str = "") -> dict[str, Any]:
    """Mark spans, and relations of the types and directions that the scheme allows."""
    return components.relations(dataset, source, scheme=scheme)
