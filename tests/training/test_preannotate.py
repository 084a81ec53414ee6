"""Tasks that come with spans: by a model, by patterns, by both, and the same bytes for any number of workers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from liwa import jsonl, markup
from liwa.annotations.hashes import input_hash, task_hash
from liwa.cli import tasks as cli
from liwa.engine import batches
from liwa.errors import LiwaError
from liwa.records import Article, Span
from liwa.training.patterns import Patterns
from liwa.training.predict import load_model, predict
from tests.gold import story

TEXTS = {f"s{n:02}": markup.parse(story(n)).text for n in range(40, 52)}
RANK = "اللواء"


def pattern_file(folder: Path, *rows: Any) -> Path:
    jsonl.write(folder / "patterns.jsonl", rows)
    return folder / "patterns.jsonl"


def phrase(label: str, pattern: Any) -> dict[str, Any]:
    return {"label": label, "pattern": pattern}


def found(path: Path, text: str) -> tuple[list[tuple[str, str, int]], int]:
    matched = Patterns(path)(text)
    return [(text[s.start : s.end], s.label, number) for s, number in matched.matches], matched.overlaps


def test_the_longest_match_wins_and_the_others_are_counted(tmp_path: Path) -> None:
    path = pattern_file(
        tmp_path,
        phrase("رتبة", RANK),
        phrase("رتبة", "اللواء الركن"),
        phrase("وحدة", [{"ORTH": RANK}, {"IS_DIGIT": True}]),
        phrase("اسم", "الركن سامي"),
    )
    text = "وصل اللواء الركن سامي من اللواء 5 واللواء"
    spans = [("اللواء الركن", "رتبة", 2), ("اللواء 5", "وحدة", 3), (RANK, "رتبة", 1)]
    assert found(path, text) == (spans, 3)


def test_token_patterns_see_norms_and_strings_do_not(tmp_path: Path) -> None:
    text = "قال اللِواء"
    assert found(pattern_file(tmp_path, phrase("رتبة", RANK)), text) == ([], 0)
    assert found(pattern_file(tmp_path, phrase("رتبة", [{"NORM": RANK}])), text)[0] == [("اللِواء", "رتبة", 1)]
    repeated = pattern_file(tmp_path, phrase("رتبة", [{"ORTH": RANK, "OP": "*"}]))
    assert found(repeated, f"{RANK} {RANK}") == ([(f"{RANK} {RANK}", "رتبة", 1)], 2)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"label": "رتبة"}, "expected a pattern"),
        ({"pattern": RANK}, "expected a pattern"),
        ({"label": "رتبة", "pattern": 3}, "expected a pattern"),
        ({"label": "رتبة", "pattern": [{"LOWER": 3}]}, "spaCy cannot match this"),
        ({"label": "رتبة", "pattern": [{"NO_SUCH": "x"}]}, "spaCy cannot match this"),
        ({"label": "رتبة", "pattern": ["x"]}, "spaCy cannot match this"),
    ],
)
def test_what_is_no_pattern_is_told_with_its_line(tmp_path: Path, row: dict[str, Any], said: str) -> None:
    path = pattern_file(tmp_path, phrase("رتبة", RANK), row)
    with pytest.raises(LiwaError, match=said) as error:
        Patterns(path)
    assert error.value.where == f"{path}:2"
    with pytest.raises(LiwaError, match="found an empty file"):
        Patterns(pattern_file(tmp_path))


@pytest.fixture
def source(tmp_path: Path) -> str:
    jsonl.write(tmp_path / "articles.jsonl", ({"id": name, "text": text} for name, text in TEXTS.items()))
    return str(tmp_path / "articles.jsonl")


def made(source: str, out: Path, **options: Any) -> list[dict[str, Any]]:
    cli.tasks([source], str(out), **options)
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def spans_of(row: dict[str, Any]) -> set[Span]:
    start = row["meta"]["start"]
    return {Span(s["start"], s["end"], s["label"]).shifted(start) for s in row["spans"]}


def test_a_task_has_the_spans_that_the_model_finds_in_its_article(tiny: str, source: str, tmp_path: Path) -> None:
    rows = made(source, tmp_path / "tasks.jsonl", model=tiny)
    nlp = load_model(tiny)
    for name, text in TEXTS.items():
        [wanted] = predict(nlp, [Article(name, text)])
        of_article = [row for row in rows if row["meta"]["article"] == name]
        assert set().union(*map(spans_of, of_article)) == set(wanted.spans) != set()
    for row in rows:
        assert row["meta"]["model"].startswith("model-last ")
        assert all(span["source"] == "model" and 0 <= span["score"] <= 1 for span in row["spans"])
        plain = [{k: v for k, v in span.items() if k not in ("source", "score")} for span in row["spans"]]
        assert row["_task_hash"] == task_hash(input_hash(row["text"]), plain)
        assert "answer" not in row


def test_relations_come_with_their_spans(tiny_relations: str, source: str, tmp_path: Path) -> None:
    rows = made(source, tmp_path / "tasks.jsonl", model=tiny_relations)
    relations = [(row, relation) for row in rows for relation in row.get("relations", ())]
    assert relations
    for row, relation in relations:
        ends = {(s["start"], s["end"], s["label"]): s["token_end"] for s in row["spans"]}
        for end in ("head", "child"):
            span = relation[f"{end}_span"]
            assert ends[span["start"], span["end"], span["label"]] == relation[end]
        assert relation["source"] == "model"
        assert 0 < relation["score"] <= 1


def test_patterns_fill_the_gaps_between_the_spans_of_a_model(tiny: str, source: str, tmp_path: Path) -> None:
    patterns = pattern_file(tmp_path, phrase("رتبة", RANK), phrase("عمل", "أعمال"), phrase("آخر", "صباح يوم"))
    alone = made(source, tmp_path / "alone.jsonl", patterns=patterns)
    assert {s["label"] for row in alone for s in row["spans"]} == {"رتبة", "عمل", "آخر"}
    model = made(source, tmp_path / "model.jsonl", model=tiny)
    both = made(source, tmp_path / "both.jsonl", model=tiny, patterns=patterns)
    for one, other in zip(model, both, strict=True):
        assert spans_of(one) <= spans_of(other)
        assert [s["start"] for s in other["spans"]] == sorted(s["start"] for s in other["spans"])
        added = [s for s in other["spans"] if s["source"] == "patterns"]
        assert {s["pattern"] for s in added} <= {1, 2, 3}
        assert not any(a.start < b.end and b.start < a.end for a in spans_of(other) for b in spans_of(other) if a != b)
        assert other["meta"]["patterns"] == "patterns.jsonl"
    assert any(row["meta"].get("overlaps") for row in both)
    assert any(s["label"] == "عمل" for row in both for s in row["spans"])


def test_what_was_found_is_summed_up(tiny: str, source: str, tmp_path: Path) -> None:
    patterns = pattern_file(tmp_path, phrase("رتبة", RANK), phrase("عمل", "أعمال"))
    counts = cli.tasks([source], str(tmp_path / "tasks.jsonl"), model=tiny, patterns=patterns)
    rows = [json.loads(line) for line in (tmp_path / "tasks.jsonl").read_text(encoding="utf-8").splitlines()]
    for kind in ("model", "patterns"):
        assert counts[f"spans {kind}"] == sum(s["source"] == kind for row in rows for s in row["spans"]) > 0
    assert counts["overlaps"] == sum(row["meta"].get("overlaps", 0) for row in rows) > 0
    said = f"{counts['spans model']} spans from model, {counts['spans patterns']} spans from patterns"
    assert f"{said}, {counts['overlaps']} overlapping matches left out" in cli.summary(counts)


def outputs(tiny: str, source: str, folder: Path, workers: int, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Return the tasks that one process writes, and those that several write, with smaller batches."""
    patterns = pattern_file(folder, phrase("رتبة", RANK))
    outs = []
    for count, size in ((1, 100_000), (workers, 500)):
        monkeypatch.setattr(batches, "SIZE", size)
        out = folder / f"{size}.jsonl"
        cli.tasks([source], str(out), model=tiny, patterns=patterns, workers=count)
        outs.append(out.read_bytes())
    return outs


def test_batches_make_no_difference(tiny: str, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = outputs(tiny, source, tmp_path, 1, monkeypatch)
    assert one == other


@pytest.mark.slow
def test_any_number_of_workers_writes_the_same(
    tiny: str, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = outputs(tiny, source, tmp_path, 2, monkeypatch)
    assert one == other


def test_mistakes_are_told_before_any_article_is_read(source: str, tmp_path: Path) -> None:
    out = tmp_path / "tasks.jsonl"
    with pytest.raises(LiwaError, match="cannot load the model"):
        cli.tasks([source], str(out), model=str(tmp_path / "none"))
    with pytest.raises(LiwaError, match="cannot read"):
        cli.tasks([source], str(out), patterns=tmp_path / "none.jsonl")
    assert not out.exists()
