"""The installed command as a server of its own, and a client that speaks to it as the page does."""

from __future__ import annotations

import signal
import subprocess
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

STARTS = 30.0
"""Seconds to wait for the address: far more than a start takes, for a busy machine."""


class Server:
    """``liwa annotate`` in a process; it is started at once, and can be stopped, killed and started again.

    url: the address of the page without the token; page: with it. port: fixed from the first start on.
    """

    def __init__(self, tasks: Path, store: Path | str, *options: str | Path, log: Path, port: int = 0) -> None:
        self.tasks, self.store, self.options, self.log, self.port = tasks, store, options, log, port
        self.url = self.page = self.token = ""
        self._process: subprocess.Popen[str] | None = None
        self._client: httpx.Client | None = None
        self.start()

    def start(self) -> None:
        """Start the command and wait for its address; AssertionError with what it said where there is none."""
        command = [sys.executable, "-m", "liwa", "annotate", self.tasks, "--store", self.store, "--port", self.port]
        with self.log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [*map(str, command), *map(str, self.options)], stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self._process.stdout
        self.page = self._process.stdout.readline().strip()
        if not self.page:
            self.kill()
            raise AssertionError(self.said)
        self.url, _, self.token = self.page.removesuffix("/").partition("/#token=")
        self.port = int(self.url.rpartition(":")[2])

    @property
    def pid(self) -> int:
        """The number of the process."""
        assert self._process
        return self._process.pid

    @property
    def said(self) -> str:
        """What the command wrote on stderr, over all its starts."""
        return self.log.read_text(encoding="utf-8")

    @property
    def client(self) -> httpx.Client:
        """A client with the token of this start."""
        if self._client is None:
            headers = {"Authorization": f"Bearer {self.token}"}
            self._client = httpx.Client(base_url=self.url, headers=headers, trust_env=False, timeout=30)
        return self._client

    def get(self, path: str, **query: Any) -> Any:
        """Return the data at a path below ``/api/``, which must be there."""
        found = self.client.get(f"/api/{path}", params=query)
        assert found.status_code == 200, found.text
        return found.json()

    def send(self, task: str, answer: str | None = "accept", /, **body: Any) -> httpx.Response:
        """Send an answer to a task, or a draft where there is none."""
        data = submission(answer, **body)
        if answer is None:
            return self.client.put(f"/api/tasks/{task}/draft", json=data)
        return self.client.post(f"/api/tasks/{task}/answer", json=data)

    def stop(self) -> int:
        """Stop as Ctrl-C does, and return the exit code."""
        return self._end(signal.SIGINT)

    def kill(self) -> int:
        """Kill without warning, as a crash does, and return the exit code."""
        return self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop and start again on the same port, with a new token."""
        self.stop()
        self.start()

    def _end(self, how: signal.Signals) -> int:
        if self._client:
            self._client.close()
            self._client = None
        assert self._process
        process, self._process = self._process, None
        if process.poll() is None:
            process.send_signal(how)
        assert process.stdout
        with process.stdout:
            return process.wait(timeout=STARTS)

    def close(self) -> None:
        """Kill the process where it still runs."""
        if self._process:
            self.kill()


def submission(answer: str | None, **body: Any) -> Mapping[str, Any]:
    """Return what the page would send; what is not named is what an empty annotation has."""
    data = {"key": str(uuid.uuid4()), "base": 0, "spans": [], "relations": [], "comment": "", "flagged": False}
    return {**data, "seconds": 1.5, **({"answer": answer} if answer else {}), **body}
