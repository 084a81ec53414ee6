"""The model of pairs (Thinc): spans are pooled and projected once, and a pair is a sum of few rows.

For each pair the hidden vector is the sum of

- the projection of its head and of its child, each by the order in which the two stand,
- the words between, before and behind them, as differences of running sums over projected words,
- a row of a hashed table for each feature of `liwa.training.relations.features`.

So the work a pair costs does not grow with the length of spans or with distance, and memory is linear in the number
of pairs. A row's gradient is the sum over all pairs that used it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from spacy.tokens import Doc
from thinc.api import Dropout, HashEmbed, Linear, Model, Ops, chain, zero_init
from thinc.types import Floats2d, Ints1d

from liwa.training.relations.features import Pairs
from liwa.training.relations.layout import BAGS, NEIGHBOURS, ROLES, Layout, lay_out

Batch = tuple[list[Doc], list[Pairs]]
Tok2Vec = Model[list[Doc], list[Floats2d]]

_SEED = 7  # of the hashed word table; Thinc's default would differ between two models of one process


def create_relation_model(
    tok2vec: Tok2Vec, hidden_size: int = 64, word_width: int = 32, word_rows: int = 5000, feature_rows: int = 10000
) -> Model[Batch, Floats2d]:
    """Return the architecture ``liwa.RelationModel.v1``: documents and pairs in, (pairs, types) logits out.

    tok2vec: the component's own, or a listener. hidden_size: width of the sum that a pair is. word_width, word_rows:
    of the hashed embedding of the words around. feature_rows: of the hashed features; more rows, fewer collisions.
    """
    layers: list[Model[Any, Any]] = [
        tok2vec,
        HashEmbed(word_width, word_rows, seed=_SEED),
        chain(Linear(hidden_size), _dish(), Linear(BAGS * hidden_size, hidden_size)),
        chain(Dropout(), Linear(ROLES * hidden_size)),
        chain(_dish(), Linear(hidden_size, hidden_size), _dish(), Linear(None, hidden_size)),
    ]
    return Model(
        "liwa_relations",
        _forward,
        init=_initialize,
        layers=layers,
        params={"rows": None},
        dims={"nO": None, "hidden": hidden_size, "rows": feature_rows},
    )


def _initialize(model: Model[Batch, Floats2d], X: Batch | None = None, Y: Floats2d | None = None) -> None:
    """Set all sizes: the number of types is set as ``nO`` or is the width of Y, the width of tokens is tok2vec's."""
    tok2vec, embed, words, spans, output = model.layers
    if Y is not None and model.has_dim("nO") is None:
        model.set_dim("nO", Y.shape[1])
    tok2vec.initialize(X=X[0] if X else None)
    width, word, hidden = tok2vec.get_dim("nO"), embed.get_dim("nO"), model.get_dim("hidden")
    words.layers[0].set_dim("nI", width + word)
    spans.layers[1].set_dim("nI", width + 2 * NEIGHBOURS * word)
    output.layers[-1].set_dim("nO", model.get_dim("nO"))
    for part in (embed, words, spans, output):
        for layer in part.layers or [part]:
            layer.initialize()
    model.set_param("rows", zero_init(model.ops, (model.get_dim("rows"), hidden)))


def _forward(
    model: Model[Batch, Floats2d], batch: Batch, is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], list[Doc]]]:
    docs, pairs = batch
    tok2vec, embed, project_words, project_spans, output = model.layers
    ops, lengths = model.ops, [len(doc) for doc in docs]
    if not sum(lengths):  # which tok2vec cannot bear
        return ops.alloc2f(0, model.get_dim("nO")), lambda _: docs
    tokens, back_tokens = tok2vec(docs, is_train)
    if not sum(len(p.pairs) for p in pairs):
        return ops.alloc2f(0, model.get_dim("nO")), lambda _: _silence(ops, tokens, back_tokens)
    layout = lay_out(lengths, pairs)
    table = ops.flatten(tokens)
    vectors, back_vectors = embed(ops.asarray(layout.word_keys), is_train)
    contexts, back_contexts = _gather(ops, table, layout.word_tokens[:, np.newaxis])
    around, back_around = _gather(ops, vectors, layout.neighbours)
    pooled, back_pooled = _pool(ops, table, layout)
    words, back_words = project_words(ops.xp.hstack([contexts, vectors]), is_train)
    spans, back_spans = project_spans(ops.xp.hstack([pooled, around]), is_train)
    sums, back_sums = _combine(model, spans, words, layout)
    logits, back_logits = output(sums, is_train)

    def backprop(d_logits: Floats2d) -> list[Doc]:
        d_spans, d_words = back_sums(back_logits(d_logits))
        d_pooled, d_around = _cut(ops, back_spans(d_spans), table.shape[1])
        d_contexts, d_vectors = _cut(ops, back_words(d_words), table.shape[1])
        back_vectors(d_vectors + back_around(d_around))
        d_table = back_pooled(d_pooled) + back_contexts(d_contexts)
        return cast(list[Doc], back_tokens(ops.unflatten(d_table, ops.asarray1i(lengths))))

    return logits, backprop


