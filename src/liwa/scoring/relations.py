"""Relations of predictions held against gold, by (article, head, child, type) in code points.

An end counts only with its exact characters and label, and direction counts. What no system could propose (a pair
that is no candidate, a span that no tokens hold) is a miss.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from liwa.annotations.gold import merge
from liwa.records import Gold, Relation, Span
from liwa.scoring.counts import Counts, total

MACRO_SUPPORT: Final = 20
"""A type needs as many gold relations to count in the macro average; fewer give no stable rate."""

ByType = Mapping[str, Counts]


@dataclass(frozen=True)
class RelationScores:
    """Counts by relation type, of several ways to find relations.

    systems: by name, ``end_to_end`` first. An ``oracle`` is what perfect relations between the predicted spans would
    reach, ``candidates`` what perfect choices among the pairs looked at would: only its recall means anything.
    apart: the type that a second micro average leaves out, because it would drown the others.
    """

    systems: Mapping[str, ByType]
    apart: str = ""

    @property
    def types(self) -> list[str]:
        """The relation types, in order."""
        return list(next(iter(self.systems.values())))

    def micro(self, system: str, *, without: str = "") -> Counts:
        """Return the sum over all types, or all but one."""
        return total(counts for kind, counts in self.systems[system].items() if kind != without)

    def macro(self, system: str) -> float | None:
        """Return the mean F1 over the types with enough gold relations; None where there are none."""
        rates = [counts.f1 or 0.0 for counts in self.systems[system].values() if counts.support >= MACRO_SUPPORT]
        return sum(rates) / len(rates) if rates else None

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data."""
        return {"apart": self.apart, "macro_support": MACRO_SUPPORT, **{s: self._system(s) for s in self.systems}}

    def _system(self, system: str) -> dict[str, Any]:
        return {
            "micro": _plain(self.micro(system)),
            "micro_without_apart": _plain(self.micro(system, without=self.apart)),
            "macro_f1": self.macro(system),
            "types": {kind: _plain(counts) for kind, counts in self.systems[system].items()},
        }


def score_relations(
    gold: Iterable[Gold], systems: Mapping[str, Iterable[Gold]], *, types: Sequence[str] = (), apart: str = ""
) -> RelationScores:
    """Score the relations of several systems against gold, article by article.

    systems: predictions by name; where ``end_to_end`` is among them, its ``oracle`` is added. types: shown first and
    always, such as a scheme's. apart: the type to leave out of the second micro average; "" is the most frequent one.
    """
    right = {g.article: g for g in merge(gold)}
    found = {name: {p.article: p for p in merge(predictions)} for name, predictions in systems.items()}
    if "end_to_end" in found:
        predicted = found["end_to_end"]
        found["oracle"] = {a: oracle(right[a], predicted[a]) for a in set(right) & set(predicted)}
    seen = {r.label for golds in [right, *found.values()] for g in golds.values() for r in g.relations}
    ordered = [*types, *sorted(seen - set(types))]
    counts = {name: _count(right, predictions, ordered) for name, predictions in found.items()}
    support = Counter(r.label for g in right.values() for r in g.relations)
    return RelationScores(counts, apart or max(sorted(support), key=support.__getitem__, default=""))


def oracle(gold: Gold, prediction: Gold) -> Gold:
    """Return a prediction's spans with every gold relation between two of them: the ceiling that its spans set."""
    spans = set(prediction.spans)
    held = tuple(r for r in gold.relations if r.head in spans and r.child in spans)
    return Gold(gold.article, gold.sha256, gold.ranges, prediction.spans, held)


def _count(gold: Mapping[str, Gold], predictions: Mapping[str, Gold], types: Sequence[str]) -> ByType:
    pairs = [(set(g.relations), _judged(g, predictions.get(article))) for article, g in gold.items()]
    return {kind: total(Counts.of(_only(g, kind), _only(p, kind)) for g, p in pairs) for kind in types}


def _judged(gold: Gold, prediction: Gold | None) -> set[Relation]:
    """Return the predicted relations that touch annotated text with both ends; of others nobody knows."""
    relations = prediction.relations if prediction else ()
    return {r for r in relations if _touches(gold, r.head) and _touches(gold, r.child)}


def _touches(gold: Gold, span: Span) -> bool:
    return any(span.start < r.end and r.start < span.end for r in gold.ranges)


def _only(relations: Iterable[Relation], kind: str) -> list[Relation]:
    return [relation for relation in relations if relation.label == kind]


def _plain(counts: Counts) -> dict[str, Any]:
    rates = {"precision": counts.precision, "recall": counts.recall, "f1": counts.f1}
    return {**rates, **counts._asdict(), "support": counts.support}
