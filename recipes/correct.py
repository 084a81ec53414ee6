"""Prodigy recipe ``liwa.correct``: correct the spans and relations that a model finds."""

from typing import Any

import prodigy

from liwa.prodigy import components


@prodigy.recipe(
    "liwa.correct",
    dataset=("Dataset to save answers to", "positional", None, str),
    model=("Folder or package of a trained pipeline", "positional", None, str),
    source=("Tasks of liwa tasks, or other JSONL with texts; - is stdin", "positional", None, str),
    scheme=("TOML file with labels and relations; default: the one that the model carries", "option", "s", str),
    spans_only=("Leave relations alone", "flag", "SO", bool),
)
def correct(dataset: str, model: str, source: str, scheme: str = "", spans_only: bool = False) -> dict[str, Any]:
    """Correct what a model finds in each text."""
    return components.correct(dataset, model, source, scheme=scheme, spans_only=spans_only)
