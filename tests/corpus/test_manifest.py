from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from liwa.cli.manifest import manifest
from liwa.corpus.manifest import build
from liwa.corpus.read import read_articles
from liwa.errors import LiwaError
from liwa.records import Article, sha256

TEXT = "عنوان\n\nنص الخبر هنا\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with articles/a.txt, and above it the manifest with what a person knows of it."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text(TEXT, encoding="utf-8")
    write(tmp_path, {"id": "a", "country": "JO", "difficulties": ["fariq"], "group": "g1"})
    return tmp_path


def write(folder: Path, *rows: dict[str, Any]) -> None:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "manifest.jsonl").write_text(text, encoding="utf-8")


def rows(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]


def test_counts_are_written_and_peoples_keys_kept(corpus: Path) -> None:
    (corpus / "articles" / "b.txt").write_text("نص", encoding="utf-8")
    manifest(corpus)
    first, second = rows(corpus)
    known = {"country": "JO", "difficulties": ["fariq"], "group": "g1"}
    assert first == {"id": "a", "sha256": sha256(TEXT), "code_points": len(TEXT), "words": 4, **known}
    assert second["id"] == "b"
    assert manifest(corpus, check=True)[0] == []
    assert manifest(corpus / "articles", check=True)[0] == []


def test_check_finds_what_is_stale_and_writes_nothing(corpus: Path) -> None:
    manifest(corpus)
    before = rows(corpus)
    (corpus / "articles" / "b.txt").write_text("نص", encoding="utf-8")
    (corpus / "articles" / "a.txt").write_text(TEXT + "!", encoding="utf-8")
    found = {(f.rule.name, f.article) for f in manifest(corpus, check=True)[0]}
    assert found == {("stale", "a"), ("not-listed", "b")}
    (corpus / "articles" / "a.txt").unlink()
    assert {(f.rule.name, f.article) for f in manifest(corpus, check=True)[0]} == {
        ("no-article", "a"),
        ("not-listed", "b"),
    }
    assert rows(corpus) == before


def test_source_and_group_reach_the_articles(corpus: Path) -> None:
    manifest(corpus)
    for source in (corpus, corpus / "articles", corpus / "articles" / "a.txt"):
        [article] = read_articles([str(source)])
        assert article == Article("a", TEXT, {"country": "JO"}, "g1")


def test_another_text_than_the_manifests_is_refused(corpus: Path) -> None:
    manifest(corpus)
    (corpus / "articles" / "a.txt").write_text(TEXT + " ", encoding="utf-8")
    with pytest.raises(LiwaError, match=r"a\.txt: article a is not the text .* Restore"):
        list(read_articles([str(corpus)]))


def test_a_nearer_manifest_wins(corpus: Path) -> None:
    write(corpus / "articles", {"id": "a", "country": "TN"})
    [article] = read_articles([str(corpus)])
    assert article.source == {"country": "TN"}


@pytest.mark.parametrize("bad", [[{"id": "a"}, {"id": "a"}], [{"name": "a"}], [{"id": ""}]])
def test_a_row_without_an_id_of_its_own(corpus: Path, bad: list[dict[str, Any]]) -> None:
    write(corpus, *bad)
    with pytest.raises(LiwaError, match=rf"manifest\.jsonl:{len(bad)}: expected an id of its own"):
        list(read_articles([str(corpus)]))


def test_rows_are_sorted_and_start_from_the_source() -> None:
    articles = [Article("b", "نص"), Article("a", "نص آخر", {"outlet": "صحيفة"}, "g")]
    first, second = build(articles)
    assert (first["id"], first["outlet"], first["group"], first["words"]) == ("a", "صحيفة", "g", 2)
    assert "group" not in second
