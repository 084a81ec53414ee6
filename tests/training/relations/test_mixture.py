"""Trained finders of relations as one: what is mixed, and that it does not learn."""

from __future__ import annotations

import numpy as np
import pytest
from thinc.api import Model

from liwa.errors import LiwaError
from liwa.training.relations.features import Pairs
from liwa.training.relations.mixture import create_relation_mixture
from liwa.training.relations.model import Batch, RelationModel
from tests.training.relations.invented import examples, trained, with_relations


@pytest.fixture(scope="module")
def batch() -> Batch:
    nlp, pipe = with_relations()
    data = examples(nlp)
    trained(nlp, data, steps=1)
    docs = [example.reference for example in data]
    pairs: list[Pairs] = pipe._pairs(docs, [doc.ents for doc in docs])[1]
    return docs, pairs


def saying(*logits: float) -> RelationModel:
    """Return a model that gives each pair these logits."""

    def forward(model: RelationModel, batch: Batch, is_train: bool) -> object:
        rows = np.tile(np.array(logits, dtype="float32"), (sum(len(its.pairs) for its in batch[1]), 1))
        return rows, lambda _: batch[0]

    return Model("saying", forward, dims={"nO": len(logits)})


def test_it_gives_the_mean_of_what_its_members_find_likely(batch: Batch) -> None:
    mixture = create_relation_mixture({"a": saying(2.0, -4.0), "b": saying(-1.0, -4.0), "c": saying(80.0, -4.0)})
    likely = 1 / (1 + np.exp(-mixture.predict(batch)))
    expected = (1 / (1 + np.exp(-2.0)) + 1 / (1 + np.exp(1.0)) + 1) / 3
    assert len(likely) > 50
    np.testing.assert_allclose(likely, [[expected, 1 / (1 + np.exp(4.0))]] * len(likely), atol=1e-5)


def test_certainty_stays_a_number(batch: Batch) -> None:
    mixture = create_relation_mixture({"a": saying(900.0, -900.0)})
    assert np.isfinite(mixture.predict(batch)).all()


def test_it_does_not_learn(batch: Batch) -> None:
    with pytest.raises(LiwaError, match="a mixture does not learn"):
        create_relation_mixture({"a": saying(0.0)}).begin_update(batch)