def _silence(ops: Ops, tokens: list[Floats2d], back_tokens: Callable[[list[Floats2d]], Any]) -> list[Doc]:
    """Pass zeros back: a shared tok2vec waits for every listener, and would lose what the others told it."""
    return cast(list[Doc], back_tokens([ops.alloc2f(*t.shape) for t in tokens]))


def _gather(ops: Ops, table: Floats2d, places: np.ndarray[Any, Any]) -> tuple[Floats2d, Callable[[Floats2d], Floats2d]]:
    """Take rows of a table side by side: (n, k) places make (n, k * width); the row after the last is zero."""
    padded = ops.xp.vstack([table, ops.alloc2f(1, table.shape[1])])
    indices = ops.asarray2i(places)

    def backprop(d_rows: Floats2d) -> Floats2d:
        d_table = ops.alloc2f(*padded.shape)
        ops.scatter_add(d_table, indices.reshape(-1), ops.as_contig(d_rows.reshape(-1, table.shape[1])))
        return cast(Floats2d, d_table[:-1])

    return padded[indices].reshape(len(places), -1), backprop


def _pool(ops: Ops, table: Floats2d, layout: Layout) -> tuple[Floats2d, Callable[[Floats2d], Floats2d]]:
    """Average the tokens of each span."""
    tokens, back_tokens = _gather(ops, table, layout.span_tokens[:, np.newaxis])
    lengths = cast(Ints1d, ops.asarray1i(layout.span_lengths))

    def backprop(d_means: Floats2d) -> Floats2d:
        return back_tokens(ops.backprop_reduce_mean(d_means, lengths))

    return ops.reduce_mean(tokens, lengths), backprop


def _combine(
    model: Model[Batch, Floats2d], spans: Floats2d, words: Floats2d, layout: Layout
) -> tuple[Floats2d, Callable[[Floats2d], tuple[Floats2d, Floats2d]]]:
    """Sum, for each pair, the rows of its spans, of its features and of the words around."""
    ops, hidden = model.ops, model.get_dim("hidden")
    roles, bags = ops.asarray2i(layout.roles), ops.asarray(layout.bags)
    features = ops.asarray2i((layout.features % np.uint64(model.get_dim("rows"))).astype(np.int32))
    scales = ops.asarray(layout.scales)
    by_role = spans.reshape(-1, hidden)
    running = _running_sums(ops, words).reshape(-1, hidden)
    sums = ops.gather_add(by_role, roles) + ops.gather_add(cast(Floats2d, model.get_param("rows")), features)
    for (begin, end), scale in zip(bags.transpose(1, 0, 2), scales, strict=True):
        sums += (running[end] - running[begin]).astype("float32") * scale

    def backprop(d_sums: Floats2d) -> tuple[Floats2d, Floats2d]:
        d_by_role, d_rows, d_running = (ops.alloc2f(*t.shape) for t in (by_role, model.get_param("rows"), running))
        for column in roles.T:
            ops.scatter_add(d_by_role, ops.as_contig(column), d_sums)
        for column in features.T:
            ops.scatter_add(d_rows, ops.as_contig(column), d_sums)
        for (begin, end), scale in zip(bags.transpose(1, 0, 2), scales, strict=True):
            ops.scatter_add(d_running, ops.as_contig(end), d_sums * scale)
            ops.scatter_add(d_running, ops.as_contig(begin), d_sums * -scale)
        model.inc_grad("rows", d_rows)
        return d_by_role.reshape(spans.shape), _back_running_sums(ops, d_running.reshape(-1, words.shape[1]))

    return sums, backprop


def _running_sums(ops: Ops, rows: Floats2d) -> Floats2d:
    """Return (n + 1) sums over the rows before each; double precision, so that no batch blurs a difference."""
    sums = ops.xp.zeros((rows.shape[0] + 1, rows.shape[1]), dtype="float64")
    ops.xp.cumsum(rows, axis=0, dtype="float64", out=sums[1:])
    return cast(Floats2d, sums)


def _back_running_sums(ops: Ops, d_sums: Floats2d) -> Floats2d:
    later = ops.xp.cumsum(d_sums[:0:-1], axis=0, dtype="float64")[::-1]
    return cast(Floats2d, ops.as_contig(later.astype("float32")))


def _cut(ops: Ops, joined: Floats2d, width: int) -> tuple[Floats2d, Floats2d]:
    return ops.as_contig(joined[:, :width]), ops.as_contig(joined[:, width:])


def _dish() -> Model[Floats2d, Floats2d]:
    """Return a layer of Thinc's smooth and fast rectifier, behind dropout."""
    return chain(Model("dish", _activate), Dropout())


def _activate(
    model: Model[Floats2d, Floats2d], X: Floats2d, is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], Floats2d]]:
    def backprop(dY: Floats2d) -> Floats2d:
        return model.ops.backprop_dish(dY, X)

    return model.ops.dish(X), backprop
