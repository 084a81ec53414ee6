"""Several models that differ by their seed: mean and deviation of F1, and its interval over models and articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liwa.errors import LiwaError
from liwa.estimates import SAMPLES, Estimate, percentiles
from liwa.scoring.counts import ByArticle, Counts, total
from liwa.scoring.intervals import Resampled

if TYPE_CHECKING:
    from numpy.typing import NDArray


_ALL: Final = ""
"""Stands for all labels together."""


class Spread(NamedTuple):
    """F1 of several models: one value each, their sample deviation, and their mean with its interval."""

    values: Sequence[float | None]
    deviation: float | None
    mean: Estimate

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data; what is undefined is null."""
        value, low, high = self.mean
        return {"values": list(self.values), "mean": value, "deviation": self.deviation, "interval": [low, high]}


@dataclass(frozen=True)
class Seeds:
    """What several models scored. micro, macro: over all labels; labels: each."""

    models: Sequence[str]
    micro: Spread
    macro: Spread
    labels: Mapping[str, Spread]

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data."""
        labels = {label: {"f1": spread.to_dict()} for label, spread in self.labels.items()}
        both = {"micro": {"f1": self.micro.to_dict()}, "macro": {"f1": self.macro.to_dict()}}
        return {"models": list(self.models), **both, "labels": labels}


def across(models: Mapping[str, ByArticle], *, samples: int = SAMPLES, seed: int = 0) -> Seeds:
    """Put what several models scored on one test set together. models: counts by the name of the model.

    Each bootstrap sample draws articles, and models, with replacement; the interval is that of the mean F1 of the drawn
    models over the drawn articles, so that it holds both kinds of chance. Of two or three models it is a rough one.
    Raises LiwaError where the models were scored on different articles.
    """
    import numpy as np

    scores = list(models.values())
    if any(one.keys() != scores[0].keys() for one in scores):
        raise LiwaError("the models were scored on different articles", hint="Score all of them on one gold file")
    labels = list(dict.fromkeys(label for one in scores for found in one.values() for label in found))
    cells = {(n, label): _cells(one, label) for n, one in enumerate(scores) for label in (*labels, _ALL)}
    summed = Resampled.of(cells, samples, seed)
    drawn = np.random.default_rng(seed).integers(0, len(scores), (len(summed.sampled[0, _ALL]), len(scores)))

    def spread(*of: str) -> Spread:
        return _spread([summed.f1([(n, label) for label in of]) for n in range(len(scores))], drawn)

    return Seeds(list(models), spread(_ALL), spread(*labels or [_ALL]), {label: spread(label) for label in labels})


def _cells(scores: ByArticle, label: str) -> NDArray[Any]:
    import numpy as np

    articles = [scores[article] for article in sorted(scores)]
    rows = [total(found.values()) if label == _ALL else found.get(label, Counts()) for found in articles]
    return np.array(rows, dtype=float).reshape(-1, 3)


def _spread(found: Sequence[tuple[NDArray[Any], NDArray[Any]]], drawn: NDArray[Any]) -> Spread:
    """Return the spread of models, each with its F1 over all articles and over each sample.

    drawn: the numbers of the models that each sample takes.
    """
    import numpy as np

    values = np.array([whole for whole, _ in found])
    sampled = np.stack([one for _, one in found], axis=-1)
    mean = percentiles(values.mean(), np.take_along_axis(sampled, drawn, axis=-1).mean(axis=-1))
    deviation = float(values.std(ddof=1)) if len(values) > 1 and not np.isnan(values).any() else None
    return Spread([None if np.isnan(value) else float(value) for value in values], deviation, mean)
