"""What active learning saves: fewer articles, or fewer words, for the F1 that random order reaches.

The curve of a way is the mean F1 of its seeds by the mean size of what they learnt from, with straight lines between
the steps. The intervals are percentiles of a bootstrap that draws seeds, the same for all ways, and test articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liwa.errors import LiwaError
from liwa.estimates import SAMPLES, Estimate, percentiles, resample
from liwa.scoring.simulate import Step
from liwa.training.ways import By

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIZES: Final = ("articles", "words")
"""What a curve is drawn over, and what is saved."""

_GRID: Final = 50


class Saving(NamedTuple):
    """What a way saves of the size at which random order reaches an F1.

    size: of random order, in the mean of the seeds. share: saved of it, negative where more was needed; counted as far
    as the way was simulated, so a way that does not get there has needed at least what it had. reached: the share of
    bootstrap samples in which it gets there.
    """

    size: float
    f1: Estimate
    share: Estimate
    reached: float


@dataclass(frozen=True)
class Curve:
    """One way. sizes: by name, the mean of the seeds at each step; f1: of the mean of the seeds, with its interval."""

    sizes: Mapping[str, Sequence[float]]
    f1: Sequence[Estimate]


@dataclass(frozen=True)
class Comparison:
    """What a simulation shows. curves: by way. savings: by way and size, one for each step of random order.

    gain: by way and size, the mean difference of F1 to random order over the sizes that both have.
    """

    seeds: int
    tested: int
    curves: Mapping[str, Curve]
    savings: Mapping[str, Mapping[str, Sequence[Saving]]]
    gain: Mapping[str, Mapping[str, Estimate]]

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data."""
        return {
            "seeds": self.seeds,
            "test_articles": self.tested,
            "curves": {
                way: {**curve.sizes, "f1": [one._asdict() for one in curve.f1]} for way, curve in self.curves.items()
            },
            "savings": {
                way: {size: [_plain(one) for one in found] for size, found in by_size.items()}
                for way, by_size in self.savings.items()
            },
            "gain": {way: {size: one._asdict() for size, one in by_size.items()} for way, by_size in self.gain.items()},
        }


def compare(steps: Iterable[Step], *, samples: int = SAMPLES, seed: int = 0) -> Comparison:
    """Compare the ways of a simulation with random order; seeds that lack a step of any way are left out.

    Raises LiwaError where no seed has all its steps.
    """
    import numpy as np

    table = {(step.seed, step.way, step.round): step for step in steps}
    ways = list(dict.fromkeys(way for _, way, _ in table if way))
    rounds = range(1 + max((number for _, _, number in table), default=0))
    paths = {one: _paths(table, one, ways, rounds) for one, _, _ in table}
    whole = [path for path in paths.values() if path]
    if not whole or By.random.value not in ways:
        raise LiwaError("expected a seed with all its steps, random order among them, found none")
    tested = sorted(whole[0][ways[0]][0].counts)
    weights = resample(len(tested), samples, seed)
    drawn = np.random.default_rng(seed).integers(0, len(whole), (samples, len(whole)))
    found = {way: _Sampled.of([path[way] for path in whole], tested, weights, drawn) for way in ways}
    random = found[By.random.value]
    others = {way: one for way, one in found.items() if one is not random}
    return Comparison(
        seeds=len(whole),
        tested=len(tested),
        curves={way: one.curve() for way, one in found.items()},
        savings={way: {size: one.savings(random, size) for size in SIZES} for way, one in others.items()},
        gain={way: {size: one.gain(random, size) for size in SIZES} for way, one in others.items()},
    )


def _paths(
    table: Mapping[tuple[int, str, int], Step], seed: int, ways: Sequence[str], rounds: Iterable[int]
) -> dict[str, list[Step]]:
    """Return the steps of each way of a seed, the first of which all share; nothing where one is not there."""
    keys = {way: [(seed, way if number else "", number) for number in rounds] for way in ways}
    if any(key not in table for of_way in keys.values() for key in of_way):
        return {}
    return {way: [table[key] for key in of_way] for way, of_way in keys.items()}


