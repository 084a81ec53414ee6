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
    indices: Array = ops.asarray2i(places)

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


def running_sums(ops: Ops, rows: Array) -> tuple[Array, Backprop]:
    """Return (n + 1) sums over the rows before each; in double precision, so that no batch blurs a difference."""
    sums = ops.xp.zeros((rows.shape[0] + 1, rows.shape[1]), dtype="float64")
    sums[1:] = rows

    def backprop(d_sums: Array) -> Array:
        later = d_sums[:0:-1].astype("float64")
        return ops.as_contig(ops.xp.cumsum(later, axis=0, out=later)[::-1].astype("float32"))

    return ops.xp.cumsum(sums, axis=0, out=sums), backprop


def bags(ops: Ops, sums: Array, bounds: Array) -> tuple[Array, Backprop]:
    """Sum the rows between bounds over the root of their number: (2, n, k) bounds make (n, k * width).

    sums: the running sums of the rows. So a bag costs the same however many rows it has.
    """
    begin, end = bounds
    width = sums.shape[1]
    scales = (1 / ops.xp.sqrt(ops.xp.maximum(end - begin, 1)))[:, :, np.newaxis].astype("float32")
    rows = (sums[end] - sums[begin]).astype("float32")
    rows *= scales

    def backprop(d_rows: Array) -> Array:
        d_sums = ops.alloc2f(*sums.shape)
        scaled = (d_rows.reshape(rows.shape) * scales).reshape(-1, width)
        scatter(ops, d_sums, end.reshape(-1), scaled)
        scatter(ops, d_sums, begin.reshape(-1), -scaled)
        return d_sums

    return rows.reshape(len(rows), -1), backprop


def combine(model: Model[Any, Any], spans: Array, between: Array, layout: Layout) -> tuple[Array, Backprop]:
    """Sum, for each pair, the rows of its two spans and of its features, and what stands between.

    spans: (spans, ROLES * hidden). between: (pairs, hidden), whose gradient is that of the result. The gradient that
    is returned is that of the spans; the model's table of features gets its own.
    """
    ops, hidden = model.ops, model.get_dim("hidden")
    table: Array = model.get_param("rows")
    features: Array = ops.asarray((layout.features % np.uint64(len(table))).astype(np.int32))
    roles: Array = ops.asarray(layout.roles)  # type: ignore[arg-type]
    by_role = spans.reshape(-1, hidden)

    def backprop(d_sums: Array) -> Array:
        d_by_role: Array = ops.alloc2f(*by_role.shape)
        d_table: Array = ops.alloc2f(*table.shape)
        for columns, d_rows in ((roles, d_by_role), (features, d_table)):
            for column in columns.T:
                scatter(ops, d_rows, column, d_sums)
        model.inc_grad("rows", d_table)
        return d_by_role.reshape(spans.shape)

    return ops.gather_add(by_role, roles) + ops.gather_add(table, features) + between, backprop


def scatter(ops: Ops, table: Array, places: Array, rows: Array) -> None:
    """Add each row to the table's row at its place; several rows for one place add up."""
    ops.scatter_add(table, ops.as_contig(places), ops.as_contig(rows))


def cut(ops: Ops, joined: Array, *widths: int) -> list[Array]:
    """Divide columns that were put side by side."""
    return [ops.as_contig(part) for part in ops.xp.split(joined, np.cumsum(widths)[:-1], axis=1)]
