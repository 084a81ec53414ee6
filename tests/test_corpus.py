"""The corpus that comes with liwa is what its card says: counted, checked against its rules, and original."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from liwa.annotations.check import check
from liwa.annotations.gold import read_gold
from liwa.arabic.orthography import normalise
from liwa.cli.card import refresh
from liwa.cli.gold import suspected
from liwa.cli.manifest import manifest
from liwa.corpus.read import read_articles
from liwa.findings import breaches
from liwa.records import Article
from liwa.release.inventory import inventory
from liwa.scheme import load_scheme
from liwa.training.split import PARTS, read_assignments

ROOT = Path(__file__).parents[1]
ARTICLES = ROOT / "corpus" / "articles"
GOLD = ROOT / "annotations" / "gold"
SPLIT = ROOT / "training" / "split.jsonl"

STOP = set(
    normalise(
        "في من على إلى عن أن إن التي الذي الذين ما لا لم لن قد كان كانت "
        "هذا هذه ذلك تلك هو هي هم مع بعد قبل بين حتى كل أو ثم"
    ).split()
)


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return list(read_articles([str(ARTICLES)]))


def test_size_and_variety(articles: list[Article]) -> None:
    assert len(articles) >= 60
    assert sum(len(a.text.split()) for a in articles) >= 15_000
    assert len({a.source["country"] for a in articles}) >= 15
    assert len({a.source["style"] for a in articles}) >= 8
    few = [g.article for g in read_gold([GOLD / "project.jsonl"]) if len({s.label for s in g.spans}) < 2]
    assert len(few) >= 10


def test_the_manifest_is_fresh() -> None:
    findings, _ = manifest(ARTICLES, check=True)
    assert findings == []


def test_no_two_articles_share_six_content_words_in_a_row(articles: list[Article]) -> None:
    owners: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for article in articles:
        words = [w for w in re.findall(r"\w+", normalise(article.text)) if w not in STOP]
        for i in range(len(words) - 5):
            owners[tuple(words[i : i + 6])].add(article.id)
    assert {run: sorted(ids) for run, ids in owners.items() if len(ids) > 1} == {}


def test_the_gold_of_the_project_breaks_no_rule_and_every_article_has_some() -> None:
    report = check(GOLD / "project.jsonl", load_scheme(), texts=[str(ARTICLES)], require_texts=True)
    assert not breaches(report.findings), report.findings
    assert report.articles == len(list(ARTICLES.glob("*.txt")))


def test_the_gold_over_real_news_breaks_no_rule(shared: Path) -> None:
    texts = [str(shared / "articles" / name) for name in ("news150.jsonl", "seeds")]
    report = check(GOLD / "real.jsonl", load_scheme(), texts=texts, require_texts=True)
    assert not breaches(report.findings), report.findings


def test_every_suspect_of_the_whole_corpus_is_justified(shared: Path) -> None:
    texts = [str(ARTICLES), *(str(shared / "articles" / name) for name in ("news150.jsonl", "seeds"))]
    open_suspects, _ = suspected([str(GOLD)], texts=texts, justified=ROOT / "annotations" / "justified.jsonl")
    assert open_suspects == []


def test_stand_off_gold_holds_no_text() -> None:
    for path in [*(ROOT / "annotations").rglob("*.json*"), *(ROOT / "training").rglob("*.json*")]:
        assert not re.search(r"[\u0600-\u06ff]", path.read_text(encoding="utf-8")), path


def test_no_title_of_real_news_is_kept() -> None:
    text = (ROOT / "corpus" / "real" / "manifest.jsonl").read_text(encoding="utf-8")
    assert not re.search(r"[\u0600-\u06ff]|%d[89ab]", text, re.IGNORECASE)


def test_the_split_covers_the_gold_and_no_group_crosses() -> None:
    parts = {a.article: a for a in read_assignments(SPLIT)}
    assert parts.keys() == {g.article for g in read_gold([GOLD])}
    by_group = defaultdict(set)
    for assignment in parts.values():
        by_group[assignment.group].add(assignment.part)
    assert all(len(found) == 1 for found in by_group.values())
    assert {a.part for a in parts.values()} == set(PARTS)


def test_dev_and_test_hold_project_and_real_articles() -> None:
    entries = inventory(ROOT / "corpus", GOLD, SPLIT)
    for part in ("dev", "test"):
        assert {e.origin for e in entries if e.part == part} == {"project", "real"}
    assert sum(e.part == "test" and e.origin == "real" for e in entries) >= 40


def test_the_figures_of_the_card_are_fresh() -> None:
    assert refresh(ROOT / "corpus" / "DATACARD.md", root=ROOT, check=True)
