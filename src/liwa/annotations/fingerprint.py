"""A short hash of what gold says: two measurements are comparable when they were made on gold of one fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from liwa.annotations.gold import merge
from liwa.records import Gold


def fingerprint(golds: Iterable[Gold]) -> str:
    """Return a hash of the texts' SHA-256, ranges, spans and relations, whatever the order and division of the rows."""
    digest = hashlib.sha256()
    for gold in sorted(merge(golds), key=lambda g: g.article):
        spans = [tuple(s) for s in gold.spans]
        relations = [(tuple(r.head), tuple(r.child), r.label) for r in gold.relations]
        said = (gold.article, gold.sha256, [tuple(r) for r in gold.ranges], spans, relations)
        digest.update(repr(said).encode("utf-8"))
    return digest.hexdigest()[:16]
