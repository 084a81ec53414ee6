"""Two systems on one test set: how far they differ, whether that is more than noise, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liwa.errors import LiwaError
from liwa.estimates import SAMPLES, Estimate
from liwa.scoring.counts import ByArticle, Counts, total
from liwa.scoring.scorefile import KINDS, Kind, ScoreFile
from liwa.scoring.significance import PERMUTATIONS, RATES, Rate, holm, paired_bootstrap, permutation_test, rate

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT: Final = "liwa-comparison"
VERSION: Final = 1
"""Format and version of the JSON report."""

MICRO: Final = ""
"""Stands for all labels together."""

MOVED: Final = 10
"""How many of the articles that moved most are listed."""


class Difference(NamedTuple):
    """A rate of two systems.

    change: second minus first, with its 95 % interval. p: of no difference, two-sided; adjusted: the same after Holm's
    adjustment for the number of labels. What is undefined is None.
    """

    a: float | None
    b: float | None
    change: Estimate
    p: float | None
    adjusted: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data; what is undefined is null."""
        value, low, high = self.change
        rates = {"a": self.a, "b": self.b, "difference": value, "interval": [low, high]}
        return {**rates, "p": self.p, "p_adjusted": self.adjusted}


@dataclass(frozen=True)
class Line:
    """A label, or all together: its gold items, and the difference of each rate."""

    support: int
    differences: Mapping[Rate, Difference]

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data."""
        return {"support": self.support, **{of: d.to_dict() for of, d in self.differences.items()}}


class Moved(NamedTuple):
    """An article on which the systems differ, with the counts of both."""

    article: str
    a: Counts
    b: Counts

    @property
    def errors(self) -> int:
        """How many errors more (or fewer, below 0) the second system makes."""
        return self.b.fp + self.b.fn - self.a.fp - self.a.fn

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data."""
        return {"article": self.article, "a": list(self.a), "b": list(self.b), "errors": self.errors}


