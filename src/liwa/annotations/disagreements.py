"""Where layers of annotation differ: clusters of spans that overlap each other, and relations between two spans.

A layer is one person's or one model's gold. Only layers that annotated a place have a say in it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from liwa import markup
from liwa.annotations.gold import merge
from liwa.annotations.parse import named
from liwa.errors import LiwaError
from liwa.records import Gold, Range, Relation, Span

Layers = Mapping[str, Gold]
"""What each layer, by its name, says of one article."""

KINDS: Final = (
    "missing",
    "boundary",
    "label",
    "boundary+label",
    "relation-missing",
    "relation-type",
    "relation-direction",
    "relation-type+direction",
    "relation-ends",
)
"""Every kind of disagreement; the last is a relation to a span that is itself in dispute."""

CONTEXT: Final = 40
"""Code points of context shown on either side."""


@dataclass(frozen=True)
class Cluster:
    """Spans of several layers that overlap each other, by layer; a layer that saw none here says ()."""

    says: Mapping[str, tuple[Span, ...]]

    @property
    def range(self) -> Range:
        """The code points from the first start to the last end."""
        spans = [span for said in self.says.values() for span in said]
        return Range(min(s.start for s in spans), max(s.end for s in spans))

    @property
    def agreed(self) -> bool:
        """Whether all layers that annotated here say the same."""
        return len(set(self.says.values())) == 1

    @property
    def kind(self) -> str:
        """How the layers differ, one of the first four of `KINDS`."""
        if not all(self.says.values()):
            return "missing"
        if len({tuple((s.start, s.end) for s in said) for said in self.says.values()}) == 1:
            return "label"
        same_labels = len({frozenset(s.label for s in said) for said in self.says.values()}) == 1
        return "boundary" if same_labels else "boundary+label"


@dataclass(frozen=True)
class Link:
    """Relations of several layers between the same two spans, in either direction, by layer."""

    ends: tuple[Span, Span]
    says: Mapping[str, tuple[Relation, ...]]

    @property
    def range(self) -> Range:
        """The code points from the first end's start to the other's end."""
        return Range(min(e.start for e in self.ends), max(e.end for e in self.ends))

    @property
    def agreed(self) -> bool:
        """Whether all layers that annotated both ends say the same."""
        return len(set(self.says.values())) == 1

    @property
    def kind(self) -> str:
        """How the layers differ, one of `KINDS` that begin with ``relation``."""
        common = set.intersection(*map(set, self.says.values()))
        rest = [set(said) - common for said in self.says.values()]
        if not all(rest):
            return "relation-missing"
        if len({frozenset(r.head for r in said) for said in rest}) == 1:
            return "relation-type"
        same_labels = len({frozenset(r.label for r in said) for said in rest}) == 1
        return "relation-direction" if same_labels else "relation-type+direction"


@dataclass(frozen=True)
class Disagreement:
    """One place where layers differ. says: what each layer has there; context: the same in marks, where texts are."""

    article: str
    kind: str
    range: Range
    says: Mapping[str, Sequence[Span | Relation]]
    context: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return the disagreement as JSON-ready data, offsets only: a report may be committed where texts may not."""
        row = {"article": self.article, "kind": self.kind, **self.range._asdict()}
        row["says"] = {layer: list(map(plain, said)) for layer, said in self.says.items()}
        return row


def by_article(layers: Mapping[str, Iterable[Gold]]) -> dict[str, dict[str, Gold]]:
    """Return for each article, in order of ids, what each layer says of it.

    Raises LiwaError where two layers annotated different texts under one id.
    """
    articles: dict[str, dict[str, Gold]] = defaultdict(dict)
    for name, golds in layers.items():
        for gold in merge(golds):
            said = articles[gold.article]
            if len({other.sha256 for other in (gold, *said.values())} - {""}) > 1:
                raise LiwaError(
                    f"article {gold.article}: {name} and {next(iter(said))} annotated different texts",
                    where=gold.where,
                    hint="Compare annotations of one and the same text",
                )
            said[name] = gold
    return dict(sorted(articles.items()))


def clusters(layers: Layers) -> Iterator[Cluster]:
    """Yield the clusters of one article, in order; every span of every layer is in exactly one."""
    tagged = sorted((span, name) for name, gold in layers.items() for span in gold.spans)
    group: list[tuple[Span, str]] = []
    end = 0
    for span, name in tagged:
        if group and span.start >= end:
            yield _cluster(group, layers)
            group = []
        end = max(end, span.end) if group else span.end
        group.append((span, name))
    if group:
        yield _cluster(group, layers)


