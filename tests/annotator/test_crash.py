"""Nothing that was acknowledged is lost or stored twice, however often the server dies."""

from __future__ import annotations

import random
import threading
import uuid
from contextlib import closing
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from liwa.annotations.rows import task
from liwa.annotator.schema import answers, tasks
from liwa.annotator.store import Store
from tests.annotator.conftest import Serve
from tests.annotator.serving import Server

BOTH_STORES = True

ANSWERS, KILLS = 2000, 50


class Sender:
    """Sends answers one after the other, each as often as it takes, as the page's queue does."""

    def __init__(self, server: Server, ids: list[str]) -> None:
        self.server, self.ids = server, ids
        self.acknowledged: dict[str, tuple[str, int]] = {}
        self.again = 0
        self.up = threading.Event()
        self.up.set()
        self.failed: list[str] = []

    def run(self) -> None:
        """Send every answer; what is refused ends the run."""
        for number in range(ANSWERS):
            name = self.ids[number % len(self.ids)]
            data = {"key": str(uuid.uuid4()), "base": number // len(self.ids), "answer": "accept", "seconds": 1.0}
            data |= {"spans": [], "relations": [], "comment": f"answer {number}", "flagged": False}
            if not self._deliver(name, data):
                return

    def _deliver(self, name: str, data: dict[str, Any]) -> bool:
        while True:
            self.up.wait()
            url, headers = self.server.url, {"Authorization": f"Bearer {self.server.token}"}
            try:
                sent = httpx.post(f"{url}/api/tasks/{name}/answer", json=data, headers=headers, trust_env=False)
            except httpx.TransportError:
                self.again += 1
                continue
            if sent.status_code == 401:  # the token of the start before this one
                continue
            if sent.status_code != 200:
                self.failed.append(sent.text)
                return False
            self.acknowledged[data["key"]] = (name, sent.json()["revision"])
            return True


@pytest.mark.slow
def test_two_thousand_answers_and_fifty_kills(serve: Serve, durable: str) -> None:
    server = serve([task(f"خبر رقم {n}", {}) for n in range(100)], store=durable)
    ids = [listed["id"] for listed in server.get("tasks", limit=1000)["tasks"]]
    sender = Sender(server, ids)
    thread = threading.Thread(target=sender.run, daemon=True)
    thread.start()
    chance = random.Random(6)
    kills = 0
    while thread.is_alive() and kills < KILLS:
        threading.Event().wait(chance.uniform(0.02, 0.5))
        sender.up.clear()
        assert server.kill() == -9
        kills += 1
        server.start()
        sender.up.set()
    thread.join(timeout=900)
    assert (sender.failed, kills) == ([], KILLS)
    assert len(sender.acknowledged) == ANSWERS
    assert sender.again > 0, "no kill met a request on its way"
    server.stop()
    with closing(Store(durable)) as store, store.reading() as connection:
        query = select(answers.c.key, tasks.c.digest, answers.c.revision).join(tasks, tasks.c.id == answers.c.task_id)
        rows = connection.execute(query).all()
        if store.place.file:
            assert connection.exec_driver_sql("pragma integrity_check").scalar() == "ok"
    assert {key: (digest, revision) for key, digest, revision in rows} == sender.acknowledged
    assert len(rows) == ANSWERS
