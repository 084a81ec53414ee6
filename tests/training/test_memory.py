from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import spacy

from liwa import jsonl
from liwa.annotations.fingerprint import fingerprint
from liwa.annotations.rows import to_row
from liwa.records import Span
from liwa.training.alignment import lost
from liwa.training.carried import create_carry, memory_of
from liwa.training.memory import remember
from tests.gold import gold, story

GOLDS = [gold(story(n), f"s{n}") for n in range(4)]


@pytest.fixture
def train(tmp_path: Path) -> Path:
    jsonl.write(tmp_path / "train.jsonl", map(to_row, GOLDS))
    return tmp_path / "train.jsonl"


def test_a_saved_model_remembers_its_training_part_in_a_file_of_its_own(train: Path, tmp_path: Path) -> None:
    create_carry(train=train)(spacy.blank("ar")).to_disk(tmp_path / "model")
    memory = memory_of(spacy.load(tmp_path / "model"))
    assert memory
    assert memory.fingerprint == fingerprint(GOLDS)
    assert memory.knows("سامي الدوري") and not memory.knows("سامي")
    assert len(memory.passages) == 8
    texts = [
        file.read_bytes() for file in (tmp_path / "model").rglob("*") if file.is_file() and "strings" not in file.name
    ]
    assert not any("الدوري".encode() in text for text in texts)


def test_without_training_gold_nothing_is_remembered() -> None:
    assert memory_of(create_carry()(spacy.blank("ar"))) is None


def test_a_second_training_replaces_the_memory(train: Path, tmp_path: Path) -> None:
    nlp = create_carry(train=train)(spacy.blank("ar"))
    jsonl.write(tmp_path / "other.jsonl", map(to_row, GOLDS[:1]))
    memory = memory_of(create_carry(train=tmp_path / "other.jsonl")(nlp))
    assert memory and memory.fingerprint == fingerprint(GOLDS[:1])


def test_memories_of_one_gold_are_the_same_in_any_order() -> None:
    one, other = remember(GOLDS).to_dict(), remember(GOLDS[::-1]).to_dict()
    assert {**one, "sketches": []} == {**other, "sketches": []}


def test_spans_that_tokens_or_passages_cannot_hold_are_lost() -> None:
    nlp = spacy.blank("ar")
    whole = gold("قال [بشار](PERSON) و[سامي](PERSON) إن الفوج\nالأول هنا")
    across = Span((whole.text or "").index("الفوج"), (whole.text or "").index(" هنا"), "UNIT")
    whole = replace(whole, spans=(*whole.spans, across))
    assert [whole.surface(span) for _, span in lost(nlp, [whole])] == ["سامي", "الفوج\nالأول"]
