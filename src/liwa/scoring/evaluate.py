"""Spans of a prediction held against gold, by (article, start, end, label) in code points.

Nothing is compared on tokens: a gold span that a pipeline's tokens cannot hold is a miss like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from liwa.annotations import fingerprint
from liwa.estimates import SAMPLES
from liwa.records import Gold
from liwa.scoring import partial
from liwa.scoring.alignment import Confusion, confusion, errors, kinds
from liwa.scoring.counts import ByArticle, Counts
from liwa.scoring.intervals import Macro, Rates, Resampled
from liwa.scoring.leakage import Leakage
from liwa.scoring.pairs import Pair, pair
from liwa.scoring.partial import Partial, score_partial
from liwa.scoring.relations import RelationScores
from liwa.scoring.seeds import Seeds
from liwa.scoring.slices import Slicers, slice_cells, slices_to_dict

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT: Final = "liwa-scores"
VERSION: Final = 1
"""Format and version of the score file, which docs/score-file.md describes."""

MICRO: Final = "micro"


@dataclass(frozen=True)
class Scores:
    """What an evaluation found.

    labels: rates by label, of every label that the scheme, the gold or the prediction has. micro: over all labels.
    macro: the mean of the labels. by_article: counts by article and label. missing: articles of the gold that the
    prediction lacks; all their spans are misses. unknown: articles of the prediction that the gold lacks; they are left
    aside. masked: predicted spans outside the annotated ranges, neither right nor wrong. test: the fingerprint of the
    gold. kinds: errors by label and kind. confusion: spans by gold and predicted label. partial: None where nervaluate
    is not installed. slices: rates by field and value. alignment_lost: gold spans that the model's tokens cannot hold,
    None where no model was asked. leakage: None where nothing is known of the training part. relations, seeds: where
    these were scored too.
    """

    labels: Mapping[str, Rates]
    micro: Rates
    macro: Macro
    by_article: ByArticle
    missing: Sequence[str] = ()
    unknown: Sequence[str] = ()
    masked: int = 0
    test: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    kinds: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    confusion: Confusion = field(default_factory=dict)
    partial: Partial | None = None
    slices: Mapping[str, Mapping[str, Rates]] = field(default_factory=dict)
    alignment_lost: int | None = None
    leakage: Leakage | None = None
    relations: RelationScores | None = None
    relations_by_article: ByArticle = field(default_factory=dict)
    relation_rates: Mapping[str, Mapping[str, Rates]] = field(default_factory=dict)
    seeds: Seeds | None = None

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
            "alignment_lost": self.alignment_lost,
            "spans": {
                "micro": self.micro.to_dict(),
                "macro": self.macro.to_dict(),
                "labels": {label: found.to_dict() for label, found in self.labels.items()},
            },
            "errors": {"micro": self.all_kinds, "labels": {label: dict(found) for label, found in self.kinds.items()}},
            "confusion": {gold: dict(row) for gold, row in self.confusion.items()},
            "partial": self.partial.to_dict() if self.partial else None,
            **({"relations": self._relations()} if self.relations else {}),
            "leakage": self.leakage.to_dict() if self.leakage else {"known": False},
            "slices": slices_to_dict(self.slices),
            **({"seeds": self.seeds.to_dict()} if self.seeds else {}),
            "by_article": _plain(self.by_article),
            "relations_by_article": _plain(self.relations_by_article),
        }

    @property
    def all_kinds(self) -> dict[str, int]:
        """The number of spans and errors of each kind, of all labels."""
        names = dict.fromkeys(kind for found in self.kinds.values() for kind in found)
        return {kind: sum(found[kind] for found in self.kinds.values()) for kind in names}

    def _relations(self) -> dict[str, Any]:
        """Return the relation scores, with an interval beside each rate that has one."""
        assert self.relations is not None
        data = self.relations.to_dict()
        for system, found in self.relation_rates.items():
            for name, rates in found.items():
                place = data[system]["types"] if name in data[system]["types"] else data[system]
                place[name] = {**place[name], **rates.to_dict()}
        return data


def evaluate(
    gold: Iterable[Gold],
    predictions: Iterable[Gold],
    *,
    labels: Sequence[str] = (),
    words: bool = False,
    samples: int = SAMPLES,
    seed: int = 0,
    slicers: Slicers | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Scores:
    """Score the spans of predictions against gold.

    labels: shown first and always, such as a scheme's; others follow by name. words: widen both sides to white-space
    words, for corpora that keep clitics inside (both sides need their texts). samples, seed: of the bootstrap.
    slicers: how to divide the test set, see `liwa.scoring.slices.slicers`.
    Raises LiwaError where there is no gold, or where gold and prediction have one id but different texts.
    """
    found = pair(gold, predictions, words=words)
    pairs = found.articles
    ordered = label_order(pairs, labels)
    table = span_cells(pairs, ordered)
    slices = slice_cells(pairs, slicers) if slicers else {}
    resampled = Resampled.of({**table, MICRO: sum(table.values()) + _nothing(pairs), **slices}, samples, seed)
    wrong = [error for one in pairs if one.missed or one.spurious for error in errors(one)]
    some = [label for label in ordered if resampled.whole[label].any()]
    by_field: dict[str, dict[str, Rates]] = {}
    for key in slices:
        by_field.setdefault(key[0], {})[key[1]] = resampled.rates(key)
    return Scores(
        labels={label: resampled.rates(label) for label in ordered},
        micro=resampled.rates(MICRO),
        macro=resampled.macro(some),
        by_article=_by_article(pairs, table),
        missing=found.missing,
        unknown=found.unknown,
        masked=sum(one.masked for one in pairs),
        test=fingerprint.of_articles(one.gold for one in pairs),
        settings={"words": words, "samples": samples, "seed": seed, **(settings or {})},
        kinds=kinds(pairs, wrong, ordered),
        confusion=confusion(pairs, wrong, ordered),
        partial=score_partial(pairs, ordered) if partial.available() else None,
        slices=by_field,
    )


def label_order(pairs: Iterable[Pair], labels: Sequence[str]) -> list[str]:
    """Return the labels given, then all others that any span has, by name."""
    seen = {span.label for one in pairs for side in (one.both, one.missed, one.spurious) for span in side}
    return [*labels, *sorted(seen - set(labels))]


def span_cells(pairs: Sequence[Pair], labels: Sequence[str]) -> dict[Any, NDArray[Any]]:
    """Return tp, fp and fn of each label, in a row an article."""
    import numpy as np

    place = {label: number for number, label in enumerate(labels)}
    cells = np.zeros((len(labels), len(pairs), 3))
    for column, side in enumerate(("both", "spurious", "missed")):
        found = [(place[span.label], row) for row, one in enumerate(pairs) for span in getattr(one, side)]
        if found:
            np.add.at(cells[:, :, column], tuple(np.array(found).T), 1)
    return dict(zip(labels, cells, strict=True))


def _by_article(pairs: Sequence[Pair], table: Mapping[str, NDArray[Any]]) -> ByArticle:
    columns = {label: list(map(Counts._make, cells.astype(int).tolist())) for label, cells in table.items()}
    return {one.gold.article: {label: columns[label][row] for label in columns} for row, one in enumerate(pairs)}


def _nothing(pairs: Sequence[Pair]) -> NDArray[Any]:
    import numpy as np

    return np.zeros((len(pairs), 3))


def _plain(by_article: ByArticle) -> dict[str, dict[str, list[int]]]:
    return {a: {label: list(counts) for label, counts in found.items()} for a, found in by_article.items()}
