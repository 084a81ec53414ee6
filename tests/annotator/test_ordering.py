"""The model in the loop: which articles come first, and that the order follows the answers."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from liwa.annotator import ordering
from liwa.annotator.loop import beside
from liwa.annotator.ordering import Progress, annotated, articles_answered, read_progress, refresh, unanswered
from liwa.annotator.schema import priorities
from liwa.records import Gold
from tests.annotator.crew import Crew
from tests.annotator.invented import invented
from tests.annotator.local import spans_of
from tests.training.conftest import trained

BOTH_STORES = True


@pytest.fixture
def crew(tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crew]:
    """A store of a small team; what is trained beside its server comes into the folder models."""
    made = Crew(tmp_path, place, invented(), "salma", overlap=1)
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield made
    made.store.close()


def answer_one(crew: Crew) -> None:
    """Let someone answer one article."""
    for _ in range(2):
        task = crew.next("salma")
        spans = spans_of(task["text"], ("اللواء", "RANK")) if "اللواء" in task["text"] else []
        crew.send("salma", task["id"], spans=spans)


def test_what_is_answered_and_what_is_left(crew: Crew) -> None:
    answer_one(crew)
    with crew.store.reading() as connection:
        (gold,), left = annotated(connection), unanswered(connection)
        assert articles_answered(connection) == 1
    assert (gold.article, len(gold.spans)) == ("s00", 1)
    assert [*left] == ["s01", "s02", "s03"]
    assert left["s01"].text == "\n".join(row["text"] for row in invented()[2:4])
    assert not left["s01"].spans


def test_a_refresh_orders_what_is_left(crew: Crew, tmp_path: Path) -> None:
    answer_one(crew)

    def order(left: list[Gold], model: Path, gold: list[Gold]) -> list[tuple[str, float]]:
        assert (model, [g.article for g in gold]) == (tmp_path / "new", ["s00"])
        return [(g.article, float(g.article[1:])) for g in left]

    done = refresh(crew.store, tmp_path, train=True, order=order, retrain=lambda gold, model, folder: tmp_path / "new")
    assert (done.state, done.trained_on, done.model) == ("ready", 1, str(tmp_path / "new"))
    assert crew.next("salma")["meta"]["article"] == "s03"
    assert crew.get("lead", "stats")["model"] == done._asdict()


FAKE = """
import sys
from contextlib import closing
from pathlib import Path
from liwa.annotator.ordering import refresh
from liwa.annotator.store import Store
if sys.argv[2].endswith("broken"):
    sys.exit("no such model")
with closing(Store(sys.argv[1], create=False)) as store:
    refresh(store, Path(sys.argv[2]), train="--train" in sys.argv,
        order=lambda left, model, gold: [(g.article, float(g.article[1:])) for g in left],
        retrain=lambda gold, model, folder: folder)
"""


def wait_for(crew: Crew, *states: str, trained: int = 0) -> Progress:
    """Wait until the loop is in one of some states, with a model of so many articles."""
    for _ in range(600):
        now = read_progress(crew.store)
        if now.state in states and now.trained_on >= trained:
            return now
        time.sleep(0.1)
    raise AssertionError(read_progress(crew.store))


def test_the_loop_trains_beside_the_server(crew: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fake_loop.py").write_text(FAKE, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", ":".join([str(tmp_path), *sys.path]))
    with beside(tmp_path, 1, pause=0.1, module="fake_loop")(crew.store):
        assert wait_for(crew, "ready").trained_on == 0
        assert crew.next("salma")["meta"]["article"] == "s03"
        answer_one(crew)
        now = wait_for(crew, "ready", trained=1)
        assert (now.every, now.answered, now.trained_on) == (1, 1, 1)


@pytest.mark.slow
def test_the_real_loop_orders_and_trains_with_the_model_that_is_named(crew: Crew, tmp_path: Path) -> None:
    model = Path(trained(tmp_path, "small"))
    with beside(model, 1, pause=0.1)(crew.store):
        assert wait_for(crew, "ready").model == str(model)
        answer_one(crew)
        first = wait_for(crew, "ready", trained=1)
        assert Path(first.model, "config.cfg").is_file()
        answer_one(crew)
        second = wait_for(crew, "ready", trained=2)
    assert [*(tmp_path / "models").iterdir()] == [Path(second.model).parent] != [Path(first.model).parent]
    with crew.store.reading() as connection:
        ordered = connection.execute(select(priorities.c.article)).scalars().all()
    assert len(ordered) == len(invented()) // 2 - 2


def test_answers_of_an_earlier_run_are_trained_on(crew: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fake_loop.py").write_text(FAKE, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", ":".join([str(tmp_path), *sys.path]))
    answer_one(crew)
    with beside(tmp_path, 1, pause=0.1, module="fake_loop")(crew.store):
        assert wait_for(crew, "ready", trained=1).answered == 1


def test_a_model_that_cannot_be_trained_is_told_to_the_lead(
    crew: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fake_loop.py").write_text(FAKE, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", ":".join([str(tmp_path), *sys.path]))
    with beside(tmp_path / "broken", 1, pause=0.1, module="fake_loop")(crew.store):
        assert wait_for(crew, "failed").error == "no such model"
    assert crew.get("lead", "stats")["model"]["state"] == "failed"


def test_the_command_beside_the_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ordering.main([str(tmp_path / "no.db"), str(tmp_path)]) == 2
    assert "there is no such store" in capsys.readouterr().err