@dataclass(frozen=True)
class _Sampled:
    """The curve of a way: of all seeds and test articles in the first row, of each bootstrap sample in the others.

    sizes: by name; sizes and f1 are samples x steps.
    """

    sizes: Mapping[str, NDArray[Any]]
    f1: NDArray[Any]

    @classmethod
    def of(cls, paths: Sequence[Sequence[Step]], tested: Sequence[str], weights: Any, drawn: Any) -> _Sampled:
        import numpy as np

        cells = np.array([[[step.counts[name] for name in tested] for step in path] for path in paths], dtype=float)
        sums = np.einsum("ba,srac->bsrc", weights, cells)
        picked = np.arange(len(drawn))[:, None], drawn
        f1 = np.concatenate([_f1(cells.sum(axis=2)).mean(axis=0)[None], _f1(sums)[picked].mean(axis=1)])
        given = {"articles": [[len(s.articles) for s in path] for path in paths]}
        given["words"] = [[s.words for s in path] for path in paths]
        sizes = {name: np.array(rows, dtype=float) for name, rows in given.items()}
        means = {n: np.concatenate([rows.mean(axis=0)[None], rows[drawn].mean(axis=1)]) for n, rows in sizes.items()}
        return cls(means, f1)

    def curve(self) -> Curve:
        sizes = {name: [float(x) for x in rows[0]] for name, rows in self.sizes.items()}
        return Curve(sizes, [percentiles(column[0], column[1:]) for column in self.f1.T])

    def savings(self, random: _Sampled, size: str) -> list[Saving]:
        """Return what is saved of the size at each step of random order but the first."""
        import numpy as np

        found = []
        for step in range(1, random.f1.shape[1]):
            goal, spent = random.f1[:, step], random.sizes[size][:, step]
            rows = zip(self.sizes[size], self.f1, goal, strict=True)
            needed = np.array([needs(x, y, level) for x, y, level in rows])
            share = 1 - np.where(np.isinf(needed), np.maximum(self.sizes[size][:, -1], spent), needed) / spent
            reached = float(np.isfinite(needed[1:]).mean()) if len(needed) > 1 else float(np.isfinite(needed[0]))
            f1, saved = (percentiles(rows[0], rows[1:]) for rows in (goal, share))
            found.append(Saving(float(spent[0]), f1, saved, reached))
        return found

    def gain(self, random: _Sampled, size: str) -> Estimate:
        """Return the mean difference of F1 to random order over the sizes that both have."""
        import numpy as np

        means = []
        for x, y, other_x, other_y in zip(self.sizes[size], self.f1, random.sizes[size], random.f1, strict=True):
            grid = np.linspace(max(x[0], other_x[0]), min(x[-1], other_x[-1]), _GRID)
            means.append((np.interp(grid, x, y) - np.interp(grid, other_x, other_y)).mean())
        return percentiles(means[0], np.array(means[1:]))


def needs(sizes: Sequence[float], f1: Sequence[float], goal: float) -> float:
    """Return the size at which a curve first reaches a goal; infinity where it never does."""
    if f1[0] >= goal:
        return float(sizes[0])
    for step in range(1, len(f1)):
        if f1[step] >= goal:
            part = (goal - f1[step - 1]) / (f1[step] - f1[step - 1])
            return float(sizes[step - 1] + part * (sizes[step] - sizes[step - 1]))
    return float("inf")


def _f1(sums: NDArray[Any]) -> NDArray[Any]:
    """Return the F1 of tp, fp and fn in the last axis; 0 where nothing was found."""
    import numpy as np

    twice = 2 * sums[..., 0]
    return np.asarray(twice / np.maximum(twice + sums[..., 1] + sums[..., 2], 1))


def _plain(saving: Saving) -> dict[str, Any]:
    return {**saving._asdict(), "f1": saving.f1._asdict(), "share": saving.share._asdict()}
