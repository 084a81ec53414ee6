"""Several answers to one task become one: adjudication over a task, with the rulings of a review.

A review takes sides, decision by decision, or gives a whole answer of its own. Either way the rulings are those that
`liwa.annotations.adjudicate` asks for, so that its list and a review can stand for each other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from liwa.annotations.adjudicate import adjudicate
from liwa.annotations.decisions import LIWA, NONE, Decision, Rulings
from liwa.annotations.disagreements import Layers, plain
from liwa.errors import LiwaError
from liwa.records import Gold, Range, Relation, Span

Ruler = Callable[[Decision], Any]
"""Returns the ruling on a decision, as a row of the list has it in offsets of the article; None for none yet."""

_ASKED: Final = ("article", "sha256", "start", "end", "ends", "says")


@dataclass(frozen=True)
class Settled:
    """What became of the answers to a task. gold: what is agreed or ruled; waiting: relations that wait for spans."""

    gold: Gold
    decisions: tuple[Decision, ...] = ()
    waiting: int = 0

    @property
    def open(self) -> int:
        """The number of decisions without a ruling."""
        return sum(decision.open for decision in self.decisions)


def settle(task: Gold, layers: Layers, ruler: Ruler, *, by: str | None = None, why: str | None = None) -> Settled:
    """Merge what annotators accepted of a task, asking a ruler until it has nothing more to say.

    task: the task without annotation, for where there are no layers. Raises LiwaError for a ruling that cannot be.
    """
    if len(layers) < 2:
        return Settled(next(iter(layers.values()), task))
    ruled: dict[str, dict[str, Any]] = {}
    while True:
        rows = [(f"decision {name}", row) for name, row in ruled.items()]
        result = adjudicate({name: [gold] for name, gold in layers.items()}, Rulings(rows))
        fresh: dict[str, dict[str, Any]] = {}
        for decision in result.decisions:
            name = decision_id(decision)
            asked = name not in ruled and (decision.open or decision.answer.by == LIWA)
            if asked and (ruling := ruler(decision)) is not None:
                fresh[name] = {**decision.to_row(), "ruling": ruling, "by": by, "why": why}
        if not fresh:
            return Settled(result.gold[0], tuple(result.decisions), result.waiting)
        ruled |= fresh


def undecided(decision: Decision) -> None:
    """Rule on nothing."""


def by_sides(sides: Mapping[str, Any], start: int) -> Ruler:
    """Return a ruler that takes the sides of a review, given by decision in offsets of the task, which starts there."""

    def rule(decision: Decision) -> Any:
        side = sides.get(decision_id(decision))
        return [_placed(item, start) for item in side] if isinstance(side, list) else side

    return rule


def by_answer(answer: Gold) -> Ruler:
    """Return a ruler that says of every place what an answer has there."""

    def rule(decision: Decision) -> Any:
        found = _there(answer, decision)
        agreeing = [name for name, said in decision.says.items() if set(said) == set(found)]
        return NONE if not found else agreeing[0] if agreeing else list(map(plain, found))

    return rule


def settled_as(task: Gold, layers: Layers, answer: Gold, *, by: str | None = None, why: str | None = None) -> Settled:
    """Return the decisions with the rulings that lead to an answer.

    Where it also changed what all had agreed on, no rulings can lead there: they lead as far as they can, and are left
    open where they would contradict each other.
    """
    try:
        return settle(task, layers, by_answer(answer), by=by, why=why)
    except LiwaError:
        return settle(task, layers, undecided)


def decision_id(decision: Decision) -> str:
    """Return a name for a decision that is the same as long as the same is asked."""
    asked = json.dumps([decision.question.get(key) for key in _ASKED], sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()[:12]


def _there(answer: Gold, decision: Decision) -> list[Span | Relation]:
    """Return what an answer has at the place of a decision: spans, or relations between spans over its two ends."""
    ends = decision.question.get("ends")
    if ends is None:
        return [span for span in answer.spans if _over(span, decision.range)]
    one, other = (Range(end["start"], end["end"]) for end in ends)
    return [
        r
        for r in answer.relations
        if (_over(r.head, one) and _over(r.child, other)) or (_over(r.head, other) and _over(r.child, one))
    ]


def _over(span: Span, place: Range) -> bool:
    return span.start < place.end and place.start < span.end


def _placed(item: Any, start: int) -> Any:
    """Return a span or relation of a task as the list has it; what is neither stays, for the list to refuse."""
    try:
        if "head" in item:
            head, child = ({"start": a + start, "end": b + start} for a, b in (item["head"], item["child"]))
            return {"head_span": head, "child_span": child, "label": item["label"]}
        return {"start": item["start"] + start, "end": item["end"] + start, "label": item["label"]}
    except (TypeError, KeyError, ValueError):
        return item
