"""What a trained model carries of its making: scheme and unit in ``nlp.meta["liwa"]``, and its memory of the gold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Optional

from liwa.annotations.gold import read_gold
from liwa.scheme import Scheme, load_scheme
from liwa.training.docs import UNIT
from liwa.training.memory import Memory, remember

if TYPE_CHECKING:
    from spacy.language import Language

_TABLE: Final = "liwa_memory"
"""A table of the vocabulary's lookups, which spaCy keeps in a file of its own, ``vocab/lookups.bin``."""


def create_carry(
    scheme: Optional[Path] = None,  # noqa: UP045
    unit: str = UNIT,
    train: Optional[Path] = None,  # noqa: UP045
) -> Callable[[Language], Language]:
    """Return spaCy's callback ``liwa.carry.v1``, which writes the scheme and the unit into the pipeline's meta.

    scheme: a TOML file; none is liwa's own. train: gold to remember, hashed, for the leakage audit; none remembers
    nothing. Being a callback of the config, it works in plain ``spacy train`` too.
    """

    def carry(nlp: Language) -> Language:
        nlp.meta["liwa"] = {"scheme": load_scheme(scheme).to_dict(), "unit": unit}
        if train:
            if nlp.vocab.lookups.has_table(_TABLE):
                nlp.vocab.lookups.remove_table(_TABLE)
            nlp.vocab.lookups.add_table(_TABLE, remember(read_gold([train])).to_dict())
        return nlp

    return carry


def scheme_of(nlp: Language) -> Scheme | None:
    """Return the scheme that a pipeline carries, or None for one that liwa did not train."""
    carried: dict[str, Any] = nlp.meta.get("liwa", {})
    return Scheme.from_dict(carried["scheme"]) if "scheme" in carried else None


def unit_of(nlp: Language) -> str:
    """Return the unit of the documents that a pipeline was trained on, a paragraph unless it says otherwise."""
    return str(nlp.meta.get("liwa", {}).get("unit", UNIT))


def memory_of(nlp: Language) -> Memory | None:
    """Return what a pipeline remembers of its training part, or None where it remembers nothing."""
    if not nlp.vocab.lookups.has_table(_TABLE):
        return None
    table = nlp.vocab.lookups.get_table(_TABLE)
    keys = ("version", "fingerprint", "mentions", "passages", "sketches")
    return Memory.from_dict({key: table.get(key) for key in keys})