def links(layers: Layers) -> Iterator[Link]:
    """Yield the links of one article, in order; every relation of every layer is in exactly one."""
    tagged = [(name, relation) for name, gold in layers.items() for relation in gold.relations]
    yield from linked(tagged, layers)


def linked(tagged: Iterable[tuple[str, Relation]], layers: Layers) -> Iterator[Link]:
    """Group relations, each with the name of its layer, by their two ends."""
    grouped: dict[tuple[Span, Span], dict[str, set[Relation]]] = defaultdict(lambda: defaultdict(set))
    for name, relation in tagged:
        first, second = sorted((relation.head, relation.child))
        grouped[first, second][name].add(relation)
    for ends, said in sorted(grouped.items()):
        voters = [name for name, gold in layers.items() if name in said or all(annotated(gold, e) for e in ends)]
        yield Link(ends, {name: tuple(sorted(said.get(name, ()))) for name in voters})


def disagreements(article: str, layers: Layers) -> Iterator[Disagreement]:
    """Yield where the layers of one article differ: on spans, then on relations."""
    in_dispute: set[Span] = set()
    for cluster in clusters(layers):
        if not cluster.agreed:
            in_dispute |= {span for said in cluster.says.values() for span in said}
            yield _disagreement(article, cluster.kind, cluster, layers)
    for link in links(layers):
        if not in_dispute.isdisjoint(link.ends):
            yield _disagreement(article, "relation-ends", link, layers)
        elif not link.agreed:
            yield _disagreement(article, link.kind, link, layers)


def annotated(gold: Gold, place: Range | Span) -> bool:
    """Say whether any code point of a place lies in an annotated range."""
    at = bisect_right(gold.ranges, place.start, key=lambda r: r.end)
    return at < len(gold.ranges) and gold.ranges[at].start < place.end


def within(gold: Gold, ranges: Sequence[Range]) -> Gold:
    """Return gold with what lies wholly in some of its annotated ranges (sorted, disjoint); its text stays."""
    kept = {s for s in gold.spans if _held(s, ranges)}
    relations = (r for r in gold.relations if r.head in kept and r.child in kept)
    return Gold(
        article=gold.article,
        sha256=gold.sha256,
        ranges=tuple(ranges),
        spans=tuple(sorted(kept)),
        relations=tuple(relations),
        text=gold.text,
        start=gold.start,
        where=gold.where,
    )


def marked(gold: Gold, items: Sequence[Span | Relation], place: Range) -> str:
    """Return a place of a text in one line, with some context, and spans and relations in marks; "" without a text."""
    window = Range(max(gold.start, place.start - CONTEXT), min(gold.end, place.end + CONTEXT))
    if gold.text is None or not window.holds(place):
        return ""
    spans = {s for item in items for s in ((item,) if isinstance(item, Span) else (item.head, item.child))}
    relations = [item.shifted(-window.start) for item in items if isinstance(item, Relation)]
    line = " ".join(markup.write(gold.surface(window), [s.shifted(-window.start) for s in spans], relations).split())
    return "".join(c if c.isprintable() else "\ufffd" for c in line)


def plain(item: Span | Relation) -> dict[str, Any]:
    """Return a span or a relation as JSON-ready data, as in the stand-off form of gold."""
    if isinstance(item, Span):
        return item._asdict()
    return {"head_span": item.head._asdict(), "child_span": item.child._asdict(), "label": item.label}


def spoken(item: Span | Relation) -> str:
    """Return a span or a relation as it is written in reports."""
    if isinstance(item, Span):
        return named(item)
    return f"{item.label} {item.head.start}-{item.head.end} → {item.child.start}-{item.child.end}"


def _cluster(group: Iterable[tuple[Span, str]], layers: Layers) -> Cluster:
    said: dict[str, list[Span]] = defaultdict(list)
    for span, name in group:
        said[name].append(span)
    place = Cluster({name: tuple(spans) for name, spans in said.items()}).range
    voters = [name for name, gold in layers.items() if name in said or annotated(gold, place)]
    return Cluster({name: tuple(said.get(name, ())) for name in voters})


def _disagreement(article: str, kind: str, conflict: Cluster | Link, layers: Layers) -> Disagreement:
    text = next((gold for gold in layers.values() if gold.text is not None), None)
    lines = {name: marked(text, said, conflict.range) for name, said in conflict.says.items()} if text else {}
    return Disagreement(article, kind, conflict.range, conflict.says, {n: line for n, line in lines.items() if line})


def _held(span: Span, ranges: Sequence[Range]) -> bool:
    at = bisect_right(ranges, span.start, key=lambda r: r.start) - 1
    return at >= 0 and span.end <= ranges[at].end
