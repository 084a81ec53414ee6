"""Files that come with liwa: the default scheme and guidelines, training configs and recipes.

Each has one copy in the repository; the wheel carries it as ``liwa/data``, and a checkout reads it in place.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_IN_CHECKOUT = {
    "scheme.toml": "annotations/scheme.toml",
    "GUIDELINES.md": "annotations/GUIDELINES.md",
    "GUIDELINES.ar.md": "annotations/GUIDELINES.ar.md",
    "configs": "training/configs",
    "recipes": "recipes",
}


def resource(name: str) -> Path:
    """Return the path of a file, such as ``scheme.toml`` or ``configs/small.cfg``."""
    packed = _PACKAGE / "data" / name
    if packed.exists():
        return packed
    top, _, rest = name.partition("/")
    return _PACKAGE.parents[1] / _IN_CHECKOUT[top] / rest
