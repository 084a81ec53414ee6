"""The spine on tiny gold: gold in, a scored pipeline out, on the default scheme and on one that names other labels."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import spacy

from liwa import jsonl, markup
from liwa.annotations.gold import read_gold
from liwa.errors import LiwaError
from liwa.records import Article, Gold, Range
from liwa.scheme import load_scheme
from liwa.scoring.evaluate import evaluate
from liwa.training.carried import scheme_of
from liwa.training.predict import load_model, predict
from liwa.training.reader import create_gold_reader
from liwa.training.train import config_file, parse_overrides, train
from tests.gold import gold, story, write

OTHER = Path(__file__).parents[1] / "data" / "other.toml"
QUICK = {"training.max_steps": 60, "training.eval_frequency": 20}


def stories(first: int, last: int) -> list[Gold]:
    return [gold(story(n), article=f"s{n}") for n in range(first, last)]


def renamed(golds: list[Gold], labels: dict[str, str]) -> list[Gold]:
    """Return gold with other labels, those of a second scheme, and without relations."""
    return [
        Gold(g.article, g.sha256, g.ranges, tuple(s._replace(label=labels[s.label]) for s in g.spans), text=g.text)
        for g in golds
    ]


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("gold")
    return write(folder / "train.jsonl", stories(0, 40)), write(folder / "dev.jsonl", stories(40, 50))


@pytest.fixture(scope="module")
def model(parts: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(*parts, output=tmp_path_factory.mktemp("model"), overrides=QUICK)


def test_a_pipeline_learns_and_finds_spans_in_articles_it_has_not_seen(model: Path) -> None:
    unseen = stories(50, 60)
    scores = evaluate(unseen, predict(load_model(model), unseen))
    assert (scores.micro.f1.value or 0) > 0.9


def test_predictions_go_out_as_rows_and_come_back_the_same(model: Path, tmp_path: Path) -> None:
    articles = [Article(f"s{n}", markup.parse(story(n)).text) for n in range(50, 55)]
    found = list(predict(load_model(model), articles))
    assert sum(len(p.spans) for p in found) > 10
    back = list(read_gold([write(tmp_path / "rows.jsonl", found)]))
    assert [(b.article, b.sha256, b.spans) for b in back] == [(p.article, p.sha256, p.spans) for p in found]


def test_predicting_in_batches_or_alone_finds_the_same(model: Path) -> None:
    nlp, unseen = load_model(model), stories(50, 56)
    alone = [next(iter(predict(nlp, [g]))).spans for g in unseen]
    assert [p.spans for p in predict(nlp, unseen)] == alone


def test_an_article_without_text_to_speak_of_gives_an_empty_prediction(model: Path) -> None:
    empty = [Article("e", "\n \n"), *(Article(f"s{n}", markup.parse(story(n)).text) for n in (50, 51))]
    found = list(predict(load_model(model), empty))
    assert [p.article for p in found] == ["e", "s50", "s51"]
    assert found[0].spans == ()


def test_the_model_carries_its_scheme(model: Path) -> None:
    assert scheme_of(spacy.load(model)) == load_scheme()


@pytest.mark.slow
def test_plain_spacy_train_gives_the_same_model_twice(model: Path, parts: tuple[Path, Path], tmp_path: Path) -> None:
    settings = [f"--{key}={value}" for key, value in QUICK.items()]
    paths = [f"--paths.train={parts[0]}", f"--paths.dev={parts[1]}"]
    command = [
        sys.executable,
        "-m",
        "spacy",
        "train",
        str(config_file("small")),
        "-o",
        str(tmp_path),
        *paths,
        *settings,
    ]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)
    ours, theirs = (
        {f.relative_to(m): f for f in m.rglob("*") if f.is_file()} for m in (model, tmp_path / "model-best")
    )
    assert ours.keys() == theirs.keys()
    differing = [str(name) for name in ours if ours[name].read_bytes() != theirs[name].read_bytes()]
    assert differing == []


def test_the_whole_spine_runs_on_a_second_scheme(tmp_path: Path) -> None:
    labels = {"PERSON": "NAME", "RANK": "GRADE", "UNIT": "BODY", "BASE": "SITE"}
    scheme = load_scheme(OTHER)
    assert set(scheme.labels) == set(labels.values())
    train_file = write(tmp_path / "train.jsonl", renamed(stories(0, 40), labels))
    dev_file = write(tmp_path / "dev.jsonl", renamed(stories(40, 50), labels))
    overrides = {**QUICK, "initialize.before_init.scheme": str(OTHER)}
    nlp = load_model(train(train_file, dev_file, output=tmp_path / "model", overrides=overrides))
    unseen = renamed(stories(50, 60), labels)
    scores = evaluate(unseen, predict(nlp, unseen), labels=list(scheme.labels))
    assert set(scores.labels) == set(labels.values())
    assert (scores.micro.f1.value or 0) > 0.9
    assert scheme_of(nlp) == scheme


def test_unannotated_text_is_no_negative_in_training(tmp_path: Path) -> None:
    """A model that is told of one range only still labels what it learnt there in the rest of the text."""
    golds = []
    for number in range(40):
        both = gold(f"{story(number)}\n{markup.parse(story(number + 1)).text}", article=f"p{number}")
        first = Range(0, len(markup.parse(story(number)).text))
        golds.append(replace(both, ranges=(first,), spans=both.within(first).spans, relations=()))
    config = {**QUICK, "training.max_steps": 140, "corpora.train.unit": "article", "corpora.dev.unit": "article"}
    file = write(tmp_path / "train.jsonl", golds)
    nlp = load_model(train(file, file, output=tmp_path / "model", overrides=config))
    unseen = stories(50, 60)
    assert (evaluate(unseen, predict(nlp, unseen)).micro.f1.value or 0) > 0.9


def test_spans_without_token_boundary_are_listed_and_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "lost.jsonl", [gold("وصل [بش](PERSON)ار")])
    with pytest.raises(LiwaError, match="1 spans have no token boundary"):
        list(create_gold_reader(file)(_blank()))
    assert "a@4-6 PERSON has no token boundary" in capsys.readouterr().err
    assert len(list(create_gold_reader(file, allow_lost=True)(_blank()))) == 1


def test_gold_without_text_is_refused(tmp_path: Path) -> None:
    row = {"article": "a", "sha256": "0" * 64, "length": 5, "blocks": "0000", "ranges": [[0, 5]], "spans": []}
    jsonl.write(tmp_path / "standoff.jsonl", [row])
    with pytest.raises(LiwaError, match="has no text"):
        list(create_gold_reader(tmp_path / "standoff.jsonl")(_blank()))


def test_a_missing_part_and_an_unknown_config_are_errors(tmp_path: Path, parts: tuple[Path, Path]) -> None:
    with pytest.raises(LiwaError, match="no such gold file"):
        train(tmp_path / "none.jsonl", parts[1], output=tmp_path)
    with pytest.raises(LiwaError, match=r"liwa's own: .*small"):
        train(*parts, output=tmp_path, config="huge")


def test_overrides_are_read_as_spacy_reads_them() -> None:
    assert parse_overrides(["--training.max_steps", "5", "--a.b=x"]) == {"training.max_steps": 5, "a.b": "x"}
    with pytest.raises(LiwaError, match="section"):
        parse_overrides(["stray"])


def _blank() -> spacy.language.Language:
    return spacy.blank("ar", config={"nlp": {"tokenizer": {"@tokenizers": "liwa.ArabicTokenizer.v1"}}})


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"training.max_step": 4}, r"no setting --training.max_step. Did you mean --training.max_steps\?"),
        ({"trainig.max_steps": 4}, "no setting"),
        ({"training.max_steps": "many"}, "max_steps: .*integer"),
        ({"components.ner.model.hidden_width": "wide"}, "hidden_width"),
    ],
)
def test_a_setting_that_cannot_be_is_an_error_before_training(
    parts: tuple[Path, Path], tmp_path: Path, settings: dict[str, object], problem: str
) -> None:
    with pytest.raises(LiwaError, match=problem) as error:
        train(*parts, output=tmp_path / "model", overrides=settings)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "model" / "model-best").exists()


def test_an_interrupted_training_leaves_the_old_model(
    parts: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    (tmp_path / "model-best").mkdir()
    (tmp_path / "model-best" / "old").write_text("model", encoding="utf-8")
    monkeypatch.setattr("spacy.training.loop.update_meta", stop)
    with pytest.raises(KeyboardInterrupt):
        train(*parts, output=tmp_path, overrides=QUICK)
    assert [f.name for f in tmp_path.iterdir()] == ["model-best"]
    assert (tmp_path / "model-best" / "old").exists()
