"""The recipes as Prodigy finds them, through the entry-point group ``prodigy_recipes``.

Their files lie in ``recipes/``, where people read and copy them, and in a wheel in ``liwa/data/recipes``. An attribute
of this module that has a file's name, such as ``spans``, is the recipe in it, loaded when Prodigy asks for it.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from liwa.errors import LiwaError
from liwa.resources import resource

NAMES = ("spans", "relations", "correct", "review")
"""The recipes, each in a file of its name, and called ``liwa.`` and that."""


def __getattr__(name: str) -> Any:
    """Return a recipe; LiwaError where Prodigy is not installed."""
    if name not in NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    file = resource(f"recipes/{name}.py")
    module = ModuleType(f"{__name__}.{name}")
    module.__file__ = str(file)
    try:
        # The folder belongs to the user, or to nobody: unlike an import, this leaves no compiled file in it.
        exec(compile(file.read_bytes(), file, "exec", dont_inherit=True), module.__dict__)
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "prodigy":
            raise
        hint = "Install it from prodi.gy with your licence key, or use liwa annotate"
        raise LiwaError(f"the recipe liwa.{name} needs Prodigy, which is not installed", hint=hint) from None
    return module.__dict__[name]
