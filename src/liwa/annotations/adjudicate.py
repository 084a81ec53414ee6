"""Adjudication: layers of annotation become gold, and whatever they differ on becomes a decision of a person.

What all layers that annotated a place agree on is gold. Spans come first: those that overlap each other across layers
are one decision. Relations follow between the spans that won; one to a span that lost goes over to the winner that it
overlaps with the same label, if there is exactly one, and is a decision otherwise. Nothing is dropped without a ruling.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from liwa.annotations.decisions import LIWA, NONE, Answer, Decision, Rulings, ask_relations, ask_spans
from liwa.annotations.disagreements import Layers, by_article, clusters, linked, plain, spoken
from liwa.annotations.rows import to_row
from liwa.errors import LiwaError
from liwa.records import Gold, Range, Relation, Span, union

_MOVED = Answer(by=LIWA, why="all layers agree once their relation is moved to the span that won")


@dataclass(frozen=True)
class Adjudication:
    """What became of the layers.

    gold: one an article; without what is still undecided. decisions: in the order of the articles, spans before
    relations. waiting: relations that cannot be compared before the spans at their ends are decided. alone: spans of
    each layer in places that no other layer annotated; they are gold on its word. stale: rulings that answer no
    question any more, because what the layers say has changed.
    """

    gold: Sequence[Gold]
    decisions: Sequence[Decision]
    waiting: int
    alone: Mapping[str, int]
    stale: Sequence[Mapping[str, Any]]

    @property
    def undecided(self) -> list[Decision]:
        """The decisions that nobody has ruled on."""
        return [decision for decision in self.decisions if decision.open]


@dataclass
class _Settled:
    """The spans of one article so far. won: gold spans, each with the row that ruled for it; open: in dispute."""

    won: dict[Span, str] = field(default_factory=dict)
    open: set[Span] = field(default_factory=set)
    winner: dict[Span, Span] = field(default_factory=dict)

    def moved(self, relation: Relation) -> Relation:
        """Return a relation with each lost end replaced by its winner, where it has one."""
        head, child = (self.winner.get(end, end) for end in (relation.head, relation.child))
        return relation if head == child else Relation(head, child, relation.label)


def adjudicate(layers: Mapping[str, Iterable[Gold]], rulings: Rulings | None = None) -> Adjudication:
    """Merge layers, by name, into gold, following the rulings made so far.

    Raises LiwaError for fewer than two layers, two texts under one id, and a ruling that cannot be followed.
    """
    if len(layers) < 2 or NONE in layers:
        raise LiwaError(f"expected two or more layers, none named {NONE}, found {', '.join(layers) or 'nothing'}")
    rulings = rulings or Rulings()
    golds: list[Gold] = []
    decisions: list[Decision] = []
    alone = dict.fromkeys(layers, 0)
    waiting = 0
    for said in by_article(layers).values():
        gold, asked, held_up = _article(said, rulings)
        golds.append(gold)
        decisions += asked
        waiting += held_up
        for name, count in _alone(said):
            alone[name] += count
    return Adjudication(golds, decisions, waiting, alone, rulings.rest())


def rows(golds: Iterable[Gold], layers: Iterable[Iterable[Gold]]) -> Iterator[dict[str, Any]]:
    """Yield gold as rows in the form of the layers as they were read: a row a passage where every layer was inline.

    An article that some layer had stand-off stays stand-off, so that no text enters a file it was not in.
    Raises LiwaError for a ruling that reaches over two passages, which no row could hold.
    """
    pieces: dict[str, list[Gold]] = defaultdict(list)
    for layer in layers:
        for piece in layer:
            pieces[piece.article].append(piece)
    for gold in golds:
        read = pieces[gold.article]
        yield from _inline(gold, read) if all(p.text is not None for p in read) else [_standoff(gold, read)]


def _article(layers: Layers, rulings: Rulings) -> tuple[Gold, list[Decision], int]:
    base = _base(layers)
    settled, asked = _settle(layers, base, rulings)
    relations: set[Relation] = set()
    kept, before, waiting = _moved(layers, settled)
    for link in linked(kept, layers):
        lost = [end for end in link.ends if end not in settled.won]
        moved = {name: [r for new in link.says[name] for r in before.get((name, new), ())] for name in link.says}
        moved = {name: said for name, said in moved.items() if said}
        if link.agreed and not lost and not moved:
            relations.update(next(iter(link.says.values())))
            continue
        decision = ask_relations(base, link, lost, moved, rulings)
        if decision.open and link.agreed and not lost:
            decision = replace(decision, answer=replace(_MOVED, ruling=next(iter(link.says))))
        if not decision.open:
            relations.update(decision.relations(settled.won))
        asked.append(decision)
    gold = replace(base, spans=tuple(sorted(settled.won)), relations=tuple(sorted(relations)))
    return gold, asked, waiting


def _settle(layers: Layers, base: Gold, rulings: Rulings) -> tuple[_Settled, list[Decision]]:
    """Settle the spans of an article as far as layers agree or a person ruled."""
    settled, asked = _Settled(), []
    for cluster in clusters(layers):
        spans = {span for said in cluster.says.values() for span in said}
        if cluster.agreed:
            settled.won |= dict.fromkeys(spans, "")
            continue
        asked.append(decision := ask_spans(base, cluster, rulings))
        if decision.open:
            settled.open |= spans
            continue
        won = decision.spans(base.ranges)
        settled.won |= dict.fromkeys(won, decision.answer.where)
        for span in spans - set(won):
            if winner := _winner(span, won):
                settled.winner[span] = winner
    _flat(base.article, settled.won)
    return settled, asked


def _moved(
    layers: Layers, settled: _Settled
) -> tuple[list[tuple[str, Relation]], dict[tuple[str, Relation], list[Relation]], int]:
    """Return the relations of all layers over settled spans, those that were moved as they were, and how many wait."""
    kept: list[tuple[str, Relation]] = []
    before: dict[tuple[str, Relation], list[Relation]] = defaultdict(list)
    waiting: set[Relation] = set()
    for name, gold in layers.items():
        for relation in gold.relations:
            if not settled.open.isdisjoint((relation.head, relation.child)):
                waiting.add(relation)
                continue
            moved = settled.moved(relation)
            kept.append((name, moved))
            if moved != relation:
                before[name, moved].append(relation)
    return kept, before, len(waiting)


def _winner(span: Span, won: Iterable[Span]) -> Span | None:
    """Return the one span with the same label that overlaps a lost one, or None."""
    found = [w for w in won if w.label == span.label and w.start < span.end and span.start < w.end]
    return found[0] if len(found) == 1 else None


def _flat(article: str, won: Mapping[Span, str]) -> None:
    for first, second in pairwise(sorted(won)):
        if second.start < first.end:
            raise LiwaError(
                f"article {article}: {spoken(first)} and {spoken(second)} overlap after the rulings",
                where=won[second] or won[first],
                hint="Rule for one of the two",
            )


def _base(layers: Layers) -> Gold:
    """Return the first layer's gold over the ranges of all, with the meta on which no layer differs."""
    golds = list(layers.values())
    return replace(
        golds[0],
        sha256=max(gold.sha256 for gold in golds),
        ranges=union(r for gold in golds for r in gold.ranges),
        meta=_common(gold.meta for gold in golds),
        extra={},
    )


