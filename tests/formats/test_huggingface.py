from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import datasets
import pandas
import pytest
from datasets import ClassLabel, Dataset, DatasetDict, Features, List, Value

from liwa import jsonl
from liwa.annotations.standoff import to_standoff
from liwa.dataset import load
from liwa.errors import LiwaError
from liwa.findings import Finding, stop
from liwa.formats import registry
from liwa.formats.base import Settings
from liwa.formats.huggingface import DATASETS, PARQUET
from liwa.formats.losses import Losses
from liwa.records import Article, Range, Span
from tests.gold import gold, story

WHOLE = gold(story(1), "s1", date="2020-01-31")
PLAIN = gold("لا شيء هنا 🙂", "s2", outlet="")
TAGS = ["O", "B-X", "I-X"]

Save = Callable[[Dataset, Path], Path]


def to_folder(data: Dataset, path: Path) -> Path:
    data.save_to_disk(str(path / "data"))
    return path / "data"


def to_parquet(data: Dataset, path: Path) -> Path:
    data.to_parquet(str(path / "data.parquet"))
    return path / "data.parquet"


@pytest.fixture(autouse=True)
def quiet() -> None:
    datasets.disable_progress_bars()


@pytest.fixture(params=[to_folder, to_parquet])
def save(request: pytest.FixtureRequest) -> Save:
    found: Save = request.param
    return found


def test_datasets_reads_ours(tmp_path: Path) -> None:
    for format, name in ((DATASETS, "data"), (PARQUET, "data.parquet")):
        assert format.write([WHOLE, PLAIN], tmp_path / name, Losses(), Settings()) == 2
    saved = datasets.load_from_disk(str(tmp_path / "data"))
    table = Dataset.from_parquet(str(tmp_path / "data.parquet"), cache_dir=str(tmp_path / "cache"))
    assert saved.features == table.features
    assert list(saved) == list(table)
    row = saved[0]
    assert [row["text"][s["start"] : s["end"]] for s in row["spans"]] == [WHOLE.surface(s) for s in WHOLE.spans]
    assert saved[1]["meta"] == {"date": None, "group": None, "outlet": ""}


def test_pandas_reads_ours(tmp_path: Path) -> None:
    PARQUET.write([WHOLE], tmp_path / "a.parquet", Losses(), Settings())
    frame = pandas.read_parquet(tmp_path / "a.parquet")
    assert [span["label"] for span in frame.spans[0]] == [span.label for span in WHOLE.spans]


def test_what_liwa_loads_converts_back(tmp_path: Path, save: Save) -> None:
    bare = to_standoff(WHOLE, Article("s1", WHOLE.text or ""))
    jsonl.write(tmp_path / "gold.jsonl", [bare])
    path = save(load(tmp_path / "gold.jsonl")["train"], tmp_path)
    (one,) = registry.guess(path).read(path, stop)
    assert (one.text, one.article, one.sha256, one.spans) == (None, "s1", WHOLE.sha256, WHOLE.spans)
    assert one.relations == WHOLE.relations


def test_numbers_and_truths_stay_so_and_the_rest_is_json(tmp_path: Path) -> None:
    meta: dict[str, Any] = {"page": 3, "seen": True, "share": 0.5, "mixed": 1, "tags": ["x"], "vast": 2**63}
    golds = [gold("نص", "a", **meta), gold("آخر", "b", mixed="1")]
    losses = Losses()
    PARQUET.write(golds, tmp_path / "a.parquet", losses, Settings())
    assert [(loss.kind, loss.what) for loss in losses] == [("meta", "mixed"), ("meta", "tags"), ("meta", "vast")]
    first, second = PARQUET.read(tmp_path / "a.parquet", stop)
    assert first.meta == {**meta, "mixed": "1", "tags": '["x"]', "vast": str(2**63)}
    assert second.meta == {"mixed": "1"}


def test_splits_are_in_the_meta(tmp_path: Path) -> None:
    PARQUET.write([WHOLE], tmp_path / "a.parquet", Losses(), Settings())
    one = Dataset.from_parquet(str(tmp_path / "a.parquet"), cache_dir=str(tmp_path / "cache"))
    DatasetDict({"train": one, "dev": one}).save_to_disk(str(tmp_path / "both"))
    (tmp_path / "hub" / "data").mkdir(parents=True)
    (tmp_path / "a.parquet").rename(tmp_path / "hub" / "data" / "test-00000-of-00001.parquet")
    found = [(g.meta["split"], g.where) for g in registry.guess(tmp_path / "both").read(tmp_path / "both", stop)]
    assert found == [("train", f"{tmp_path}/both/train:1"), ("dev", f"{tmp_path}/both/dev:1")]
    assert [g.meta["split"] for g in registry.guess(tmp_path / "hub").read(tmp_path / "hub", stop)] == ["test"]


def test_tokens_with_class_labels_are_read(tmp_path: Path, save: Save) -> None:
    known = Features({"id": Value("string"), "tokens": List(Value("string")), "labels": List(ClassLabel(names=TAGS))})
    rows = {"id": ["7", "8"], "tokens": [["قال", "كمال", "الدوري"], []], "labels": [[0, 1, 2], []]}
    path = save(Dataset.from_dict(rows, known), tmp_path)
    notes: list[Finding] = []
    (one,) = registry.guess(path).read(path, notes.append)
    assert (one.text, one.spans) == ("قال كمال الدوري", (Span(4, 15, "X"),))
    assert [n.message for n in notes] == ["the column id"]


def test_text_with_spans_or_entities_is_read(tmp_path: Path, save: Save) -> None:
    rows = {"text": ["قال كمال"], "entities": [[{"start": 4, "end": 8, "label": "X"}]]}
    path = save(Dataset.from_dict(rows), tmp_path)
    (one,) = registry.guess(path).read(path, stop)
    assert (one.spans, one.ranges, one.sha256[:12]) == ((Span(4, 8, "X"),), (Range(0, 8),), one.article)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"title": ["x"]}, "expected columns text and spans, or tokens and their tags, found title"),
        (
            {"tokens": [["قال"]], "ner_tags": [["PER"]]},
            "expected a tag such as B-LABEL for each token, found the tag 'PER'",
        ),
        (
            {"tokens": [["قال"]], "ner_tags": [["O", "O"]]},
            "expected a tag such as B-LABEL for each token, found 1 tokens and 2 tags",
        ),
        (
            {"text": ["قال"], "spans": [[{"start": 2, "end": 9, "label": "X"}]]},
            "expected 0 <= start < end <= 3, found 2 and 9",
        ),
        ({"text": [None], "spans": [[]]}, "expected a text, or article, sha256 and ranges of stand-off gold, found "),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, save: Save, rows: dict[str, Any], message: str) -> None:
    path = save(Dataset.from_dict(rows), tmp_path)
    with pytest.raises(LiwaError) as error:
        list(registry.guess(path).read(path, stop))
    assert error.value.message.startswith(message)
    assert error.value.where.startswith(str(path))
    assert error.value.hint


def test_a_broken_file_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(LiwaError, match=r"a\.parquet: expected a dataset, found .*\. Export the file again"):
        list(PARQUET.read(tmp_path / "a.parquet", stop))
    with pytest.raises(LiwaError, match="expected a dataset, found"):
        list(DATASETS.read(tmp_path, stop))


def test_saving_says_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    datasets.enable_progress_bars()
    DATASETS.write([WHOLE], tmp_path / "data", Losses(), Settings())
    assert capfd.readouterr().err == ""
    assert not datasets.are_progress_bars_disabled()
