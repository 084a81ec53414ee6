"""Vectors from raw news: a vector for every word, by norm, that a pipeline can start from."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.language import Language

from liwa import markup
from liwa.errors import LiwaError
from liwa.records import Article
from liwa.training.lattice import Array
from liwa.training.train import train
from liwa.training.vectors import Settings, norms, train_vectors
from tests.gold import gold, story, write

TINY = Settings(dim=16, bucket=500, epoch=5, min_count=1)


def articles() -> Iterator[Article]:
    return (Article(f"a{n}", markup.parse(story(n)).text) for n in range(60))


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vectors")
    assert train_vectors(articles(), folder, TINY) > 1000
    return folder


def vector(nlp: Language, word: str) -> Array:
    return np.asarray(nlp.vocab.vectors[nlp.vocab.strings.add(word)])


def test_a_paragraph_is_its_norms_without_white_space() -> None:
    text = "وصل  إلى الأكاديمية\n\nفي 3 أيار"
    assert list(norms([Article("a", text)])) == [["وصل", "الي", "الاكاديمية"], ["في", "3", "ايار"]]


def test_words_in_the_same_places_are_alike_and_unseen_ones_have_a_vector(vectors: Path) -> None:
    nlp = spacy.load(vectors)
    table = nlp.vocab.vectors
    assert (str(table.mode), table.shape, table.attr) == ("floret", (500, 16), nlp.vocab.strings["NORM"])
    assert vector(nlp, "غغغغغغ").any()
    assert nlp.make_doc("العميد")[0].has_vector


def test_two_runs_give_the_same_vectors(vectors: Path, tmp_path: Path) -> None:
    again = tmp_path / "new" / "folder"
    train_vectors(articles(), again, TINY)
    np.testing.assert_array_equal(spacy.load(again).vocab.vectors.data, spacy.load(vectors).vocab.vectors.data)


def test_without_text_or_without_floret_there_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LiwaError, match="cannot learn from this text") as error:
        train_vectors([Article("a", "كلمة")], tmp_path, Settings(min_count=5))
    assert "\n" not in str(error.value)
    monkeypatch.setitem(sys.modules, "floret", None)
    with pytest.raises(LiwaError, match="floret is not installed"):
        train_vectors(articles(), tmp_path, TINY)


def test_a_place_that_is_taken_is_said_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(LiwaError, match="cannot write"):
        train_vectors((pytest.fail("it read") for _ in "a"), tmp_path / "taken" / "folder", TINY)


def test_the_config_starts_from_them(vectors: Path, tmp_path: Path) -> None:
    train_file = write(tmp_path / "train.jsonl", [gold(story(n), article=f"s{n}") for n in range(8)])
    settings = {"paths.vectors": str(vectors), "training.max_steps": 2, "training.eval_frequency": 1}
    best = train(train_file, train_file, output=tmp_path / "model", config="vectors", overrides=settings)
    assert spacy.load(best).vocab.vectors.shape == (500, 16)


def test_the_config_without_vectors_says_how_to_make_them(tmp_path: Path) -> None:
    file = write(tmp_path / "train.jsonl", [gold(story(n), article=f"s{n}") for n in range(3)])
    with pytest.raises(LiwaError, match="asks for word vectors"):
        train(file, file, output=tmp_path / "model", config="vectors")
