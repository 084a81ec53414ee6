"""The architecture in a pipeline: it learns, each layer at its rate, and is saved with it."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.language import Language
from thinc.api import Adam

from liwa.errors import LiwaError
from liwa.markup import parse
from liwa.scoring.evaluate import evaluate
from liwa.training.encoder.checkpoint import create_nano_e5
from liwa.training.encoder.model import EncoderModel, create_encoder, shim_of
from liwa.training.predict import load_model, predict
from liwa.training.train import train
from tests.gold import gold, story, write
from tests.training.encoder import tiny

pytest.importorskip("torch", reason="the extra encoder is not installed")

TEXTS = [parse(story(n)).text for n in range(3)]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.write_checkpoint(tmp_path_factory.mktemp("checkpoint") / "tiny.bin")


@pytest.fixture
def nlp() -> Language:
    return spacy.blank("ar", config={"nlp": {"tokenizer": {"@tokenizers": "liwa.ArabicTokenizer.v1"}}})


def encoder(checkpoint: Path, *, frozen_layers: int = 0, width: int = tiny.WIDTH) -> EncoderModel:
    loader = create_nano_e5(checkpoint)
    return create_encoder(loader, width, 40, 8, 0.0, 0.5, 0.5, frozen_layers)


def test_it_gives_each_token_a_vector_and_is_saved_with_its_vocabulary(nlp: Language, checkpoint: Path) -> None:
    docs = [nlp(text) for text in TEXTS]
    model = encoder(checkpoint)
    model.initialize(X=docs)
    vectors = model.predict(docs)
    assert [rows.shape for rows in vectors] == [(len(doc), tiny.WIDTH) for doc in docs]
    checkpoint_gone = encoder(Path("nowhere")).from_bytes(model.to_bytes())
    for before, after in zip(vectors, checkpoint_gone.predict(docs), strict=True):
        assert np.allclose(np.asarray(before), np.asarray(after), atol=0.05)
    assert checkpoint_gone.to_bytes() == encoder(Path("nowhere")).from_bytes(checkpoint_gone.to_bytes()).to_bytes()


def test_each_layer_learns_at_its_rate_and_frozen_ones_do_not(nlp: Language, checkpoint: Path) -> None:
    docs = [nlp(text) for text in TEXTS]
    model = encoder(checkpoint, frozen_layers=1)
    model.initialize(X=docs)
    network = shim_of(model)._model
    before = {name: values.detach().clone() for name, values in network.named_parameters()}
    vectors, backprop = model.begin_update(docs)
    backprop([model.ops.alloc2f(*rows.shape) + 1 for rows in vectors])
    model.finish_update(Adam(0.01, grad_clip=0.0, L2=0.0))
    moved = {name: (values.detach() - before[name]).abs().max() for name, values in network.named_parameters()}
    assert moved["word.weight"] == moved["layers.0.widen.weight"] == 0
    assert float(moved["layers.1.widen.weight"]) == pytest.approx(0.005, rel=0.05)
    assert float(moved["shift"]) == pytest.approx(0.01, rel=0.05)
    assert shim_of(model).rate("layers.0.widen.weight") == 0.25
    assert shim_of(model).rate("word.weight") == 0.125


def test_the_averages_over_training_are_taken_for_a_while(nlp: Language, checkpoint: Path) -> None:
    docs = [nlp(text) for text in TEXTS]
    model = encoder(checkpoint, frozen_layers=1)
    model.initialize(X=docs)
    optimizer = Adam(0.01, use_averages=True)
    for _ in range(3):
        vectors, backprop = model.begin_update(docs)
        backprop([model.ops.alloc2f(*rows.shape) + 1 for rows in vectors])
        model.finish_update(optimizer)
    network = shim_of(model)._model
    last = {name: values.detach().clone() for name, values in network.named_parameters()}
    with model.use_params(optimizer.averages or {}):
        moved = {name: bool((values != last[name]).any()) for name, values in network.named_parameters()}
        assert moved["layers.1.widen.weight"]
        assert not moved["layers.0.widen.weight"]
    assert all((values == last[name]).all() for name, values in network.named_parameters())


def test_the_width_of_the_config_has_to_be_that_of_the_checkpoint(checkpoint: Path) -> None:
    with pytest.raises(LiwaError, match="width 32, the config says 64"):
        encoder(checkpoint, width=64).initialize()


def test_without_pytorch_one_line_says_what_to_install(checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "liwa.training.encoder.shim", raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(LiwaError, match=r"the encoder needs torch.*liwa\[encoder\]"):
        encoder(checkpoint)


@pytest.mark.parametrize("config", ["encoder", pytest.param("relations-encoder", marks=pytest.mark.slow)])
def test_the_profile_learns_a_handful_of_stories(config: str, checkpoint: Path, tmp_path: Path) -> None:
    golds = [gold(story(n), article=f"s{n}") for n in range(12)]
    rows = write(tmp_path / "gold.jsonl", golds)
    part = "components.tok2vec.model"
    settings = {
        f"{part}.checkpoint.path": str(checkpoint),
        f"{part}.width": tiny.WIDTH,
        f"{part}.window": 40,
        f"{part}.overlap": 8,
        f"{part}.dropout": 0.0,
        f"{part}.learn_rate_scale": 1.0,
        f"{part}.frozen_layers": 0,
        "training.max_steps": 60,
        "training.eval_frequency": 30,
        "training.optimizer.learn_rate.initial_rate": 0.01,
        "training.optimizer.learn_rate.warmup_steps": 5,
    }
    model = train(rows, rows, output=tmp_path / "model", config=config, overrides=settings)
    checkpoint_gone = load_model(model)
    scores = evaluate(golds, predict(checkpoint_gone, golds))
    assert (scores.micro.f1.value or 0) > 0.9
