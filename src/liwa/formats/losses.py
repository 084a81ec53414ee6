"""What a format cannot hold, counted by kind and listed: nothing is dropped silently."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace

from liwa import jsonl
from liwa.records import Gold, Range, Relation, Span


@dataclass(frozen=True)
class Loss:
    """One thing that was not carried over.

    kind: a key of `liwa.formats.base.FEATURES`, or the name of the rule by which a reader left it out.
    start, end: code points in the article, where it has a place, of a relation those of its head. what: a label or the
    name of a field, never a text. child: where a relation's child stands.
    """

    kind: str
    why: str
    article: str
    start: int | None = None
    end: int | None = None
    what: str = ""
    child: tuple[int, int] | None = None


class Losses:
    """The losses of one conversion, in their order."""

    def __init__(self) -> None:
        self.rows: list[Loss] = []

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Loss]:
        return iter(self.rows)

    def add(self, kind: str, why: str, gold: Gold, at: Range | Span | None = None, what: str = "") -> None:
        """Note a loss of one gold, at a place in its article where it has one."""
        start, end = (at.start, at.end) if at else (None, None)
        self.rows.append(Loss(kind, why, gold.article, start, end, what))

    def span(self, gold: Gold, span: Span, why: str) -> None:
        """Note a span that is not written; see `without`, which notes its relations too."""
        self.add("spans", why, gold, span, span.label)

    def relation(self, gold: Gold, relation: Relation, why: str) -> None:
        """Note a relation that is not written, at the place of its head."""
        head, child = relation.head, relation.child
        place = (head.start, head.end, relation.label, (child.start, child.end))
        self.rows.append(Loss("relations", why, gold.article, *place))

    def count(self, kind: str) -> int:
        """Return the number of losses of a kind."""
        return sum(loss.kind == kind for loss in self.rows)

    def __str__(self) -> str:
        """Return the counts by reason, such as ``12 relations, 3 meta (conll cannot hold it)``; "" without any."""
        tally: dict[str, Counter[str]] = defaultdict(Counter)
        for loss in self.rows:
            tally[loss.why][loss.kind] += 1
        counts = {why: ", ".join(f"{n} {kind}" for kind, n in kinds.items()) for why, kinds in tally.items()}
        return ", ".join(f"{kinds} ({why})" for why, kinds in counts.items())

    def write(self, path: str) -> int:
        """Write one JSON row a loss, without any text, and return their number."""
        return jsonl.write(path, map(asdict, self.rows))


def without(
    gold: Gold, spans: Mapping[Span, str], losses: Losses, relations: Mapping[Relation, str] | None = None
) -> Gold:
    """Return gold without what a writer cannot write, each with the reason; a lost span takes its relations along."""
    for span, why in spans.items():
        losses.span(gold, span, why)
    widowed = (link for link in gold.relations if link.head in spans or link.child in spans)
    lost = {**(relations or {}), **dict.fromkeys(widowed, "its span is lost")}
    for link in gold.relations:
        if link in lost:
            losses.relation(gold, link, lost[link])
    return replace(
        gold,
        spans=tuple(s for s in gold.spans if s not in spans),
        relations=tuple(r for r in gold.relations if r not in lost),
    )
