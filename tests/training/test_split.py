from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liwa.errors import LiwaError
from liwa.records import Gold
from liwa.training.split import PARTS, Assignment, apply, group, random_leakage, report, split
from tests.gold import gold

WORDS = [
    "جبل",
    "نهر",
    "سوق",
    "طريق",
    "مدرسة",
    "حديقة",
    "سفينة",
    "قمر",
    "كتاب",
    "باب",
    "نافذة",
    "جسر",
    "مطر",
    "ريح",
    "شجرة",
    "حقل",
    "قرية",
    "ميناء",
    "برج",
    "قلعة",
]

STATEMENT = " ".join(f"{a} {b} {a}{b}" for a, b in zip(WORDS, reversed(WORDS), strict=True))


def article(number: int) -> Gold:
    """Return an article that shares no passage with another."""
    words = [f"{WORDS[(number * 3 + i * i) % 20]}{'ابجدهوزحطي'[i % 10]}{number}" for i in range(60)]
    return gold(" ".join(words), article=f"a{number}")


def quoting(name: str, number: int) -> Gold:
    """Return an article of its own that quotes the statement."""
    own = article(number).text or ""
    return gold(f"{own}\n{STATEMENT}", article=name)


def test_articles_that_quote_one_statement_are_grouped() -> None:
    groups = group([quoting("x", 100), quoting("y", 200), *map(article, range(5))])
    assert groups["x"] == groups["y"]
    assert len(set(groups.values())) == 6


def test_the_manifests_groups_are_joined_with_those_found() -> None:
    golds = [quoting("x", 100), quoting("y", 200), gold("خبر قصير", "z", group="g"), gold("خبر آخر", "w", group="g")]
    groups = group(golds)
    assert groups["x"] == groups["y"]
    assert groups["z"] == groups["w"]


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000), quoted=st.sets(st.integers(0, 29), min_size=2, max_size=8))
def test_a_group_never_crosses(seed: int, quoted: set[int]) -> None:
    golds = [quoting(f"a{n}", n) if n in quoted else article(n) for n in range(30)]
    parts = {a.article: a.part for a in split(golds, seed=seed)}
    assert len({parts[f"a{n}"] for n in quoted}) == 1
    assert set(parts.values()) == set(PARTS)


def test_same_seed_same_split_whatever_the_order() -> None:
    golds = list(map(article, range(20)))
    assert sorted(split(golds), key=str) == sorted(split(golds[::-1]), key=str)
    assert sorted(split(golds), key=str) != sorted(split(golds, seed=1), key=str)


def test_each_value_of_a_stratum_is_divided_alike() -> None:
    golds = [gold(article(n).text or "", f"a{n}", origin="real" if n % 2 else "project") for n in range(40)]
    parts = apply(golds, split(golds, stratify="origin"))
    for part in PARTS:
        origins = [g.meta["origin"] for g in parts[part]]
        assert origins.count("real") == origins.count("project")


def test_too_few_groups_is_an_error() -> None:
    with pytest.raises(LiwaError, match="too few"):
        split([article(1), article(2)])


def test_gold_without_text_cannot_be_grouped() -> None:
    with pytest.raises(LiwaError, match="no text"):
        split([Gold("a", "0" * 64, ())])


def test_an_article_whose_text_changed_is_refused() -> None:
    with pytest.raises(LiwaError, match="another text"):
        apply([article(1)], [Assignment("a1", "0" * 64, "a1", "test")])


def test_an_article_without_assignment_is_refused() -> None:
    with pytest.raises(LiwaError, match="no assignment"):
        apply([article(1)], [])


def test_random_leakage_is_what_it_says() -> None:
    alone = [Assignment(f"a{n}", "", f"a{n}", "test" if n < 10 else "train") for n in range(40)]
    paired = [Assignment(f"a{n}", "", f"g{n // 2}", "test" if n < 10 else "train") for n in range(40)]
    assert random_leakage(alone) == 0
    # A test article's mate is one of the other 39, of which 30 are in training.
    assert random_leakage(paired) == pytest.approx(30 / 39, abs=0.05)


def test_report_counts() -> None:
    golds = [quoting("x", 100), quoting("y", 200), *map(article, range(20))]
    assignments = split(golds)
    said = report(apply(golds, assignments), assignments)
    assert sum(said.articles.values()) == 22
    assert list(said.grouped.values()) == [["x", "y"]]
