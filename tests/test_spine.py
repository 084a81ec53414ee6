"""The main job through the installed command: raw articles in, a scored pipeline out, and nothing lost between."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from liwa import jsonl, markup
from liwa.annotations.gold import read_gold
from tests.gold import story

Liwa = Callable[..., CompletedProcess[str]]

STORIES = {f"s{n:02}": markup.parse(story(n)) for n in range(30)}


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with raw articles, as a newcomer has them."""
    folder = tmp_path_factory.mktemp("work")
    (folder / "articles").mkdir()
    for name, marked in STORIES.items():
        (folder / "articles" / f"{name}.txt").write_text(marked.text, encoding="utf-8", newline="")
    return folder


def test_from_raw_articles_to_scores_with_nothing_lost_on_the_way(work: Path, liwa: Liwa) -> None:
    def run(*args: str) -> str:
        done = liwa(*args, cwd=work)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("tasks", "articles", "-o", "tasks.jsonl")
    assert annotate(work / "tasks.jsonl", work / "answers.jsonl") == sum(len(m.spans) for m in STORIES.values())
    run("gold", "load", "answers.jsonl", "--texts", "articles", "--standoff", "-o", "standoff.jsonl")
    assert "متر" not in (work / "standoff.jsonl").read_text(encoding="utf-8")
    assert "no findings" in run("gold", "check", "standoff.jsonl", "--texts", "articles", "--require-texts")
    run("gold", "load", "standoff.jsonl", "--texts", "articles", "-o", "gold.jsonl")
    nothing_was_lost(work / "gold.jsonl")
    run("split", "gold.jsonl", "-o", "split", "--shares", "0.6,0.2,0.2")
    run("train", "split", "-o", "model", "--training.max_steps", "60", "--training.eval_frequency", "20")
    scores = json.loads(run("evaluate", "model/model-best", "split/test.jsonl", "--format", "json"))
    assert scores["spans"]["micro"]["f1"] > 0.8
    assert list(scores["spans"]["labels"]) == ["PERSON", "RANK", "UNIT", "BASE"]
    run("predict", "model/model-best", "articles", "-o", "predictions.jsonl")
    whole = json.loads(run("evaluate", "--predictions", "predictions.jsonl", "standoff.jsonl", "--format", "json"))
    assert whole["spans"]["micro"]["support"] == sum(len(m.spans) for m in STORIES.values())
    assert "اللواء" in run("show", "gold.jsonl", "--limit", "1")
    run("show", "predictions.jsonl", "--html", "page.html")
    assert (work / "page.html").read_text(encoding="utf-8").count("<article>") == len(STORIES)


def annotate(tasks: Path, answers: Path) -> int:
    """Answer tasks as an annotator would, from what the stories' marks say, and return the number of spans."""
    count = 0
    rows = []
    for _, row in jsonl.read(tasks):
        marked, start = STORIES[row["meta"]["article"]], row["meta"]["start"]
        spans = [s.shifted(-start) for s in marked.spans if start <= s.start and s.end <= row["meta"]["end"]]
        links = [r.shifted(-start) for r in marked.relations if start <= r.head.start < row["meta"]["end"]]
        row["spans"] = [s._asdict() for s in spans]
        row["relations"] = [
            {"head_span": r.head._asdict(), "child_span": r.child._asdict(), "label": r.label} for r in links
        ]
        rows.append({**row, "answer": "accept"})
        count += len(spans)
    jsonl.write(answers, rows)
    return count


def nothing_was_lost(gold: Path) -> None:
    """Hold the gold against the marks of the stories, to the code point."""
    found = {g.article: g for g in read_gold([gold])}
    assert found.keys() == STORIES.keys()
    for name, marked in STORIES.items():
        assert (found[name].text, found[name].spans, found[name].relations) == marked
