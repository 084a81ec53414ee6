"""The model of pairs (Thinc): spans are pooled and projected once, and a pair is a sum of few rows.

For each pair, the hidden vector is the sum of

- the projection of its head and of its child, each by the order in which the two stand,
- the words between, before and behind them, out of running sums over the projected words, whatever the distance,
- a row of a hashed table for each feature of `liwa.training.relations.features`.

So the work a pair costs does not depend on the length of spans or distances. Gradients are sums over all pairs that
used a row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, cast

import numpy as np
from spacy.tokens import Doc
from thinc.api import (
    Dropout,
    HashEmbed,
    Linear,
    Maxout,
    Mish,
    Model,
    Ops,
    chain,
    glorot_uniform_init,
    zero_init,
)
from thinc.types import Floats2d, Ints1d, Ints2d

from liwa.training.relations.features import COLUMNS, Pairs

Batch = tuple[list[Doc], list[Pairs]]
Tok2Vec = Model[list[Doc], list[Floats2d]]

NEIGHBOURS = 3
"""Words on each side of a mention that are read at their place."""

AROUND = 8
"""Words before and behind a pair that are read as a bag."""

_ROLES = 4  # head or child, standing first or second
_BAGS = 6  # between, before, behind; head first or child first


def create_relation_model(
    tok2vec: Tok2Vec,
    hidden_size: int = 64,
    word_width: int = 32,
    word_rows: int = 5000,
    feature_rows: int = 10000,
    dropout: float = 0.2,
) -> Model[Batch, Floats2d]:
    """Return the architecture ``liwa.RelationModel.v1``: documents and pairs in, (pairs, types) logits out.

    tok2vec: of the component's own, or a listener. hidden_size: of the sum that a pair is. word_width, word_rows: of
    the hashed words around. feature_rows: of the hashed features; more rows, fewer collisions.
    """
    hidden = hidden_size
    return Model(
        "liwa_relations",
        _forward,
        init=_initialize,
        layers=[
            tok2vec,
            HashEmbed(word_width, word_rows),
            chain(Linear(_BAGS * hidden), _Smooth()),
            Linear(_ROLES * hidden),
            chain(Mish(hidden, hidden), Dropout(dropout), Linear(None, hidden, init_W=zero_init)),
        ],
        params={"rows": None},
        dims={"nO": None, "hidden": hidden, "word": word_width, "rows": feature_rows},
    )
