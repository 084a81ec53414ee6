"""The thin recipes, as a host loads them through the entry points, and what they say where Prodigy is missing."""

from __future__ import annotations

import importlib.util
import inspect
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from liwa import jsonl
from liwa.annotations.rows import to_row
from liwa.errors import LiwaError
from liwa.prodigy import registered
from liwa.resources import resource
from tests.gold import gold, story
from tests.prodigy.conftest import Host

PARTS = {"dataset", "view_id", "stream", "update", "progress", "before_db", "validate_answer", "on_exit", "config"}


@pytest.fixture
def source(tmp_path: Path) -> str:
    """A file of two tasks."""
    path = tmp_path / "tasks.jsonl"
    jsonl.write(path, [to_row(gold(story(n), f"s{n}"), answer=None) for n in range(2)])
    return str(path)


def test_there_is_an_entry_point_for_each_file_and_no_other() -> None:
    found = {e.name: e.value for e in entry_points(group="prodigy_recipes") if e.value.startswith("liwa.")}
    assert found == {f"liwa.{name}": f"{registered.__name__}:{name}" for name in registered.NAMES}
    assert {file.stem for file in resource("recipes").glob("*.py")} == set(registered.NAMES)


@pytest.mark.skipif(importlib.util.find_spec("prodigy") is not None, reason="Prodigy is installed")
@pytest.mark.parametrize("name", registered.NAMES)
def test_without_prodigy_a_recipe_says_what_it_needs(name: str) -> None:
    (entry,) = entry_points(group="prodigy_recipes", name=f"liwa.{name}")
    with pytest.raises(LiwaError, match=rf"liwa\.{name} needs Prodigy, which is not installed\. Install it"):
        entry.load()


def test_what_is_no_recipe_is_no_attribute(host: Host) -> None:
    assert not hasattr(registered, "other")


def test_another_missing_module_is_not_taken_for_prodigy(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "spans.py").write_text("import prodigy, nowhere_to_be_found\n", encoding="utf-8")
    monkeypatch.setattr(registered, "resource", lambda name: tmp_path / Path(name).name)
    with pytest.raises(ModuleNotFoundError, match="nowhere_to_be_found"):
        _ = registered.spans


@pytest.mark.parametrize("name", registered.NAMES)
def test_a_recipe_describes_every_argument_as_the_decorator_wants_it(host: Host, name: str) -> None:
    function = getattr(registered, name)
    assert host.recipes == {f"liwa.{name}": function}
    assert function.__doc__
    arguments, parameters = host.arguments[f"liwa.{name}"], inspect.signature(function).parameters
    assert list(arguments) == list(parameters)
    short = [abbreviation for _, _, abbreviation, _ in arguments.values() if abbreviation]
    assert len(short) == len(set(short))
    for argument, (help_text, kind, abbreviation, type_) in arguments.items():
        default = parameters[argument].default
        assert help_text and kind in ("positional", "option", "flag")
        assert (default is inspect.Parameter.empty) == (kind == "positional") == (abbreviation is None)
        assert type_ is (bool if kind == "flag" else str) is parameters[argument].annotation


@pytest.mark.parametrize(("name", "view"), [("spans", "ner_manual"), ("relations", "relations")])
def test_a_recipe_by_hand_returns_its_components(host: Host, source: str, name: str, view: str) -> None:
    parts = getattr(registered, name)("answers", source)
    assert set(parts) == PARTS
    assert (parts["dataset"], parts["view_id"]) == ("answers", view)
    assert len(list(parts["stream"])) == 2


def test_the_review_reads_the_hosts_datasets(host: Host) -> None:
    row = to_row(gold(story(0)))
    host.datasets |= {"first": [row], "second": [row]}
    parts = registered.review("reviewed", "first, second")
    assert set(parts) == PARTS
    (task,) = parts["stream"]
    assert task["sessions"] == ["first", "second"]


def test_loading_leaves_nothing_in_the_folder_of_the_recipes(host: Host) -> None:
    before = sorted(resource("recipes").rglob("*"))
    for name in registered.NAMES:
        getattr(registered, name)
    assert sorted(resource("recipes").rglob("*")) == before
