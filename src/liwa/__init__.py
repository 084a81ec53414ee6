"""liwa: named-entity and relation annotation corpora of Arabic news about armed forces."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from liwa.dataset import load as load
    from liwa.records import Article as Article
    from liwa.records import Gold as Gold
    from liwa.records import Relation as Relation
    from liwa.records import Span as Span
    from liwa.scheme import Scheme as Scheme
    from liwa.scheme import load_scheme as load_scheme

_PUBLIC: Final = {
    "Article": "liwa.records",
    "Gold": "liwa.records",
    "Relation": "liwa.records",
    "Scheme": "liwa.scheme",
    "Span": "liwa.records",
    "load": "liwa.dataset",
    "load_scheme": "liwa.scheme",
    "relations_of": "liwa.training.relations.storage",
}
"""Where each public name is defined; nothing is imported before it is used."""

__all__ = ["__version__", *_PUBLIC]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("liwa")
    if name not in _PUBLIC:
        raise AttributeError(f"module 'liwa' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
