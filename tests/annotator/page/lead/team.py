"""A team: a store with people, the server over it, and their pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from liwa import jsonl, markup
from liwa.annotations.rows import task
from liwa.annotator import people
from liwa.annotator.store import Store
from liwa.records import sha256
from tests.annotator.serving import Server, submission
from tests.gold import story


class Team:
    """A server with people. tokens: by name."""

    def __init__(self, folder: Path, *options: str, names: tuple[str, ...], articles: int) -> None:
        jsonl.write(folder / "tasks.jsonl", rows(articles))
        self.store = folder / "team.db"
        with closing(Store(self.store)) as store:
            self.tokens = {name: people.add(store, name) for name in names}
            self.tokens["lead"] = people.add(store, "lead", role="lead")
        self.server = Server(folder / "tasks.jsonl", self.store, *options, log=folder / "server.log")

    def page(self, name: str) -> str:
        """Return the address of somebody's page."""
        return f"{self.server.url}/#token={self.tokens[name]}"

    def client(self, name: str) -> httpx.Client:
        """Return a client with somebody's token."""
        headers = {"Authorization": f"Bearer {self.tokens[name]}"}
        return httpx.Client(base_url=self.server.url, headers=headers, trust_env=False, timeout=30)

    def answer(self, name: str, number: int = 1, **body: Any) -> list[str]:
        """Answer tasks as somebody does, and return their ids."""
        done = []
        with self.client(name) as client:
            for _ in range(number):
                given = client.get("/api/tasks/next?after=0").json()
                sent = client.post(f"/api/tasks/{given['id']}/answer", json=submission("accept", **body))
                assert sent.status_code == 200, sent.text
                done.append(given["id"])
        return done


def rows(articles: int) -> Iterator[Mapping[str, Any]]:
    """Yield the tasks of invented articles, two paragraphs each."""
    for number in range(articles):
        text, _, _ = markup.parse(story(number))
        start = 0
        for part in text.split("\n"):
            place = {"start": start, "end": start + len(part), "title": f"خبر {number}"}
            yield task(part, {"article": f"story-{number:02}", "sha256": sha256(text), **place})
            start += len(part) + 1
