"""The profile ``transformer`` on a tiny random checkpoint, made here."""

from __future__ import annotations

from pathlib import Path

import pytest

from liwa.markup import parse
from liwa.scoring.evaluate import evaluate
from liwa.training.predict import load_model, predict
from liwa.training.train import train
from tests.gold import gold, story, write

pytest.importorskip("spacy_transformers", reason="the extra transformer is not installed")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """A folder as the Hub has them: a BERT of random weights and a vocabulary of letters."""
    from transformers import BertConfig, BertModel, BertTokenizerFast

    letters = sorted({letter for n in range(12) for letter in parse(story(n)).text if not letter.isspace()})
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    listed = tmp_path / "vocab.txt"
    listed.write_text("\n".join(vocabulary), encoding="utf-8")
    folder = tmp_path / "checkpoint"
    BertTokenizerFast(str(listed), do_lower_case=False, strip_accents=False).save_pretrained(folder)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=len(vocabulary), **sizes)).save_pretrained(folder)
    return folder


def test_the_profile_learns_a_handful_of_stories(checkpoint: Path, tmp_path: Path) -> None:
    golds = [gold(story(n), article=f"s{n}") for n in range(12)]
    rows = write(tmp_path / "gold.jsonl", golds)
    settings = {
        "components.transformer.model.name": str(checkpoint),
        "training.max_steps": 120,
        "training.eval_frequency": 40,
        "training.optimizer.learn_rate.initial_rate": 0.01,
        "training.optimizer.learn_rate.warmup_steps": 10,
    }
    model = train(rows, rows, output=tmp_path / "model", config="transformer", overrides=settings)
    scores = evaluate(golds, predict(load_model(model), golds))
    assert (scores.micro.f1.value or 0) > 0.8
