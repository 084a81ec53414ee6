"""Models that are trained in seconds, once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from liwa.training.train import train
from tests.gold import gold, story, write

TINY: Final[dict[str, Any]] = {
    "training.max_steps": 30,
    "training.eval_frequency": 30,
    "training.batcher.size.start": 300,
    "training.optimizer.learn_rate": 0.005,
    "components.tok2vec.model.encode.width": 24,
    "components.tok2vec.model.encode.depth": 1,
}
"""Settings of a config with which stories are learnt in a few seconds."""


def trained(folder: Path, config: str) -> str:
    golds = [gold(story(n), article=f"s{n}") for n in range(30)]
    file = write(folder / "train.jsonl", golds)
    return str(train(file, file, output=folder, config=config, overrides=TINY).parent / "model-last")


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A model of spans, a conditional random field on whole articles."""
    return trained(tmp_path_factory.mktemp("tiny"), "small")


@pytest.fixture(scope="session")
def tiny_relations(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A model of spans and relations, transition-based, on paragraphs."""
    return trained(tmp_path_factory.mktemp("tiny-relations"), "relations")
