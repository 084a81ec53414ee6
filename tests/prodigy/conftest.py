"""A host for the recipes: it takes them as Prodigy's decorator does, and its database has what a test puts in."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, TypeVar

import pytest

Function = TypeVar("Function", bound=Callable[..., Any])


class Datasets(dict[str, list[dict[str, Any]]]):
    """Rows by the name of their dataset."""

    def get_dataset_examples(self, name: str) -> list[dict[str, Any]]:
        return self[name]


@dataclass
class Host:
    """What was registered: functions, and what is said of their arguments, by the recipe's name."""

    recipes: dict[str, Callable[..., dict[str, Any]]] = field(default_factory=dict)
    arguments: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    datasets: Datasets = field(default_factory=Datasets)

    def recipe(self, name: str, **arguments: Any) -> Callable[[Function], Function]:
        def register(function: Function) -> Function:
            self.recipes[name], self.arguments[name] = function, arguments
            return function

        return register


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Host:
    """A host that recipes find where they look for Prodigy."""
    made = Host()
    modules = {name: ModuleType(name) for name in ("prodigy", "prodigy.components", "prodigy.components.db")}
    modules["prodigy"].recipe = made.recipe  # type: ignore[attr-defined]
    modules["prodigy.components.db"].connect = lambda: made.datasets  # type: ignore[attr-defined]
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    return made
