"""A team over one store in this process: people with tokens, who ask as the page does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import anyio
import httpx

from liwa import jsonl
from liwa.annotator import people
from liwa.annotator.api import Api
from liwa.annotator.app import application
from liwa.annotator.desk import Shared
from liwa.annotator.handout import Handout, adopt
from liwa.annotator.project import open_project
from liwa.annotator.store import Store
from liwa.scheme import load_scheme
from tests.annotator.local import HOST
from tests.annotator.serving import submission


class Crew:
    """People of a store that hands out tasks. place: of the store."""

    def __init__(
        self, folder: Path, place: str, rows: Iterable[Mapping[str, Any]], *names: str, **handout: Any
    ) -> None:
        self.store, self.scheme = Store(place), load_scheme()
        self.tokens = {name: people.add(self.store, name) for name in names}
        self.tokens["lead"] = people.add(self.store, "lead", role=people.LEAD)
        jsonl.write(folder / "tasks.jsonl", rows)
        open_project(self.store, str(folder / "tasks.jsonl"), self.scheme)
        with self.store.writing() as connection:
            adopt(connection)
        self.open(**handout)

    def open(self, **handout: Any) -> None:
        """Serve anew, with another overlap or lease."""
        api = Api(self.store, self.scheme, Shared(Handout(**handout)))
        hosts = {HOST: f"http://{HOST}"}
        self.app = application(api, guidelines={"en": ""}, hosts=hosts, who=people.team(self.store))

    def ask(self, name: str, method: str, path: str, **options: Any) -> httpx.Response:
        """Send a request as someone."""
        headers = {"Authorization": f"Bearer {self.tokens.get(name, name)}", **options.pop("headers", {})}

        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
                return await client.request(method, f"/api/{path}", headers=headers, **options)

        return anyio.run(once)

    def get(self, name: str, path: str, **query: Any) -> Any:
        """Return the data at a path, which must be there."""
        found = self.ask(name, "GET", path, params=query)
        assert found.status_code == 200, found.text
        return found.json()

    def next(self, name: str, after: int = 0, **query: Any) -> Any:
        """Return the next task of someone."""
        return self.get(name, "tasks/next", after=after, **query)

    def send(self, name: str, task: str, answer: str | None = "accept", /, **body: Any) -> httpx.Response:
        """Send an answer, or a draft where there is none."""
        method, kind = ("POST", "answer") if answer else ("PUT", "draft")
        return self.json(name, method, f"tasks/{task}/{kind}", submission(answer, **body))

    def json(self, name: str, method: str, path: str, data: Mapping[str, Any]) -> httpx.Response:
        """Send data."""
        headers = {"Content-Type": "application/json"}
        return self.ask(name, method, path, content=json.dumps(data), headers=headers)

    def work(self, name: str, most: int = 1000) -> list[str]:
        """Let someone answer what comes, and return the tasks."""
        done: list[str] = []
        while len(done) < most and "id" in (task := self.next(name)):
            assert self.send(name, task["id"]).status_code == 200
            done.append(task["id"])
        return done
