"""The stand-off form of gold: what was annotated where in an article whose text may not be redistributed.

A row holds the article's id, SHA-256 and length, the annotated ranges, spans and relations, and a fingerprint of each
block of 64 code points: sixteen bits, too few to say anything of the text, enough to say where another text differs.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from liwa.annotations import rules
from liwa.annotations.parse import Parser, Report, is_integer, is_sha256, plain_range, shown
from liwa.errors import LiwaError
from liwa.records import Article, Gold, Range

BLOCK: Final = 64
"""Code points that share a fingerprint."""

_TITLES: Final = frozenset(("title", "headline", "subtitle", "description", "summary", "text"))


def to_standoff(gold: Gold, article: Article) -> dict[str, Any]:
    """Return the stand-off form of gold over an article; the article's text proves the hash but is not written.

    Of the meta, titles and whatever else quotes the text at length stay behind.
    """
    return {
        "article": gold.article,
        "sha256": article.sha256,
        "length": len(article.text),
        "blocks": fingerprint(article.text),
        "ranges": [list(r) for r in gold.ranges],
        "spans": [s._asdict() for s in gold.spans],
        "relations": [
            {"head_span": r.head._asdict(), "child_span": r.child._asdict(), "label": r.label} for r in gold.relations
        ],
        "meta": {key: value for key, value in gold.meta.items() if not _quotes(key, value, article.text)},
    }


def from_standoff(row: Mapping[str, Any], where: str, report: Report) -> Gold | None:
    """Read a stand-off row into gold without a text; None where it cannot be read, which is reported.

    ``length`` and ``blocks`` may be absent; the SHA-256 may not: nothing else could prove the text.
    """
    article, digest, length = row.get("article"), row.get("sha256"), row.get("length", sys.maxsize)
    parser = Parser(report, where, article if isinstance(article, str) else "")
    if not (isinstance(article, str) and article and is_sha256(digest) and is_integer(length) and "ranges" in row):
        expected = "expected a text, or article, sha256 and ranges of stand-off gold"
        parser.complain(rules.NOT_GOLD, f"{expected}, found {shown(dict(row))}")
        return None
    bounds = Range(0, length)
    ranges = parser.ranges(row["ranges"], bounds)
    spans = parser.inside(parser.spans(row.get("spans"), bounds), ranges)
    by_range = {Range(s.start, s.end): s for s in spans}
    relations = []
    for value in parser.listed(row.get("relations"), "relations"):
        ends = (
            [plain_range(value.get(side)) for side in ("head_span", "child_span")] if isinstance(value, Mapping) else []
        )
        if relation := parser.relation(value, by_range, *ends or (None, None)):
            relations.append(relation)
    meta = row.get("meta") or {}
    if not isinstance(meta, Mapping):
        parser.complain(rules.BAD_META, f"expected an object meta, found {shown(meta)}")
        return None
    return Gold(article, str(digest), ranges, spans, tuple(sorted(relations)), meta=meta, where=where, extra=row)


def hydrate(gold: Gold, article: Article) -> Gold:
    """Return stand-off gold with the article's text, or raise LiwaError saying where that differs.

    What the article says of its source and group is added to the meta.
    """
    if article.sha256 != gold.sha256:
        message = f"article {gold.article}: {difference(gold, article.text)}"
        raise LiwaError(message, where=gold.where, hint=rules.TEXT_DIFFERS.hint)
    known = {**article.source, **({"group": article.group} if article.group else {})}
    return replace(gold, text=article.text, start=0, meta={**known, **gold.meta}, extra={})


def difference(gold: Gold, text: str) -> str:
    """Say where a text stops being the annotated one, to within one block."""
    length, blocks = gold.extra.get("length"), str(gold.extra.get("blocks", ""))
    found = fingerprint(text)
    lengths = f"expected {length} code points, found {len(text)}" if length else f"found {len(text)} code points"
    same = next((i for i in range(0, max(len(blocks), len(found)), 4) if blocks[i : i + 4] != found[i : i + 4]), None)
    if same is None or not blocks:
        return f"the text is not the annotated one; {lengths}"
    start = same // 4 * BLOCK
    return f"the text differs first between code points {start} and {start + BLOCK}; {lengths}"


def fingerprint(text: str) -> str:
    """Return four hexadecimal digits for every block of a text: the low half of the CRC-32 of its UTF-8."""
    blocks = (text[i : i + BLOCK] for i in range(0, len(text), BLOCK))
    return "".join(f"{zlib.crc32(block.encode('utf-8')) & 0xFFFF:04x}" for block in blocks)


def _quotes(key: str, value: Any, text: str) -> bool:
    """Say whether a field of the meta tells words of the article: a title, or four words that stand in the text."""
    return key in _TITLES or (isinstance(value, str) and len(value.split()) >= 4 and value in text)
