"""The model in the loop: articles come most informative first, and the order follows a model trained on the answers.

Everything heavy runs in a process of its own beside the server, one at a time: it reads the store, and writes the order
and how it fares back into it. The server only counts answered articles.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError

from liwa.annotator.ordering import Progress, articles_answered, read_progress, write_progress
from liwa.annotator.store import Store

PAUSE: Final = 5.0
"""Seconds between two looks at the number of answered articles."""


def beside(
    model: Path, refresh: int, *, pause: float = PAUSE, module: str = "liwa.annotator.ordering"
) -> Callable[[Store], AbstractContextManager[object]]:
    """Return what orders the articles of a store by a model, and again after so many answered articles.

    module: is run as ``python -m MODULE STORE MODEL``; with ``--train`` it trains a new model before.
    """

    @contextmanager
    def begin(store: Store) -> Iterator[None]:
        loop = _Loop(store, model, refresh, pause, module)
        thread = threading.Thread(target=loop.run, name="liwa-loop", daemon=True)
        thread.start()
        try:
            yield
        finally:
            loop.stop()
            thread.join(timeout=5)

    return begin


class _Loop:
    def __init__(self, store: Store, model: Path, refresh: int, pause: float, module: str) -> None:
        self.store, self.model, self.refresh, self.pause, self.module = store, model, refresh, pause, module
        self.ended = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Order once, then train and order whenever enough articles are answered, until the server ends."""
        self._refresh(self._count(), train=False)
        answered = 0  # what was answered before this run counts too
        while not self.ended.wait(self.pause):
            now = self._count()
            if now - answered >= self.refresh:
                answered = now
                self._refresh(answered, train=True)

    def stop(self) -> None:
        """End the loop, and what it runs."""
        self.ended.set()
        if self.process:
            with suppress(ProcessLookupError):
                self.process.terminate()

    def _count(self) -> int:
        try:
            with self.store.reading() as connection:
                return articles_answered(connection)
        except DBAPIError:
            return 0  # the server says so to those who ask

    def _refresh(self, answered: int, *, train: bool) -> None:
        state = "training" if train else "ordering"
        before = read_progress(self.store)
        self._note(before._replace(state=state, every=self.refresh, answered=answered, error=""))
        place = self.store.place
        command = [sys.executable, "-m", self.module, place.url.render_as_string(hide_password=False)]
        if place.file:
            command[-1] = str(place.file)
        command += [str(self.model), *(["--train"] if train else [])]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        _, said = self.process.communicate()
        if self.process.returncode and not self.ended.is_set():
            lines = said.decode(errors="replace").strip().splitlines()
            now = read_progress(self.store)
            self._note(now._replace(state="failed", error=(lines or ["no message"])[-1][:300]))

    def _note(self, progress: Progress) -> None:
        with suppress(DBAPIError):
            write_progress(self.store, progress)
