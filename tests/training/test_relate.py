"""Relations through the whole pipeline: gold, documents, training, prediction, rows and scores."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import spacy
import srsly
from spacy.language import Language
from spacy.tokens import DocBin
from spacy.training import Example
from spacy.util import load_config

from liwa import jsonl
from liwa.annotations.gold import read_gold
from liwa.cli.score import evaluate
from liwa.records import Article, Relation
from liwa.training.docs import annotate, passages_of, relations_of
from liwa.training.predict import finds_relations, load_model, predict, propose, relate, rule_of
from liwa.training.train import config_file, train
from tests.gold import gold, story, write
from tests.training.relations.invented import SENTENCES, blank, reference

STORIES = [gold(story(n), article=f"s{n}") for n in range(50)]
ALL = [gold(one, article=f"i{n}") for n, one in enumerate(SENTENCES)]
QUICK = {"training.max_steps": 120, "training.eval_frequency": 40}


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("gold")
    return write(folder / "train.jsonl", STORIES[:30] + ALL), write(folder / "dev.jsonl", STORIES[30:40])


@pytest.fixture(scope="module")
def model(parts: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(*parts, output=tmp_path_factory.mktemp("model"), config="relations", overrides=QUICK)


@pytest.fixture(scope="module")
def nlp(model: Path) -> Language:
    return load_model(model)


def test_documents_hold_the_relations_of_gold_and_give_them_back() -> None:
    pipeline = blank()
    whole = gold(f"مقدمة\n\n{SENTENCES[0]}\n{SENTENCES[11]}\n{SENTENCES[5].replace('1', '9')}")
    found: list[Relation] = []
    for part in passages_of(whole, "paragraph"):
        doc = pipeline.make_doc(part.text or "")
        assert not annotate(doc, part)
        found += relations_of(doc, part.start)
    assert tuple(sorted(found)) == whole.relations


def test_a_relation_to_a_span_that_tokens_cannot_hold_is_not_in_the_document() -> None:
    part = gold("[العميد](RANK 1) [بش](PERSON HOLDS_RANK:1)ار")
    doc = blank().make_doc(part.text or "")
    assert [s.label for s in annotate(doc, part)] == ["PERSON"]
    assert relations_of(doc) == ()


def test_it_learns_end_to_end(nlp: Language, model: Path, tmp_path: Path) -> None:
    scores = evaluate(str(write(tmp_path / "test.jsonl", STORIES[40:])), model=str(model)).relations
    assert scores is not None
    assert set(scores.systems) >= {
        "end_to_end",
        "gold_spans",
        "oracle",
        "rule_gold_spans",
        "rule_end_to_end",
        "candidates",
    }
    assert (scores.micro("gold_spans").f1 or 0) > 0.95
    assert (scores.micro("end_to_end").f1 or 0) > 0.8
    assert scores.micro("candidates").recall == 1.0
    assert finds_relations(nlp)


@pytest.mark.parametrize("config", ["relations", "relations-encoder"])
def test_while_training_it_learns_from_the_entities_that_the_pipeline_predicts(
    model: Path, config: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without vectors to predict from, ner would find entities nearly everywhere, or nowhere."""
    nlp, seen = load_model(model), list[tuple[str, ...]]()
    relations = nlp.get_pipe("relations")

    def look(examples: list[Example], **_: object) -> None:
        seen.extend(tuple(map(str, example.predicted.ents)) for example in examples)

    monkeypatch.setattr(relations, "update", look)
    docs = [nlp.make_doc(part.text or "") for story in STORIES[40:] for part in passages_of(story, "paragraph")]
    annotates = load_config(config_file(config))["training"]["annotating_components"]
    no_change: Any = False
    nlp.update([Example(doc.copy(), doc) for doc in docs], sgd=no_change, annotates=annotates)
    assert seen == [tuple(map(str, nlp(doc).ents)) for doc in docs]
    assert any(seen)


