"""Trained finders of relations as one: the architecture ``liwa.RelationMixture.v1``."""

from __future__ import annotations

from typing import Any

from thinc.api import Model

from liwa.errors import LiwaError
from liwa.training.relations.kernels import Array
from liwa.training.relations.model import Batch, RelationModel

_TINY = 1e-7


def create_relation_mixture(members: dict[str, Any]) -> RelationModel:
    """Return a model for ``relations`` from some of ``liwa.RelationModel.v1`` that have learnt the same types.

    members: models under any names; ``Any`` because spaCy holds the types of such values against their settings.
    Its logits are those of the mean of how likely the members find each type of each pair. It does not learn: its
    members do, each in a pipeline of its own.
    """
    return Model("relation_mixture", _forward, layers=[*members.values()], dims={"nO": None})


def _forward(model: RelationModel, batch: Batch, is_train: bool) -> tuple[Array, Any]:
    if is_train:
        raise LiwaError("a mixture does not learn", hint="Train its members, then mix them anew with liwa mix")
    ops = model.ops
    likely = ops.xp.mean(ops.xp.stack([ops.sigmoid(member.predict(batch)) for member in model.layers]), axis=0)
    likely = ops.xp.clip(likely, _TINY, 1 - _TINY)
    return ops.xp.log(likely / (1 - likely)), None
