"""Layers of annotation for tests: several annotations of one text that mostly agree."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from liwa.annotations.disagreements import annotated
from liwa.records import Gold, Range, Relation, Span, sha256

TEXT = "قال العميد وليد سامي إن اللواء الأول في معسكر الوادي\n" * 3
LABELS = ("X", "Y")
TYPES = ("R", "S")


@st.composite
def layers(draw: st.DrawFn, *, count: int = 2) -> dict[str, Gold]:
    """Return annotations of one article, by layer, over ranges that may differ."""
    pool = draw(st.lists(spans(), min_size=2, max_size=8))
    return {name: draw(layer(pool)) for name in "ABCD"[:count]}


def spans() -> st.SearchStrategy[Span]:
    place = st.tuples(st.integers(0, len(TEXT) - 8), st.integers(1, 8))
    return st.builds(lambda p, label: Span(p[0], p[0] + p[1], label), place, st.sampled_from(LABELS))


@st.composite
def layer(draw: st.DrawFn, pool: list[Span]) -> Gold:
    chosen: list[Span] = []
    for span in draw(st.permutations(pool)):
        if draw(st.booleans()) and all(s.end <= span.start or span.end <= s.start for s in chosen):
            chosen.append(span)
    ranges = draw(st.sampled_from([((0, len(TEXT)),), ((0, 50), (60, len(TEXT))), ((30, len(TEXT)),)]))
    gold = Gold("a", sha256(TEXT), tuple(Range(*r) for r in ranges), text=TEXT)
    kept = tuple(sorted(s for s in chosen if annotated(gold, s) and any(r.holds(s) for r in gold.ranges)))
    ends = st.sampled_from(kept) if kept else st.nothing()
    links = st.builds(Relation, ends, ends, st.sampled_from(TYPES)).filter(lambda r: r.head != r.child)
    relations = draw(st.sets(links, max_size=4)) if len(kept) > 1 else set()
    return replace(gold, spans=kept, relations=tuple(sorted(relations)))
