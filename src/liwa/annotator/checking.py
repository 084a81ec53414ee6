"""What a browser sends, held against the text of the task and against the scheme, before any of it is stored."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final, NoReturn

from liwa.annotations.parse import Parser, is_integer, named, shown
from liwa.annotations.rows import ANSWERS
from liwa.findings import Finding
from liwa.records import Range, Relation, Span
from liwa.scheme import Scheme

ORIGINS: Final = ("pre", "mine")
"""Whether a span stands as it came with the task, or an annotator touched it."""

_KEY: Final = re.compile(r"[\w-]{8,64}", re.ASCII)
_MOST_SECONDS: Final = 7 * 24 * 3600.0
_SURROGATES: Final = re.compile("[\ud800-\udfff]")


class RefusedError(Exception):
    """An annotation that cannot be stored; its text says what is wrong, in one line."""


@dataclass(frozen=True)
class Body:
    """What an annotator says of a task: offsets in code points of its text.

    origins: of each span and each relation, in their order, one of `ORIGINS`. note: what the server says of it, such as
    who reviewed.
    """

    spans: tuple[Span, ...]
    relations: tuple[Relation, ...]
    comment: str
    flagged: bool
    origins: tuple[str, ...]
    note: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the body as the store keeps it: all ASCII, so that any database takes it."""
        number = {span: index for index, span in enumerate(self.spans)}
        data = {
            "spans": [list(span) for span in self.spans],
            "relations": [[number[r.head], number[r.child], r.label] for r in self.relations],
            "comment": self.comment,
            "flagged": self.flagged,
            "origins": list(self.origins),
            **({"note": dict(self.note)} if self.note else {}),
        }
        return json.dumps(data, separators=(",", ":"))

    @classmethod
    def from_json(cls, kept: str) -> Body:
        """Read what `to_json` wrote."""
        data = json.loads(kept)
        spans = tuple(Span(*span) for span in data["spans"])
        relations = tuple(Relation(spans[head], spans[child], label) for head, child, label in data["relations"])
        return cls(spans, relations, data["comment"], data["flagged"], tuple(data["origins"]), data.get("note", {}))

    def to_dict(self, text: str) -> dict[str, Any]:
        """Return the body as the page reads it, each span with the characters that it covers."""
        origins = iter(self.origins)
        return {
            "spans": [{**s._asdict(), "text": text[s.start : s.end], "origin": next(origins)} for s in self.spans],
            "relations": [
                {"head": list(r.head[:2]), "child": list(r.child[:2]), "label": r.label, "origin": next(origins)}
                for r in self.relations
            ],
            "comment": self.comment,
            "flagged": self.flagged,
            **({"note": dict(self.note)} if self.note else {}),
        }


@dataclass(frozen=True)
class Submission:
    """One request to store: an answer, or a draft where there is none.

    key: the browser's name for the request, the same when it is sent again; base: the revision that it builds on,
    0 for none; seconds: how long the annotator worked.
    """

    key: str
    base: int
    answer: str | None
    seconds: float
    body: Body


def read_submission(data: Any, text: str, scheme: Scheme, *, draft: bool) -> Submission:
    """Return what was sent for a task, or raise RefusedError."""
    if not isinstance(data, Mapping):
        raise RefusedError(f"expected a JSON object, found {shown(data)}")
    key, base, answer = (data.get(name) for name in ("key", "base", "answer"))
    if not (isinstance(key, str) and _KEY.fullmatch(key)):
        raise RefusedError(f"expected a key of 8 to 64 letters, digits and dashes, found {shown(key)}")
    if not (is_integer(base) and base >= 0):
        raise RefusedError(f"expected a base revision from 0, found {shown(base)}")
    if not draft and answer not in ANSWERS:
        raise RefusedError(f"expected an answer of {', '.join(ANSWERS)}, found {shown(answer)}")
    seconds = _seconds(data.get("seconds", 0))
    return Submission(key, base, None if draft else answer, seconds, read_body(data, text, scheme))