@dataclass(frozen=True)
class Table:
    """Spans or relations: a line a label, all together (`MICRO`) last, and the articles that moved most."""

    lines: Mapping[str, Line]
    moved: Sequence[Moved]

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data."""
        labels = {label: line.to_dict() for label, line in self.lines.items() if label != MICRO}
        return {
            "micro": self.lines[MICRO].to_dict(),
            "labels": labels,
            "moved": [moved.to_dict() for moved in self.moved],
        }


@dataclass(frozen=True)
class Comparison:
    """What two score files of one test set say together; differences are second minus first."""

    names: tuple[str, str]
    test: str
    articles: int
    settings: Mapping[str, int]
    tables: Mapping[Kind, Table]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as versioned, JSON-ready data."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "names": list(self.names),
            "test": self.test,
            "articles": self.articles,
            "settings": dict(self.settings),
            **{kind: table.to_dict() for kind, table in self.tables.items()},
        }


def compare(
    a: ScoreFile,
    b: ScoreFile,
    *,
    names: tuple[str, str] | None = None,
    samples: int = SAMPLES,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> Comparison:
    """Compare two score files, label by label; relations where both have them.

    names: what to call the two; default: their paths. samples, permutations, seed: of bootstrap and permutation test.
    Raises LiwaError where they were measured on two test sets, or hold no counts by article.
    """
    require_one_test(a, b)
    kinds = [kind for kind in KINDS if a.counts.get(kind) and b.counts.get(kind)]
    articles = sorted({*a.counts["spans"], *b.counts["spans"]})
    settings = {"samples": samples, "permutations": permutations, "seed": seed}
    tables = {}
    for kind in kinds:
        sides = (a.counts[kind], b.counts[kind])
        labels = list(dict.fromkeys([*_labels(a, kind), *_labels(b, kind)]))
        first, second = (_cells(side, articles, labels) for side in sides)
        tables[kind] = Table(_lines(first, second, labels, settings), _moved(sides, articles))
    return Comparison(names or (a.name, b.name), a.test, len(articles), settings, tables)


def require_one_test(a: ScoreFile, b: ScoreFile) -> None:
    """Raise LiwaError unless two score files were measured on one test set and can be held side by side."""
    for side in (a, b):
        if not side.test or not side.counts.get("spans"):
            raise LiwaError(
                "expected the test set's fingerprint and counts by article, found none",
                where=side.name,
                hint="Measure again with this liwa evaluate --format json",
            )
    if a.test != b.test:
        raise LiwaError(
            f"measured on the test set {b.test}, and {a.name} on {a.test}; scores of two test sets say nothing "
            "of a difference",
            where=b.name,
            hint="Measure both on the same gold",
        )
    for kind in KINDS:
        _require_one_gold(a, b, kind)


def _require_one_gold(a: ScoreFile, b: ScoreFile, kind: Kind) -> None:
    """Raise LiwaError where counts of one test set disagree on what is gold: one of the files is damaged."""
    first, second = (side.counts.get(kind) or {} for side in (a, b))
    if not first or not second:
        return
    for article in sorted({*first, *second}):
        if _support(first, article) != _support(second, article):
            message = f"article {article} has other gold {kind} than in {a.name}, though both name one test set"
            raise LiwaError(message, where=b.name, hint="Measure both again")


def _support(side: ByArticle, article: str) -> dict[str, int]:
    return {label: counts.support for label, counts in side.get(article, {}).items() if counts.support}


def _labels(scores: ScoreFile, kind: Kind) -> list[str]:
    """Return the labels in the order of the table, and those that stand in the counts alone."""
    seen = sorted({label for labels in scores.counts[kind].values() for label in labels})
    return [label for label in dict.fromkeys([*scores.table(kind), *seen]) if label != "micro"]


def _lines(a: NDArray[Any], b: NDArray[Any], labels: Sequence[str], settings: Mapping[str, int]) -> dict[str, Line]:
    """Return the lines of a table; a, b: counts as `_cells` lays them out."""
    seed = settings["seed"]
    ps = permutation_test(a, b, permutations=settings["permutations"], seed=seed)
    changes = paired_bootstrap(a, b, samples=settings["samples"], seed=seed)
    whole = a.sum(axis=0), b.sum(axis=0)
    differences: dict[Rate, list[Difference]] = {}
    for of in RATES:
        p = _plain(ps[of])
        # All labels together are one question more, and not adjusted for the others.
        columns = (*(_plain(rate(sums, of)) for sums in whole), changes[of], p, [*holm(p[:-1]), p[-1]])
        differences[of] = [Difference(*cells) for cells in zip(*columns, strict=True)]
    support = [int(n) for n in whole[0][:, 0] + whole[0][:, 2]]
    return {name: Line(support[i], {of: differences[of][i] for of in RATES}) for i, name in enumerate([*labels, MICRO])}


def _cells(side: ByArticle, articles: Sequence[str], labels: Sequence[str]) -> NDArray[Any]:
    """Return counts as an array, articles x labels x 3, with the sum over all labels as one label more."""
    import numpy as np

    nothing = Counts()
    rows = [[side.get(article, {}).get(label, nothing) for label in labels] for article in articles]
    cells = np.array(rows, dtype=float).reshape(len(articles), len(labels), 3)
    return np.concatenate([cells, cells.sum(axis=1, keepdims=True)], axis=1)


def _moved(sides: tuple[ByArticle, ByArticle], articles: Sequence[str]) -> list[Moved]:
    sums = (tuple(total(side.get(article, {}).values()) for side in sides) for article in articles)
    every = [Moved(article, *both) for article, both in zip(articles, sums, strict=True)]
    differing = [moved for moved in every if moved.a != moved.b]
    return sorted(differing, key=lambda m: (-abs(m.errors), m.article))[:MOVED]


def _plain(values: NDArray[Any]) -> list[float | None]:
    import numpy as np

    return [None if np.isnan(value) else float(value) for value in values]
