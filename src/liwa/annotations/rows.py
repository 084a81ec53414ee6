"""The inline form of gold: Prodigy rows, each a passage with its text, spans and relations.

``meta`` says where the passage stands in its article (``article``, ``sha256``, ``start``, ``end``), so that every span
can be put back. A row without it, such as another tool's export, is taken for an article of its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Final

from liwa.annotations import rules
from liwa.annotations.hashes import input_hash, task_hash
from liwa.annotations.parse import Parser, Report, is_integer, is_sha256, plain_range, shown
from liwa.arabic.tokenizer import tokenise
from liwa.records import Gold, Range, Relation, Span, sha256

ANSWERS: Final = ("accept", "reject", "ignore")

_IDENTITY: Final = ("article", "sha256", "start", "end", "ranges")
_INDICES: Final = ("token_start", "token_end")


def task(text: str, meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return a new task: a Prodigy row with tokens, no spans, and Prodigy's hashes."""
    return _row(text, [], dict(meta), token_rows(text, tokenise(text)))


def to_row(gold: Gold, *, answer: str | None = "accept") -> dict[str, Any]:
    """Return the inline form of gold that has its text; what else stood in the row it was read from is kept.

    A span that tokens cannot hold stands without token indices, as in Prodigy's character mode.
    answer: of a row that had none; None for a prediction, which nobody has answered.
    """
    assert gold.text is not None, f"{gold.article} has no text yet"
    old = gold.extra if gold.extra.get("text") == gold.text else {}
    tokens = _tokens(gold.text, old.get("tokens"))
    same = tokens == old.get("tokens")
    at = [(token["start"], token["end"]) for token in tokens]
    spans = _with_known([_span(s.shifted(-gold.start), at) for s in gold.spans], old.get("spans"), _span_key, same)
    row = {**gold.extra, **_row(gold.text, spans, _meta(gold), tokens)}
    row |= {key: old[key] for key in ("_input_hash", "_task_hash") if key in old}
    row |= {"answer": gold.extra.get("answer", answer)}
    if answer is None:
        del row["answer"]
    if gold.relations or "relations" in gold.extra:
        found = [_relation(r.shifted(-gold.start), at) for r in gold.relations]
        row["relations"] = _with_known(found, old.get("relations"), _relation_key, same)
    return row


def from_row(row: Mapping[str, Any], where: str, report: Report) -> Gold | None:
    """Read a Prodigy row; None where it was not accepted, or cannot be read (either is reported).

    A row without an answer counts as accepted, but a task without one is reported too: nobody has said what is in it.
    A row whose ``meta`` names no article, and no place in one, is an article of its own. One that names an article
    without its SHA-256 gets the digest "", until `liwa.annotations.texts.attach` finds the passage in that article.
    """
    text, meta = row.get("text"), row.get("meta") or {}
    if not isinstance(text, str) or not text or not isinstance(meta, Mapping):
        Parser(report, where).complain(rules.NOT_GOLD, f"expected a text and an object meta, found {shown(row)}")
        return None
    parser = Parser(report, where, str(meta.get("article") or str(meta.get("sha256") or sha256(text))[:12]))
    if not _accepted(row, parser) or not (window := _window(meta, len(text), parser)):
        return None
    alone = "article" not in meta and window.start == 0
    ranges = parser.ranges(meta["ranges"], window) if "ranges" in meta else (window,)
    in_row = replace(parser, shift=window.start)
    local = in_row.spans(row.get("spans"), Range(0, len(text)))
    _compare_texts(row.get("spans"), text, in_row)
    spans = parser.inside(tuple(s.shifted(window.start) for s in local), ranges)
    relations = _relations(row, {s.shifted(-window.start) for s in spans}, in_row)
    return Gold(
        article=parser.article,
        sha256=meta.get("sha256") or (sha256(text) if alone else ""),
        ranges=ranges,
        spans=spans,
        relations=tuple(sorted(r.shifted(window.start) for r in relations)),
        text=text,
        start=window.start,
        meta={k: v for k, v in meta.items() if k not in _IDENTITY},
        where=where,
        extra=row,
    )


def last_token(end: int, tokens: Sequence[tuple[int, int]]) -> int:
    """Return the index of the token in which a span ends: what Prodigy calls a relation's head or child."""
    return max(0, min(bisect_left(tokens, end, key=lambda token: token[1]), len(tokens) - 1))


def _row(text: str, spans: list[dict[str, Any]], meta: dict[str, Any], tokens: list[dict[str, Any]]) -> dict[str, Any]:
    of_input = input_hash(text)
    return {
        "text": text,
        "meta": meta,
        "_input_hash": of_input,
        "_task_hash": task_hash(of_input, spans),
        "tokens": tokens,
        "spans": spans,
    }