def test_predicted_relations_go_out_as_rows_with_last_token_heads_and_come_back(nlp: Language, tmp_path: Path) -> None:
    texts = [Article(g.article, g.text or "") for g in STORIES[40:45]]
    found = list(predict(nlp, texts))
    assert sum(len(p.relations) for p in found) >= 5
    file = write(tmp_path / "rows.jsonl", found)
    assert [g.relations for g in read_gold([file])] == [p.relations for p in found]
    for _, row in jsonl.read(file):
        for relation in row["relations"]:
            assert relation["head"] == relation["head_span"]["token_end"]
            assert row["tokens"][relation["child"]]["end"] == relation["child_span"]["end"]


def test_relating_keeps_the_spans_that_are_given(nlp: Language) -> None:
    bare = [replace(g, relations=()) for g in STORIES[40:44]]
    found = list(relate(nlp, bare))
    assert [p.spans for p in found] == [g.spans for g in bare]
    assert [p.relations for p in found] == [g.relations for g in STORIES[40:44]]


def test_relating_does_not_peep_at_the_gold_relations(nlp: Language) -> None:
    wrong = [replace(g, relations=g.relations[:1]) for g in STORIES[40:44]]
    assert [p.relations for p in relate(nlp, wrong)] == [g.relations for g in STORIES[40:44]]


def test_candidates_hold_every_legal_pair_of_a_passage(nlp: Language) -> None:
    [found] = propose(nlp, [gold("[سامي](PERSON) في [الجيش](UNIT)\n[الشرطة](UNIT)")])
    assert [(found.surface(r.head), found.surface(r.child), r.label) for r in found.relations] == [
        ("سامي", "الجيش", "COMMANDS"),
        ("سامي", "الجيش", "SERVES_IN"),
    ]


def test_the_rule_is_a_pipeline_with_the_tokens_of_the_model(nlp: Language) -> None:
    rule = rule_of(nlp)
    assert rule.pipe_names == ["relation_rule"]
    assert [t.text for t in rule.make_doc("وللجيش.")] == [t.text for t in nlp.make_doc("وللجيش.")]
    assert [p.relations for p in relate(rule, STORIES[:2])] == [g.relations for g in STORIES[:2]]


def test_a_pipeline_without_relations_says_so() -> None:
    assert not finds_relations(blank())
    assert [p.relations for p in relate(blank(), STORIES[:2])] == [(), ()]


def test_workers_and_batches_predict_the_same(nlp: Language) -> None:
    texts = STORIES[40:46]
    expected = [p.relations for p in predict(nlp, texts)]
    assert [p.relations for p in predict(nlp, texts, batch_size=1)] == expected
    assert [p.relations for p in predict(nlp, texts, batch_size=2, workers=2)] == expected


def test_plain_spacy_train_evaluate_and_fill_config_work_without_code(parts: tuple[Path, Path], tmp_path: Path) -> None:
    paths = [f"--paths.train={parts[0]}", f"--paths.dev={parts[1]}"]
    steps = ["--training.max_steps=3", "--training.eval_frequency=2"]
    filled = tmp_path / "filled.cfg"
    run(tmp_path, "init", "fill-config", str(config_file("relations")), str(filled))
    out = run(tmp_path, "train", str(filled), "-o", str(tmp_path / "model"), *paths, *steps)
    assert "REL_GOLD_F" in out
    assert spacy.load(tmp_path / "model" / "model-last").pipe_names == ["tok2vec", "ner", "repeats", "relations"]
    scores = tmp_path / "scores.json"
    nlp = spacy.load(tmp_path / "model" / "model-last")
    docs = [reference(nlp, one) for one in SENTENCES[:5]]
    DocBin(docs=docs, store_user_data=True).to_disk(tmp_path / "dev.spacy")
    run(tmp_path, "evaluate", str(tmp_path / "model" / "model-last"), str(tmp_path / "dev.spacy"), "-o", str(scores))
    assert 0 <= srsly.read_json(scores)["rel_gold_f"] <= 1


def run(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "spacy", *arguments]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8", cwd=folder).stdout
