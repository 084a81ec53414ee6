"""Gold cut to what a format can hold as a whole, as its reader will give it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from liwa.formats.base import Format, is_whole, unanswered
from liwa.formats.losses import Losses
from liwa.records import Gold, Range, sha256

_ROW: Final = {"text", "meta", "tokens", "spans", "relations", "answer", "_input_hash", "_task_hash"}
_SPAN: Final = {"start", "end", "label", "token_start", "token_end", "text"}
_RELATION: Final = {"head", "child", "head_span", "child_span", "label"}


def fit(gold: Gold, format: Format, losses: Losses) -> Gold:
    """Return gold cut to what a format holds, as its reader will give it back; what is cut away is noted."""
    why = f"{format.name} cannot hold it"
    if "relations" not in format.holds:
        for relation in gold.relations:
            losses.relation(gold, relation, why)
        gold = replace(gold, relations=())
    if "ranges" not in format.holds:
        for gap in gaps(gold):
            losses.add("ranges", f"{format.name} cannot say that a part was not annotated", gold, gap)
        gold = replace(gold, ranges=(Range(gold.start, gold.end),))
    for name in _unheld(gold, format):
        losses.add(name[0], why, gold, what=name[1])
    if "meta" not in format.holds:
        gold = replace(gold, meta={})
    return _alone(gold, format, losses)


def gaps(gold: Gold) -> list[Range]:
    """Return the parts of the text of gold that were not annotated."""
    edges = [gold.start, *(edge for r in gold.ranges for edge in r), gold.end]
    return [Range(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]


def _unheld(gold: Gold, format: Format) -> Iterator[tuple[str, str]]:
    """Yield kind and name of what a row says beyond its text, spans and relations, and the format cannot hold."""
    if "meta" not in format.holds:
        yield from (("meta", key) for key in gold.meta)
    if "answers" not in format.holds and unanswered(gold):
        yield "answers", ""
    if "fields" not in format.holds and gold.extra.get("text") is not None:
        yield from (("fields", name) for name in fields(gold.extra))


def fields(row: Mapping[str, Any]) -> list[str]:
    """Return the names of what another tool added to a row, its spans and its relations."""
    found = [key for key in row if key not in _ROW]
    for name, known in (("spans", _SPAN), ("relations", _RELATION)):
        listed = row.get(name)
        values = [value for value in listed if isinstance(value, Mapping)] if isinstance(listed, list) else []
        found += [f"{name}.{key}" for value in values for key in value if key not in known]
    return found


def _alone(gold: Gold, format: Format, losses: Losses) -> Gold:
    """Return gold as a document of its own where a format cannot say of which article it is, or where in it."""
    if "place" not in format.holds and not is_whole(gold):
        losses.add("place", f"{format.name} knows whole documents only", gold, Range(gold.start, gold.end))
        gold = _moved(replace(gold, article=f"{gold.article}:{gold.start}-{gold.end}", sha256=sha256(gold.text or "")))
    if "article" not in format.holds and gold.article != gold.sha256[:12]:
        losses.add("article", f"{format.name} cannot hold it", gold)
        gold = replace(gold, article=gold.sha256[:12])
    return gold


def _moved(gold: Gold) -> Gold:
    """Return gold with its offsets counted from the start of its own text."""
    by = -gold.start
    return replace(
        gold,
        start=0,
        ranges=tuple(Range(r.start + by, r.end + by) for r in gold.ranges),
        spans=tuple(s.shifted(by) for s in gold.spans),
        relations=tuple(r.shifted(by) for r in gold.relations),
    )
