"""The built wheel, installed by itself in an empty directory, has all it needs: scheme, configs, recipes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from liwa import jsonl
from liwa.annotations.rows import to_row
from tests.gold import gold, story

ROOT = Path(__file__).parents[1]

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder into which the wheel was installed, without the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, ROOT], check=True)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--target", folder / "site", wheel], check=True)
    return folder / "site"


def test_every_command_works_from_the_wheel_in_an_empty_directory(installed: Path, tmp_path: Path, liwa: Run) -> None:
    def run(*args: str) -> str:
        done = liwa(*args, cwd=tmp_path, env={"PYTHONPATH": str(installed)}, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = [sys.executable, "-c", "import liwa; print(liwa.__file__)"]
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    found = subprocess.run(where, check=True, capture_output=True, text=True, cwd=tmp_path, env=environment).stdout
    assert Path(found.strip()).is_relative_to(installed)

    golds = [gold(story(n), f"s{n:02}") for n in range(24)]
    jsonl.write(tmp_path / "articles.jsonl", [{"id": g.article, "text": g.text} for g in golds])
    jsonl.write(tmp_path / "gold.jsonl", map(to_row, golds))
    run("tasks", "articles.jsonl", "-o", "tasks.jsonl")
    assert "no findings" in run("gold", "check", "gold.jsonl")
    run("split", "gold.jsonl", "-o", "split", "--shares", "0.6,0.2,0.2")
    run("train", "split", "-o", "model", "--training.max_steps", "20", "--training.eval_frequency", "10")
    assert "RANK" in run("evaluate", "model/model-best", "split/test.jsonl")
    run("predict", "model/model-best", "articles.jsonl", "-o", "predictions.jsonl")
    assert "s00" in run("show", "gold.jsonl")


@pytest.mark.slow
def test_plain_spacy_train_learns_relations_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    jsonl.write(tmp_path / "gold.jsonl", [to_row(gold(story(n), f"s{n:02}")) for n in range(8)])
    config = installed / "liwa" / "data" / "configs" / "relations.cfg"
    paths = ["--paths.train", "gold.jsonl", "--paths.dev", "gold.jsonl"]
    steps = ["--training.max_steps", "10", "--training.eval_frequency", "5"]
    command = [sys.executable, "-W", "ignore", "-m", "spacy", "train", str(config), "-o", "model", *paths, *steps]
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "model" / "model-best" / "relations" / "cfg").is_file()


def test_a_host_finds_the_recipes_in_the_wheel_and_is_told_to_be_missing_where_it_is(
    installed: Path, tmp_path: Path
) -> None:
    (tmp_path / "host" / "prodigy" / "components").mkdir(parents=True)
    for name, code in {
        "__init__": "def recipe(name, **arguments): return lambda function: function",
        "components/__init__": "",
        "components/db": "connect = None",
    }.items():
        (tmp_path / "host" / "prodigy" / f"{name}.py").write_text(code, encoding="utf-8")
    load = "[e.load() for e in entry_points(group='prodigy_recipes') if e.value.startswith('liwa.')]"
    code = f"from importlib.metadata import entry_points; print(*[f.__code__.co_filename for f in {load}], sep='\\n')"

    def run(*folders: Path) -> CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))}
        command = [sys.executable, "-c", code]
        return subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path, env=environment)

    done = run(installed, tmp_path / "host")
    files = done.stdout.split()
    assert len(files) == 4, done.stderr
    assert {Path(file).parent for file in files} == {installed / "liwa" / "data" / "recipes"}
    assert "needs Prodigy, which is not installed" in run(installed).stderr


def test_what_people_edit_is_in_the_wheel_once(installed: Path) -> None:
    packed = installed / "liwa" / "data"
    for source, target in (
        ("annotations/scheme.toml", "scheme.toml"),
        ("training/configs", "configs"),
        ("recipes", "recipes"),
    ):
        files = [ROOT / source] if source.endswith(".toml") else [f for f in (ROOT / source).rglob("*") if f.is_file()]
        for file in files:
            name = target if source.endswith(".toml") else f"{target}/{file.relative_to(ROOT / source)}"
            assert (packed / name).read_bytes() == file.read_bytes()
