from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
import srsly
from datasets import load_dataset

import liwa
from liwa import jsonl
from liwa.annotations.gold import read_gold
from liwa.annotations.standoff import to_standoff
from liwa.cli.publish import publish
from liwa.corpus.manifest import build
from liwa.corpus.read import read_articles
from liwa.errors import LiwaError
from liwa.records import Article, Gold
from liwa.release.publication import Publication
from liwa.training.split import Assignment
from tests.gold import gold, story, write

ROOT = Path(__file__).parents[2]
OPEN = [gold(story(n), f"s{n}", outlet="وكالة") for n in range(4)]
CLOSED = [gold(story(n), f"r{n}") for n in range(4, 7)]
HEADLINE = " ".join((CLOSED[0].text or "").split()[2:8])
PARTS = ["train", "train", "dev", "test"]
SUMMARY = "لا علاقة لهذا بالنص"

Run = Callable[..., "CompletedProcess[str]"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a corpus of four articles that may be passed on, and three that may not, of which one is not at hand."""
    articles = [Article(g.article, g.text or "", {"licence": "CC-BY-4.0", "origin": "project"}) for g in OPEN]
    told = {"licence": "not redistributable", "title": "عنوان", "headline": HEADLINE, "about": HEADLINE}
    closed = [
        Article(g.article, g.text or "", {**told, "outlet": "وكالة", "url": "http://a.example/1"}) for g in CLOSED
    ]
    jsonl.write(tmp_path / "corpus" / "manifest.jsonl", build([*articles, *closed]))
    for article in [*articles, *closed[:2]]:
        file = tmp_path / "corpus" / "articles" / f"{article.id}.txt"
        file.parent.mkdir(exist_ok=True)
        file.write_text(article.text, encoding="utf-8", newline="")
    rows = [to_standoff(g, a) for g, a in zip([*OPEN, *CLOSED], [*articles, *closed], strict=True)]
    jsonl.write(tmp_path / "gold.jsonl", rows)
    parts = zip([*articles, *closed], [*PARTS, *PARTS], strict=False)
    jsonl.write(tmp_path / "split.jsonl", [asdict(Assignment(a.id, a.sha256, a.id, part)) for a, part in parts])
    (tmp_path / "CITATION.cff").write_text((ROOT / "CITATION.cff").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "card.md").write_text("# بطاقة\n", encoding="utf-8")
    return tmp_path


def published(root: Path, to: str = "out", **options: Any) -> Publication:
    known = {"gold": [root / "gold.jsonl"], "texts": [str(root / "corpus" / "articles")], "corpus": root / "corpus"}
    files = {"split": root / "split.jsonl", "citation": root / "CITATION.cff", "card": root / "card.md"}
    return publish(root / to, **{**known, **files, **options})


def same(one: Any, other: Any) -> bool:
    """Say whether two dataset dictionaries have the same parts, features and rows."""
    rows = [[(part, data.features, list(data)) for part, data in both.items()] for both in (one, other)]
    return rows[0] == rows[1]


def test_load_dataset_gives_the_rows_and_features_that_liwa_load_gives(root: Path) -> None:
    counts = str(published(root))
    assert counts == "4 articles with their text, 3 stand-off"
    read = list(read_gold([root / "gold.jsonl"], texts=[str(root / "corpus" / "articles")]))
    for part in dict.fromkeys(PARTS):
        write(root / "parts" / f"{part}.jsonl", [g for g, p in zip(read[:4], PARTS, strict=True) if p == part])
    found = load_dataset(str(root / "out"), cache_dir=str(root / "cache"))
    assert same(found, liwa.load(root / "parts"))
    assert found["train"][0]["text"] == OPEN[0].text
    assert found["train"][0]["meta"]["outlet"] == "وكالة"


def test_the_standoff_configuration_is_what_liwa_load_gives_of_the_published_rows(root: Path) -> None:
    published(root)
    found = load_dataset(str(root / "out"), "standoff", cache_dir=str(root / "cache"))
    rows = [row for part in found.values() for row in part]
    loaded = liwa.load(root / "out" / "standoff.jsonl")["train"]
    assert found["train"].features == loaded.features
    assert sorted(rows, key=lambda row: str(row["article"])) == list(loaded)
    assert {row["text"] for row in rows} == {None}
    assert [len(row["relations"]) for row in rows] == [2, 2, 2]


def test_gold_load_puts_published_rows_and_texts_together_again(root: Path, liwa: Run) -> None:
    published(root)
    jsonl.write(root / "mine.jsonl", [{"id": f"other-{g.article}", "text": g.text} for g in CLOSED])
    done = liwa(
        "gold", "load", root / "out" / "standoff.jsonl", "--texts", root / "mine.jsonl", "-o", root / "all.jsonl"
    )
    assert done.returncode == 0, done.stderr
    again = list(read_gold([root / "all.jsonl"]))
    assert [(g.article, g.text, g.spans, g.relations) for g in again] == [
        (g.article, g.text, g.spans, g.relations) for g in CLOSED
    ]


def written(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield every file of a folder as bytes, and every string of its tables and JSON, as text."""
    from pyarrow import parquet

    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield str(file), file.read_bytes().decode("utf-8", errors="replace")
        if file.suffix == ".parquet":
            table = parquet.read_table(file)
            yield str(file), srsly.json_dumps(table.to_pylist()).encode().decode("unicode_escape")
            yield str(file), jsonl.dumps(table.to_pylist())
            yield str(file), str(table.schema.metadata)
        elif file.suffix == ".json":
            yield str(file), jsonl.dumps(srsly.read_json(file))


def windows(text: str, size: int) -> set[str]:
    words = re.findall(r"\w+", text)
    return {" ".join(words[at : at + size]) for at in range(len(words) - size + 1)}


def test_no_words_of_a_withheld_text_are_written_and_no_titles(root: Path) -> None:
    published(root)
    own = set().union(*(windows(g.text or "", 4) for g in OPEN))
    secret = set().union(*(windows(g.text or "", 4) for g in CLOSED)) - own
    assert len(secret) > 20
    for file, text in written(root / "out"):
        assert not secret & windows(text, 4), file
    rows = [row for _, row in jsonl.read(root / "out" / "standoff.jsonl")]
    assert [{*row["meta"]} for row in rows] == [{"licence", "outlet", "url"}] * 3
    assert rows[2] == {**rows[2], "length": len(CLOSED[2].text or ""), "sha256": CLOSED[2].sha256}


@pytest.mark.parametrize("licence", ["", "not redistributable", "CC-BY-ND-4.0", "all rights reserved", "CC"])
def test_what_no_licence_permits_is_not_published(root: Path, licence: str) -> None:
    articles = [Article(g.article, g.text or "", {"licence": licence}) for g in OPEN]
    jsonl.write(root / "corpus" / "manifest.jsonl", build(articles))
    assert str(published(root, licence="CC-BY-4.0")) == "0 articles with their text, 7 stand-off"
    assert all((OPEN[0].text or "")[:20] not in text for _, text in written(root / "out"))


def test_rows_with_their_text_are_withheld_too_where_the_manifest_does_not_permit_them(root: Path) -> None:
    inline = write(root / "inline.jsonl", [*OPEN, *CLOSED])
    assert str(published(root, gold=[inline], texts=[])) == "4 articles with their text, 3 stand-off"
    secret = set().union(*(windows(g.text or "", 4) for g in CLOSED))
    secret -= set().union(*(windows(g.text or "", 4) for g in OPEN))
    assert not any(secret & windows(text, 4) for _, text in written(root / "out"))


def test_an_id_that_is_a_headline_is_refused(root: Path) -> None:
    named = Gold(HEADLINE, CLOSED[0].sha256, CLOSED[0].ranges, CLOSED[0].spans, text=CLOSED[0].text)
    with pytest.raises(LiwaError, match="may be words of a text that may not be passed on"):
        published(root, gold=[write(root / "inline.jsonl", [named])])


def test_croissant_is_valid_and_its_records_are_the_rows(root: Path) -> None:
    published(root)
    code = (
        "import sys, mlcroissant; data = mlcroissant.Dataset(sys.argv[1]); issues = data.metadata.ctx.issues;"
        "assert not issues.errors and not issues.warnings, issues.report();"
        "rows = [*data.records('default/train')];"
        "print([row['default/train/article'].decode() for row in rows], len(rows[0]['default/train/spans']))"
    )
    command = [sys.executable, "-c", code, str(root / "out" / "croissant.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "['s0', 's1'] 4", done.stderr
    assert "WARNING" not in done.stderr


def test_checksums_hold_and_the_same_corpus_gives_the_same_bytes(root: Path) -> None:
    published(root)
    published(root, "again")
    lines = (root / "out" / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    files = {str(f.relative_to(root / "out")): f.read_bytes() for f in (root / "out").rglob("*") if f.is_file()}
    assert {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "SHA256SUMS"} == listed
    assert files == {name: (root / "again" / name).read_bytes() for name in files}


def test_the_cards_yaml_says_licence_language_task_size_and_configurations(root: Path) -> None:
    published(root)
    _, yaml, text = (root / "out" / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    card = srsly.yaml_loads(yaml)
    assert (card["license"], card["language"], card["size_categories"]) == ("cc-by-4.0", ["ar"], ["n<1K"])
    assert [c["config_name"] for c in card["configs"]] == ["default", "standoff"]
    assert [s["num_examples"] for s in card["dataset_info"][0]["splits"]] == [2, 1, 1]
    assert "| not redistributable | 0 | 3 |" in text
    assert text.rstrip().endswith("# بطاقة")


def test_publishing_again_replaces_what_was_published_and_leaves_the_rest(root: Path) -> None:
    published(root)
    (root / "out" / ".git").mkdir()
    (root / "out" / ".git" / "HEAD").write_text("ref")
    jsonl.write(root / "corpus" / "manifest.jsonl", build(Article(g.article, g.text or "") for g in OPEN))
    published(root, licence="CC0-1.0")
    assert not (root / "out" / "data").exists()
    assert (root / "out" / ".git" / "HEAD").exists()


def test_what_stands_in_the_way_is_not_overwritten(root: Path) -> None:
    (root / "out").mkdir()
    (root / "out" / "README.md").write_text("mine")
    with pytest.raises(LiwaError, match=r"README\.md is there, and no earlier publication wrote it"):
        published(root)
    assert [path.name for path in (root / "out").iterdir()] == ["README.md"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"texts": []}, "found no text of article s0"),
        ({"citation": Path("none.cff")}, "there is no such file"),
        ({"push": "a/b/c"}, "expected a repository's name"),
        ({"corpus": ROOT / "recipes"}, r"found no manifest\.jsonl"),
    ],
)
def test_a_mistake_is_one_line(root: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(LiwaError, match=message):
        published(root, **options)
    assert not (root / "out").exists()


def test_texts_of_two_licences_want_the_annotations_named(root: Path) -> None:
    articles = [
        Article(g.article, g.text or "", {"licence": x}) for g, x in zip(OPEN, ["MIT", "CC0-1.0"], strict=False)
    ]
    jsonl.write(root / "corpus" / "manifest.jsonl", build(articles))
    with pytest.raises(LiwaError, match=r"licence of the annotation does not follow from CC0-1\.0, MIT"):
        published(root)


class Refusing(BaseHTTPRequestHandler):
    """A server that writes down what is asked of it, knows no repository, and makes none."""

    asked: list[str] = []  # noqa: RUF012

    def do_POST(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        self.send_response(401)
        self.end_headers()

    def do_GET(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        self.send_response(404)
        self.send_header("X-Error-Code", "RepoNotFound")
        self.end_headers()

    def log_message(self, *_: Any) -> None: ...


def test_push_asks_the_hub_to_make_the_repository_and_says_in_a_line_that_it_refused(root: Path, liwa: Run) -> None:
    """What the Hub does with an upload is not shown here: nothing is sent to it by any test."""
    server = HTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        environment = {"HF_ENDPOINT": f"http://127.0.0.1:{server.server_port}", "HF_TOKEN": "hf_invented"}
        files = ("--split", "split.jsonl", "--gold", "gold.jsonl", "--to", "out", "--push", "someone/news")
        done = liwa("publish", *files, cwd=root, env=environment)
    finally:
        server.shutdown()
        server.server_close()
    assert "POST /api/repos/create" in Refusing.asked
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("liwa: someone/news: the Hub did not take it: ")
    assert "hf_invented" not in done.stderr and "Traceback" not in done.stderr
    assert (root / "out" / "SHA256SUMS").is_file()


@pytest.mark.shared
def test_no_sentence_of_the_real_texts_is_published(shared: Path, tmp_path: Path) -> None:
    """With the texts at hand, so that a text could slip through: runs of five words that our own articles lack."""
    texts = [str(shared / "articles" / name) for name in ("news150.jsonl", "seeds")]
    own = str(ROOT / "corpus" / "articles")
    done = publish(
        tmp_path / "out",
        gold=[str(ROOT / "annotations" / "gold")],
        texts=[own, *texts],
        corpus=ROOT / "corpus",
        split=ROOT / "training" / "split.jsonl",
        citation=ROOT / "CITATION.cff",
        card=ROOT / "corpus" / "DATACARD.md",
    )
    real = list(read_articles(texts))
    assert len(done.rows) == 155
    known = set().union(*(windows(article.text, 5) for article in read_articles([own])))
    secret = set().union(*(windows(article.text, 5) for article in real)) - known
    assert len(secret) > 10_000
    for file, text in written(tmp_path / "out"):
        assert not secret & windows(text, 5), file
