"""How far two layers of annotation agree: F1 of spans and relations, and Krippendorff's alpha over tokens.

Only what lies in ranges that both annotated is compared. F1 is symmetric: twice what both have over what each has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liwa.annotations.alpha import Coding, codings, estimate_alpha
from liwa.annotations.disagreements import (
    KINDS,
    Disagreement,
    Layers,
    by_article,
    disagreements,
    within,
)
from liwa.annotations.gold import shared_ranges
from liwa.errors import LiwaError
from liwa.estimates import SAMPLES, Estimate, estimate, resample
from liwa.records import Gold, Relation, Span, union

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT: Final = "liwa-agreement"
VERSION: Final = 1
"""Format and version of the JSON report."""

MICRO: Final = ""
"""Stands for all labels together."""


class Tally(NamedTuple):
    """How many items both layers have (both), the first (a), and the second (b)."""

    both: int
    a: int
    b: int


@dataclass(frozen=True)
class F1:
    """An F1 with the counts behind it."""

    estimate: Estimate
    counts: Tally

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data; what is undefined is null."""
        value, low, high = self.estimate
        return {"f1": value, "low": low, "high": high, **self.counts._asdict()}


@dataclass(frozen=True)
class Spans:
    """Agreement on spans of one label: exact, relaxed (overlapping, same label), and alpha over tokens."""

    exact: F1
    relaxed: F1
    alpha: Estimate

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data."""
        return {
            "exact": self.exact.to_dict(),
            "relaxed": self.relaxed.to_dict(),
            "alpha": dict(zip(("alpha", "low", "high"), self.alpha, strict=True)),
        }


@dataclass(frozen=True)
class Relations:
    """Agreement on relations of one type: among spans that both have (given), and among all (end to end)."""

    given: F1
    end_to_end: F1

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data."""
        return {"given_spans": self.given.to_dict(), "end_to_end": self.end_to_end.to_dict()}


