"""The model of pairs (Thinc): spans are pooled and projected once, and a pair is a sum of few rows.

For each pair the hidden vector is the sum of

- the projection of its head and of its child, each by the order in which the two stand; what is projected is the mean
  of the span's tokens, the words next to it at their places, and those further around it as bags; a word is
  its norm and its stem,
- the words between the two, as a difference of running sums over projected words,
- a row of a hashed table for each feature of `liwa.training.relations.features`.

So the work a pair costs does not grow with the length of spans or with distance, and memory is linear in the number
of pairs. A row's gradient is the sum over all pairs that used it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from spacy.tokens import Doc
from thinc.api import Dropout, HashEmbed, Linear, Model, Ops, chain, zero_init

from liwa.training.relations.features import Pairs
from liwa.training.relations.kernels import Array, bags, combine, cut, gather, pool, running_sums
from liwa.training.relations.layout import NEIGHBOURS, ROLES, lay_out

Batch = tuple[list[Doc], list[Pairs]]
Tok2Vec = Model[list[Doc], list[Array]]
RelationModel = Model[Batch, Array]

_SEED = 7  # of the hashed word table; Thinc's default would differ between two models of one process


def create_relation_model(
    tok2vec: Tok2Vec, hidden_size: int = 48, word_width: int = 24, word_rows: int = 3000, feature_rows: int = 5000
) -> RelationModel:
    """Return the architecture ``liwa.RelationModel.v1``: documents and pairs in, (pairs, types) logits out.

    tok2vec: the component's own, or a listener. hidden_size: width of the sum that a pair is. word_width, word_rows:
    of the hashed embedding of the words around. feature_rows: of the hashed features; more rows, fewer collisions.
    """
    layers: list[Model[Any, Any]] = [
        tok2vec,
        HashEmbed(word_width, word_rows, seed=_SEED),
        HashEmbed(word_width, word_rows, seed=_SEED + 1),
        chain(Linear(hidden_size), _dish()),
        chain(Dropout(), Linear(ROLES * hidden_size)),
        chain(_dish(), Linear(None, hidden_size)),
    ]
    return Model(
        "liwa_relations",
        _forward,
        init=_initialize,
        layers=layers,
        params={"rows": None},
        dims={"nO": None, "hidden": hidden_size, "rows": feature_rows},
    )


def _initialize(model: RelationModel, X: Batch | None = None, Y: Array | None = None) -> None:  # noqa: N803
    """Set all sizes: the number of types is set as ``nO`` or is the width of Y, the width of tokens is tok2vec's."""
    tok2vec, embed, embed_stems, words, spans, output = model.layers
    if Y is not None and model.has_dim("nO") is None:
        model.set_dim("nO", Y.shape[1])
    tok2vec.initialize(X=X[0] if X else None)
    width, word, hidden = tok2vec.get_dim("nO"), embed.get_dim("nO"), model.get_dim("hidden")
    words.layers[0].set_dim("nI", width + word)
    spans.layers[1].set_dim("nI", width + 2 * NEIGHBOURS * word + 2 * hidden)
    output.layers[-1].set_dim("nO", model.get_dim("nO"))
    for part in (embed, embed_stems, words, spans, output):
        for layer in part.layers or [part]:
            layer.initialize()
    model.set_param("rows", zero_init(model.ops, (model.get_dim("rows"), hidden)))


def _forward(model: RelationModel, batch: Batch, is_train: bool) -> tuple[Array, Callable[[Array], list[Doc]]]:
    docs, pairs = batch
    tok2vec, embed, embed_stems, project_words, project_spans, output = model.layers
    ops, lengths = model.ops, [len(doc) for doc in docs]
    if not sum(lengths):  # which tok2vec cannot bear
        return ops.alloc2f(0, model.get_dim("nO")), lambda _: docs
    tokens, back_tokens = tok2vec(docs, is_train)
    if not sum(len(its.pairs) for its in pairs):
        return ops.alloc2f(0, model.get_dim("nO")), lambda _: _silence(ops, tokens, back_tokens)
    layout = lay_out(lengths, pairs)
    table = ops.flatten(tokens)
    vectors, back_vectors = embed(ops.asarray(layout.word_keys), is_train)  # type: ignore[arg-type]
    stems, back_stems = embed_stems(ops.asarray(layout.word_stems), is_train)  # type: ignore[arg-type]
    vectors = vectors + stems
    contexts, back_contexts = gather(ops, table, layout.word_tokens[:, np.newaxis])
    words, back_words = project_words(ops.xp.hstack([contexts, vectors]), is_train)
    sums, back_sums = running_sums(ops, words)
    parts = [pool(ops, table, layout), gather(ops, vectors, layout.neighbours), bags(ops, sums, layout.around)]
    spans, back_spans = project_spans(ops.xp.hstack([part for part, _ in parts]), is_train)
    between, back_between = bags(ops, sums, layout.between)
    pair_sums, back_pairs = combine(model, spans, between, layout)
    logits, back_logits = output(pair_sums, is_train)

    def backprop(d_logits: Array) -> list[Doc]:
        d_pairs = back_logits(d_logits)
        d_parts = cut(ops, back_spans(back_pairs(d_pairs)), *(part.shape[1] for part, _ in parts))
        d_pooled, d_neighbours, d_sums = (back(d_part) for (_, back), d_part in zip(parts, d_parts, strict=True))
        d_words = back_words(back_sums(d_sums + back_between(d_pairs)))
        d_contexts, d_vectors = cut(ops, d_words, contexts.shape[1], vectors.shape[1])
        d_vectors += d_neighbours
        back_vectors(d_vectors)
        back_stems(d_vectors)
        back_tokens(ops.unflatten(d_pooled + back_contexts(d_contexts), ops.asarray1i(lengths)))
        return docs

    return logits, backprop


def _silence(ops: Ops, tokens: list[Array], back_tokens: Callable[[Any], Any]) -> Any:
    """Pass zeros back: a shared tok2vec waits for every listener, and would lose what the others told it."""
    return back_tokens([ops.alloc2f(*rows.shape) for rows in tokens])


def _dish() -> Model[Array, Array]:
    """Return a layer of Thinc's smooth and fast rectifier, with dropout behind."""
    return chain(Model("dish", _activate), Dropout())


def _activate(model: Model[Array, Array], values: Array, is_train: bool) -> tuple[Array, Callable[[Array], Array]]:
    def backprop(d_values: Array) -> Array:
        return model.ops.backprop_dish(d_values, values)

    return model.ops.dish(values), backprop