def _common(metas: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what is said by any and contradicted by none."""
    said = list(metas)
    return {k: v for meta in said for k, v in meta.items() if all(other.get(k, v) == v for other in said)}


def _alone(layers: Layers) -> Iterator[tuple[str, int]]:
    """Yield for each layer how many of its spans lie where no other layer annotated."""
    for cluster in clusters(layers):
        if len(cluster.says) == 1:
            yield from ((name, len(said)) for name, said in cluster.says.items())


def _inline(gold: Gold, pieces: Sequence[Gold]) -> Iterator[dict[str, Any]]:
    windows: dict[Range, list[Gold]] = {}
    for piece in sorted(pieces, key=lambda p: (p.start, -p.end)):
        window = Range(piece.start, piece.end)
        if window in windows or not windows or piece.end > max(w.end for w in windows):
            windows.setdefault(window, []).append(piece)
    found: set[Span | Relation] = set()
    for window, same in windows.items():
        part = replace(gold, text=None).within(window)
        found |= {*part.spans, *part.relations}
        yield to_row(replace(part, text=same[0].text, meta=_common(piece.meta for piece in same)))
    items: list[Span | Relation] = [*gold.spans, *gold.relations]
    if over := [item for item in items if item not in found]:
        raise LiwaError(
            f"article {gold.article}: {spoken(over[0])} reaches over the passages that were annotated",
            hint="Rule for a span or relation inside one passage",
        )


def _standoff(gold: Gold, pieces: Sequence[Gold]) -> dict[str, Any]:
    read = next((piece.extra for piece in pieces if "length" in piece.extra), None)
    if read is None:
        raise LiwaError(f"article {gold.article} has neither a text nor the row it was read from", where=gold.where)
    return {
        "article": gold.article,
        "sha256": gold.sha256,
        **{key: read[key] for key in ("length", "blocks") if key in read},
        "ranges": [list(r) for r in gold.ranges],
        "spans": [plain(s) for s in gold.spans],
        "relations": [plain(r) for r in gold.relations],
        "meta": dict(gold.meta),
    }
