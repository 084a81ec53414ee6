"""The chain against brute force: every path of a short sentence summed and compared."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liwa.training.lattice import Array, Chain, legal, padded, tags_of

TAGS = tags_of(["A", "B"])
ALLOWED = legal(TAGS)


def paths(length: int) -> list[tuple[int, ...]]:
    """Every legal path of a length."""
    return [
        p for p in product(range(len(TAGS)), repeat=length) if all(ALLOWED[a, b] for a, b in pairwise((-1, *p, -1)))
    ]


def value(path: tuple[int, ...], scores: Array, steps: Array) -> float:
    return float(sum(scores[i, t] for i, t in enumerate(path)) + sum(steps[a, b] for a, b in pairwise(path)))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 3), min_size=1, max_size=4), st.integers(0, 2**16))
def test_sums_gradients_and_best_paths_are_those_of_all_paths(lengths: list[int], seed: int) -> None:
    random = np.random.default_rng(seed)
    steps = random.normal(size=(len(TAGS), len(TAGS)))
    rows = [random.normal(size=(length, len(TAGS))) * 3 for length in lengths]
    joined, sizes, order = padded(rows)
    chain = Chain(steps, ALLOWED)
    total, tags, moves = chain.expectations(joined, sizes)
    wanted, best = 0.0, chain.best(joined, sizes)
    wanted_moves = np.zeros_like(steps)
    for place, number in enumerate(order):
        scored = {path: value(path, rows[number], steps) for path in paths(lengths[number])}
        log_sum = float(np.log(sum(np.exp(score) for score in scored.values())))
        wanted += log_sum
        wanted_tags = np.zeros_like(rows[number])
        for path, score in scored.items():
            share = np.exp(score - log_sum)
            wanted_tags[np.arange(len(path)), path] += share
            for one, other in pairwise(path):
                wanted_moves[one, other] += share
        assert tuple(best[place]) == max(scored, key=scored.__getitem__)
        np.testing.assert_allclose(tags[place, : lengths[number]], wanted_tags, atol=1e-9)
        assert not tags[place, lengths[number] :].any()
    assert total == pytest.approx(wanted)
    np.testing.assert_allclose(moves, wanted_moves, atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.integers(0, 2**16))
def test_beliefs_are_shares_of_all_paths(length: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    steps = random.normal(size=(len(TAGS), len(TAGS)))
    scores = random.normal(size=(length, len(TAGS))) * 3
    beliefs = Chain(steps, ALLOWED).beliefs(scores)
    likely = {path: float(np.exp(value(path, scores, steps))) for path in paths(length)}
    total = sum(likely.values())
    tags = np.zeros((length, len(TAGS)))
    for path, one in likely.items():
        tags[np.arange(length), path] += one / total
    np.testing.assert_allclose(beliefs.tags, tags, atol=1e-9)
    np.testing.assert_allclose(beliefs.entropy, -(tags * np.log2(np.maximum(tags, 1e-300))).sum(axis=1), atol=1e-6)
    for start in range(length):
        for run in {path[start:stop] for path in likely for stop in range(start + 1, length + 1)}:
            wanted = sum(one for path, one in likely.items() if path[start : start + len(run)] == run) / total
            assert beliefs.of(start, run) == pytest.approx(wanted, abs=1e-9)


def test_a_legal_path_is_a_set_of_flat_spans() -> None:
    place = {tag: number for number, tag in enumerate(TAGS)}
    assert TAGS == ["O", "B-A", "I-A", "L-A", "U-A", "B-B", "I-B", "L-B", "U-B"]
    assert ALLOWED[place["B-A"], place["L-A"]]
    assert not ALLOWED[place["B-A"], place["L-B"]]
    assert not ALLOWED[place["B-A"], place["O"]]
    assert not ALLOWED[place["O"], place["I-A"]]
    assert not ALLOWED[-1, place["L-A"]]
    assert not ALLOWED[place["B-A"], -1]
    assert ALLOWED[place["U-A"], place["B-B"]]
