"""The order in which articles are handed out, by how much a model would learn from them.

Run as ``python -m liwa.annotator.ordering STORE MODEL [--train]`` in a process beside the server.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select

from liwa.annotations.gold import merge
from liwa.annotator.schema import priorities, tasks, work
from liwa.annotator.stats import layers
from liwa.annotator.store import Store
from liwa.annotator.task import pre_annotation
from liwa.errors import LiwaError
from liwa.records import Gold

Order = Callable[[list[Gold], Path, list[Gold]], Iterable[tuple[str, float]]]
"""Takes the articles that nobody has begun, a model, and the gold so far; returns article ids with scores, the most
informative with the highest.
"""

Retrain = Callable[[list[Gold], Path, Path], Path]
"""Takes the gold so far, the model that was used till now, and an empty folder; returns where the new model is."""

_FOLDER: Final = "liwa-loop-"
"""How the folders of models are named that are trained beside the server."""


class Progress(NamedTuple):
    """How the model in the loop fares. state: waiting, ordering, training, ready or failed; every: answered articles
    after which it is trained; answered: when it was last begun; trained_on: articles behind the order that stands;
    refreshed: Unix time of that order.
    """

    state: str = "waiting"
    every: int = 0
    answered: int = 0
    trained_on: int = 0
    refreshed: float | None = None
    model: str = ""
    error: str = ""


def read_progress(store: Store) -> Progress:
    """Return what the store knows of the model."""
    return Progress(**json.loads(store.about("model") or "{}"))


def write_progress(store: Store, progress: Progress) -> None:
    """Keep how the model fares, for the lead's view."""
    with store.writing() as connection:
        store.note(connection, model=json.dumps(progress._asdict()))


def articles_answered(connection: Connection) -> int:
    """Return how many articles of the feed have an accepted answer."""
    query = select(func.count(tasks.c.article.distinct())).join(work, work.c.task_id == tasks.c.id)
    accepted = query.where(work.c.answer == "accept", tasks.c.position.is_not(None))
    return int(connection.execute(accepted).scalar() or 0)


def set_priorities(connection: Connection, scores: Mapping[str, float]) -> None:
    """Make articles be handed out in the order of these scores, the highest first; others come after them."""
    connection.execute(delete(priorities))
    if scores:
        connection.execute(insert(priorities), [{"article": a, "score": float(s)} for a, s in scores.items()])


def unanswered(connection: Connection) -> dict[str, Gold]:
    """Return the articles of the feed without any answer, as bare gold of the text that the tasks have."""
    begun = select(tasks.c.article).join(work, work.c.task_id == tasks.c.id).where(work.c.answer.is_not(None))
    query = select(tasks.c.row).where(tasks.c.position.is_not(None), tasks.c.article.not_in(begun))
    rows = [json.loads(row) for row in connection.execute(query.order_by(tasks.c.position)).scalars()]
    return {gold.article: gold for gold in merge(pre_annotation({**row, "spans": [], "relations": []}) for row in rows)}


def annotated(connection: Connection) -> list[Gold]:
    """Return the gold so far, one an article, from the first annotator who accepted each task."""
    taken: dict[tuple[str, int, int], Gold] = {}
    for golds in layers(connection).values():
        for gold in golds:
            taken.setdefault((gold.article, gold.start, gold.end), gold)
    return merge(taken.values())


def refresh(
    store: Store, model: Path, *, train: bool, order: Order | None = None, retrain: Retrain | None = None
) -> Progress:
    """Order the articles without answers by a model, after training it anew on the answers if wanted.

    order, retrain: by default those of `liwa.training.order`. Of the models that were trained so, the newest is kept.
    Raises LiwaError where there is nothing to train on, and what training and prediction raise.
    """
    from liwa.training import order as teacher

    with store.reading() as connection:
        gold, left = annotated(connection), unanswered(connection)
    before = read_progress(store)
    if train:
        folder = Path(tempfile.mkdtemp(prefix=_FOLDER))
        try:
            model = (retrain or teacher.retrain)(gold, model, folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    scores = dict((order or teacher.order)(list(left.values()), model, gold))
    on = len(gold) if train else before.trained_on
    done = before._replace(state="ready", trained_on=on, refreshed=time.time(), model=str(model), error="")
    if train:
        _forget(before.model)
    with store.writing() as connection:
        set_priorities(connection, scores)
        store.note(connection, model=json.dumps(done._asdict()))
    return done


def _forget(model: str) -> None:
    """Remove a model that `refresh` made before."""
    folder = Path(model).parent
    if folder.name.startswith(_FOLDER) and folder.parent == Path(tempfile.gettempdir()):
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str] | None = None) -> int:
    """Refresh the order once; a mistake is one line on stderr."""
    parser = argparse.ArgumentParser(description="Order the articles of a store by a model.")
    parser.add_argument("store")
    parser.add_argument("model", type=Path)
    parser.add_argument("--train", action="store_true")
    given: Any = parser.parse_args(arguments)
    with suppress(AttributeError, OSError):
        os.nice(10)  # the server comes first
    try:
        with closing(Store(given.store, create=False)) as store:
            refresh(store, given.model, train=given.train)
    except LiwaError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what a training has begun to write is removed
    sys.exit(main())
