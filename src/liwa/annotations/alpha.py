"""Krippendorff's alpha of two layers, over tokens: the values are the labels of tokens, or none.

For two coders and nominal data without gaps: K. Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011,
section B.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from liwa.annotations.disagreements import Layers, annotated
from liwa.arabic.tokenizer import tokenise
from liwa.estimates import Estimate, estimate
from liwa.records import Gold, Range, Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

NONE: Final = ""
"""The value of a token that is in no span."""

Coding = tuple[str, str]
"""The labels that the two layers gave one token."""


def alpha(mismatches: Any, marginals: Any) -> Any:
    """Return Krippendorff's alpha of two coders, nominal; NaN where only one value was used.

    mismatches: units on which the coders differ. marginals: how often both together used each value, on the last
    axis. Both may be arrays of as many cases.
    """
    import numpy as np

    values = np.asarray(marginals, dtype=float)
    n = values.sum(axis=-1)
    expected = n * n - (values * values).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - (n - 1) * 2 * np.asarray(mismatches) / expected, np.nan)


def codings(articles: Sequence[Layers]) -> tuple[str, list[Counter[Coding]]]:
    """Count how two layers coded each article, by token where all texts are at hand, else by code point.

    Both layers of an article must have the same ranges. Tokens of white space do not count. Returns the unit and the
    counts.
    """
    tokens = list(map(_tokens, articles))
    if None in tokens:
        return "code point", list(map(_by_code_point, articles))
    return "token", [_by_token(layers, units or []) for layers, units in zip(articles, tokens, strict=True)]


def estimate_alpha(counts: Sequence[Counter[Coding]], weights: NDArray[Any], label: str | None = None) -> Estimate:
    """Estimate alpha over articles: of all labels, or of one label against everything else."""
    import numpy as np

    every = {value for of_article in counts for coding in of_article for value in coding}
    known = {value: i for i, value in enumerate(sorted(every | {NONE}) if label is None else [NONE, label])}
    cells = np.zeros((len(counts), 1 + len(known)))
    for row, of_article in zip(cells, counts, strict=True):
        for coding, count in of_article.items():
            a, b = (known.get(value, known[NONE]) for value in coding)
            row[0] += count * (a != b)
            row[1 + a] += count
            row[1 + b] += count
    return estimate(cells, weights, lambda sums: alpha(sums[..., 0], sums[..., 1:]))


def _tokens(layers: Layers) -> list[Range] | None:
    """Return the tokens within the annotated ranges, or None where no layer has the text of all of them."""
    gold = next(filter(_covered, layers.values()), None)
    if gold is None:
        return None
    text = gold.text or ""
    visible = (token for token in tokenise(text) if not text[slice(*token)].isspace())
    placed = (Range(start + gold.start, end + gold.start) for start, end in visible)
    return [token for token in placed if annotated(gold, token)]


def _covered(gold: Gold) -> bool:
    return gold.text is not None and all(gold.start <= r.start and r.end <= gold.end for r in gold.ranges)


def _by_token(layers: Layers, tokens: Iterable[Range]) -> Counter[Coding]:
    a, b = (_reader(gold.spans) for gold in layers.values())
    return Counter((a(token), b(token)) for token in tokens)


def _by_code_point(layers: Layers) -> Counter[Coding]:
    a, b = (_reader(gold.spans) for gold in layers.values())
    first = next(iter(layers.values()))
    edges = {edge for place in first.ranges for edge in place}
    cuts = sorted(edges | {edge for gold in layers.values() for span in gold.spans for edge in (span.start, span.end)})
    coding: Counter[Coding] = Counter()
    for run in (Range(*ends) for ends in pairwise(cuts)):
        if annotated(first, run):
            coding[a(run), b(run)] += run.end - run.start
    return coding


def _reader(spans: Sequence[Span]) -> Callable[[Range], str]:
    """Return a function that gives the label of the span at a token or run, or none."""
    ends = [span.end for span in spans]

    def label(place: Range) -> str:
        at = bisect_right(ends, place.start)
        return spans[at].label if at < len(spans) and spans[at].start < place.end else NONE

    return label
