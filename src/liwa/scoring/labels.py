"""Whether gold and prediction speak of the same labels."""

from __future__ import annotations

from collections.abc import Iterable

from liwa.errors import LiwaError
from liwa.records import Gold


def labels_of(golds: Iterable[Gold]) -> set[str]:
    """Return the labels of all spans."""
    return {span.label for gold in golds for span in gold.spans}


def check_known(golds: Iterable[Gold], known: Iterable[str], *, side: str) -> None:
    """Raise LiwaError for the first span whose label a scheme lacks; side: how the message calls the golds."""
    names = list(known)
    for gold in golds:
        for span in gold.spans:
            if span.label not in names:
                raise LiwaError(
                    f"{side} {gold.article}@{span.start}-{span.end}: expected {', '.join(names)}, found {span.label}",
                    where=gold.where,
                    hint="Name the scheme of both sides with --scheme",
                )


def check_common(gold: Iterable[Gold], predictions: Iterable[Gold]) -> None:
    """Raise LiwaError where both sides have spans, and no label in common: they follow different schemes."""
    right, found = labels_of(gold), labels_of(predictions)
    if right and found and not right & found:
        sides = f"the gold has {', '.join(sorted(right))}, the predictions {', '.join(sorted(found))}"
        raise LiwaError(f"no label is on both sides: {sides}", hint="Rename the labels of one side")
