"""Files that only grow, in one folder: what was committed is still there after a kill, and nothing else.

A commit writes down how long each file is, in ``journal.json``, which is replaced whole. Opening the folder again cuts
each file to that length. A kill of the process loses what came after the last commit; a power cut may lose more, which
is noticed.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Final, Protocol

from liwa.errors import LiwaError

JOURNAL: Final = "journal.json"
LOCK: Final = "lock"
_BUFFER: Final = 2**20


class Held:
    """Bytes that are appended, and read by their offset; held in memory."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self.size = 0

    def append(self, data: bytes) -> None:
        """Write some bytes behind the others."""
        self._bytes += data
        self.size += len(data)

    def read(self, start: int, size: int) -> bytes:
        """Return some bytes that were written, from an offset on."""
        return bytes(self._bytes[start : start + size])


class Logs(Protocol):
    """Where logs are kept by name. folder: the one that they are files of, None in memory."""

    @property
    def folder(self) -> Path | None:
        """Where further files may be put."""

    def log(self, name: str) -> Held:
        """Return the log of a name."""


class InMemory:
    """Logs for as long as the process runs."""

    folder = None

    def __init__(self) -> None:
        self._logs: dict[str, Held] = {}

    def log(self, name: str) -> Held:
        """Return the log of a name."""
        return self._logs.setdefault(name, Held())


class Log(Held):
    """The same in a file that only grows."""

    def __init__(self, path: Path, size: int = 0) -> None:
        self.size = size
        self._path = path
        self._out = path.open("r+b" if size else "wb", buffering=_BUFFER)
        self._out.truncate(size)
        self._out.seek(size)
        self._in: IO[bytes] | None = None
        self._flushed = size

    def append(self, data: bytes) -> None:
        """Write some bytes behind the others."""
        self._out.write(data)
        self.size += len(data)

    def read(self, start: int, size: int) -> bytes:
        """Return some bytes that were written, from an offset on."""
        if start + size > self._flushed:
            self.settle()
        if self._in is None:
            self._in = self._path.open("rb", buffering=0)
        self._in.seek(start)
        return self._in.read(size)

    def settle(self) -> None:
        """Hand everything to the operating system."""
        self._out.flush()
        self._flushed = self.size

    def close(self, *, sync: bool = False) -> None:
        """Write what is left; sync: onto the disk itself."""
        if self._out.closed:
            return
        self.settle()
        if sync:
            os.fsync(self._out.fileno())
        self._out.close()
        if self._in is not None:
            self._in.close()


class Zipped(Log):
    """The same, gzipped: what is written from one commit to the next is a member of its own. Cannot be read."""

    _member: Any = None

    def append(self, data: bytes) -> None:
        """Zip some bytes and write them."""
        if self._member is None:
            self._member = zlib.compressobj(wbits=31)
        super().append(self._member.compress(data))

    def settle(self) -> None:
        """End the member; a file of nothing is one empty member."""
        if self._member is None and not self.size:
            self.append(b"")
        if self._member is not None:
            super().append(self._member.flush())
            self._member = None
        super().settle()


class Store:
    """A folder of logs, with a journal. facts: what else the last commit wrote down."""

    def __init__(self, folder: Path, *, resume: bool = False) -> None:
        self.folder = folder
        self._logs: dict[str, Log] = {}
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(folder / LOCK)
        journal = self._read_journal() if resume else {}
        self.facts: Mapping[str, Any] = journal.get("facts", {})
        self._sizes: dict[str, int] = journal.get("sizes", {})
        kept = {LOCK, *self._sizes, *([JOURNAL] if resume else [])}
        for path in folder.iterdir():
            if path.is_file() and path.name not in kept:
                path.unlink()

    def log(self, name: str) -> Log:
        """Return the log of a name: what was committed of it, else an empty one. ``.gz`` is zipped."""
        if name not in self._logs:
            kind = Zipped if name.endswith(".gz") else Log
            self._logs[name] = kind(self._known(name), self._sizes.get(name, 0))
        return self._logs[name]

    def commit(self, facts: Mapping[str, Any]) -> None:
        """Keep everything that was written so far, and the facts, which are data for JSON."""
        for log in self._logs.values():
            log.settle()
        self._sizes = {**self._sizes, **{name: log.size for name, log in self._logs.items()}}
        fresh = self.folder / f"{JOURNAL}.new"
        fresh.write_text(json.dumps({"facts": facts, "sizes": self._sizes}, ensure_ascii=False), encoding="utf-8")
        fresh.replace(self.folder / JOURNAL)
        self.facts = facts

    def close(self, *, sync: bool = False) -> None:
        """Close every log; sync: after writing it onto the disk itself."""
        for log in self._logs.values():
            log.close(sync=sync)
        self._lock.close()

    def _read_journal(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self.folder / JOURNAL).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return found

    def _known(self, name: str) -> Path:
        path = self.folder / name
        if self._sizes.get(name, 0) > (path.stat().st_size if path.exists() else 0):
            raise LiwaError(
                "cannot resume: the file is shorter than its journal says",
                where=str(path),
                hint="Run it again without --resume",
            )
        return path


def _locked(path: Path) -> IO[str]:
    """Open a file that no other process may have open at the same time; on Windows nothing is locked."""
    file = path.open("w", encoding="utf-8")
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        pass
    except OSError:
        file.close()
        message = "another run is writing here"
        raise LiwaError(message, where=str(path.parent), hint="Wait for it, or name another output") from None
    return file
