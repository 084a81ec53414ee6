"""The application in this process, over a store in a file: quick to make, and asked as a browser asks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import anyio
import httpx

from liwa import jsonl
from liwa.annotator.api import Api
from liwa.annotator.app import application
from liwa.annotator.export import export
from liwa.annotator.feed import Fed
from liwa.annotator.people import ANNOTATOR, Person, sole
from liwa.annotator.project import open_project
from liwa.annotator.store import Store
from liwa.scheme import Scheme, load_scheme
from tests.annotator.serving import submission

HOST: Final = "127.0.0.1:8765"
TOKEN: Final = "a-token-of-this-test"
AUTHORISED: Final = {"Authorization": f"Bearer {TOKEN}"}


class Local:
    """A project in a folder, opened as `liwa annotate` does; ``fed`` is what its last opening changed."""

    def __init__(
        self,
        folder: Path,
        rows: Iterable[Mapping[str, Any]],
        *,
        scheme: Scheme | None = None,
        place: str | None = None,
    ) -> None:
        self.folder, self.scheme = folder, scheme or load_scheme()
        self.store = Store(place or folder / "annotations.db")
        self.annotator = self.store.annotator("tester")
        try:
            self.fed = self.feed(rows)
        except BaseException:
            self.store.close()
            raise
        hosts = {host: f"http://{host}" for host in (HOST, "localhost:8765")}
        who = sole(TOKEN, Person(self.annotator, "tester", ANNOTATOR))
        guidelines = {"en": "# Rules\n\nقاعدة <b>أولى</b>\n", "ar": "# القواعد\n"}
        self.app = application(Api(self.store, self.scheme), guidelines=guidelines, hosts=hosts, who=who)

    def feed(self, rows: Iterable[Mapping[str, Any]], texts: Iterable[str] = ()) -> Fed | None:
        """Write tasks into the folder's file, and open the store for it."""
        return self.feed_lines("".join(f"{jsonl.dumps(row)}\n" for row in rows), texts)

    def feed_lines(self, lines: str, texts: Iterable[str] = ()) -> Fed | None:
        """Write a file of tasks as it shall be, and open the store for it."""
        file = self.folder / "tasks.jsonl"
        file.write_text(lines, encoding="utf-8", newline="")
        return open_project(self.store, str(file), self.scheme, [*texts])

    def exported(self, **options: Any) -> list[dict[str, Any]]:
        """Return what an export writes."""
        return [jsonl.parse(jsonl.dumps(row), "") for row in export(self.store, **options)]

    def ask(self, method: str, path: str, *, faults: bool = True, **options: Any) -> httpx.Response:
        """Send a request with nothing but what httpx adds and the options name; faults: whether ours are raised."""

        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=faults)
            async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
                return await client.request(method, path, **options)

        return anyio.run(once)

    @property
    def ids(self) -> list[str]:
        """The names of the tasks, in order."""
        return [task["id"] for task in self.get("tasks")["tasks"]]

    def get(self, path: str, **query: Any) -> Any:
        """Return the data at a path below ``/api/``, which must be there."""
        found = self.ask("GET", f"/api/{path}", params=query, headers=AUTHORISED)
        assert found.status_code == 200, found.text
        return found.json()

    def send(self, task: str, answer: str | None = "accept", /, **body: Any) -> httpx.Response:
        """Send an answer to a task, or a draft where there is none."""
        method, kind = ("POST", "answer") if answer else ("PUT", "draft")
        headers = {**AUTHORISED, "Content-Type": "application/json"}
        content = json.dumps(submission(answer, **body))  # in ASCII, so that anything can be sent
        return self.ask(method, f"/api/tasks/{task}/{kind}", content=content, headers=headers)


def spans_of(text: str, *found: tuple[str, str]) -> list[dict[str, Any]]:
    """Return spans as the page sends them: each the first place of some characters, with a label."""
    spans = []
    for surface, label in found:
        start = text.index(surface)
        spans.append({"start": start, "end": start + len(surface), "label": label, "text": surface})
    return spans
