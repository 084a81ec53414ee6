"""How rates are written in tables: in percent."""

from __future__ import annotations


def percent(rate: float | None) -> str:
    """Return a rate in percent with one digit, or n/a where it is undefined."""
    return "n/a" if rate is None else f"{100 * rate:.1f}"
