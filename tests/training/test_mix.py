"""Trained taggers as one: what is mixed, what is kept on disk, and which models do not fit together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from typer.testing import CliRunner

from liwa.cli.app import app
from liwa.errors import LiwaError
from liwa.training.lattice import Array
from liwa.training.mix import mix
from liwa.training.mixture import SHARE, marginals
from liwa.training.predict import load_model
from liwa.training.relations.pipe import RelationExtractor
from liwa.training.train import train
from tests.gold import gold, story, write

TEXTS = [story(n) for n in range(12, 18)]
STEPS = {"training.max_steps": 30, "training.eval_frequency": 15, "components.tok2vec.model.encode.depth": 1}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return three models of one split, trained from other seeds, the last with a layer more."""
    folder = tmp_path_factory.mktemp("models")
    known = write(folder / "train.jsonl", [gold(story(n), f"a{n}") for n in range(8)])
    dev = write(folder / "dev.jsonl", [gold(story(n), f"d{n}") for n in range(8, 10)])
    depth = "components.tok2vec.model.encode.depth"
    return [
        train(known, dev, output=folder / f"{n}", overrides={**STEPS, **settings}, config="small")
        for n, settings in enumerate([{"system.seed": 0}, {"system.seed": 1}, {"system.seed": 2, depth: 2}])
    ]


@pytest.fixture(scope="module")
def linking(models: list[Path], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return two models of the same split, trained from other seeds, that find relations too."""
    folder, parts = (
        tmp_path_factory.mktemp("linking"),
        [models[0].parents[1] / f"{part}.jsonl" for part in ("train", "dev")],
    )
    settings = [{**STEPS, "system.seed": seed} for seed in (3, 4)]
    return [
        train(*parts, output=folder / f"{n}", overrides=overrides, config="relations")
        for n, overrides in enumerate(settings)
    ]


def likely(nlp: Language, texts: list[str] = TEXTS) -> list[Array]:
    """Return the marginals of a pipeline's tagger."""
    return marginals(nlp.get_pipe("ner").model, list(nlp.pipe(texts)))  # type: ignore[attr-defined]


def entities(nlp: Language) -> list[list[tuple[int, int, str]]]:
    return [[(e.start, e.end, e.label_) for e in doc.ents] for doc in nlp.pipe(["", *TEXTS])]


def mixed(models: list[Path], share: float | None = None) -> Language:
    return mix([load_model(model) for model in models], share)


def vectors(nlp: Language, value: float) -> Language:
    nlp.vocab.set_vector("كتيبة", np.full(4, value, dtype="float32"))  # type: ignore[arg-type]
    return nlp


def test_marginals_are_shares_of_one_and_in_the_order_of_the_documents(models: list[Path]) -> None:
    nlp = load_model(models[0])
    together = likely(nlp)
    assert [len(rows) for rows in together] == [len(doc) for doc in nlp.pipe(TEXTS)]
    for text, rows in zip(TEXTS, together, strict=True):
        np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-4)
        np.testing.assert_allclose(rows, likely(nlp, [text])[0], atol=1e-3)


def test_each_member_counts_by_its_share(models: list[Path]) -> None:
    members = zip(*(likely(load_model(model)) for model in models), strict=True)
    for (one, two, three), both, all_ in zip(
        members, likely(mixed(models[:2], 0.7)), likely(mixed(models, 0.7)), strict=True
    ):
        np.testing.assert_allclose(both, 0.7 * one + 0.3 * two, atol=1e-4)
        np.testing.assert_allclose(all_, 0.7 * one + 0.15 * two + 0.15 * three, atol=1e-4)
        assert min(np.abs(one - two).max(), np.abs(two - three).max()) > 0.01


def test_members_of_one_config_count_alike_and_the_first_of_unlike_ones_more(models: list[Path]) -> None:
    alike = [*models[:2], models[0]]
    for members, share in ((models[:2], 1 / 2), (alike, 1 / 3), (models, SHARE), ([*models, models[0]], SHARE)):
        model = mixed(members).get_pipe("ner").model  # type: ignore[attr-defined]
        assert (model.attrs["share"], len(model.layers)) == (share, len(members))


def test_mixtures_are_members_too(models: list[Path], tmp_path: Path) -> None:
    again = mix([mixed(models[:2]), load_model(models[2])], 0.8)
    again.to_disk(tmp_path)
    members = zip(*(likely(load_model(model)) for model in models), strict=True)
    for (one, two, three), found in zip(members, likely(load_model(tmp_path)), strict=True):
        np.testing.assert_allclose(found, 0.4 * one + 0.4 * two + 0.2 * three, atol=1e-4)


def test_a_member_that_counts_for_all_decides_alone(models: list[Path]) -> None:
    assert entities(mixed(models[:2], 1.0)) == entities(load_model(models[0]))
    assert entities(mixed(models[:2], 0.0)) == entities(load_model(models[1]))


def test_a_model_mixed_with_itself_is_that_model(models: list[Path]) -> None:
    alone = load_model(models[0])
    again = mixed([models[0]] * 3)
    assert entities(again) == entities(alone)
    for rows, same in zip(likely(again), likely(alone), strict=True):
        np.testing.assert_allclose(rows, same, atol=1e-5)


