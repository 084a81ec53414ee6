"""Prodigy recipe ``liwa.spans``: mark the spans of a scheme by hand."""

from typing import Any

import prodigy

from liwa.prodigy import components


@prodigy.recipe(
    "liwa.spans",
    dataset=("Dataset to save answers to", "positional", None, str),
    source=("Tasks of liwa tasks, or other JSONL with texts; - is stdin", "positional", None, str),
    scheme=("TOML file with the labels; default: liwa's own", "option", "s", str),
)
def spans(dataset: str, source: str, scheme: str = "") -> dict[str, Any]:
    """Mark spans by hand, on tokens that end where Arabic clitics do."""
    return components.spans(dataset, source, scheme=scheme)
