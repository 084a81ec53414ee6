"""What active learning saves, on curves whose savings are known."""

from __future__ import annotations

from math import inf

import pytest

from liwa.errors import LiwaError
from liwa.scoring.savings import compare, needs
from liwa.scoring.savings_view import gains, table
from liwa.scoring.simulate import Step


def step(seed: int, way: str, number: int, articles: int, right: int, words: int = 0) -> Step:
    """A training whose F1 is right / 100, alike on two test articles."""
    half = [right // 2, 50 - right // 2, 50 - right // 2]
    names = [f"a{n}" for n in range(articles)]
    return Step(seed, way, number, names, words or 100 * articles, {"t1": half, "t2": half}, {})


def linear(seeds: int = 2, **ways: list[int]) -> list[Step]:
    """Steps of ten articles each, the first of which all ways share."""
    steps = []
    for seed in range(seeds):
        steps.append(step(seed, "", 0, 10, 20))
        for way, rights in ways.items():
            steps += [step(seed, way, n, 10 + 10 * n, right) for n, right in enumerate(rights, 1)]
    return steps


def test_a_curve_needs_the_size_at_which_it_crosses_the_goal() -> None:
    assert needs([10, 20, 30], [0.2, 0.4, 0.6], 0.5) == pytest.approx(25)
    assert needs([10, 20, 30], [0.2, 0.6, 0.4], 0.4) == pytest.approx(15)
    assert needs([10, 20], [0.2, 0.4], 0.1) == 10
    assert needs([10, 20], [0.2, 0.4], 0.5) == inf


def test_twice_as_fast_saves_half_of_what_comes_after_the_start() -> None:
    found = compare(linear(random=[40, 60], cost=[60, 80]), samples=50)
    assert (found.seeds, found.tested) == (2, 2)
    first, second = found.savings["cost"]["articles"]
    assert (first.size, first.f1.value) == (20, 0.4)
    assert first.share.value == pytest.approx(1 - 15 / 20)
    assert second.share == pytest.approx((1 - 20 / 30,) * 3)
    assert second.reached == 1
    assert found.savings["cost"]["words"][1].share.value == pytest.approx(1 - 20 / 30)
    assert found.gain["cost"]["articles"].value == pytest.approx(0.15, abs=0.002)


def test_a_way_that_is_worse_loses_and_says_how_far_it_was_looked() -> None:
    found = compare(linear(random=[40, 60], cost=[30, 40]), samples=50)
    first, second = found.savings["cost"]["articles"]
    assert first.share.value == pytest.approx(-0.5)
    assert first.reached == 1
    assert (second.share.value, second.reached) == (0, 0)
    assert (found.gain["cost"]["words"].value or 0) < 0


def test_intervals_hold_what_seeds_differ_by() -> None:
    steps = [s for s in linear(4, random=[40, 60], cost=[60, 80]) if (s.seed, s.way, s.round) != (3, "cost", 1)]
    one, two = compare(steps, samples=200), compare([*steps, step(3, "cost", 1, 20, 20)], samples=200)
    assert (one.seeds, two.seeds) == (3, 4)
    gain = two.gain["cost"]["articles"]
    assert gain.low is not None and gain.high is not None and gain.value is not None
    assert gain.low < gain.value < gain.high
    assert one.gain["cost"]["articles"].low == pytest.approx(one.gain["cost"]["articles"].high)


def test_words_count_beside_articles() -> None:
    steps = [step(0, "", 0, 10, 20), step(0, "random", 1, 20, 40), step(0, "total", 1, 20, 40, words=4000)]
    found = compare(steps, samples=10)
    assert found.savings["total"]["articles"][0].share.value == pytest.approx(0)
    assert found.savings["total"]["words"][0].share.value == pytest.approx(-1)


def test_no_seed_with_all_steps() -> None:
    with pytest.raises(LiwaError, match="expected a seed with all its steps"):
        compare(linear(1, random=[40, 60], cost=[60]))
    with pytest.raises(LiwaError, match="random order among them"):
        compare(linear(1, cost=[60]))


def test_tables_and_data() -> None:
    found = compare(linear(random=[40, 60], cost=[60, 80]), samples=50)
    rows = table(found)
    assert len(rows) == 4
    assert rows[3].startswith("| most doubt a word | 30 articles, 3000 words | 60.0 | 33 % | 33 to 33 % | 100 % |")
    assert gains(found)[2].startswith("| most doubt a word | +14.9 | +14.9 to +14.9 |")
    data = found.to_dict()
    assert data["savings"]["cost"]["articles"][1]["share"]["value"] == pytest.approx(1 / 3)
    assert [round(f1["value"], 2) for f1 in data["curves"]["random"]["f1"]] == [0.2, 0.4, 0.6]
