"""Licences by their SPDX identifiers: which let a text be passed on, and how the Hub calls them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from liwa.errors import LiwaError

_HUB: Final = {
    "Apache-2.0": "apache-2.0",
    "CC0-1.0": "cc0-1.0",
    "CC-BY-3.0": "cc-by-3.0",
    "CC-BY-4.0": "cc-by-4.0",
    "CC-BY-NC-3.0": "cc-by-nc-3.0",
    "CC-BY-NC-4.0": "cc-by-nc-4.0",
    "CC-BY-NC-SA-3.0": "cc-by-nc-sa-3.0",
    "CC-BY-NC-SA-4.0": "cc-by-nc-sa-4.0",
    "CC-BY-SA-3.0": "cc-by-sa-3.0",
    "CC-BY-SA-4.0": "cc-by-sa-4.0",
    "MIT": "mit",
    "ODbL-1.0": "odbl",
    "ODC-By-1.0": "odc-by",
    "PDDL-1.0": "pddl",
}
_BY_FOLDED: Final = {name.casefold(): name for name in _HUB}


def spdx(licence: str) -> str:
    """Return the SPDX identifier of a licence under which a text may be passed on, annotated; "" for any other.

    What is not known to permit it does not: an unknown licence, no licence, and those that forbid derivatives.
    """
    return _BY_FOLDED.get(licence.strip().casefold(), "")


def hub(identifier: str) -> str:
    """Return how the Hub calls a licence that `spdx` knows; any other is ``other``."""
    return _HUB.get(identifier, "other")


def url(identifier: str) -> str:
    """Return where the text of a licence stands."""
    return f"https://spdx.org/licenses/{identifier}.html"


def common(found: Iterable[str], named: str | None, what: str) -> str:
    """Return the licence that is named, else the only one found; LiwaError where neither says it.

    what: whose licence it is, for the message.
    """
    names = sorted(set(found))
    if named or (len(names) == 1 and spdx(names[0])):
        return spdx(named or names[0]) or str(named)
    listed = ", ".join(name or "no licence" for name in names) or "none"
    raise LiwaError(f"the licence of {what} does not follow from {listed}", hint="Name it with --licence")
