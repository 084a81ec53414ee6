"""The simulation of active learning: paired ways, kept steps, and the command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from liwa.cli.simulate import simulate as command
from liwa.errors import LiwaError
from liwa.scoring.simulate import Plan, Step, simulate
from liwa.training.train import train
from liwa.training.ways import By
from tests.gold import gold, story, write
from tests.training.conftest import TINY

OPTIONS: dict[str, Any] = {
    "start": 4,
    "add": 3,
    "rounds": 2,
    "seeds": 1,
    "overrides": {**TINY, "training.max_steps": 10},
}


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("split")
    write(folder / "train.jsonl", [gold(story(n), article=f"s{n}") for n in range(12)])
    write(folder / "test.jsonl", [gold(story(n), article=f"s{n}") for n in range(40, 44)])
    return folder


@pytest.fixture(scope="module")
def done(split: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Step]]:
    folder = tmp_path_factory.mktemp("active")
    return folder, list(simulate(split, folder, Plan([By.cost], **OPTIONS)))


def test_ways_go_on_from_one_start_and_add_what_they_choose(done: tuple[Path, list[Step]]) -> None:
    folder, steps = done
    assert [(s.way, s.round) for s in steps] == [("", 0), ("random", 1), ("random", 2), ("cost", 1), ("cost", 2)]
    start, *others = steps
    assert [len(s.articles) for s in steps] == [4, 7, 10, 7, 10]
    assert all(s.articles[:4] == start.articles for s in others)
    assert others[0].articles[4:] == start.following["random"]
    assert others[2].articles[4:] == start.following["cost"]
    assert others[3].articles[7:] == others[2].following["cost"]
    assert not others[3].following
    assert all(len(set(s.articles)) == len(s.articles) for s in steps)
    assert set(start.counts) == {"s40", "s41", "s42", "s43"}
    assert start.words == sum(len((gold(story(int(a[1:]))).text or "").split()) for a in start.articles)
    assert [f.name for f in folder.iterdir()] == ["steps.jsonl"]


def test_a_simulation_goes_on_where_it_was_stopped(
    done: tuple[Path, list[Step]], split: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, steps = done
    kept = (folder / "steps.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "steps.jsonl").write_text("".join(kept[:5]) + kept[5][:30], encoding="utf-8")
    trained = []

    def counted(*files: Path, **options: Any) -> Path:
        trained.append(files)
        return train(*files, **options)

    monkeypatch.setattr("liwa.scoring.simulate.train", counted)
    assert [vars(s) for s in simulate(split, tmp_path, Plan([By.cost], **OPTIONS))] == [vars(s) for s in steps]
    assert len(trained) == 1
    assert len(list(simulate(split, tmp_path, Plan([By.cost], **OPTIONS)))) == 5
    assert len(trained) == 1


def test_steps_of_another_plan_are_refused(done: tuple[Path, list[Step]], split: Path) -> None:
    folder, _ = done
    with pytest.raises(LiwaError, match="steps of other options or other gold"):
        next(simulate(split, folder, Plan([By.cost], **{**OPTIONS, "add": 2})))
    with pytest.raises(LiwaError, match="expected at least 19 articles to choose from, found 12"):
        next(simulate(split, folder, Plan([By.cost], **{**OPTIONS, "rounds": 5})))


def test_the_command_writes_data_and_a_picture(done: tuple[Path, list[Step]], split: Path) -> None:
    pytest.importorskip("matplotlib")
    folder, _ = done
    found = command(split, output=folder, ways=["cost"], **OPTIONS)
    assert (found.seeds, found.tested, list(found.curves)) == (1, 4, ["random", "cost"])
    assert json.loads((folder / "active.json").read_text(encoding="utf-8")) == json.loads(json.dumps(found.to_dict()))
    assert (folder / "active.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(LiwaError, match="expected ways of random, total, cost, diverse, found best"):
        command(split, output=folder, ways=["best"], **OPTIONS)
    for name in ("active.json", "active.png"):
        (folder / name).unlink()
