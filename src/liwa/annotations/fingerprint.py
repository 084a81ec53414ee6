"""A short hash of what gold says: two measurements are comparable when they were made on gold of one fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from liwa import jsonl
from liwa.annotations.gold import merge
from liwa.records import Gold


def fingerprint(golds: Iterable[Gold]) -> str:
    """Return a hash of the texts' SHA-256, ranges, spans and relations, whatever the order and division of the rows."""
    return of_articles(merge(golds))


def of_articles(golds: Iterable[Gold]) -> str:
    """Return the fingerprint of gold that has one record an article, as `liwa.annotations.gold.merge` makes it."""
    digest = hashlib.sha256()
    for gold in sorted(golds, key=lambda g: g.article):
        said = jsonl.dumps([gold.article, gold.sha256, gold.ranges, gold.spans, gold.relations])
        digest.update(said.encode("utf-8"))
    return digest.hexdigest()[:16]
