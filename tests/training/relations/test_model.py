from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from spacy.ml.models import build_hash_embed_cnn_tok2vec
from spacy.tokens import Doc
from thinc.api import fix_random_seed

from liwa.scheme import load_scheme
from liwa.training.relations.candidates import create_candidates
from liwa.training.relations.cues import load_cues
from liwa.training.relations.features import Pairs, describe
from liwa.training.relations.mentions import Mentions
from liwa.training.relations.model import Batch, RelationModel, create_relation_model
from liwa.training.relations.signatures import Signatures
from liwa.training.relations.stated import Statements
from tests.training.relations.invented import SENTENCES, blank, reference

SIGNATURES = Signatures.of_scheme(load_scheme())
STATEMENTS = Statements(load_cues(), SIGNATURES)
NLP = blank()


def batch(marked: Sequence[str]) -> Batch:
    docs = [reference(NLP, one) for one in marked]
    return docs, [pairs_of(number, doc) for number, doc in enumerate(docs)]


def pairs_of(number: int, doc: Doc) -> Pairs:
    found = Mentions.of(doc, doc.ents)
    return describe(number, found, create_candidates()(found, SIGNATURES), SIGNATURES, STATEMENTS)


def model(data: Batch, **sizes: int) -> RelationModel:
    fix_random_seed(0)
    tok2vec = build_hash_embed_cnn_tok2vec(
        width=8, depth=1, embed_size=50, window_size=1, maxout_pieces=2, subword_features=False, pretrained_vectors=None
    )
    built = create_relation_model(tok2vec, **{"hidden_size": 6, "word_width": 4, "feature_rows": 60, **sizes})
    built.set_dim("nO", len(SIGNATURES.types))
    built.initialize(X=data)
    generator = np.random.default_rng(0)
    for node in built.walk():
        for name in node.param_names:
            if node.has_param(name):
                drawn: Any = generator.normal(0, 0.5, node.get_param(name).shape)
                node.set_param(name, drawn.astype("float32"))
    return built


def test_gradients_are_those_of_finite_differences() -> None:
    """Along random directions, layer by layer, so that a gradient that is left out or counted once cannot hide."""
    data = batch(SENTENCES[1:11])
    built = model(data)
    logits, backprop = built.begin_update(data)
    weights = np.random.default_rng(1).normal(size=logits.shape).astype("float32")
    backprop(weights)
    generator = np.random.default_rng(2)
    checked = 0
    for node in built.walk():
        for name in node.param_names:
            if not node.has_grad(name):
                continue
            value: Any = node.get_param(name).copy()
            gradient: Any = node.get_grad(name)
            direction = np.sign(gradient) * (generator.random(value.shape) < 0.5)
            step = 2e-3 / max(1.0, float(np.abs(gradient).max()))
            sides = []
            for sign in (1, -1):
                node.set_param(name, (value + sign * step * direction).astype("float32"))
                sides.append(float((built.predict(data).astype("float64") * weights).sum()))
            node.set_param(name, value)
            expected = float((gradient.astype("float64") * direction).sum())
            assert (sides[0] - sides[1]) / (2 * step) == pytest.approx(expected, rel=0.03, abs=0.02), (node.name, name)
            checked += 1
    assert checked >= 12


def test_the_gradient_of_a_batch_is_the_sum_of_its_documents() -> None:
    whole = batch(SENTENCES[1:9])
    built = model(whole)
    alone = [batch([one]) for one in SENTENCES[1:9]]
    sums = sum(_gradient(built, one) for one in alone)
    assert _gradient(built, whole) == pytest.approx(sums, rel=1e-3, abs=1e-4)


def _gradient(built: RelationModel, data: Batch) -> Any:
    logits, backprop = built.begin_update(data)
    backprop(np.ones_like(logits))
    found: list[Any] = [n.get_grad(p).ravel() for n in built.walk() for p in n.param_names if n.has_grad(p)]
    for node in built.walk():
        for name in node.param_names:
            if node.has_grad(name):
                grad: Any = node.get_grad(name)
                grad *= 0
    return np.concatenate(found)


def test_a_pair_has_the_same_logits_in_every_batch() -> None:
    docs, pairs = batch(SENTENCES)
    built = model((docs, pairs))
    together = built.predict((docs, pairs))
    alone = [built.predict(([doc], [its._replace(doc=0)])) for doc, its in zip(docs, pairs, strict=True)]
    assert together == pytest.approx(np.concatenate(alone), abs=1e-4)
    backwards = [its._replace(doc=len(docs) - 1 - its.doc) for its in reversed(pairs)]
    turned = built.predict((docs[::-1], backwards))
    assert np.sort(turned, axis=0) == pytest.approx(np.sort(together, axis=0), abs=1e-4)


def test_two_lists_of_pairs_over_one_document_do_not_touch() -> None:
    docs, pairs = batch(SENTENCES[8:10])
    built = model((docs, pairs))
    once, twice = built.predict((docs, pairs)), built.predict((docs, pairs + pairs))
    assert twice == pytest.approx(np.concatenate([once, once]), abs=1e-5)


@pytest.mark.parametrize("marked", [["لا شيء هنا.", "شكر [سامي](PERSON) الناس."], [""], ["", SENTENCES[0]], []])
def test_batches_with_few_or_no_pairs_pass(marked: list[str]) -> None:
    built = model(batch(SENTENCES[:3]))
    data = batch(marked)
    logits, backprop = built.begin_update(data)
    assert logits.shape == (sum(len(its.pairs) for its in data[1]), len(SIGNATURES.types))
    backprop(np.ones_like(logits))


def test_direction_and_the_words_around_change_what_is_said() -> None:
    data = batch(["[الكتيبة 4](UNIT) تتبع [لواء الجبل](UNIT)", "[الكتيبة 4](UNIT) تقاتل [لواء الجبل](UNIT)"])
    logits = model(data).predict(data)
    assert len({tuple(np.round(row, 3)) for row in logits}) == 4


def test_sizes_come_from_the_target_too() -> None:
    docs, pairs = batch(SENTENCES[:3])
    tok2vec = build_hash_embed_cnn_tok2vec(
        width=8, depth=1, embed_size=50, window_size=1, maxout_pieces=2, subword_features=False, pretrained_vectors=None
    )
    built = create_relation_model(tok2vec)
    built.initialize(X=(docs, pairs), Y=np.zeros((3, 2), dtype="float32"))
    assert built.predict((docs, pairs)).shape[1] == 2
    copy = create_relation_model(tok2vec.copy()).from_bytes(built.to_bytes())
    assert np.array_equal(copy.predict((docs, pairs)), built.predict((docs, pairs)))
