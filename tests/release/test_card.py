from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from liwa import jsonl
from liwa.annotations.standoff import to_standoff
from liwa.cli.card import refresh as refresh_file
from liwa.corpus.manifest import build
from liwa.errors import LiwaError
from liwa.records import Article
from liwa.release.card import BEGIN, END, figures, refresh
from liwa.release.inventory import inventory
from liwa.scheme import load_scheme
from liwa.training.split import Assignment
from tests.gold import gold, story


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a small corpus: two stories of the project, one real, one of them without gold."""
    golds = [gold(story(n), f"s{n}") for n in range(3)]
    origins = {"s0": "project", "s1": "project", "s2": "real"}
    articles = [Article(g.article, g.text or "", {"origin": origins[g.article]}) for g in golds]
    jsonl.write(tmp_path / "corpus" / "manifest.jsonl", build(articles))
    rows = [to_standoff(g, a) for g, a in zip(golds[1:], articles[1:], strict=True)]
    jsonl.write(tmp_path / "annotations" / "gold" / "all.jsonl", rows)
    parts = {"s0": "train", "s1": "dev", "s2": "test"}
    split = [asdict(Assignment(a.id, a.sha256, a.id, parts[a.id])) for a in articles]
    jsonl.write(tmp_path / "training" / "split.jsonl", split)
    return tmp_path


def test_figures_are_counted_from_what_is_committed(root: Path) -> None:
    lines = figures(root, load_scheme()).splitlines()
    assert "| project | 2 |" in " ".join(line[:15] for line in lines)
    assert "| PERSON | 1 | 1 | 2 |" in lines
    assert "| BASED_AT | 1 | 1 | 2 |" in lines
    assert any(line.startswith("| test | real | 1 |") for line in lines)
    (project,) = [line for line in lines if line.startswith("| project |") and line.endswith("| 0 | 1 |")]
    assert project.split(" | ")[4:6] == ["4", "2"]


def test_a_label_that_falls_short_in_the_test_part_is_said(root: Path) -> None:
    assert "Fewer than 100 spans in the test part: PERSON (1), RANK (1), UNIT (1), BASE (1)." in figures(
        root, load_scheme()
    )


def test_agreement_and_baselines_are_shown_by_version_and_test_set(root: Path) -> None:
    rate = {"f1": 0.9, "low": 0.8, "high": None, "both": 5}
    spans = {"exact": rate, "alpha": {"alpha": 0.7}}
    links = {"end_to_end": {**rate, "low": None}}
    table = {"spans": {"micro": spans, "labels": {"UNIT": spans}}, "relations": {"micro": links, "labels": {}}}
    (root / "annotations" / "agreement").mkdir()
    (root / "annotations" / "agreement" / "1.0.json").write_text(jsonl.dumps(table), encoding="utf-8")
    found = {"f1": 0.5, "f1_interval": [0.4, 0.6], "support": 7}
    (root / "training" / "baselines").mkdir()
    scores = {"test": "abc", "spans": {"micro": found, "labels": {"UNIT": found}}}
    (root / "training" / "baselines" / "small.json").write_text(jsonl.dumps(scores), encoding="utf-8")
    lines = figures(root, load_scheme()).splitlines()
    assert "| small | abc | UNIT | 0.500 | 0.400–0.600 | 7 |" in lines
    assert any(line.startswith("| 1.0 | UNIT | 0.900 | ") for line in lines)


def test_only_what_stands_between_the_markers_is_replaced() -> None:
    assert refresh(f"a\n{BEGIN}\nold\n{END}\nb", "new") == f"a\n{BEGIN}\n\nnew\n\n{END}\nb"
    with pytest.raises(LiwaError, match="expected the lines"):
        refresh("a card", "new")


def test_a_stale_card_is_found_and_mended(root: Path) -> None:
    card = root / "card.md"
    card.write_text(f"{BEGIN}\n{END}\n", encoding="utf-8")
    assert not refresh_file(card, root=root, check=True)
    assert not refresh_file(card, root=root)
    assert refresh_file(card, root=root, check=True)


def test_gold_of_another_text_than_the_manifests_is_refused(root: Path) -> None:
    jsonl.write(root / "corpus" / "manifest.jsonl", [{"id": "s1", "sha256": "0" * 64}])
    with pytest.raises(LiwaError, match="with this text"):
        inventory(root / "corpus", root / "annotations" / "gold", root / "training" / "split.jsonl")


def test_a_card_that_is_no_text_and_a_root_that_is_no_folder_are_refused(root: Path) -> None:
    card = root / "card.md"
    card.write_bytes(b"\x89PNG\xff")
    with pytest.raises(LiwaError, match=r"card.md: expected utf-8, found byte 0x89"):
        refresh_file(card, root=root)
    with pytest.raises(LiwaError, match="missing: there is no such folder"):
        refresh_file(card, root=root / "missing", check=True)


def test_a_card_with_other_line_ends_is_not_stale(root: Path) -> None:
    card = root / "card.md"
    card.write_text(f"{BEGIN}\n{END}\n", encoding="utf-8")
    refresh_file(card, root=root)
    card.write_bytes(card.read_bytes().replace(b"\n", b"\r\n"))
    assert refresh_file(card, root=root, check=True)
