"""A cluster writes what one machine writes: two processes that the test starts, one of which it kills."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest
import spacy

from liwa import jsonl
from liwa.corpus.portions import portions, work_on
from liwa.engine.workers import DIED, Care, Lost
from liwa.errors import LiwaError
from tests.conftest import Run
from tests.corpus.test_groups import related
from tests.engine.works import shout

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.skipif(find_spec("ray") is None, reason="needs liwa[ray]")]
ENV = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]), "RAY_USAGE_STATS_ENABLED": "0"}


class Cluster:
    """A running cluster: its address, and a way to kill one of its processes that works."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._in, self._out = process.stdin, process.stdout
        self.address = self._answer()

    def ask_to_kill(self) -> None:
        self._in.write("kill\n")
        self._in.flush()

    def killed(self) -> int:
        return int(self._answer())

    def _answer(self) -> str:
        return self._out.readline().strip()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.engine.small_cluster"]
    with subprocess.Popen(
        command, cwd=ROOT, env=ENV, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        yield Cluster(process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(120)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two long files and a folder of short ones with a manifest, with text that they share across all of them."""
    folder = tmp_path_factory.mktemp("source")
    texts = [*related(120).values()]
    for name, first in (("a.jsonl", 0), ("c.jsonl", 60)):
        rows = ({"id": f"{name[0]}{n}", "text": f"{text}\nخبر {n}"} for n, text in enumerate(texts[first : first + 60]))
        jsonl.write(folder / name, rows)
    (folder / "b").mkdir()
    for n in range(20):
        (folder / "b" / f"b{n:02}.txt").write_text(f"{texts[3 * n]}\nالمصدر: وكالة {n}", encoding="utf-8", newline="")
    jsonl.write(folder / "b" / "manifest.jsonl", ({"id": f"b{n:02}", "outlet": "صحيفة"} for n in range(20)))
    return folder


@contextmanager
def on(cluster: Cluster, *command: str | Path) -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, "-m", "tests.engine.small", "0", *map(str, command), "--engine", "ray"]
    with subprocess.Popen(
        [*words, "--address", cluster.address], cwd=ROOT, env=ENV, stderr=subprocess.PIPE, text=True
    ) as process:
        yield process


def said(process: subprocess.Popen[str]) -> str:
    """Wait for a command and return its last line; the cluster may have told of a process that died before it."""
    assert process.stderr is not None
    text = process.stderr.read()
    assert process.wait(300) == 0, text
    return text.splitlines()[-1] + "\n"


def test_tasks_with_a_process_killed(cluster: Cluster, source: Path, tmp_path: Path, liwa: Run) -> None:
    alone = liwa("tasks", source, "-o", tmp_path / "alone.jsonl")
    cluster.ask_to_kill()
    with on(cluster, "tasks", source, "-o", tmp_path / "cluster.jsonl") as process:
        assert said(process) == alone.stderr
    assert cluster.killed()
    assert " 0 near-duplicates" not in alone.stderr
    for name in ("", ".rejects"):
        here, there = (tmp_path / f"{which}{name}.jsonl" for which in ("alone", "cluster"))
        assert here.read_bytes() == there.read_bytes()


def test_groups_with_a_process_killed(cluster: Cluster, source: Path, tmp_path: Path, liwa: Run) -> None:
    alone = liwa("groups", source, "-o", tmp_path / "alone.jsonl")
    cluster.ask_to_kill()
    with on(cluster, "groups", source, "-o", tmp_path / "cluster.jsonl") as process:
        assert said(process) == alone.stderr
    assert cluster.killed()
    assert (tmp_path / "alone.jsonl").read_bytes() == (tmp_path / "cluster.jsonl").read_bytes()
    rows = [json.loads(line) for line in (tmp_path / "alone.jsonl").read_text(encoding="utf-8").splitlines()]
    assert 5 < len({row["group"] for row in rows}) < 135


def test_predictions_with_a_process_killed(cluster: Cluster, source: Path, tmp_path: Path, liwa: Run) -> None:
    nlp = spacy.blank("ar", config={"nlp": {"tokenizer": {"@tokenizers": "liwa.ArabicTokenizer.v1"}}})
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "كلمة", "pattern": "خبر"}])  # type: ignore[attr-defined]
    nlp.to_disk(tmp_path / "model")
    alone = liwa("predict", tmp_path / "model", source, "-o", tmp_path / "alone.jsonl")
    cluster.ask_to_kill()
    with on(cluster, "predict", tmp_path / "model", source, "-o", tmp_path / "cluster.jsonl") as process:
        assert said(process) == alone.stderr
    assert cluster.killed()
    assert (tmp_path / "alone.jsonl").read_bytes() == (tmp_path / "cluster.jsonl").read_bytes()
    assert "كلمة" in (tmp_path / "alone.jsonl").read_text(encoding="utf-8")


def test_a_users_mistake_is_one_line(cluster: Cluster, tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text('{"id": "a", "text": "نص"}\n{broken\n', encoding="utf-8")
    with on(cluster, "tasks", source, "-o", tmp_path / "out.jsonl", "--no-duplicates") as process:
        assert process.stderr is not None
        assert f"\nliwa: {source}:2: expected a JSON object, found broken JSON" in f"\n{process.stderr.read()}"
        assert process.wait(300) == 2
    assert not (tmp_path / "out.jsonl").exists()


def test_what_is_no_article_is_set_aside_where_that_is_wanted(cluster: Cluster, tmp_path: Path, liwa: Run) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text('{"id": "a", "text": "نص"}\n{broken\n{"id": "b", "text": "نص آخر"}\n', encoding="utf-8")
    for command in ("tasks", "groups"):
        alone = liwa(command, source, "-o", tmp_path / "alone.jsonl", "--keep-going")
        with on(cluster, command, source, "-o", tmp_path / "cluster.jsonl", "--keep-going") as process:
            assert said(process).splitlines()[-1] == alone.stderr.splitlines()[-1]
        assert (tmp_path / "alone.jsonl").read_bytes() == (tmp_path / "cluster.jsonl").read_bytes()


def test_no_cluster_at_an_address() -> None:
    from liwa.engine.cluster import cluster as connected

    with pytest.raises(LiwaError, match="cannot reach the cluster"), connected("127.0.0.1:1"):
        pass


@pytest.mark.filterwarnings("ignore::DeprecationWarning:ray")
def test_an_article_that_kills_its_process_is_set_aside(cluster: Cluster, tmp_path: Path) -> None:
    from liwa.engine.cluster import cluster as connected
    from liwa.engine.cluster import in_order

    (tmp_path / "a.jsonl").write_text("a\nb\nkill", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text("c", encoding="utf-8")
    each = [one for name in "ab" for one in portions([str(tmp_path / f"{name}.jsonl")])]
    with connected(cluster.address):
        first, second = in_order(partial(work_on, shout, Care(), "utf-8"), each)
    one, other, lost = first
    assert (one, other, second) == (b"A\n\n", b"B\n\n", [b"C\n"])
    assert isinstance(lost, Lost)
    assert (lost.item.where, lost.reason) == (f"{tmp_path / 'a.jsonl'}:3", DIED)