def token_rows(text: str, tokens: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """Return tokens as Prodigy writes them; ``ws`` says whether a space follows that is no token."""
    following = [*(start for start, _ in tokens[1:]), len(text)][: len(tokens)]
    return [
        {"text": text[start:end], "start": start, "end": end, "id": number, "ws": end < after}
        for number, ((start, end), after) in enumerate(zip(tokens, following, strict=True))
    ]


def _span(span: Span, tokens: Sequence[tuple[int, int]]) -> dict[str, Any]:
    plain = {"start": span.start, "end": span.end, "label": span.label}
    first = bisect_left(tokens, span.start, key=lambda token: token[0])
    last = last_token(span.end, tokens)
    aligned = max(first, last) < len(tokens) and tokens[first][0] == span.start and tokens[last][1] == span.end
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
    place: dict[str, Any] = {"article": gold.article, "sha256": gold.sha256, "start": gold.start, "end": gold.end}
    if not gold.sha256:
        del place["sha256"]
    if gold.ranges != (Range(gold.start, gold.end),):
        place["ranges"] = [list(r) for r in gold.ranges]
    return {**gold.meta, **place}


def _tokens(text: str, kept: Any) -> list[dict[str, Any]]:
    """Return the tokens that a row has, where they fit its text, else ours."""
    places = [(plain_range(token), token) for token in _list(kept)]
    if places and all(place and text[place.start : place.end] == token.get("text") for place, token in places):
        return list(kept)
    return token_rows(text, tokenise(text))


def _with_known(
    made: list[dict[str, Any]], known: Any, key: Callable[[Mapping[str, Any]], tuple[Any, ...]], same_tokens: bool
) -> list[dict[str, Any]]:
    """Return objects with what the row's own objects of the same key said; token indices only of the same tokens."""
    found = {key(k): k for k in _list(known) if isinstance(k, Mapping)}
    if same_tokens:
        return [{**m, **found.get(key(m), {})} for m in made]
    return [{**{k: v for k, v in found.get(key(m), {}).items() if k not in _INDICES}, **m} for m in made]


def _span_key(span: Mapping[str, Any]) -> tuple[Any, ...]:
    return plain_range(span), str(span.get("label"))


def _relation_key(relation: Mapping[str, Any]) -> tuple[Any, ...]:
    return plain_range(relation.get("head_span")), plain_range(relation.get("child_span")), str(relation.get("label"))


def _accepted(row: Mapping[str, Any], parser: Parser) -> bool:
    answer = row.get("answer", "accept")
    if answer not in ANSWERS:
        parser.complain(rules.BAD_ANSWER, f"expected {', '.join(ANSWERS)}, found {shown(answer)}")
    elif answer != "accept":
        parser.complain(rules.NOT_ACCEPTED, f"the answer is {answer}")
    elif "answer" not in row and "_task_hash" in row:
        parser.complain(rules.UNANSWERED, "expected an answered row, found a task")
    return bool(answer == "accept")


def _window(meta: Mapping[str, Any], length: int, parser: Parser) -> Range | None:
    """Return where the row's text stands in its article, by its meta."""
    start = meta.get("start", 0)
    end = meta.get("end", start + length if is_integer(start) else None)
    if not (is_integer(start) and is_integer(end) and start >= 0 and end - start == length):
        parser.complain(rules.BAD_META, f"meta says {shown(start)} to {shown(end)} of a text of {length} code points")
    elif not is_sha256(meta.get("sha256") or "0" * 64):
        parser.complain(rules.BAD_META, f"expected a SHA-256, found {shown(meta['sha256'])}")
    else:
        return Range(start, end)
    return None


def _compare_texts(values: Any, text: str, parser: Parser) -> None:
    for value in _list(values):
        place = plain_range(value)
        if place and isinstance(said := value.get("text"), str) and text[place.start : place.end] != said:
            parser.complain(rules.SPAN_TEXT, "the row's text has other characters there than the span says", place)


def _relations(row: Mapping[str, Any], spans: Iterable[Span], parser: Parser) -> list[Relation]:
    by_range = {Range(s.start, s.end): s for s in spans}
    by_token = cache(lambda: _by_last_token(row, list(by_range)))
    found = []
    for value in parser.listed(row.get("relations"), "relations"):
        ends = [_end(value, side, by_token) for side in ("head", "child")]
        if relation := parser.relation(value, by_range, *ends):
            found.append(relation)
    return found


def _by_last_token(row: Mapping[str, Any], spans: Iterable[Range]) -> dict[int, Range]:
    """Return the spans by the index of their last token, which the row's spans say, or else its tokens."""
    places = [plain_range(token) for token in _list(row.get("tokens"))]
    index = {place.end: number for number, place in enumerate(places) if place}
    found = {index[span.end]: span for span in spans if span.end in index}
    for value in _list(row.get("spans")):
        if (place := plain_range(value)) and is_integer(last := value.get("token_end")):
            found[last] = place
    return found


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _end(relation: Any, side: str, by_token: Callable[[], Mapping[int, Range]]) -> Range | None:
    """Find an end of a relation by its span, else by its last token."""
    if not isinstance(relation, Mapping):
        return None
    if f"{side}_span" in relation:
        return plain_range(relation[f"{side}_span"])
    token = relation.get(side)
    return by_token().get(token) if is_integer(token) else None
