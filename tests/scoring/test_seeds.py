from __future__ import annotations

import numpy as np
import pytest

from liwa.errors import LiwaError
from liwa.scoring.counts import ByArticle, Counts
from liwa.scoring.seeds import across


def articles(*found: Counts) -> ByArticle:
    return {f"a{number}": {"A": counts} for number, counts in enumerate(found)}


def test_mean_and_deviation_are_those_of_the_models() -> None:
    one, other = articles(Counts(8, 2, 2), Counts(4, 1, 1)), articles(Counts(6, 4, 4), Counts(3, 2, 2))
    spread = across({"m1": one, "m2": other}).labels["A"]
    assert spread.values == [0.8, 0.6]
    assert spread.mean.value == pytest.approx(0.7)
    assert spread.deviation == pytest.approx(np.std([0.8, 0.6], ddof=1))
    assert spread.mean.low is not None and spread.mean.high is not None
    assert spread.mean.low < 0.7 < spread.mean.high


def test_the_interval_holds_the_chance_of_the_seed_where_articles_are_all_alike() -> None:
    models = {f"m{n}": articles(*[Counts(n, 10 - n, 10 - n)] * 50) for n in (4, 6, 8)}
    mean = across(models).micro.mean
    assert mean == pytest.approx((0.6, 0.4, 0.8))
    alone = across({"m": models["m6"]}).micro
    assert alone.mean == pytest.approx((0.6, 0.6, 0.6))
    assert alone.deviation is None


def test_an_undefined_rate_is_none_and_other_articles_are_refused() -> None:
    spread = across({"m1": articles(Counts(), Counts()), "m2": articles(Counts(), Counts())}).micro
    assert spread.to_dict() == {"values": [None, None], "mean": None, "deviation": None, "interval": [None, None]}
    with pytest.raises(LiwaError, match="different articles"):
        across({"m1": articles(Counts(1)), "m2": articles(Counts(1), Counts(1))})


@pytest.mark.slow
def test_the_interval_covers_the_mean_over_all_seeds_and_articles() -> None:
    """Models of one truth, each with a skill of its own, on articles each with a difficulty of its own."""
    rng = np.random.default_rng(0)
    hits, rounds = 0, 200
    for draw in range(rounds):
        easy = rng.beta(8, 2, size=60)
        skills = rng.normal(0, 0.03, size=8)
        models = {
            str(n): articles(
                *(Counts(int(r), 20 - int(r), 20 - int(r)) for r in rng.binomial(20, np.clip(easy + skill, 0, 1)))
            )
            for n, skill in enumerate(skills)
        }
        mean = across(models, samples=400, seed=draw).micro.mean
        hits += mean.low is not None and mean.high is not None and mean.low <= 0.8 <= mean.high
    assert 0.88 <= hits / rounds <= 0.98
