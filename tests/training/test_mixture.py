"""Two trained taggers as one: what is mixed, what is kept on disk, and which models do not fit together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.language import Language
from typer.testing import CliRunner

from liwa.cli.app import app
from liwa.errors import LiwaError
from liwa.training.lattice import Array
from liwa.training.mixture import marginals, mix
from liwa.training.predict import load_model
from liwa.training.train import train
from tests.gold import gold, story, write

TEXTS = [story(n) for n in range(12, 18)]
STEPS = {"training.max_steps": 30, "training.eval_frequency": 15, "components.tok2vec.model.encode.depth": 1}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return two models of one split, trained from other seeds."""
    folder = tmp_path_factory.mktemp("models")
    known = write(folder / "train.jsonl", [gold(story(n), f"a{n}") for n in range(8)])
    dev = write(folder / "dev.jsonl", [gold(story(n), f"d{n}") for n in range(8, 10)])
    return [
        train(known, dev, output=folder / f"{seed}", overrides={**STEPS, "system.seed": seed}, config="small")
        for seed in (0, 1)
    ]


def likely(nlp: Language, texts: list[str] = TEXTS) -> list[Array]:
    """Return the marginals of a pipeline's tagger; of a mixture, what its scores are the logs of."""
    docs = list(nlp.pipe(texts))
    model = nlp.get_pipe("ner").model  # type: ignore[attr-defined]
    return [np.exp(rows) for rows in model.predict(docs)] if model.name == "crf_mixture" else marginals(model, docs)


def entities(nlp: Language) -> list[list[tuple[int, int, str]]]:
    return [[(e.start, e.end, e.label_) for e in doc.ents] for doc in nlp.pipe(["", *TEXTS])]


def mixed(models: list[Path], share: float = 0.65) -> Language:
    return mix(load_model(models[0]), load_model(models[1]), share)


def test_marginals_are_shares_of_one_and_in_the_order_of_the_documents(models: list[Path]) -> None:
    nlp = load_model(models[0])
    together = likely(nlp)
    assert [len(rows) for rows in together] == [len(doc) for doc in nlp.pipe(TEXTS)]
    for text, rows in zip(TEXTS, together, strict=True):
        np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-4)
        np.testing.assert_allclose(rows, likely(nlp, [text])[0], atol=1e-3)


def test_each_member_counts_by_its_share(models: list[Path]) -> None:
    one, other = (likely(load_model(model)) for model in models)
    for first, second, both in zip(one, other, likely(mixed(models, 0.7)), strict=True):
        np.testing.assert_allclose(both, 0.7 * first + 0.3 * second, atol=1e-4)
        assert np.abs(first - second).max() > 0.01


def test_a_member_that_counts_for_all_decides_alone(models: list[Path]) -> None:
    assert entities(mixed(models, 1.0)) == entities(load_model(models[0]))
    assert entities(mixed(models, 0.0)) == entities(load_model(models[1]))


def test_it_is_one_pipeline_which_finds_the_same_when_loaded_again(models: list[Path], tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["mix", str(models[0]), str(models[1]), "-o", str(tmp_path / "mixed")])
    assert (result.exit_code, result.stderr) == (0, f"model: {tmp_path / 'mixed'}\n")
    back = spacy.load(tmp_path / "mixed")
    assert back.pipe_names == ["ner", "repeats"]
    assert back.meta["liwa"]["unit"] == "article"
    assert entities(back) == entities(mixed(models))


def test_a_pipeline_may_have_no_other_component(models: list[Path]) -> None:
    first, second = (load_model(model) for model in models)
    second.remove_pipe("repeats")
    assert mix(first, second).pipe_names == ["ner"]


def test_it_says_how_sure_it_is_as_its_members_do(models: list[Path]) -> None:
    nlp = mixed(models)
    doc = nlp(TEXTS[0])
    beliefs = nlp.get_pipe("ner").beliefs(doc)  # type: ignore[attr-defined]
    np.testing.assert_allclose(beliefs.tags.sum(axis=1), 1, atol=1e-4)


def test_it_does_not_learn(models: list[Path]) -> None:
    nlp = mixed(models)
    with pytest.raises(LiwaError, match="a mixture does not learn"):
        nlp.get_pipe("ner").model.begin_update([nlp.make_doc("وصل")])  # type: ignore[attr-defined]


def test_models_that_do_not_fit_together_are_refused(models: list[Path]) -> None:
    strange = load_model(models[1])
    strange.get_pipe("ner").cfg["labels"] = ["BASE"]  # type: ignore[attr-defined]
    with pytest.raises(LiwaError, match=r"know other labels: \['BASE', .*\] and \['BASE'\]"):
        mix(load_model(models[0]), strange)
    with pytest.raises(LiwaError, match="expected one component crf_ner, found 0"):
        mix(spacy.blank("ar"), load_model(models[1]))
    heavy = load_model(models[0])
    heavy.vocab.set_vector("كتيبة", np.ones(4, dtype="float32"))  # type: ignore[arg-type]
    with pytest.raises(LiwaError, match="the first model has word vectors"):
        mix(heavy, load_model(models[1]))
