"""Twenty people at once: overlap as asked, no task twice to one person, and answers that are saved quickly."""

from __future__ import annotations

import http.client
import json
import os
import random
import statistics
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import select

from liwa.annotator import people
from liwa.annotator.schema import answers, leases, tasks
from liwa.annotator.store import Store
from tests.annotator.conftest import Serve
from tests.annotator.invented import invented

BOTH_STORES = True

PEOPLE, ARTICLES, OVERLAP, TIMES = 20, 60, 3, 4.0
"""Annotators, articles of two tasks, people to a task, and the seconds that each thinks about an answer at most."""

LIMIT = 0.020
"""Seconds at the 95th percentile until an answer is acknowledged, over what a refused request and a write to the disk
take at the same time: on a busy machine, these wait for processor and disk too."""


class Annotator(threading.Thread):
    """Someone who works as the page does: the next task is asked for while the answer is on its way."""

    def __init__(self, port: int, token: str, number: int) -> None:
        super().__init__(daemon=True)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.token, self.chance = token, random.Random(number)
        self.done: list[str] = []
        self.took: list[float] = []
        self.idle: list[float] = []
        self.disk: list[float] = []
        self.wrong: list[str] = []

    def ask(self, method: str, path: str, data: Any = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        self.connection.request(method, f"/api/{path}", json.dumps(data) if data else None, headers)
        response = self.connection.getresponse()
        return response.status, json.loads(response.read())

    def run(self) -> None:
        _, task = self.ask("GET", "tasks/next")
        while "id" in task:
            time.sleep(self.chance.uniform(0, TIMES))
            body = {"spans": [], "relations": [], "comment": "", "flagged": False, "seconds": 1.0}
            self.ask("PUT", f"tasks/{task['id']}/draft", {**body, "key": str(uuid.uuid4()), "base": 0})
            begun = time.perf_counter()
            self.ask("DELETE", "session")
            self.idle.append(time.perf_counter() - begun)
            self.disk.append(synced())
            sent = {**body, "key": str(uuid.uuid4()), "base": 1, "answer": "accept"}
            begun = time.perf_counter()
            status, said = self.ask("POST", f"tasks/{task['id']}/answer", sent)
            self.took.append(time.perf_counter() - begun)
            if status != 200:
                self.wrong.append(str(said))
                return
            self.done.append(task["id"])
            _, task = self.ask("GET", f"tasks/next?after={task['position']}")


def synced() -> float:
    """Return the seconds that a small write takes until it is on the disk."""
    with tempfile.TemporaryFile() as file:
        file.write(bytes(8192))
        file.flush()
        begun = time.perf_counter()
        os.fsync(file.fileno())
        return time.perf_counter() - begun


@pytest.fixture
def crowd(serve: Serve, durable: str) -> Iterator[list[Annotator]]:
    with closing(Store(durable)) as store:
        tokens = [people.add(store, f"annotator {number}") for number in range(PEOPLE)]
    rows = list(invented(ARTICLES))
    server = serve(rows, "--overlap", str(OVERLAP), store=durable)
    made = [Annotator(server.port, token, number) for number, token in enumerate(tokens)]
    for annotator in made:
        annotator.start()
    for annotator in made:
        annotator.join(timeout=300)
    yield made
    for annotator in made:
        annotator.connection.close()
    server.stop()


@pytest.mark.slow
def test_twenty_at_once(crowd: list[Annotator], durable: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert [annotator.wrong for annotator in crowd if annotator.wrong or annotator.is_alive()] == []
    assert all(len(set(annotator.done)) == len(annotator.done) for annotator in crowd)
    times = Counter(task for annotator in crowd for task in annotator.done)
    assert (len(times), set(times.values())) == (2 * ARTICLES, {OVERLAP})
    with closing(Store(durable)) as store, store.reading() as connection:
        kept = connection.execute(select(answers.c.task_id, answers.c.annotator_id)).all()
        lent = connection.execute(select(leases.c.task_id, leases.c.annotator_id)).all()
        feed = connection.execute(select(tasks.c.id)).all()
    assert len(kept) == len(set(kept)) == len(feed) * OVERLAP
    assert set(lent) == set(kept)
    took = statistics.quantiles([seconds for annotator in crowd for seconds in annotator.took], n=20)[-1]
    idle = statistics.quantiles([seconds for annotator in crowd for seconds in annotator.idle], n=20)[-1]
    disk = statistics.quantiles([seconds for annotator in crowd for seconds in annotator.disk], n=20)[-1]
    with capsys.disabled():
        shown = ", ".join(
            f"{1000 * t:.1f} ms {what}" for t, what in ((took, "an answer"), (idle, "a refusal"), (disk, "the disk"))
        )
        print(f"\n95th percentiles: {shown}")  # noqa: T201
    assert took < LIMIT + idle + disk
