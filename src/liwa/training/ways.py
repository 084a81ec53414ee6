"""The ways of choosing which article is annotated next."""

from __future__ import annotations

from enum import Enum


class By(str, Enum):
    """What makes an article come early.

    random: nothing; total: the model's doubt of it; cost: that doubt a word; diverse: doubt a word, times its distance
    to what is annotated and to the articles before it.
    """

    random = "random"
    total = "total"
    cost = "cost"
    diverse = "diverse"
