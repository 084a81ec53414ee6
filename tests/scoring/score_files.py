"""Invented gold and two systems' predictions on it, and their score files."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from liwa import jsonl
from liwa.records import Gold, Span
from liwa.scoring.counts import Counts
from liwa.scoring.evaluate import FORMAT, VERSION, evaluate
from liwa.scoring.scorefile import ScoreFile
from tests.gold import gold, story

LABELS = ("PERSON", "RANK", "UNIT", "BASE")
GOLDS = [gold(story(n), f"g{n:02}") for n in range(24)]


def noisy(right: Gold, rate: float, seed: object = 0) -> Gold:
    """Return a prediction that misses, cuts short and mislabels a share of the spans each."""
    draw = random.Random(f"{seed} {right.article}")
    spans = []
    for span in right.spans:
        luck = draw.random() / rate if rate else 1
        if luck < 0.3:
            continue
        shorter = Span(span.start, span.end - 1, span.label)
        other = Span(span.start, span.end, draw.choice(LABELS))
        spans.append(shorter if luck < 0.6 else other if luck < 1 else span)
    kept = set(spans)
    relations = tuple(r for r in right.relations if r.head in kept and r.child in kept)
    return replace(right, spans=tuple(sorted(spans)), relations=relations)


def predictions(rate: float, seed: object = 0, golds: Sequence[Gold] = GOLDS) -> list[Gold]:
    """Return a prediction of each article."""
    return [noisy(g, rate, seed) for g in golds]


def score_data(rate: float, seed: object = 0, golds: Sequence[Gold] = GOLDS) -> dict[str, Any]:
    """Return the data of a score file."""
    return evaluate(golds, predictions(rate, seed, golds), labels=LABELS, samples=100).to_dict()


def scores(rate: float, name: str = "scores.json", seed: object = 0) -> ScoreFile:
    """Return a score file as it is read."""
    return ScoreFile.from_dict(score_data(rate, seed), name)


def plain(by_article: dict[str, dict[str, Counts]], test: str = "t", **more: Any) -> dict[str, Any]:
    """Return the data of a small score file with counts that a test names, and rates that nobody looks at."""
    rates = {"precision": None, "recall": None, "f1": None}
    labels = dict.fromkeys((label for found in by_article.values() for label in found), rates)
    counts = {a: {label: list(c) for label, c in found.items()} for a, found in by_article.items()}
    spans = {"micro": rates, "labels": labels}
    return {"format": FORMAT, "version": VERSION, "test": test, "spans": spans, "by_article": counts, **more}


def write(path: Path, data: Any) -> Path:
    """Write JSON and return the path."""
    with jsonl.open_output(path) as out:
        out.write(jsonl.dumps(data) + "\n")
    return path
