"""A task as the page reads it: text, tokens, what it came with, what was said of it, and the article around it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, RowMapping

from liwa.annotations.parse import is_integer
from liwa.annotations.rows import to_row
from liwa.annotator import listing, saving
from liwa.annotator.context import Passage, around
from liwa.annotator.task import pre_annotation
from liwa.records import Gold, Range, Relation, Span


def payload(connection: Connection, task: RowMapping, annotator: int, name: str) -> dict[str, Any]:
    """Return all that the page shows of a task."""
    gold = pre_annotation(json.loads(task["row"]))
    text = gold.text or ""
    row = to_row(replace(gold, spans=(), relations=()), answer=None)
    spans = [s.shifted(-gold.start) for s in gold.spans]
    before, after = around(connection, task["article"], Range(task["start"], task["end"]))
    return {
        "id": task["digest"],
        "position": task["position"],
        "total": listing.total(connection),
        "text": text,
        "tokens": [[token["start"], token["end"]] for token in row["tokens"]],
        "spans": _marked(text, spans),
        "relations": _plain(r.shifted(-gold.start) for r in gold.relations),
        "meta": row["meta"],
        "before": list(map(Passage._asdict, before)),
        "after": list(map(Passage._asdict, after)),
        "state": saving.state(connection, task["id"], annotator, name, text),
        "again": saving.again(connection, task["id"], annotator),
        "duplicate": _duplicate(connection, gold, annotator),
    }


def _marked(text: str, spans: Iterable[Span]) -> list[dict[str, Any]]:
    return [{**s._asdict(), "text": text[s.start : s.end]} for s in spans]


def _plain(relations: Iterable[Relation]) -> list[dict[str, Any]]:
    return [{"head": list(r.head[:2]), "child": list(r.child[:2]), "label": r.label} for r in relations]


def _duplicate(connection: Connection, gold: Gold, annotator: int) -> dict[str, Any] | None:
    """Return the annotator's answer to the passage that a task nearly repeats, carried over to the task's text."""
    origin = gold.meta.get("duplicate_of")
    if not isinstance(origin, dict):
        return None
    article, start, end = (origin.get(name) for name in ("article", "start", "end"))
    if not (isinstance(article, str) and is_integer(start) and is_integer(end)):
        return None
    other = listing.at_place(connection, article, start, end)
    said = saving.last_answer(connection, other["id"], annotator) if other else None
    if not (other and said):
        return None
    return {"id": other["digest"], "answer": said[0], "similarity": origin.get("similarity")} | _carried(
        pre_annotation(json.loads(other["row"])), said[1], gold
    )


def _carried(origin: Gold, said: Any, gold: Gold) -> dict[str, Any]:
    from liwa.annotations.carry import carry

    answer = replace(
        origin,
        ranges=(Range(origin.start, origin.end),),
        spans=tuple(s.shifted(origin.start) for s in said.spans),
        relations=tuple(r.shifted(origin.start) for r in said.relations),
    )
    text = gold.text or ""
    carried = carry(answer, text)
    return {
        "text": origin.text,
        "spans": _marked(text, carried.gold.spans),
        "relations": _plain(carried.gold.relations),
        "lost": len(carried.lost_spans) + len(carried.lost_relations),
        "complete": carried.complete,
    }
