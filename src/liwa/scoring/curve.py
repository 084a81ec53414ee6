"""The learning curve: what more annotation would be worth, by training on growing shares of the training part.

Shares are nested and taken by article in an order drawn from the seed, so each point adds articles to the one before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from liwa import jsonl
from liwa.annotations.gold import read_gold
from liwa.annotations.rows import to_row
from liwa.errors import LiwaError
from liwa.records import Gold
from liwa.scoring.evaluate import Scores, evaluate
from liwa.training.predict import load_model, predict
from liwa.training.train import train

SHARES: Final = (0.25, 0.5, 1.0)


@dataclass(frozen=True)
class Point:
    """One point of a curve: the share of the training part, its articles, words and spans, and the scores."""

    share: float
    articles: int
    words: int
    spans: int
    scores: Scores

    def to_dict(self) -> dict[str, Any]:
        """Return the point as JSON-ready data."""
        size = {"share": self.share, "articles": self.articles, "words": self.words, "spans": self.spans}
        return {**size, "scores": self.scores.to_dict()}


def curve(
    split: Path,
    *,
    output: Path,
    shares: Sequence[float] = SHARES,
    config: str | Path = "small",
    overrides: Mapping[str, Any] | None = None,
    labels: Sequence[str] = (),
    seed: int = 0,
) -> Iterator[Point]:
    """Train on each share of ``train.jsonl`` in a folder, score on its ``test.jsonl``, and yield the points.

    The models and their training files are written below output. Raises LiwaError for a share that holds no article.
    """
    golds = _drawn(list(read_gold([split / "train.jsonl"])), seed)
    test = list(read_gold([split / "test.jsonl"]))
    names = list(dict.fromkeys(g.article for g in golds))
    for share in shares:
        chosen = set(names[: round(share * len(names))])
        if not chosen:
            raise LiwaError(f"a share of {share} of {len(names)} articles holds none", hint="Name a larger share")
        part = [g for g in golds if g.article in chosen]
        folder = output / f"{share:g}"
        jsonl.write(folder / "train.jsonl", map(to_row, part))
        best = train(folder / "train.jsonl", split / "dev.jsonl", output=folder, config=config, overrides=overrides)
        scores = evaluate(test, predict(load_model(best), test), labels=labels, seed=seed)
        words = sum(len((g.text or "").split()) for g in part)
        yield Point(share, len(chosen), words, sum(len(g.spans) for g in part), scores)


def draw(points: Sequence[Point], path: Path) -> None:
    """Write a picture of a curve, F1 by training words, micro and a line a label, with the interval of micro.

    Needs the extra ``plots``; LiwaError without it.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise LiwaError("pictures need matplotlib", hint="Run pip install 'liwa[plots]'") from None
    words = [p.words for p in points]
    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.subplots()
    for label in points[-1].scores.labels:
        rates = [100 * (p.scores.labels[label].f1.value or 0) for p in points]
        axes.plot(words, rates, marker="o", markersize=3, linewidth=1, label=label)
    micro = [p.scores.micro.f1 for p in points]
    low, high = ([100 * (getattr(f1, end) or 0) for f1 in micro] for end in ("low", "high"))
    axes.fill_between(words, low, high, color="black", alpha=0.12, linewidth=0)
    axes.plot(words, [100 * (f1.value or 0) for f1 in micro], marker="o", color="black", linewidth=2, label="micro")
    axes.set(xlabel="words of training text", ylabel="F1 on the test part, %", ylim=(0, 100), xlim=(0, None))
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right", title="band: 95 % interval of micro")
    figure.savefig(path, dpi=150)


def _drawn(golds: list[Gold], seed: int) -> list[Gold]:
    return sorted(golds, key=lambda g: (hashlib.sha256(f"{seed}:{g.article}".encode()).hexdigest(), g.start))
