"""The order of articles: by doubt, by doubt a word, by novelty beside it, and by chance."""

from __future__ import annotations

import gzip
import json
import sys
from io import BytesIO, TextIOWrapper
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liwa.cli.order import order as order_tasks
from liwa.cli.tasks import tasks
from liwa.errors import LiwaError
from liwa.records import Gold
from liwa.training.novelty import greedy, hashes, vectors
from liwa.training.order import by_doubt, order, retrain
from liwa.training.predict import load_model, predict
from liwa.training.uncertainty import Doubt
from liwa.training.ways import By
from tests.gold import gold, story

IDS = ["a", "b", "c", "d"]
DOUBTS = [Doubt(9, 1, 100), Doubt(3, 0, 10), Doubt(2.9, 0, 10), Doubt(0.1, 0, 10)]
TEXTS = [hashes(t) for t in ("سفينة في البحر", "وصل اللواء صباحا", "وصل اللواء صباحا", "طائرة فوق الجبل")]


def names(by: By, known: str = "", seed: int = 0) -> list[str]:
    return [name for name, _ in by_doubt(IDS, DOUBTS, TEXTS, [hashes(known)] if known else [], by=by, seed=seed)]


def test_what_comes_first() -> None:
    assert names(By.total) == ["a", "b", "c", "d"]
    assert names(By.cost) == ["b", "c", "a", "d"]
    assert names(By.diverse) in (["b", "a", "d", "c"], ["c", "a", "d", "b"])[:1]
    assert names(By.diverse, known="وصل اللواء صباحا")[:2] == ["a", "d"]
    assert sorted(names(By.random)) == IDS
    assert len({tuple(names(By.random, seed=seed)) for seed in range(8)}) > 3


def test_equals_are_ordered_by_the_seed() -> None:
    equal = [Doubt(1, 0, 10)] * 4
    orders = {tuple(n for n, _ in by_doubt(IDS, equal, TEXTS, by=By.cost, seed=seed)) for seed in range(8)}
    assert len(orders) > 3


words = st.lists(st.sampled_from("ابتثج"), max_size=6).map(" ".join)


@given(st.lists(st.tuples(st.floats(0, 9), words), max_size=7), st.lists(words, max_size=3), st.integers(0, 7))
def test_a_greedy_order_has_every_text_once_and_never_rises(
    texts: list[tuple[float, str]], known: list[str], first: int
) -> None:
    rows = vectors([hashes(text) for text in [*(text for _, text in texts), *known]])
    found = greedy([worth for worth, _ in texts], rows[: len(texts)], rows[len(texts) :], first)
    assert sorted(place for place, _ in found) == list(range(len(texts)))
    scores = [score for _, score in found]
    assert all(one >= other - 1e-6 for one, other in pairwise(scores))
    assert all(score <= texts[place][0] + 1e-6 for place, score in found)


def test_vectors_are_near_where_texts_are_alike() -> None:
    one, same, near, far = vectors([hashes(t) for t in ("وصل اللوَاء أمس", "وصل اللواء امس", "وصل اللواء غدا", "بحر")])
    assert float(one @ same) == pytest.approx(1, abs=1e-6)
    assert 0.05 < float(one @ near) < 0.95
    assert abs(float(one @ far)) < 0.2
    assert not np.any(vectors([hashes("")]))


def strange(number: int) -> Gold:
    return gold(f"رست سفينة العميد لواء في ميناء {number} ثم صعد اللواء قاعدة الموج {number}", article=f"x{number}")


def test_a_model_asks_for_what_it_does_not_know(tiny: str) -> None:
    articles = [gold(story(n), article=f"s{n}") for n in range(3)] + [strange(n) for n in range(2)]
    found = order(articles, tiny, by=By.cost)
    assert {name for name, _ in found[:2]} == {"x0", "x1"}
    assert found == sorted(found, key=lambda pair: -pair[1])
    again = order(articles[::-1], tiny, by=By.cost)
    assert again == found
    diverse = [name for name, _ in order(articles, tiny, [strange(7)], by=By.diverse)]
    assert diverse == [name for name, _ in order(articles, tiny, [strange(7)], by=By.diverse)]
    assert sorted(diverse) == ["s0", "s1", "s2", "x0", "x1"]
    few = order(articles, tiny, by=By.cost, most=3)
    assert len(few) == 3
    assert set(few) <= set(found)


@pytest.fixture
def task_file(tmp_path: Path) -> Path:
    """Tasks of three articles, the strange one last, with a line of the first at the end."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for one in (gold(story(1), article="s1"), gold(story(2), article="s2"), strange(1)):
        (folder / f"{one.article}.txt").write_text(one.text or "", encoding="utf-8")
    tasks([str(folder)], str(tmp_path / "tasks.jsonl"))
    path = tmp_path / "tasks.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"\xef\xbb\xbf" + b"".join([*lines[1:], b"\n", lines[0].rstrip(b"\n")]))
    return path


def test_tasks_keep_their_lines_and_articles_stay_whole(
    tiny: str, task_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "ordered.jsonl"
    assert order_tasks(str(task_file), tiny, output=str(out)) == (3, 5)
    lines = out.read_bytes().splitlines()
    given = task_file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    assert sorted(lines) == sorted(line for line in given.splitlines() if line)
    articles = [json.loads(line)["meta"]["article"] for line in lines]
    assert articles[0] == "x1"
    assert len([1 for one, other in pairwise(articles) if one != other]) == 2
    zipped = tmp_path / "tasks.jsonl.gz"
    zipped.write_bytes(gzip.compress(given))
    order_tasks(str(zipped), tiny, output=str(tmp_path / "z.jsonl"))
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(given)))
    order_tasks("-", tiny, output=str(tmp_path / "i.jsonl"))
    assert (tmp_path / "z.jsonl").read_bytes() == (tmp_path / "i.jsonl").read_bytes() == out.read_bytes()


def test_what_is_no_task_is_told_in_a_line(tiny: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"text": "وصل", "meta": {"start": 3, "end": 4}}\n', encoding="utf-8")
    with pytest.raises(LiwaError, match=r"3 to 4 of a text of 3 code points"):
        order_tasks(str(bad), tiny, output=str(tmp_path / "out.jsonl"))
    with pytest.raises(LiwaError, match="cannot read"):
        order_tasks(str(tmp_path / "none.jsonl"), tiny, output=str(tmp_path / "out.jsonl"))
    assert not (tmp_path / "out.jsonl").exists()


def test_a_model_is_trained_again_on_the_gold_so_far(tiny: str, tmp_path: Path) -> None:
    golds = [gold(story(n), article=f"s{n}") for n in range(12)]
    new = retrain(golds, tiny, tmp_path)
    assert new == tmp_path / "model-last"
    [found] = predict(load_model(new), golds[:1])
    assert set(found.spans) & set(golds[0].spans)


def test_nothing_to_train_on(tiny: str, tmp_path: Path) -> None:
    with pytest.raises(LiwaError, match="no accepted answer has a span"):
        retrain([gold("لا شيء")], tiny, tmp_path)
    with pytest.raises(LiwaError, match="expected the folder of a pipeline"):
        retrain([gold(story(1))], tmp_path / "none", tmp_path)