@pytest.mark.parametrize("count", [2, 3])
def test_it_is_one_pipeline_which_finds_the_same_when_loaded_again(
    models: list[Path], tmp_path: Path, count: int
) -> None:
    members = [str(model) for model in models[:count]]
    result = CliRunner().invoke(app, ["mix", *members, "-o", str(tmp_path / "new" / "mixed"), "--share", "0.4"])
    assert (result.exit_code, result.stderr) == (0, f"model: {tmp_path / 'new' / 'mixed'}\n")
    back = spacy.load(tmp_path / "new" / "mixed")
    assert back.pipe_names == ["ner", "repeats"]
    assert back.meta["liwa"]["unit"] == "article"
    assert entities(back) == entities(mixed(models[:count], 0.4))


def test_a_pipeline_may_have_no_other_component(models: list[Path]) -> None:
    first, second = (load_model(model) for model in models[:2])
    second.remove_pipe("repeats")
    assert mix([first, second]).pipe_names == ["ner"]


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
    one, two, strange = (load_model(model) for model in models)
    strange.get_pipe("ner").cfg["labels"] = ["BASE"]  # type: ignore[attr-defined]
    with pytest.raises(LiwaError, match=r"know other labels: \['BASE', .*\] and \['BASE'\]"):
        mix([one, two, strange])
    with pytest.raises(LiwaError, match="expected one component crf_ner, found 0"):
        mix([spacy.blank("ar"), one])
    with pytest.raises(LiwaError, match="expected two models or more, found 1"):
        mix([one])


def test_only_the_vectors_of_the_last_model_are_taken(models: list[Path]) -> None:
    plain, heavy, same, other = (load_model(models[n]) for n in (0, 1, 0, 2))
    vectors(heavy, 1), vectors(same, 1), vectors(other, 2)
    with pytest.raises(LiwaError, match="model 2 has word vectors, the last has none"):
        mix([plain, heavy, load_model(models[2])])
    with pytest.raises(LiwaError, match="model 1 has other word vectors than the last"):
        mix([other, plain, heavy])
    assert mix([plain, same, heavy]).vocab.get_vector("كتيبة").tolist() == [1] * 4


def test_a_folder_that_cannot_be_written_is_said(models: list[Path], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    result = CliRunner().invoke(app, ["mix", *map(str, models[:2]), "-o", str(tmp_path / "taken")])
    assert isinstance(result.exception, LiwaError)
    assert "cannot write" in str(result.exception)


def chances(nlp: Language, docs: list[Doc]) -> list[list[float]]:
    """Return how likely a pipeline finds each type of each pair of the entities that the documents have."""
    pipe = nlp.get_pipe("relations")
    assert isinstance(pipe, RelationExtractor)
    found = []
    for doc in docs:
        same = Doc(nlp.vocab).from_bytes(doc.to_bytes())
        if "tok2vec" in nlp.pipe_names:
            same = nlp.get_pipe("tok2vec")(same)
        found.append([chance for _, chance in pipe.likelihoods(same)])
    return found


def test_relations_are_mixed_of_those_that_find_some(models: list[Path], linking: list[Path], tmp_path: Path) -> None:
    nlp = mixed([linking[0], linking[1], models[0]])
    assert nlp.pipe_names == ["ner", "repeats", "relations"]
    nlp.to_disk(tmp_path)
    for pipeline in (nlp, load_model(tmp_path)):
        docs = [pipeline(text) for text in TEXTS]
        ones = [chances(load_model(model), docs) for model in linking]
        assert max(abs(a - b) for one, two in zip(*ones, strict=True) for a, b in zip(one, two, strict=True)) > 0.01
        for doc, one, two in zip(docs, *ones, strict=True):
            [found] = chances(pipeline, [doc])
            assert found
            np.testing.assert_allclose(found, (np.array(one) + np.array(two)) / 2, atol=1e-4)


def test_relations_of_the_last_alone_stay_as_they_are(models: list[Path], linking: list[Path]) -> None:
    nlp = mixed([models[0], linking[0]])
    assert nlp.pipe_names == ["tok2vec", "ner", "repeats", "relations"]
    docs = [nlp(text) for text in TEXTS]
    assert chances(nlp, docs) == chances(load_model(linking[0]), docs)


def test_relations_of_one_that_is_not_last_are_taken_along(models: list[Path], linking: list[Path]) -> None:
    nlp = mixed([linking[0], models[0]])
    assert nlp.pipe_names == ["ner", "repeats", "relations"]
    docs = [nlp(text) for text in TEXTS]
    for found, same in zip(chances(nlp, docs), chances(load_model(linking[0]), docs), strict=True):
        np.testing.assert_allclose(found, same, atol=1e-4)
    assert nlp.get_pipe("relations").cfg["threshold"] == 0.4  # type: ignore[attr-defined]


def test_relations_that_were_learnt_otherwise_are_refused(linking: list[Path]) -> None:
    one, other = (load_model(model) for model in linking)
    other.get_pipe("relations").cfg["signatures"] = {}  # type: ignore[attr-defined]
    with pytest.raises(LiwaError, match="the models know other signatures"):
        mix([one, other])
