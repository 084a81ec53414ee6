"""The components of each recipe: what Prodigy gets, and what is said where it cannot be made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import spacy

from liwa import jsonl
from liwa.annotations.check import check
from liwa.annotations.hashes import task_hash
from liwa.annotations.rows import to_row
from liwa.errors import LiwaError
from liwa.prodigy import components
from liwa.scheme import load_scheme
from tests.gold import gold, story
from tests.prodigy.conftest import Datasets

FIRST = story(0).split("\n")[0]


@pytest.fixture
def source(tmp_path: Path) -> str:
    """A file of three tasks without spans."""
    path = tmp_path / "tasks.jsonl"
    bare = [gold(gold(story(n)).text or "", f"s{n}") for n in range(3)]
    jsonl.write(path, [to_row(one, answer=None) for one in bare])
    return str(path)


@pytest.fixture
def scheme(tmp_path: Path) -> Callable[..., str]:
    """A function that writes a scheme of some labels and returns its path."""

    def write(*labels: str) -> str:
        path = tmp_path / "scheme.toml"
        path.write_text("\n".join(f'[[labels]]\nname = "{label}"' for label in labels), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def model(tmp_path: Path) -> str:
    """A pipeline that finds ranks, and carries the scheme it was made with."""
    nlp = spacy.blank("ar", config={"nlp": {"tokenizer": {"@tokenizers": "liwa.ArabicTokenizer.v1"}}})
    ruler: Any = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "RANK", "pattern": "اللواء"}])
    nlp.meta["liwa"] = {"scheme": load_scheme().to_dict(), "unit": "paragraph"}
    nlp.to_disk(tmp_path / "ranks")
    return str(tmp_path / "ranks")


def test_a_scheme_of_ones_own_gives_labels_and_rules(source: str, scheme: Callable[..., str]) -> None:
    parts = components.spans("answers", source, scheme=scheme("CITY"))
    assert parts["config"]["labels"] == ["CITY"]
    row = next(iter(parts["stream"]))
    parts["validate_answer"]({**row, "spans": [{"start": 0, "end": 4, "label": "CITY"}], "answer": "accept"})
    with pytest.raises(ValueError, match="found RANK"):
        parts["validate_answer"]({**row, "spans": [{"start": 0, "end": 4, "label": "RANK"}], "answer": "accept"})


def test_relations_need_a_scheme_with_some(source: str, scheme: Callable[..., str]) -> None:
    with pytest.raises(LiwaError, match=r"scheme\.toml: expected a scheme with relations, found none"):
        components.relations("answers", source, scheme=scheme("CITY"))


def test_progress_counts_against_the_tasks_of_the_file(source: str) -> None:
    parts = components.spans("answers", source)
    assert parts["progress"](SimpleNamespace(total_annotated=1), None) == pytest.approx(1 / 3)
    assert "progress" not in components.spans("answers", "-")


def test_the_stream_reads_as_it_is_asked(source: str) -> None:
    with Path(source).open("a", encoding="utf-8") as file:
        file.write("no row\n")
    stream = components.spans("answers", source)["stream"]
    assert [next(stream)["meta"]["article"] for _ in range(3)] == ["s0", "s1", "s2"]
    with pytest.raises(LiwaError, match=r"tasks\.jsonl:4"):
        next(stream)


def test_a_model_proposes_in_the_view_of_its_scheme(source: str, model: str) -> None:
    parts = components.correct("answers", model, source)
    assert parts["view_id"] == "relations"
    rows = list(parts["stream"])
    assert len(rows) == 3
    spans = [span for row in rows for span in row["spans"]]
    assert spans and {(s["label"], s["source"], s["type"]) for s in spans} == {("RANK", "ranks", "span")}
    assert [row["_task_hash"] for row in rows] == [task_hash(row["_input_hash"], row["spans"]) for row in rows]
    assert all(row["relations"] == [] for row in rows)


def test_a_model_proposes_spans_alone_where_that_is_asked(
    source: str, model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = components.correct("answers", model, source, spans_only=True)
    assert parts["view_id"] == "ner_manual"
    assert all("relations" not in row and "disabled" not in row["tokens"][0] for row in parts["stream"])
    assert capsys.readouterr().err == ""


def test_a_model_that_finds_other_labels_is_refused(source: str, model: str, scheme: Callable[..., str]) -> None:
    with pytest.raises(LiwaError, match="the model finds RANK, which the scheme  lacks"):
        components.correct("answers", model, source, scheme=scheme("CITY"))


def test_files_and_datasets_are_reviewed_together(tmp_path: Path) -> None:
    mine = {**to_row(gold(FIRST)), "_session_id": "db-mona", "_view_id": "relations"}
    jsonl.write(tmp_path / "mona.jsonl", [mine])
    database = Datasets(omar=[{**mine, "_session_id": None}])
    parts = components.review("reviewed", [str(tmp_path / "mona.jsonl"), " omar"], database)
    assert parts["view_id"] == "review"
    (task,) = parts["stream"]
    assert (task["sessions"], task["view_id"]) == (["db-mona", "omar"], "relations")
    assert parts["config"]["exclude_by"] == "task"
    assert parts["config"]["relations_span_labels"] == list(load_scheme().labels)


def test_what_is_neither_file_nor_dataset_is_named() -> None:
    with pytest.raises(LiwaError, match="there is no file and no dataset omar"):
        components.review("reviewed", ["omar"], Datasets())


def test_nothing_to_review_is_said() -> None:
    with pytest.raises(LiwaError, match="mona, omar: there is nothing to review"):
        components.review("reviewed", ["mona", "omar"], Datasets(mona=[], omar=[]))


def test_what_is_kept_passes_the_check_of_gold(source: str, model: str, tmp_path: Path) -> None:
    parts = components.correct("answers", model, source)
    rows = [{**row, "answer": "accept"} for row in parts["stream"]]
    for row in rows:
        parts["validate_answer"](row)
    jsonl.write(tmp_path / "kept.jsonl", parts["before_db"](rows))
    assert [f for f in check(tmp_path / "kept.jsonl", load_scheme()).findings if f.rule.level == "error"] == []
