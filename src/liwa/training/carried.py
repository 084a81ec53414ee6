"""What a trained model carries of its making: the scheme and the unit of its documents, in ``nlp.meta["liwa"]``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

from liwa.scheme import Scheme, load_scheme
from liwa.training.docs import UNIT

if TYPE_CHECKING:
    from spacy.language import Language


def create_carry(scheme: Optional[Path] = None, unit: str = UNIT) -> Callable[[Language], Language]:  # noqa: UP045
    """Return spaCy's callback ``liwa.carry.v1``, which writes the scheme and the unit into the pipeline's meta.

    scheme: a TOML file; none is liwa's own. Being a callback of the config, it works in plain ``spacy train`` too.
    """

    def carry(nlp: Language) -> Language:
        nlp.meta["liwa"] = {"scheme": load_scheme(scheme).to_dict(), "unit": unit}
        return nlp

    return carry


def scheme_of(nlp: Language) -> Scheme | None:
    """Return the scheme that a pipeline carries, or None for one that liwa did not train."""
    carried: dict[str, Any] = nlp.meta.get("liwa", {})
    return Scheme.from_dict(carried["scheme"]) if "scheme" in carried else None


def unit_of(nlp: Language) -> str:
    """Return the unit of the documents that a pipeline was trained on, a paragraph unless it says otherwise."""
    return str(nlp.meta.get("liwa", {}).get("unit", UNIT))
