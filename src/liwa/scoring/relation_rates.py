"""Relations by article, and the intervals of their rates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from liwa.annotations.disagreements import annotated
from liwa.annotations.gold import merge
from liwa.estimates import SAMPLES
from liwa.records import Gold, Relation
from liwa.scoring.counts import ByArticle, Counts, total
from liwa.scoring.intervals import Rates, Resampled
from liwa.scoring.relations import RelationScores


def relations_by_article(gold: Iterable[Gold], predictions: Iterable[Gold], types: Iterable[str]) -> ByArticle:
    """Count relations by article and type, as `liwa.scoring.relations.score_relations` does over all articles."""
    kinds = list(types)
    found = {p.article: p for p in merge(predictions)}
    return {g.article: _counts(g, found.get(g.article), kinds) for g in sorted(merge(gold), key=lambda g: g.article)}


def relation_rates(
    scores: RelationScores, counts: ByArticle, *, samples: int = SAMPLES, seed: int = 0
) -> dict[str, Rates]:
    """Estimate the rates of each type, of ``micro``, and of ``micro_without_apart``, all types but `scores.apart`."""
    rows = list(counts.values())
    columns = {kind: [found[kind] for found in rows] for kind in scores.types}
    columns["micro"] = [total(found.values()) for found in rows]
    rest = [kind for kind in scores.types if kind != scores.apart]
    columns["micro_without_apart"] = [total(found[kind] for kind in rest) for found in rows]
    resampled = Resampled.of({name: _cells(column) for name, column in columns.items()}, samples, seed)
    return {name: resampled.rates(name) for name in columns}


def _cells(column: Iterable[Counts]) -> Any:
    import numpy as np

    return np.array(list(column), dtype=float)


def _counts(gold: Gold, prediction: Gold | None, kinds: Iterable[str]) -> Mapping[str, Counts]:
    judged = {r for r in (prediction.relations if prediction else ()) if _judged(gold, r)}
    return {
        kind: Counts.of((r for r in gold.relations if r.label == kind), (r for r in judged if r.label == kind))
        for kind in kinds
    }


def _judged(gold: Gold, relation: Relation) -> bool:
    return annotated(gold, relation.head) and annotated(gold, relation.child)
