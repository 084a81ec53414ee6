"""Reviews of invented answers, and of the corpus's own two passes, open in Chromium."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from liwa import jsonl
from tests.annotator.page.conftest import NewPage
from tests.annotator.page.review.desk import ReviewDesk
from tests.annotator.serving import Server
from tests.conftest import ROOT
from tests.gold import gold, write

OpenReview = Callable[..., ReviewDesk]

COPIES = 30
"""Articles of the invented answers: every test gets one that no other test has touched."""

FIRST = (
    "تفقد [اللواء الركن](RANK 1) [سامي الدوري](PERSON HOLDS_RANK:1) جنود [اللواء 83 مدفعية](UNIT 2 BASED_AT:3) "
    "في [قاعدة السدرة](BASE 3) الجوية، ثم زار الميدان."
)
SECOND = (
    "تفقد اللواء [الركن](RANK) [سامي الدوري](PERSON) جنود [اللواء 83](UNIT 2 BASED_AT:3) مدفعية "
    "في [قاعدة السدرة](BASE 3) الجوية، ثم زار [الميدان](BASE)."
)
THIRD = (
    "تفقد اللواء [الركن](RANK) [سامي الدوري](PERSON) جنود [اللواء 83](BASE) مدفعية "
    "في [قاعدة السدرة](BASE 3) الجوية، ثم زار [الميدان](BASE)."
)


class Reviews(Server):
    """``liwa review`` in a process; tasks: the layers."""

    def __init__(self, layers: list[Path], *options: str | Path, folder: Path) -> None:
        self.layers = layers
        super().__init__(folder, folder / "review.db", *options, log=folder / "server.log")

    def start(self) -> None:
        """Start the command and wait for its address."""
        command = [sys.executable, "-m", "liwa", "review", *self.layers, "--store", self.store, "--port", self.port]
        with self.log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [*map(str, command), *map(str, self.options)], stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self._process.stdout
        self.page = self._process.stdout.readline().strip()
        assert self.page, self.said
        self.url, _, self.token = self.page.partition("/#token=")
        self.port = int(self.url.rpartition(":")[2])


@pytest.fixture(scope="package")
def court(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reviews]:
    """One server for all tests of invented answers, by three annotators."""
    folder = tmp_path_factory.mktemp("court")
    answers = {"huda": FIRST, "sami": SECOND, "noor": THIRD}
    articles = [f"a{n:02}" for n in range(COPIES)]
    layers = [
        write(folder / f"{name}.jsonl", [gold(marked, article) for article in articles])
        for name, marked in answers.items()
    ]
    server = Reviews(layers, folder=folder)
    yield server
    server.close()


@pytest.fixture(scope="package")
def unread(court: Reviews) -> Callable[[], str]:
    """A function that returns the id of a task that no test has opened."""
    listed = court.get("review", limit=1000)["tasks"]
    return lambda: str(listed.pop()["id"])


@pytest.fixture
def review(court: Reviews, unread: Callable[[], str], new_page: NewPage) -> OpenReview:
    """A function that opens a task of the court that no test has touched; options: of the browser's context."""

    def start(**options: Any) -> ReviewDesk:
        page = new_page(**options)
        page.add_init_script(f"sessionStorage['liwa-task-review'] ??= '{unread()}'")
        desk = ReviewDesk(page, court)
        desk.open()
        return desk

    return start


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Callable[..., Reviews]]:
    """A function that serves the two passes of the corpus over some of its articles."""
    started = []

    def start(*articles: str) -> Reviews:
        layers = []
        for name in ("a", "b"):
            rows = (row for _, row in jsonl.read(ROOT / "annotations" / "layers" / f"{name}.jsonl"))
            layers.append(tmp_path / f"{name}.jsonl")
            jsonl.write(layers[-1], (row for row in rows if row["article"] in articles))
        started.append(Reviews(layers, "--texts", ROOT / "corpus" / "articles", folder=tmp_path))
        return started[-1]

    yield start
    for server in started:
        server.close()
