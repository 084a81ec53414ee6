"""Prodigy recipe ``liwa.review``: make one answer of those of several annotators."""

from typing import Any

import prodigy
from prodigy.components.db import connect

from liwa.prodigy import components


@prodigy.recipe(
    "liwa.review",
    dataset=("Dataset to save answers to", "positional", None, str),
    sets=("Datasets, or files of answers, with commas between", "positional", None, str),
    scheme=("TOML file with labels and relations; default: liwa's own", "option", "s", str),
    differing=("Only texts whose answers differ", "flag", "D", bool),
    skipped=("Show rejected and ignored answers too", "flag", "S", bool),
)
def review(dataset: str, sets: str, scheme: str = "", differing: bool = False, skipped: bool = False) -> dict[str, Any]:
    """See the answers of several annotators to each text, and take one or give another."""
    names = sets.split(",")
    return components.review(dataset, names, connect(), scheme=scheme, differing=differing, skipped=skipped)
