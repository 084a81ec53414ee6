"""Spans of a prediction held against gold, by (article, start, end, label) in code points.

Nothing is compared on tokens: a gold span that a pipeline's tokens cannot hold is a miss like any other.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from liwa.annotations.gold import merge
from liwa.errors import LiwaError
from liwa.estimates import SAMPLES, resample
from liwa.records import Gold, Range, Span
from liwa.scoring.counts import Counts, total
from liwa.scoring.intervals import Rates, rates
from liwa.scoring.relations import RelationScores

FORMAT: Final = "liwa-scores"
VERSION: Final = 1
"""Format and version of the score file."""

ByArticle = Mapping[str, Mapping[str, Counts]]
"""Counts by article, and in each by label or relation type."""

_WORD: Final = re.compile(r"\S+")


@dataclass(frozen=True)
class Scores:
    """What an evaluation found.

    labels: rates by label, of every label that the scheme, the gold or the prediction has. micro: over all labels.
    by_article: counts by article and label. missing: articles of the gold that the prediction lacks; all their spans
    are misses. unknown: articles of the prediction that the gold lacks; they are left aside. masked: predicted spans
    outside the annotated ranges, neither right nor wrong. test: the fingerprint of the gold. relations: where these
    were scored too.
    """

    labels: Mapping[str, Rates]
    micro: Rates
    by_article: ByArticle
    missing: Sequence[str] = ()
    unknown: Sequence[str] = ()
    masked: int = 0
    test: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    relations: RelationScores | None = None
    relations_by_article: ByArticle = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the score file: versioned, JSON-ready data."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "settings": dict(self.settings),
            "test": self.test,
            "articles": len(self.by_article),
            "missing": list(self.missing),
            "unknown": list(self.unknown),
            "masked": self.masked,
            "spans": {
                "micro": self.micro.to_dict(),
                "labels": {label: found.to_dict() for label, found in self.labels.items()},
            },
            **({"relations": self.relations.to_dict()} if self.relations else {}),
            "by_article": plain_counts(self.by_article),
            "relations_by_article": plain_counts(self.relations_by_article),
        }


def plain_counts(by_article: ByArticle) -> dict[str, dict[str, list[int]]]:
    """Return counts by article as JSON-ready data: true and false positives, and false negatives."""
    return {a: {label: list(counts) for label, counts in found.items()} for a, found in by_article.items()}


def evaluate(
    gold: Iterable[Gold],
    predictions: Iterable[Gold],
    *,
    labels: Sequence[str] = (),
    words: bool = False,
    samples: int = SAMPLES,
    seed: int = 0,
    settings: Mapping[str, Any] | None = None,
) -> Scores:
    """Score the spans of predictions against gold.

    labels: shown first and always, such as a scheme's; others follow by name. words: widen both sides to white-space
    words, for corpora that keep clitics inside (both sides need their texts). samples, seed: of the bootstrap.
    Raises LiwaError where there is no gold, or where gold and prediction have one id but different texts.
    """
    prepare = widened if words else _same
    right = {g.article: g for g in merge(map(prepare, gold))}
    found = {p.article: p for p in merge(map(prepare, predictions))}
    if not right:
        raise LiwaError("there is no gold to score against", hint="Name a file with accepted rows")
    pairs = {article: _pair(right[article], found.get(article)) for article in sorted(right)}
    seen = {s.label for g, p, _ in pairs.values() for s in (*g, *p)}
    ordered = [*labels, *sorted(seen - set(labels))]
    counts = {
        article: {label: Counts.of(_only(g, label), _only(p, label)) for label in ordered}
        for article, (g, p, _) in pairs.items()
    }
    weights = resample(len(pairs), samples, seed)
    return Scores(
        labels={label: rates([by_label[label] for by_label in counts.values()], weights) for label in ordered},
        micro=rates([total(by_label.values()) for by_label in counts.values()], weights),
        by_article=counts,
        missing=sorted(set(right) - set(found)),
        unknown=sorted(set(found) - set(right)),
        masked=sum(masked for _, _, masked in pairs.values()),
        test=fingerprint(right.values()),
        settings={"words": words, "samples": samples, "seed": seed, **(settings or {})},
    )


def fingerprint(golds: Iterable[Gold]) -> str:
    """Return a hash of what gold says: of each article its text's SHA-256, ranges, spans and relations.

    Scores with one fingerprint were measured on the same test set.
    """
    said = sorted((g.article, g.sha256, g.ranges, g.spans, g.relations) for g in golds)
    return hashlib.sha256(repr(said).encode("utf-8")).hexdigest()[:16]


def widened(gold: Gold) -> Gold:
    """Return gold or a prediction with each span widened to whole white-space words, and equal spans made one."""
    if gold.text is None:
        raise LiwaError(
            f"article {gold.article} has no text, and words are found in texts",
            where=gold.where,
            hint="Run liwa gold load with --texts first",
        )
    words = [Range(m.start() + gold.start, m.end() + gold.start) for m in _WORD.finditer(gold.text)]
    return replace(gold, spans=tuple(sorted({_widen(span, words) for span in gold.spans})), relations=())


def _widen(span: Span, words: Sequence[Range]) -> Span:
    first = bisect_right(words, span.start, key=lambda w: w.start) - 1
    last = bisect_left(words, span.end, key=lambda w: w.end)
    return Span(words[first].start, words[last].end, span.label)


def _same(gold: Gold) -> Gold:
    return gold


def _pair(gold: Gold, prediction: Gold | None) -> tuple[set[Span], set[Span], int]:
    """Return the gold spans and the predicted ones of an article, and how many predicted ones were masked."""
    if prediction is None:
        return set(gold.spans), set(), 0
    if prediction.sha256 != gold.sha256:
        raise LiwaError(
            f"article {gold.article}: gold and prediction are over different texts",
            where=gold.where,
            hint="Predict on the text that was annotated",
        )
    judged = {s for s in prediction.spans if any(_touch(s, r) for r in gold.ranges)}
    return set(gold.spans), judged, len(prediction.spans) - len(judged)


def _touch(span: Span, range_: Range) -> bool:
    return span.start < range_.end and range_.start < span.end


def _only(spans: Iterable[Span], label: str) -> Iterator[Span]:
    return (span for span in spans if span.label == label)
