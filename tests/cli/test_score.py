from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from liwa import jsonl
from liwa.annotations.rows import to_row
from liwa.cli.score import evaluate
from liwa.errors import LiwaError
from liwa.records import Gold
from liwa.scoring.partial import available
from tests.conftest import Run
from tests.gold import gold, story

GOLDS = [gold(story(n), f"s{n}", outlet=f"o{n % 2}") for n in range(6)]
WORSE = [
    gold(story(n).replace("](UNIT 2 BASED_AT:3)", "](BASE)").replace("(BASE 3)", "(BASE)"), f"s{n}") for n in range(6)
]


def write(path: Path, golds: list[Gold]) -> str:
    jsonl.write(path, map(to_row, golds))
    return str(path)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    names = {"gold": GOLDS, "good": GOLDS, "worse": WORSE, "train": GOLDS[:2]}
    return {name: write(tmp_path / f"{name}.jsonl", golds) for name, golds in names.items()}


def test_the_command_prints_every_section(liwa: Run, files: dict[str, str], tmp_path: Path) -> None:
    options = ["--train", files["train"], "--slice", "outlet", "--errors", tmp_path / "errors.jsonl"]
    done = liwa("evaluate", "--predictions", files["worse"], files["gold"], *options)
    assert done.returncode == 0, done.stderr
    for said in (
        "micro",
        "macro",
        "boundary+label",
        "gold \\ found",
        *(["ent_type"] if available() else []),  # nervaluate needs Python 3.11
        "outlet: o1",
        "small",
        "seen: unseen",
    ):
        assert said in done.stdout
    assert "leakage: 4 of 12 paragraphs are in the training part" in done.stdout
    assert "end to end: micro F1" in done.stdout
    assert done.stderr == f"errors: 6 paragraphs in {tmp_path / 'errors.jsonl'}\n"
    assert liwa("gold", "check", tmp_path / "errors.jsonl").returncode == 0
    assert "اللواء" in liwa("show", tmp_path / "errors.jsonl").stdout


def test_the_score_file_says_how_to_measure_again(files: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "split.jsonl").write_text("{}\n", encoding="utf-8")
    scores = evaluate(files["gold"], predictions=files["worse"], train=files["train"], samples=50, seed=7)
    data: dict[str, Any] = json.loads(jsonl.dumps(scores.to_dict()))
    settings = data["settings"]
    assert (settings["samples"], settings["seed"], settings["predictions"]) == (50, 7, files["worse"])
    assert settings["data"]["test"] == data["test"]
    assert settings["data"]["train"] == data["leakage"]["train"]
    assert len(settings["data"]["split"]) == 64
    assert settings["versions"]["spacy"]
    assert data["leakage"]["exact"] == 4
    assert data["relations_by_article"]["s0"]["HOLDS_RANK"] == [1, 0, 0]
    assert data["relations"]["end_to_end"]["micro"]["f1_interval"] != [None, None]
    assert evaluate(files["gold"], predictions=files["worse"], train=files["train"], samples=50, seed=7) == scores


def test_several_predictions_are_seeds_of_one_system(liwa: Run, files: dict[str, str]) -> None:
    both = ("--predictions", files["good"], "--predictions", files["worse"])
    done = liwa("evaluate", *both, files["gold"], "--format", "json")
    seeds = json.loads(done.stdout)["seeds"]
    assert seeds["models"] == [files["good"], files["worse"]]
    first, second = seeds["micro"]["f1"]["values"]
    assert first == 1 > second
    assert seeds["micro"]["f1"]["mean"] == pytest.approx((first + second) / 2)
    assert "F1 of 2 models" in liwa("evaluate", *both, files["gold"]).stdout


def test_a_model_says_its_unit_its_memory_and_what_its_tokens_lose(files: dict[str, str], tmp_path: Path) -> None:
    import spacy

    from liwa.training.carried import create_carry

    nlp = create_carry(train=Path(files["train"]))(spacy.blank("ar"))
    nlp.to_disk(tmp_path / "model")
    scores = evaluate(files["gold"], model=str(tmp_path / "model"), samples=10)
    assert scores.settings["unit"] == "paragraph"
    assert len(scores.settings["config"]) == 16
    assert scores.leakage and scores.leakage.number("exact") == 4
    assert scores.alignment_lost == 0
    lost = write(tmp_path / "lost.jsonl", [gold("عاد و[سامي](PERSON)")])
    assert evaluate(lost, model=str(tmp_path / "model"), samples=10).alignment_lost == 1


def test_words_are_scored_and_no_errors_listed_of_them(files: dict[str, str], tmp_path: Path) -> None:
    assert evaluate(files["gold"], predictions=files["good"], words=True).micro.f1.value == 1
    with pytest.raises(LiwaError, match="--words widens"):
        evaluate(files["gold"], predictions=files["good"], words=True, errors=str(tmp_path / "e.jsonl"))


BAD = {
    "different texts": ([gold("نص آخر", "s0")], "gold and prediction are over different texts"),
    "unknown label": ([gold("خبر [جديد](GRADE)", "x")], "expected PERSON, RANK, UNIT, BASE, found GRADE"),
    "mixed schemes": ([gold("خبر [جديد](GRADE)", "x")], "no label is on both sides"),
    "empty": ([], "found an empty file"),
    "a label of neither": ([*GOLDS, gold("خبر [جديد](GRADE)", "x")], "expected PERSON, RANK, UNIT, BASE, found GRADE"),
    "other articles": (
        [gold("خبر [سامي](PERSON)", "x")],
        "bad.jsonl:1: gold and predictions have no article in common",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_predictions_are_one_line(liwa: Run, files: dict[str, str], tmp_path: Path, name: str) -> None:
    golds, said = BAD[name]
    scheme = ["--scheme", Path(__file__).parents[2] / "annotations" / "scheme.toml"] * (name == "unknown label")
    done = liwa("evaluate", "--predictions", write(tmp_path / "bad.jsonl", golds), files["gold"], *scheme)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert said in line


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["gold.jsonl"], "expected MODEL GOLD"),
        (["--predictions", "a", "b", "c"], "expected GOLD alone"),
        (["--predictions", "GOLD", "GOLD", "--slice", "desk"], "no article has the field desk"),
    ],
)
def test_wrong_usage_is_one_line(liwa: Run, files: dict[str, str], args: list[str], said: str) -> None:
    done = liwa("evaluate", *(files["gold"] if arg == "GOLD" else arg for arg in args))
    assert done.returncode == 2
    assert said in done.stderr and len(done.stderr.splitlines()) == 1


def test_labels_of_the_gold_or_of_the_scheme_are_known(tmp_path: Path) -> None:
    right, found = gold("[سامي](NAME) في الميناء"), gold("[سامي](NAME) في [الميناء](BASE)")
    paths = [write(tmp_path / "right.jsonl", [right]), write(tmp_path / "found.jsonl", [found])]
    assert list(evaluate(paths[0], predictions=paths[1]).labels) == ["BASE", "NAME"]


def test_a_scheme_that_cannot_be_read_is_said_before_the_model_is_loaded(files: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(LiwaError, match=r"missing\.toml"):
        evaluate(files["gold"], model=str(tmp_path / "no model"), scheme=tmp_path / "missing.toml")