def read_body(data: Mapping[str, Any], text: str, scheme: Scheme) -> Body:
    """Return the annotation in what was sent, or raise RefusedError for the first thing that is wrong with it."""
    parser = Parser(_refuse, "")
    whole = Range(0, len(text))
    spans = parser.spans(data.get("spans"), whole)
    for value in parser.listed(data.get("spans"), "spans"):
        _require_text(value, text)
    by_range = {Range(s.start, s.end): s for s in spans}
    relations = [_relation(value, by_range, parser) for value in parser.listed(data.get("relations"), "relations")]
    require_legal(spans, relations, scheme)
    return Body(
        spans=spans,
        relations=tuple(sorted(relations)),
        comment=_comment(data.get("comment")),
        flagged=_flagged(data.get("flagged")),
        origins=_origins(data),
    )


def require_legal(spans: Sequence[Span], relations: Sequence[Relation], scheme: Scheme) -> None:
    """Raise RefusedError for a label or relation type that the scheme lacks, or a link that it does not allow."""
    for span in spans:
        if span.label not in scheme.labels:
            raise RefusedError(f"{named(span)}: expected a label of {', '.join(scheme.labels)}")
    for relation in relations:
        head, child = relation.head, relation.child
        kind = scheme.relations.get(relation.label)
        if kind is None:
            raise RefusedError(f"{relation.label}: expected a relation type of {', '.join(scheme.relations) or 'none'}")
        if not kind.allows(head.label, child.label):
            raise RefusedError(f"{relation.label} does not go from {named(head)} to {named(child)}")
        if head == child:
            raise RefusedError(f"{relation.label} links {named(head)} to itself")
    if len(set(relations)) < len(relations):
        raise RefusedError("a relation is given twice")


def _refuse(finding: Finding) -> NoReturn:
    place = f"{finding.start}-{finding.end}: " if finding.start is not None else ""
    raise RefusedError(f"{place}{finding.message}")


def _require_text(span: Mapping[str, Any], text: str) -> None:
    start, end, said = span["start"], span["end"], span.get("text")
    if text[start:end] != said:
        raise RefusedError(f"{start}-{end}: the text there is {shown(text[start:end])}, the span says {shown(said)}")


def _relation(value: Any, spans: Mapping[Range, Span], parser: Parser) -> Relation:
    ends = [_end(value.get(side)) if isinstance(value, Mapping) else None for side in ("head", "child")]
    relation = parser.relation(value, spans, *ends)
    assert relation, "the parser refuses what it cannot read"
    return relation


def _end(value: Any) -> Range | None:
    good = isinstance(value, list) and len(value) == 2 and all(map(is_integer, value))
    return Range(*value) if good else None


def _seconds(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise RefusedError(f"expected seconds as a number, found {shown(value)}")
    return min(max(float(value), 0.0), _MOST_SECONDS)


def _comment(value: Any) -> str:
    if not isinstance(value, str | None):
        raise RefusedError(f"expected a comment as a string, found {shown(value)}")
    return _SURROGATES.sub("\ufffd", value or "")


def _flagged(value: Any) -> bool:
    if not isinstance(value, bool | None):
        raise RefusedError(f"expected flagged as true or false, found {shown(value)}")
    return bool(value)


def _origins(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the origins in the order in which spans and relations are kept."""
    spans = sorted(data.get("spans") or [], key=lambda s: s["start"])
    relations = sorted(data.get("relations") or [], key=lambda r: (r["head"], r["child"], r["label"]))
    found = [value.get("origin", ORIGINS[1]) for value in chain(spans, relations)]
    if unknown := [origin for origin in found if origin not in ORIGINS]:
        raise RefusedError(f"expected an origin of {', '.join(ORIGINS)}, found {shown(unknown[0])}")
    return tuple(found)
