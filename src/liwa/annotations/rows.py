"""The inline form of gold: Prodigy rows, each a passage with its text, spans and relations.

``meta`` says where the passage stands in its article (``article``, ``sha256``, ``start``, ``end``), so that every span
can be put back. A row without it, such as another tool's export, is taken for an article of its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any, Final

from liwa.annotations import rules
from liwa.annotations.hashes import input_hash, task_hash
from liwa.annotations.parse import Parser, Report, is_integer, shown
from liwa.arabic.tokenizer import tokenise
from liwa.records import Gold, Range, Relation, Span, sha256

ANSWERS: Final = ("accept", "reject", "ignore")

_IDENTITY: Final = ("article", "sha256", "start", "end", "ranges")


def task(text: str, meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return a new task: a Prodigy row with tokens, no spans, and Prodigy's hashes."""
    return _row(text, [], dict(meta))


def to_row(gold: Gold) -> dict[str, Any]:
    """Return the inline form of gold that has its text; keys of the row it was read from are kept.

    A span that tokens cannot hold stands without token indices, as in Prodigy's character mode.
    """
    assert gold.text is not None, f"{gold.article} has no text yet"
    tokens = tokenise(gold.text)
    known = {_key(s): s for s in gold.extra.get("spans") or () if isinstance(s, Mapping)}
    spans = [{**known.get(s[:3], {}), **_span(s, tokens)} for s in (s.shifted(-gold.start) for s in gold.spans)]
    row = _row(gold.text, spans, _meta(gold), tokens)
    foreign = {k: v for k, v in gold.extra.items() if k not in row}
    kept = {k: gold.extra[k] for k in ("_input_hash", "_task_hash") if k in gold.extra}
    row |= foreign | kept | {"answer": gold.extra.get("answer", "accept")}
    if gold.relations or "relations" in gold.extra:
        row["relations"] = [_relation(r.shifted(-gold.start), tokens) for r in gold.relations]
    return row


def from_row(row: Mapping[str, Any], where: str, report: Report) -> Gold | None:
    """Read a Prodigy row; None where it was not accepted, or cannot be read (which is reported)."""
    text, meta = row.get("text"), row.get("meta") or {}
    if not isinstance(text, str) or not isinstance(meta, Mapping):
        Parser(report, where).complain(rules.NOT_GOLD, f"expected a text and an object meta, found {shown(row)}")
        return None
    digest = meta.get("sha256") or sha256(text)
    parser = Parser(report, where, str(meta.get("article") or digest[:12]))
    if row.get("answer", "accept") not in ANSWERS:
        parser.complain(rules.BAD_ANSWER, f"expected {', '.join(ANSWERS)}, found {shown(row['answer'])}")
    if row.get("answer", "accept") != "accept" or not (window := _window(meta, len(text), parser)):
        return None
    local = Range(0, len(text))
    spans = parser.spans(row.get("spans"), local)
    _compare_texts(row.get("spans"), text, parser)
    relations = _relations(row, spans, parser)
    ranges = parser.ranges(meta["ranges"], window) if "ranges" in meta else (window,)
    placed = parser.inside(tuple(s.shifted(window.start) for s in spans), ranges)
    return Gold(
        article=parser.article,
        sha256=digest,
        ranges=ranges,
        spans=placed,
        relations=tuple(sorted(r.shifted(window.start) for r in relations)),
        text=text,
        start=window.start,
        meta={k: v for k, v in meta.items() if k not in _IDENTITY},
        where=where,
        extra=row,
    )


def last_token(end: int, tokens: Sequence[tuple[int, int]]) -> int:
    """Return the index of the token in which a span ends: what Prodigy calls a relation's head or child."""
    return bisect_left(tokens, end, key=lambda token: token[1])