@dataclass(frozen=True)
class Agreement:
    """What two layers agree on.

    layers: their names. articles: how many both annotated. only: articles that one side alone has. outside: spans of
    each side that lie outside the ranges both annotated, and were not compared. unit: what alpha counts, ``token`` or
    ``code point``; units: how many. spans, relations: by label, all together (`MICRO`) last.
    """

    layers: tuple[str, str]
    articles: int
    only: Mapping[str, Sequence[str]]
    outside: Mapping[str, int]
    unit: str
    units: int
    spans: Mapping[str, Spans]
    relations: Mapping[str, Relations]
    disagreements: Sequence[Disagreement]

    @property
    def kinds(self) -> dict[str, int]:
        """The number of disagreements of each kind."""
        found = Counter(d.kind for d in self.disagreements)
        return {kind: found[kind] for kind in KINDS}

    def to_dict(self) -> dict[str, Any]:
        """Return the report as versioned, JSON-ready data."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "layers": list(self.layers),
            "articles": self.articles,
            "only": {name: list(ids) for name, ids in self.only.items()},
            "outside": dict(self.outside),
            "unit": self.unit,
            "units": self.units,
            "spans": _plain(self.spans),
            "relations": _plain(self.relations),
            "kinds": self.kinds,
            "disagreements": [d.to_dict() for d in self.disagreements],
        }


def agree(
    a: Iterable[Gold],
    b: Iterable[Gold],
    *,
    names: tuple[str, str] = ("A", "B"),
    labels: Sequence[str] = (),
    types: Sequence[str] = (),
    samples: int = SAMPLES,
    seed: int = 0,
) -> Agreement:
    """Compare two layers of gold.

    names: of the layers, two different ones. labels, types: shown first and always, such as a scheme's; others follow
    by name. samples, seed: of the bootstrap; 0 samples for no intervals.
    Raises LiwaError where there is no range that both annotated, or where one id has two texts.
    """
    articles = by_article(dict(zip(names, (a, b), strict=True)))
    both = {article: _shared(said) for article, said in articles.items() if len(said) == 2}
    pairs = list(both.values())
    if not any(gold.ranges for layers in pairs for gold in layers.values()):
        raise LiwaError(
            f"{names[0]} and {names[1]} have no annotated range in common",
            hint="Name two annotations of the same articles; they are matched by article id",
        )
    weights = resample(len(pairs), samples, seed)
    unit, counts = codings(pairs)
    return Agreement(
        layers=names,
        articles=len(pairs),
        only={name: [i for i, said in articles.items() if list(said) == [name]] for name in names},
        outside={name: sum(len(articles[i][name].spans) - len(both[i][name].spans) for i in both) for name in names},
        unit=unit,
        units=sum(sum(of_article.values()) for of_article in counts),
        spans=_span_table(pairs, counts, labels, weights),
        relations=_relation_table(pairs, types, weights),
        disagreements=[d for article, layers in both.items() for d in disagreements(article, layers)],
    )


def overlapping(a: Sequence[Span], b: Sequence[Span]) -> int:
    """Return how many spans of two flat, sorted lists can be paired off so that each pair overlaps."""
    i = j = found = 0
    while i < len(a) and j < len(b):
        if a[i].start < b[j].end and b[j].start < a[i].end:
            found, i, j = found + 1, i + 1, j + 1
        elif a[i].end <= b[j].start:
            i += 1
        else:
            j += 1
    return found


def _shared(layers: Layers) -> Layers:
    """Return what both layers say within the ranges that both annotated."""
    shared = union(shared_ranges(*layers.values()))
    return {name: within(gold, shared) for name, gold in layers.items()}


def _span_table(
    pairs: Sequence[Layers], counts: Sequence[Counter[Coding]], labels: Sequence[str], weights: NDArray[Any]
) -> dict[str, Spans]:
    exact = _tallies(pairs, labels, lambda gold: gold.spans, lambda a, b, _: _common(a, b))
    relaxed = _tallies(pairs, labels, lambda gold: gold.spans, lambda a, b, _: _relaxed(a, b))
    return {
        label: Spans(
            exact=_f1(exact[label], weights),
            relaxed=_f1(relaxed[label], weights),
            alpha=estimate_alpha(counts, weights, None if label == MICRO else label),
        )
        for label in exact
    }


def _relation_table(pairs: Sequence[Layers], types: Sequence[str], weights: NDArray[Any]) -> dict[str, Relations]:
    every = _tallies(pairs, types, lambda gold: gold.relations, lambda a, b, _: _common(a, b))
    given = _tallies(
        pairs, types, lambda gold: gold.relations, lambda a, b, spans: _common(_among(a, spans), _among(b, spans))
    )
    return {label: Relations(_f1(given[label], weights), _f1(every[label], weights)) for label in every}


def _tallies(
    pairs: Sequence[Layers],
    labels: Sequence[str],
    items: Callable[[Gold], Sequence[Any]],
    compare: Callable[[Sequence[Any], Sequence[Any], set[Span]], Tally],
) -> dict[str, list[Tally]]:
    """Return for each label, and for all together, the tally of each article."""
    seen = {item.label for layers in pairs for gold in layers.values() for item in items(gold)}
    tallies: dict[str, list[Tally]] = {label: [] for label in [*labels, *sorted(seen - set(labels))]}
    every: list[Tally] = []
    for layers in pairs:
        agreed = set.intersection(*(set(gold.spans) for gold in layers.values()))
        for label, of_label in tallies.items():
            a, b = ([item for item in items(gold) if item.label == label] for gold in layers.values())
            of_label.append(compare(a, b, agreed))
        every.append(Tally(*(sum(of_label[-1][k] for of_label in tallies.values()) for k in range(3))))
    return {**tallies, MICRO: every}


def _relaxed(a: Sequence[Span], b: Sequence[Span]) -> Tally:
    return Tally(overlapping(a, b), len(a), len(b))


def _among(relations: Iterable[Relation], spans: set[Span]) -> list[Relation]:
    return [r for r in relations if r.head in spans and r.child in spans]


def _common(a: Iterable[Any], b: Iterable[Any]) -> Tally:
    first, second = set(a), set(b)
    return Tally(len(first & second), len(first), len(second))


def _f1(tallies: Sequence[Tally], weights: NDArray[Any]) -> F1:
    import numpy as np

    cells = np.array(tallies, dtype=float).reshape(-1, 3)
    return F1(estimate(cells, weights, _rate), Tally(*(int(n) for n in cells.sum(axis=0))))


def _rate(sums: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    both, size = 2 * sums[..., 0], sums[..., 1] + sums[..., 2]
    return np.asarray(np.divide(both, size, out=np.full(size.shape, np.nan), where=size > 0))


def _plain(table: Mapping[str, Spans] | Mapping[str, Relations]) -> dict[str, Any]:
    labels = {label: line.to_dict() for label, line in table.items() if label != MICRO}
    return {"micro": table[MICRO].to_dict(), "labels": labels}
