"""A server of PostgreSQL in a folder of its own, started and stopped by the tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine, text

USER: Final = "liwa"
_AS: Final = "postgres"
"""The user that runs the server where the tests run as root, which it refuses."""


def programs() -> Path | None:
    """Return the folder of initdb and pg_ctl: Debian's newest, or where the search path has them."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    named = shutil.which("initdb")
    return found[-1].parent if found else Path(named).resolve().parent if named else None


class PostgreSQL:
    """A running server. durable: whether it waits for the disk, as a real one does."""

    def __init__(self, bin: Path, *, durable: bool = False) -> None:
        self.bin = bin
        self.folder = Path(tempfile.mkdtemp(prefix="liwa-postgresql-"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, _AS)
        self.port = _free_port()
        self.made = 0
        self._run("initdb", "-D", self.data, "-A", "trust", "-U", USER, "-E", "UTF8", "--locale=C", "--no-sync")
        wait = [] if durable else ["-c fsync=off", "-c synchronous_commit=off", "-c full_page_writes=off"]
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 {' '.join(wait)}"
        self._run("pg_ctl", "-w", "-D", self.data, "-l", str(self.folder / "log"), "-o", options, "start")

    @property
    def data(self) -> str:
        """The folder of the cluster."""
        return str(self.folder / "data")

    def url(self, database: str) -> str:
        """Return the URL of a database."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template1") -> str:
        """Make a database like another one, and return its name."""
        self.made += 1
        name = f"test_{self.made}"
        self.execute(f"create database {name} template {template}")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, and whoever is connected to it."""
        self.execute(f"drop database {name} with (force)")

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run a statement outside any transaction."""
        engine = create_engine(self.url(database).replace("postgresql:", "postgresql+pg8000:"))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))
        engine.dispose()

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        shutil.rmtree(self.folder)

    def _run(self, program: str, *arguments: str) -> None:
        as_user = ["setpriv", f"--reuid={_AS}", f"--regid={_AS}", "--clear-groups"] if os.geteuid() == 0 else []
        command = [*as_user, str(self.bin / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, check=False, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
