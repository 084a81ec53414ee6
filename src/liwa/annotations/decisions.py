"""The list of decisions: what layers of annotation differ on, and how a person ruled. JSON lines, without any text.

A row asks: ``article, sha256, kind, start, end, says`` (what each layer that annotated the place has there), and for
relations ``ends``, ``lost`` (ends that are no gold spans) and ``reanchored`` (what layers said before their lost end
was replaced by the span that won). A person answers in ``ruling``: the name of a layer, ``"none"``, a span or relation
as an object, or a list of these; ``by`` and ``why`` say who ruled and for what reason. null is no answer yet.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from liwa import jsonl
from liwa.annotations.disagreements import Cluster, Link, plain
from liwa.annotations.parse import Parser, shown
from liwa.errors import LiwaError
from liwa.findings import stop
from liwa.records import Gold, Range, Relation, Span

NONE: Final = "none"
"""The ruling that no layer is right and nothing is there."""

LIWA: Final = "liwa"
"""Who decided where no person had to."""

_QUESTION: Final = ("article", "sha256", "kind", "start", "end", "ends", "lost", "reanchored", "says")
_ANSWER: Final = ("ruling", "by", "why")
_KEY: Final = ("article", "sha256", "start", "end", "ends", "says")


@dataclass(frozen=True)
class Answer:
    """How a person ruled, with any other key they put in the row. where: ``file:line`` of the row."""

    ruling: Any = None
    by: Any = None
    why: Any = None
    notes: Mapping[str, Any] | None = None
    where: str = ""


@dataclass(frozen=True)
class Decision:
    """One question of the list with its answer. says: what the layers have there, as records."""

    question: Mapping[str, Any]
    says: Mapping[str, Sequence[Span | Relation]]
    answer: Answer = Answer()

    @property
    def open(self) -> bool:
        """Whether nobody has ruled yet."""
        return self.answer.ruling is None

    @property
    def range(self) -> Range:
        """The code points of the article that the decision is about."""
        return Range(self.question["start"], self.question["end"])

    def to_row(self) -> dict[str, Any]:
        """Return the row of the list."""
        answer = {key: getattr(self.answer, key) for key in _ANSWER}
        question = {key: self.question[key] for key in _QUESTION if key in self.question}
        return {**question, **answer, **(self.answer.notes or {})}

    def spans(self, ranges: Sequence[Range]) -> tuple[Span, ...]:
        """Return the spans that were ruled for, or raise LiwaError for a ruling that cannot be followed."""
        if (said := self._layer()) is not None:
            return tuple(span for span in said if isinstance(span, Span))
        parser = self._parser()
        found = parser.spans(self._objects(), Range(0, ranges[-1].end))
        return parser.inside(found, tuple(ranges))

    def relations(self, spans: Collection[Span]) -> tuple[Relation, ...]:
        """Return the relations that were ruled for; an end that is none of the gold's spans is a LiwaError."""
        values = self._objects() if (said := self._layer()) is None else map(plain, said)
        by_range = {Range(s.start, s.end): s for s in spans}
        parser = self._parser()
        ends = ((value, _end(value, "head_span"), _end(value, "child_span")) for value in values)
        found = (parser.relation(value, by_range, head, child) for value, head, child in ends)
        return tuple(relation for relation in found if relation)

    def _layer(self) -> Sequence[Span | Relation] | None:
        """Return what the ruled-for layer says, () for none, and None for a ruling that is an object or a list."""
        ruling = self.answer.ruling
        if ruling == NONE:
            return ()
        if isinstance(ruling, str) and ruling in self.says:
            return self.says[ruling]
        if isinstance(ruling, Mapping | list):
            return None
        raise LiwaError(
            f"the ruling {shown(ruling)} names no layer that annotated this place",
            where=self.answer.where,
            hint=f"Rule {', '.join(self.says)}, none, or write a span or relation as an object",
        )

    def _objects(self) -> list[Any]:
        ruling = self.answer.ruling
        return ruling if isinstance(ruling, list) else [ruling]

    def _parser(self) -> Parser:
        return Parser(stop, self.answer.where, self.question["article"])


class Rulings:
    """The rulings of a decision file, each given out to the question that it answers."""

    def __init__(self, rows: Iterable[tuple[str, Mapping[str, Any]]] = ()) -> None:
        """Take (``file:line``, row) pairs; raise LiwaError for a row that is no decision, or ruled twice."""
        self._rows: dict[str, tuple[str, Mapping[str, Any]]] = {}
        for where, row in rows:
            if missing := {"article", "says", "ruling"} - set(row):
                raise LiwaError(
                    f"a decision without {', '.join(sorted(missing))}",
                    where=where,
                    hint="Keep the rows that liwa adjudicate wrote and fill in their ruling",
                )
            if (key := _key(row)) in self._rows:
                first, _ = self._rows[key]
                raise LiwaError(f"this decision is also in {first}", where=where, hint="Keep one of the two")
            self._rows[key] = where, row

    def answer(self, question: Mapping[str, Any]) -> Answer:
        """Return the answer to a question, an empty one where it has none yet."""
        where, row = self._rows.pop(_key(question), ("", {}))
        notes = {key: value for key, value in row.items() if key not in (*_QUESTION, *_ANSWER, "stale")}
        return Answer(row.get("ruling"), row.get("by"), row.get("why"), notes, where)

    def rest(self) -> list[dict[str, Any]]:
        """Return what people wrote in rows whose question was not asked: what the layers say has changed since."""
        left = (row for _, row in self._rows.values() if row.get("by") != LIWA)
        return [{**row, "stale": True} for row in left if any(row.get(key) is not None for key in _ANSWER)]


def ask_spans(gold: Gold, cluster: Cluster, rulings: Rulings) -> Decision:
    """Return the decision on a cluster of an article, with its answer if there is one."""
    question = _question(gold, cluster)
    return Decision(question, cluster.says, rulings.answer(question))


def ask_relations(
    gold: Gold, link: Link, lost: Sequence[Span], before: Mapping[str, Sequence[Relation]], rulings: Rulings
) -> Decision:
    """Return the decision on a link of an article. lost: ends that are no gold spans; before: as layers had it."""
    question = _question(gold, link) | {"ends": [end._asdict() for end in link.ends]}
    if lost:
        question |= {"kind": "relation-ends", "lost": [end._asdict() for end in lost]}
    if before:
        question["reanchored"] = {name: list(map(plain, said)) for name, said in before.items()}
    return Decision(question, link.says, rulings.answer(question))


def write(path: str | Path, decisions: Iterable[Decision], stale: Iterable[Mapping[str, Any]] = ()) -> int:
    """Write the list, then rulings that no longer apply, and return the number of rows."""
    return jsonl.write(path, _rows(decisions, stale))


def _rows(decisions: Iterable[Decision], stale: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for decision in decisions:
        yield decision.to_row()
    yield from stale


def _question(gold: Gold, conflict: Cluster | Link) -> dict[str, Any]:
    return {
        "article": gold.article,
        "sha256": gold.sha256,
        "kind": conflict.kind,
        **conflict.range._asdict(),
        "says": {name: list(map(plain, said)) for name, said in conflict.says.items()},
    }


def _key(row: Mapping[str, Any]) -> str:
    return json.dumps([row.get(key) for key in _KEY], sort_keys=True)


def _end(value: Any, side: str) -> Range | None:
    end = value.get(side) if isinstance(value, Mapping) else None
    return Range(end.get("start"), end.get("end")) if isinstance(end, Mapping) else None  # type: ignore[arg-type]
