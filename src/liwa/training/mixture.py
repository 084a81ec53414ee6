"""Trained taggers as one: the architecture ``liwa.CrfMixture.v1``.

What is mixed is how likely each member finds each tag of each token. It helps where members err apart: a pretrained
encoder, which knows words in their context, and features with vectors of the user's own news, which know names; or
one profile trained from several seeds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, Optional

import numpy as np
from thinc.api import Model

from liwa.errors import LiwaError
from liwa.training.lattice import Array, Chain, legal, padded, tags_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

Scores = list[Array]
Tagger = Model[list["Doc"], Scores]

SHARE: Final = 0.65
"""The share of the first of unlike members, chosen for an encoder beside vectors on the dev part of ANERcorp."""

_MIXTURE: Final = "crf_mixture"
_TINY: Final = 1e-7


def create_crf_mixture(
    first: Tagger,
    second: Tagger,
    share: float = SHARE,
    more: Optional[dict[str, Tagger]] = None,  # noqa: UP045
) -> Tagger:
    """Return a model for ``crf_ner`` from two or more of ``liwa.CrfModel.v1`` that have learnt the same labels.

    share: how much the first counts; all others divide the rest alike. Its scores are the logs of the mean of the
    members' marginals; its transitions add nothing. It does not learn: its members do, each in a pipeline of its own.
    """
    return Model(
        _MIXTURE,
        _forward,
        layers=[first, second, *(more or {}).values()],
        attrs={"share": share},
        dims={"nO": None},
        params={"transitions": None},
    )


def _forward(model: Tagger, docs: list[Doc], is_train: bool) -> tuple[Scores, Any]:
    if is_train:
        raise LiwaError("a mixture does not learn", hint="Train its members, then mix them anew with liwa mix")
    share, (first, *others) = model.attrs["share"], (marginals(member, docs) for member in model.layers)
    mixed = (share * one + (1 - share) * np.mean(rest, axis=0) for one, *rest in zip(first, *others, strict=True))
    return [np.log(tags + _TINY).astype("float32") for tags in mixed], None


def marginals(model: Tagger, docs: Sequence[Doc]) -> Scores:
    """Return how likely a CRF or a mixture finds each tag of each token: an array a document, tokens x tags."""
    if model.name == _MIXTURE:
        return [np.exp(rows) for rows in model.predict(list(docs))]
    scores, lengths, order = padded(model.predict(list(docs)))
    tags = tags_of([str(label) for label in range((scores.shape[2] - 1) // 4)])
    _, likely, _ = Chain(np.asarray(model.get_param("transitions")), legal(tags)).expectations(scores, lengths)
    found = dict(
        zip(order.tolist(), (rows[:length] for rows, length in zip(likely, lengths, strict=True)), strict=True)
    )
    return [found[number] for number in range(len(docs))]
