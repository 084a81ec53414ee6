"""Imports go one way, as CONTRIBUTING.md draws the house; nothing in the code names a label."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from liwa.scheme import load_scheme

SOURCE = Path(__file__).parents[1] / "src" / "liwa"
HOUSE = SOURCE.parents[1] / "CONTRIBUTING.md"
ROOMS = re.findall(r"^\| `(\w+)/`", HOUSE.read_text(encoding="utf-8"), re.MULTILINE)
"""The folders, as CONTRIBUTING.md lists them: each may import those before it, and single modules, the base."""

DOORS = ("__init__", "__main__", "dataset")
"""Modules through which users come in: they may import everything."""

FILES = sorted(SOURCE.rglob("*.py"))
MODULES = {".".join(f.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__"): f for f in FILES}


def level(module: str) -> int:
    """Return how high a module stands: 0 is the base."""
    _, _, inner = module.partition(".")
    top = inner.partition(".")[0] or "__init__"
    return len(ROOMS) + 1 if top in DOORS else ROOMS.index(top) + 1 if top in ROOMS else 0


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Yield line and name of every module of liwa that a file imports anywhere, within functions too."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, a.name) for a in node.names if a.name.split(".")[0] == "liwa")
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: import by the full name"
            if (node.module or "").split(".")[0] == "liwa":
                for alias in node.names:
                    full = f"{node.module}.{alias.name}"
                    yield node.lineno, full if full in MODULES else str(node.module)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_stands_below_it(module: str) -> None:
    wrong = [
        f"{MODULES[module]}:{line} imports {name}"
        for line, name in imports(MODULES[module])
        if level(name) > level(module) or (level(module) and name == "liwa")
    ]
    assert not wrong


def test_there_is_no_circle() -> None:
    graph = {module: {name for _, name in imports(file)} - {module, "liwa"} for module, file in MODULES.items()}
    while free := [module for module, needs in graph.items() if not needs & set(graph)]:
        for module in free:
            del graph[module]
    assert not graph, f"these modules import each other: {sorted(graph)}"


def test_the_rooms_are_those_of_the_house() -> None:
    folders = {f.name for f in SOURCE.iterdir() if f.is_dir() and not f.name.startswith("__") and f.name != "data"}
    assert folders == set(ROOMS), f"{HOUSE} must list every folder, from the base up"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_nothing_in_the_code_names_a_label(file: Path) -> None:
    scheme = load_scheme()
    names = {*scheme.labels, *scheme.relations}
    tree = ast.parse(file.read_text(encoding="utf-8"))
    documented = [n for n in ast.walk(tree) if isinstance(n, ast.Module | ast.ClassDef | ast.FunctionDef)]
    docs = {ast.get_docstring(node, clean=False) for node in documented}
    strings = {(n.lineno, n.value) for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    found = [
        line for line, value in strings if isinstance(value, str) and value not in docs and names & {*value.split()}
    ]
    assert not found, f"{file} names a label in lines {sorted(found)}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_files_and_functions_are_short(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 400
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 80, f"{file}:{node.lineno}: {node.name}"
