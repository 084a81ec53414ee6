from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from collections.abc import Callable
from email.parser import Parser
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
import spacy

from liwa import jsonl
from liwa.annotations.gold import read_gold
from liwa.cli.package import package
from liwa.corpus.manifest import build
from liwa.errors import LiwaError
from liwa.records import Article
from liwa.scoring.evaluate import FORMAT
from liwa.scoring.provenance import of_model
from liwa.training.carried import memory_of
from liwa.training.predict import load_model, predict
from liwa.training.train import train
from tests.gold import gold, story, write

ROOT = Path(__file__).parents[2]
QUICK = {"training.max_steps": 1, "training.eval_frequency": 1}
GOLDS = [gold(story(n), f"s{n}") for n in range(4)]
LICENCES = ["CC-BY-4.0"] * 4

Run = Callable[..., "CompletedProcess[str]"]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a model that has seen four articles once, and their gold and manifest."""
    folder = tmp_path_factory.mktemp("package")
    file = write(folder / "train.jsonl", GOLDS)
    train(file, file, output=folder / "model", overrides=QUICK)
    return folder


def corpus(folder: Path, licences: list[str] = LICENCES) -> Path:
    """Write a manifest of the training articles and return its folder."""
    articles = [Article(g.article, g.text or "", {"licence": x}) for g, x in zip(GOLDS, licences, strict=True)]
    jsonl.write(folder / "corpus" / "manifest.jsonl", build(articles))
    return folder / "corpus"


def scores(root: Path, **settings: Any) -> Path:
    """Write a score file that is of the model, unless the settings say otherwise."""
    nlp = load_model(root / "model" / "model-best")
    memory = memory_of(nlp)
    assert memory
    known = {"config": of_model(nlp)["config"], "data": {"train": memory.fingerprint}, **settings}
    rates = {"precision": 0.5, "recall": 0.25, "f1": 1 / 3, "f1_interval": [0.1, 0.6], "support": 1200}
    tables = {"micro": rates, "labels": {"UNIT": rates}}
    data = {"format": FORMAT, "version": 1, "test": "abc", "articles": 9, "settings": known, "spans": tables}
    jsonl.write(root / "scores.json", [data])
    return root / "scores.json"


def made(root: Path, output: Path, **options: Any) -> Path:
    """Package the model, with a manifest beside the output unless one is named."""
    known: dict[str, Any] = {} if "corpus" in options else {"corpus": corpus(output)}
    return package(root / "model" / "model-best", output, **known, **options)


@pytest.fixture(scope="module")
def wheel(root: Path) -> Path:
    options = {"citation": ROOT / "CITATION.cff", "scores": scores(root)}
    return made(root, root / "dist", name="news", version="1.2.0", **options)


def contents(wheel: Path) -> dict[str, str]:
    """Return the texts of a wheel by the last part of their names; those of its metadata under their own."""
    with zipfile.ZipFile(wheel) as file:
        names = [n for n in file.namelist() if n.endswith((".json", ".md", ".txt", "LICENSE", "SOURCES", "METADATA"))]
        return {name.rpartition("/")[2]: file.read(name).decode("utf-8") for name in names}


def test_the_wheel_needs_liwa_and_says_its_licence_and_what_it_is_derived_from(wheel: Path) -> None:
    assert wheel.name == "ar_news-1.2.0-py3-none-any.whl"
    files = contents(wheel)
    metadata = Parser().parsestr(files["METADATA"])
    assert metadata["License"] == "CC-BY-4.0"
    assert any(need.startswith("liwa") for need in metadata.get_all("Requires-Dist") or ())
    assert "ar_news = ar_news" in files["entry_points.txt"]
    assert "4 articles: CC-BY-4.0, https://spdx.org/licenses/CC-BY-4.0.html" in files["LICENSES_SOURCES"]
    assert "The liwa contributors" in files["LICENSES_SOURCES"]
    assert files["LICENSE"].startswith("ar_news 1.2.0 is under CC-BY-4.0")


def test_the_packed_folder_is_the_pipeline(root: Path, wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        file.extractall(tmp_path)
    nlp = spacy.load(tmp_path / "ar_news" / "ar_news-1.2.0")
    assert (nlp.meta["name"], nlp.meta["version"], nlp.meta["license"]) == ("news", "1.2.0", "CC-BY-4.0")
    text = GOLDS[0].text or ""
    before = spacy.load(root / "model" / "model-best")(text)
    assert nlp(text).to_bytes() == before.to_bytes()


def test_the_card_has_scores_with_their_intervals_and_what_the_model_finds(wheel: Path) -> None:
    card = contents(wheel)["README.md"]
    assert "| UNIT | 50.0 | 25.0 | 33.3 | 10.0–60.0 | 1,200 |" in card
    assert "On 9 held-out articles (test set abc)" in card
    assert "| CC-BY-4.0 | 4 |" in card
    assert "Spans (PERSON, RANK, UNIT, BASE) in Arabic news." in card


def test_texts_that_may_not_be_passed_on_want_the_licence_named(root: Path, tmp_path: Path) -> None:
    mixed = corpus(tmp_path, ["CC-BY-4.0", "CC-BY-4.0", "not redistributable", ""])
    with pytest.raises(LiwaError, match=r"the model does not follow from no licence, CC-BY-4\.0, not redistributable"):
        made(root, tmp_path, corpus=mixed)
    files = contents(made(root, tmp_path, corpus=mixed, licence="CC-BY-4.0"))
    assert "1 articles: not redistributable" in files["LICENSES_SOURCES"]
    assert "| not stated | 1 |" in files["README.md"]
    assert "It was not measured." in files["README.md"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "News!"}, "expected a package's name"),
        ({"version": "one"}, "expected a package's version"),
        ({"gold": ["none.jsonl"]}, "the gold that the model was trained on is not there"),
    ],
)
def test_a_mistake_is_one_line(root: Path, tmp_path: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(LiwaError, match=message):
        made(root, tmp_path, **options)
    assert not list(tmp_path.glob("*.whl"))


def test_other_gold_than_that_of_the_training_is_refused(root: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other.jsonl", GOLDS[:3])
    with pytest.raises(LiwaError, match="the model was trained on gold with the fingerprint"):
        made(root, tmp_path, gold=[str(other)])


@pytest.mark.parametrize("settings", [{"config": "0"}, {"data": {"train": "0"}}, {"data": None}])
def test_scores_of_another_model_are_refused(root: Path, tmp_path: Path, settings: dict[str, Any]) -> None:
    with pytest.raises(LiwaError, match="expected scores of config"):
        made(root, tmp_path, scores=scores(root, **settings))


def test_a_folder_that_is_no_model_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(LiwaError, match="expected a spaCy pipeline"):
        package(tmp_path, tmp_path / "out")


@pytest.mark.slow
def test_a_clean_environment_loads_the_wheel_by_name_and_predicts(tmp_path: Path, liwa: Run) -> None:
    """Tokenizer, CRF or transition tagger and relations are found through the entry points of liwa's own wheel."""
    file = write(tmp_path / "train.jsonl", [gold(story(n), f"s{n}", licence="CC-BY-4.0") for n in range(40)])
    steps = {"training.max_steps": 100, "training.eval_frequency": 50}
    model = train(file, file, output=tmp_path / "model", config="relations", overrides=steps)
    output = tmp_path / "dist"
    done = liwa("package", model, "-o", output, "--name", "news", "--version", "0.1.0", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", "wheel", "--no-deps"]
    subprocess.run([*pip, "--no-build-isolation", "-w", output, ROOT], check=True)

    venv.create(tmp_path / "clean", with_pip=True)
    python = tmp_path / "clean" / "bin" / "python"
    wheels = sorted(output.glob("*.whl"))
    assert [wheel.name.partition("-")[0] for wheel in wheels] == ["ar_news", "liwa"]
    subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *wheels], check=True)
    code = (
        "import spacy, sys; nlp = spacy.load('ar_news'); doc = nlp(sys.stdin.read()); import liwa;"
        "print([(e.text, e.label_) for e in doc.ents], len(list(liwa.relations_of(doc))), type(nlp.tokenizer).__name__)"
    )
    text = GOLDS[1].text or ""
    told = subprocess.run([python, "-c", code], input=text, capture_output=True, text=True, check=True, cwd=tmp_path)
    (expected,) = predict(load_model(model), [Article("a", text)])
    first = (expected.surface(expected.spans[0]), expected.spans[0].label)
    assert str(first) in told.stdout and "ArabicTokenizer" in told.stdout
    assert list(read_gold([file]))[1].spans[0] == expected.spans[0]
