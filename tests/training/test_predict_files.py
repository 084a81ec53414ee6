from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from liwa import jsonl, markup
from liwa.annotations.rows import to_row
from liwa.cli.tasks import tasks
from liwa.cli.train import predict
from liwa.engine import batches
from liwa.errors import LiwaError
from liwa.training.predict import load_model
from liwa.training.predict import predict as find
from tests.gold import gold, story

TEXTS = {f"s{n:02}": markup.parse(story(n)).text for n in range(60)}


@Language.component("liwa_test_stumble")
def stumble(doc: Doc) -> Doc:
    if "تعثر" in doc.text:
        raise RuntimeError("cannot walk")
    return doc


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A pipeline that finds ranks by a list, quick to make and to load."""
    nlp = spacy.blank("ar", config={"nlp": {"tokenizer": {"@tokenizers": "liwa.ArabicTokenizer.v1"}}})
    ruler: Any = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "رتبة", "pattern": rank} for rank in ("العميد", "العقيد", "الرائد")])
    path = tmp_path_factory.mktemp("model") / "model"
    nlp.to_disk(path)
    return str(path)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    jsonl.write(path, ({"id": name, "text": text} for name, text in TEXTS.items()))
    return path


def load(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_any_number_of_workers_writes_what_the_pipeline_finds(
    model: str, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "SIZE", 3000)
    outs = [tmp_path / f"{n}.jsonl" for n in (1, 2)]
    for workers, out in enumerate(outs, 1):
        assert predict(model, [str(source)], output=str(out), workers=workers) == {"rows": 60}
    assert outs[0].read_bytes() == outs[1].read_bytes()
    expected = find(load_model(model), [gold(text, name) for name, text in TEXTS.items()])
    found = load(outs[0])
    assert [[(s["start"], s["end"]) for s in row["spans"]] for row in found] == [
        [s[:2] for s in e.spans] for e in expected
    ]
    assert sum(len(row["spans"]) for row in found) == 36


def test_tasks_and_answers_keep_their_place_and_lose_their_spans(model: str, source: Path, tmp_path: Path) -> None:
    made = tmp_path / "tasks.jsonl"
    tasks([str(source)], str(made))
    answered = [
        {**row, "answer": "accept", "spans": [{"start": 0, "end": 4, "label": "خطأ"}]} for row in load(made)[:9]
    ]
    jsonl.write(made, answered + load(made)[9:])
    out = tmp_path / "out.jsonl"
    assert predict(model, [str(made)], output=str(out)) == {"rows": 120}
    for task, row in zip(load(made), load(out), strict=True):
        assert (row["text"], row["meta"], row["tokens"]) == (task["text"], task["meta"], task["tokens"])
        assert "answer" not in row
        assert {span["label"] for span in row["spans"]} <= {"رتبة"}
        assert all(task["text"][s["start"] : s["end"]].startswith("الع") or s["label"] for s in row["spans"])


def test_what_is_no_article_is_left_out_where_that_is_wanted(
    model: str, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, out = tmp_path / "whole.jsonl", tmp_path / "out.jsonl"
    predict(model, [str(source)], output=str(whole))
    lines = source.read_bytes().splitlines()
    source.write_bytes(b"\n".join([*lines[:9], b'{"id": "x", "text": ', *lines[9:], b'{"id": "y", "text": " "}']))
    assert predict(model, [str(source)], output=str(out), keep_going=True) == {"rows": 60, "failed": 2}
    assert out.read_bytes() == whole.read_bytes()
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith(f"{source}:10: left out: expected a JSON object, found broken JSON")
    assert said[1] == f"{source}:62: left out: expected an article, found no text"
    with pytest.raises(LiwaError, match="cannot load the model"):
        predict("none", [str(source)], output=str(out), keep_going=True)


def test_why_a_model_cannot_be_loaded_is_said_though_the_error_begins_with_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(path: str) -> None:
        raise ValueError("\n\nConfig error.\nmore")

    monkeypatch.setattr(spacy, "load", fail)
    with pytest.raises(LiwaError, match=r"^m: cannot load the model: Config error\. Train one"):
        load_model("m")


def test_a_broken_task_is_the_users_fault(model: str, tmp_path: Path) -> None:
    row = to_row(gold("نص قصير", "a"))
    source = tmp_path / "a.jsonl"
    jsonl.write(source, [{**row, "meta": {**row["meta"], "end": 99}}])
    with pytest.raises(LiwaError, match=r"a\.jsonl:1: meta says 0 to 99"):
        predict(model, [str(source)], output=str(tmp_path / "out.jsonl"))


def test_an_id_that_comes_twice(model: str, source: Path, tmp_path: Path) -> None:
    with pytest.raises(LiwaError, match=r"articles\.jsonl:1: the article id s00 was read before"):
        predict(model, [str(source), str(source)], output=str(tmp_path / "out.jsonl"))


def test_a_text_that_cannot_be_worked_on_is_left_out_and_said(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nlp = load_model(model)
    nlp.add_pipe("liwa_test_stumble")
    nlp.to_disk(tmp_path / "model")
    source = tmp_path / "a.jsonl"
    jsonl.write(source, [{"id": f"a{n}", "text": "تعثر" if n == 3 else f"مشى العميد {n}"} for n in range(6)])
    counts = predict(str(tmp_path / "model"), [str(source)], output=str(tmp_path / "out.jsonl"))
    assert counts == {"rows": 5, "failed": 1}
    assert f"{source}:4: left out: RuntimeError: cannot walk" in capsys.readouterr().err
    assert [row["meta"]["article"] for row in load(tmp_path / "out.jsonl")] == ["a0", "a1", "a2", "a4", "a5"]
