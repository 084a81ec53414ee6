"""What the model does with arrays: gather rows, average spans, take sums of stretches; each with its gradient.

Every function returns its result and a function from the result's gradient to that of the input.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from thinc.api import Model, Ops

from liwa.training.relations.layout import Layout

Array = Any
"""An array of NumPy or CuPy, of whichever the model's operations are: two axes, single precision."""

Backprop = Callable[[Array], Array]


def gather(ops: Ops, table: Array, places: Array) -> tuple[Array, Backprop]:
    """Take rows of a table side by side: (n, k) places make (n, k * width); the row after the last is zero."""
    width = table.shape[1]
    padded = ops.xp.vstack([table, ops.alloc2f(1, width)])
    indices = ops.asarray2i(places)

    def backprop(d_rows: Array) -> Array:
        d_table = ops.alloc2f(*padded.shape)
        scatter(ops, d_table, indices.reshape(-1), d_rows.reshape(-1, width))
        return d_table[:-1]

    return padded[indices].reshape(len(places), -1), backprop


def pool(ops: Ops, table: Array, layout: Layout) -> tuple[Array, Backprop]:
    """Average the tokens of each span."""
    tokens, back_tokens = gather(ops, table, layout.span_tokens[:, np.newaxis])
    lengths: Array = ops.asarray(layout.span_lengths)  # type: ignore[arg-type]

    def backprop(d_means: Array) -> Array:
        return back_tokens(ops.backprop_reduce_mean(d_means, lengths))

    return ops.reduce_mean(tokens, lengths), backprop


def combine(
    model: Model[Any, Any], spans: Array, words: Array, layout: Layout
) -> tuple[Array, Callable[[Array], tuple[Array, Array]]]:
    """Sum, for each pair, the rows of its spans, of its features, and of the stretches of words around it.

    spans: (spans, ROLES * hidden). words: (words, BAGS * hidden). Returns (pairs, hidden); the gradient goes to spans
    and to words, and to the model's table of features.
    """
    ops, hidden, table = model.ops, model.get_dim("hidden"), model.get_param("rows")
    features = ops.asarray2i((layout.features % np.uint64(len(table))).astype(np.int32))  # type: ignore[arg-type]
    roles, bags, scales = (ops.asarray(a) for a in (layout.roles, layout.bags, layout.scales))  # type: ignore[arg-type]
    by_role = spans.reshape(-1, hidden)
    running = _running_sums(ops, words).reshape(-1, hidden)
    sums: Array = ops.gather_add(by_role, roles) + ops.gather_add(table, features)
    for begin, end, scale in zip(*bags, scales, strict=True):
        sums += (running[end] - running[begin]).astype("float32") * scale

    def backprop(d_sums: Array) -> tuple[Array, Array]:
        d_by_role, d_table, d_running = (ops.alloc2f(*rows.shape) for rows in (by_role, table, running))
        for column in roles.T:
            scatter(ops, d_by_role, column, d_sums)
        for column in features.T:
            scatter(ops, d_table, column, d_sums)
        for begin, end, scale in zip(*bags, scales, strict=True):
            scatter(ops, d_running, end, d_sums * scale)
            scatter(ops, d_running, begin, d_sums * -scale)
        model.inc_grad("rows", d_table)
        return d_by_role.reshape(spans.shape), _back_running_sums(ops, d_running.reshape(-1, words.shape[1]))

    return sums, backprop


def scatter(ops: Ops, table: Array, places: Array, rows: Array) -> None:
    """Add each row to the table's row at its place; several rows for one place add up."""
    ops.scatter_add(table, ops.as_contig(places), ops.as_contig(rows))


def cut(ops: Ops, joined: Array, width: int) -> tuple[Array, Array]:
    """Divide columns that were put side by side."""
    return ops.as_contig(joined[:, :width]), ops.as_contig(joined[:, width:])


def _running_sums(ops: Ops, rows: Array) -> Array:
    """Return (n + 1) sums over the rows before each; double precision, so that no batch blurs a difference."""
    sums = ops.xp.zeros((rows.shape[0] + 1, rows.shape[1]), dtype="float64")
    sums[1:] = rows
    return ops.xp.cumsum(sums, axis=0, out=sums)


def _back_running_sums(ops: Ops, d_sums: Array) -> Array:
    later = d_sums[:0:-1].astype("float64")
    return ops.as_contig(ops.xp.cumsum(later, axis=0, out=later)[::-1].astype("float32"))
