from __future__ import annotations

import os
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from tests.bench.profiles import repeated, seconds


def test_texts_are_repeated_until_there_are_enough_words_and_no_two_are_alike() -> None:
    assert list(repeated(["وصل اللواء", "عاد"], 8)) == ["وصل اللواء 1", "عاد 1", "وصل اللواء 2"]
    assert list(repeated(["", " "], 8)) == list(repeated([], 8)) == []


@pytest.mark.parametrize("cores", [1, 2])
def test_each_text_is_read_once_on_the_clock_by_so_many_processes(tmp_path: Path, cores: int) -> None:
    texts = list(repeated(["وصل اللواء", "عاد"], 500))

    @Language.component(f"tests_note_{cores}")
    def note(doc: Doc) -> Doc:
        with (tmp_path / str(os.getpid())).open("a", encoding="utf-8") as file:
            print(doc.text, file=file)
        return doc

    nlp = spacy.blank("ar")
    nlp.add_pipe(f"tests_note_{cores}")
    clock, processor = seconds(nlp, texts, cores)
    read = [path.read_text(encoding="utf-8").splitlines() for path in tmp_path.iterdir()]
    assert len(read) == cores
    assert sorted(text for one in read for text in one[32:]) == sorted(texts)
    assert clock > 0
    assert processor > 0