def _row(
    text: str, spans: list[dict[str, Any]], meta: dict[str, Any], tokens: Sequence[tuple[int, int]] | None = None
) -> dict[str, Any]:
    of_input = input_hash(text)
    return {
        "text": text,
        "meta": meta,
        "_input_hash": of_input,
        "_task_hash": task_hash(of_input, spans),
        "tokens": token_rows(text, tokenise(text) if tokens is None else tokens),
        "spans": spans,
    }


def token_rows(text: str, tokens: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """Return tokens as Prodigy writes them; ``ws`` says whether a space follows that is no token."""
    following = [start for start, _ in tokens[1:]] + [len(text)]
    return [
        {"text": text[start:end], "start": start, "end": end, "id": number, "ws": end < after}
        for number, ((start, end), after) in enumerate(zip(tokens, following, strict=True))
    ]


def _span(span: Span, tokens: Sequence[tuple[int, int]]) -> dict[str, Any]:
    plain = {"start": span.start, "end": span.end, "label": span.label}
    first = bisect_left(tokens, span.start, key=lambda token: token[0])
    last = last_token(span.end, tokens)
    aligned = last < len(tokens) and tokens[first][0] == span.start and tokens[last][1] == span.end
    return {**plain, "token_start": first, "token_end": last} if aligned else plain


def _relation(relation: Relation, tokens: Sequence[tuple[int, int]]) -> dict[str, Any]:
    return {
        "head": last_token(relation.head.end, tokens),
        "child": last_token(relation.child.end, tokens),
        "head_span": _span(relation.head, tokens),
        "child_span": _span(relation.child, tokens),
        "label": relation.label,
    }


def _meta(gold: Gold) -> dict[str, Any]:
    place = {"article": gold.article, "sha256": gold.sha256, "start": gold.start, "end": gold.end}
    if gold.ranges != (Range(gold.start, gold.end),):
        place["ranges"] = [list(r) for r in gold.ranges]
    return {**gold.meta, **place}


def _key(span: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    return span.get("start"), span.get("end"), span.get("label")


def _window(meta: Mapping[str, Any], length: int, parser: Parser) -> Range | None:
    start = meta.get("start", 0)
    end = meta.get("end", start + length if is_integer(start) else None)
    digest = meta.get("sha256", "")
    if not (is_integer(start) and is_integer(end) and start >= 0 and end - start == length):
        parser.complain(rules.BAD_META, f"meta says {shown(start)} to {shown(end)} of a text of {length} code points")
        return None
    if not isinstance(digest, str):
        parser.complain(rules.BAD_META, f"expected a SHA-256, found {shown(digest)}")
        return None
    return Range(start, end)


def _compare_texts(values: Any, text: str, parser: Parser) -> None:
    for value in values if isinstance(values, list) else ():
        if isinstance(value, Mapping) and isinstance(said := value.get("text"), str):
            start, end = value.get("start"), value.get("end")
            if is_integer(start) and is_integer(end) and text[start:end] != said:
                parser.complain(rules.SPAN_TEXT, f"the row's text has other characters at {start}-{end} than the span")


def _relations(row: Mapping[str, Any], spans: tuple[Span, ...], parser: Parser) -> list[Relation]:
    by_range = {Range(s.start, s.end): s for s in spans}
    by_token = {value.get("token_end"): _plain(value) for value in row.get("spans") or () if isinstance(value, Mapping)}
    found = []
    for value in parser.listed(row.get("relations"), "relations"):
        ends = [_end(value, side, by_token) for side in ("head", "child")]
        if relation := parser.relation(value, by_range, *ends):
            found.append(relation)
    return found


def _end(relation: Any, side: str, by_token: Mapping[Any, Range]) -> Range | None:
    """Find an end of a relation by its span, else by its last token."""
    if not isinstance(relation, Mapping):
        return None
    span = relation.get(f"{side}_span")
    if isinstance(span, Mapping):
        return _plain(span)
    token = relation.get(side)
    return by_token.get(token) if is_integer(token) else None


def _plain(value: Mapping[str, Any]) -> Range:
    return Range(value.get("start"), value.get("end"))  # type: ignore[arg-type]
