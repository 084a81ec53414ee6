"""Scores of relations while spaCy trains and evaluates: end to end and with gold entities, never one for the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from spacy.scorer import PRFScore
from spacy.tokens import Span
from spacy.training import Example

from liwa.training.relations.storage import Link, annotated, has_relations, relations_of

Key = tuple[int, int, str, int, int, str, str]
"""Characters and label of head and of child, and the type: direction counts."""


def create_relation_scorer() -> Callable[..., dict[str, Any]]:
    """Return spaCy's scorer ``liwa.RelationScorer.v1``."""
    return score_relations


def score_relations(
    examples: Iterable[Example],
    *,
    types: Sequence[str],
    given: Sequence[Iterable[Link]] | None = None,
    proposed: Sequence[Iterable[Link]] | None = None,
    **_: Any,
) -> dict[str, Any]:
    """Score the relations that documents have, and those predicted between gold entities, against the references.

    given: relations between gold entities, an entry an example. proposed: all candidates between them, likewise.
    Returns ``rel_p``, ``rel_r``, ``rel_f``, ``rel_macro_f`` and ``rel_per_type`` end to end, the same with
    ``rel_gold_`` for gold entities, and ``rel_candidates_r``, the ceiling of these. A relation counts if both ends, in
    characters and labels, its direction and its type are right; one that is no candidate is a miss. The macro average
    is over types that the gold has. Examples whose reference says nothing of relations are left out.
    """
    examples = list(examples)
    sides = {"rel_": [relations_of(e.predicted) for e in examples], "rel_gold_": given}
    scores: dict[str, Any] = {}
    for prefix, links in sides.items():
        scores |= _rates(prefix, _compare(examples, links, types)) if links is not None else {}
    if proposed is not None:
        scores["rel_candidates_r"] = _rates("", _compare(examples, proposed, types))["r"]
    return scores


def _compare(examples: Sequence[Example], found: Sequence[Iterable[Link]], types: Sequence[str]) -> dict[str, PRFScore]:
    """Count by type what is right, wrong and missing in the annotated ranges."""
    counts = {kind: PRFScore() for kind in types}
    for example, links in zip(examples, found, strict=True):
        if not has_relations(example.reference):
            continue
        right = set(map(_key, relations_of(example.reference)))
        judged = {_key(link) for link in links if _is_judged(example, link)}
        for kind in {key[-1] for key in right | judged}:
            of_kind = [{key for key in side if key[-1] == kind} for side in (judged, right)]
            counts.setdefault(kind, PRFScore()).score_set(*of_kind)
    return counts


def _rates(prefix: str, counts: Mapping[str, PRFScore]) -> dict[str, Any]:
    micro = sum(counts.values(), PRFScore())
    with_gold = [count for count in counts.values() if count.tp + count.fn]
    macro = sum(count.fscore for count in with_gold) / len(with_gold) if with_gold else None
    rates = {name: rate if with_gold else None for name, rate in micro.to_dict().items()}
    per_type = {kind: count.to_dict() for kind, count in counts.items()}
    return {**{f"{prefix}{name}": rate for name, rate in rates.items()}, f"{prefix}macro_f": macro} | {
        f"{prefix}per_type": per_type
    }


def _key(link: Link) -> Key:
    head, child, kind = link
    return (*_place(head), *_place(child), kind)


def _place(span: Span) -> tuple[int, int, str]:
    return span.start_char, span.end_char, span.label_


def _is_judged(example: Example, link: Link) -> bool:
    """Say whether a predicted relation touches, with both ends, what was annotated."""
    ranges = [example.reference[start:end] for start, end in annotated(example.reference)]
    return all(any(end.start_char < r.end_char and r.start_char < end.end_char for r in ranges) for end in link[:2])
