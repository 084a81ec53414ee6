"""Which relation types may link which labels, as arrays that a whole batch of pairs is looked up in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from liwa.scheme import Scheme

Plain = Mapping[str, Mapping[str, Sequence[str]]]
"""Signatures as they stand in a config or in JSON: ``{type: {"head": [label, ...], "child": [label, ...]}}``."""


class Signatures:
    """Relation types by name, each with the labels that its head and its child may have."""

    def __init__(self, plain: Plain) -> None:
        self.plain: dict[str, dict[str, list[str]]] = {
            name: {side: list(ends[side]) for side in ("head", "child")} for name, ends in plain.items()
        }
        self.types = tuple(self.plain)
        self.labels = tuple(sorted({label for ends in self.plain.values() for side in ends.values() for label in side}))
        self._ids = {label: number for number, label in enumerate(self.labels)}

    @classmethod
    def of_scheme(cls, scheme: Scheme) -> Signatures:
        """Return the signatures of a scheme's relation types, in its order."""
        return cls({name: {"head": kind.head, "child": kind.child} for name, kind in scheme.relations.items()})

    @classmethod
    def of_relations(cls, relations: Iterable[tuple[str, str, str]]) -> Signatures:
        """Return the narrowest signatures that allow all of some (head label, child label, type)."""
        found: dict[str, dict[str, list[str]]] = {}
        for head, child, name in sorted(set(relations), key=lambda r: r[::-1]):
            ends = found.setdefault(name, {"head": [], "child": []})
            ends["head"] += [head] * (head not in ends["head"])
            ends["child"] += [child] * (child not in ends["child"])
        return cls(found)

    @cached_property
    def legal(self) -> NDArray[np.bool_]:
        """By label of head, label of child and type: whether that is allowed; the last label is any other one."""
        size = len(self.labels) + 1
        table = np.zeros((size, size, len(self.types)), dtype=bool)
        for number, ends in enumerate(self.plain.values()):
            heads, children = (self.label_ids(ends[side]) for side in ("head", "child"))
            table[np.ix_(heads, children, np.array([number]))] = True
        return table

    def label_id(self, label: str) -> int:
        """Return the number of a label; one that no signature names gets the number after the last."""
        return self._ids.get(label, len(self._ids))

    def label_ids(self, labels: Iterable[str]) -> NDArray[np.int64]:
        """Return the numbers of labels as an array."""
        return np.array([self.label_id(label) for label in labels], dtype=np.int64)

    def allows(self, head: str, child: str, label: str) -> bool:
        """Say whether a type may link spans with these labels, in this direction."""
        ends = self.plain.get(label)
        return ends is not None and head in ends["head"] and child in ends["child"]
