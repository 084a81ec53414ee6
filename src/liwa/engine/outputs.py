"""Files that a long run writes: they grow beside their targets, and replace them when all is written.

While it grows, the output ``a.jsonl`` is in the folder ``a.jsonl.part``, with all that is needed to go on after a kill.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

from liwa import jsonl
from liwa.engine.store import JOURNAL, Store
from liwa.errors import LiwaError
from liwa.progress import say

PART: Final = ".part"


class Outputs:
    """The outputs of a run by name, and the store in which it keeps what it needs to go on."""

    def __init__(self, store: Store, settings: Mapping[str, Any], streams: Mapping[str, BinaryIO]) -> None:
        self.store = store
        self._settings = dict(settings)
        self._streams = streams
        self._logs: dict[str, str] = {}

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the last commit wrote down; nothing in a run that begins."""
        known: Mapping[str, Any] = self.store.facts.get("facts", {})
        return known

    def grows(self, name: str, log: str) -> None:
        """Let an output be a log of the store; one that is neither this nor a stream is not written."""
        self._logs[name] = log
        self.store.log(log)

    def write(self, name: str, data: bytes) -> None:
        """Write to one of the outputs."""
        if name in self._logs:
            self.store.log(self._logs[name]).append(data)
        elif name in self._streams:
            self._streams[name].write(data)

    def commit(self, facts: Mapping[str, Any]) -> None:
        """Keep all that was written, so that a later run can go on from here."""
        self.store.commit({"settings": self._settings, "facts": facts})


@contextmanager
def outputs(
    targets: Mapping[str, str | None], *, settings: Mapping[str, Any], resume: bool = False
) -> Iterator[Outputs]:
    """Give outputs that replace their targets when the block ends well; else what was committed stays, to go on from.

    targets: path by name; ``-`` is stdout, None is nothing, ``.gz`` is zipped. settings: what must be the same to go
    on. LiwaError where a target cannot be written or gone on with, and only regular files can.
    """
    files = {name: Path(path).resolve() for name, path in targets.items() if path and _is_regular(path)}
    streams = {name: path for name, path in targets.items() if path and name not in files}
    resumable = bool(files) and not streams
    if resume and not resumable:
        raise LiwaError("only a run that writes files can be resumed", hint="Name the output with -o")
    with _one_line(targets), ExitStack() as stack:
        folder = _folder(files, resumable=resumable)
        try:
            store = Store(folder, resume=resume)
            stack.callback(store.close)
            _require_same(store, settings)
            out = Outputs(store, settings, {name: stack.enter_context(_stream(path)) for name, path in streams.items()})
            logs = {name: f"{name}{'.gz' if path.suffix == '.gz' else ''}" for name, path in files.items()}
            for name, log in logs.items():
                out.grows(name, log)
            yield out
            store.close(sync=True)
            for name, log in logs.items():
                _install(folder / log, files[name])
        except BaseException:
            _keep_or_remove(folder, resumable=resumable)
            raise
        shutil.rmtree(folder)


def _is_regular(path: str) -> bool:
    target = Path(path)
    return path != jsonl.STDIO and (not target.exists() or target.is_file() or target.is_dir())


@contextmanager
def _stream(path: str) -> Iterator[BinaryIO]:
    if path == jsonl.STDIO:
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    with Path(path).open("wb") as device:
        yield device


def _folder(files: Mapping[str, Path], *, resumable: bool) -> Path:
    """Return where to work: beside the first file, so that it can be renamed, else where temporary files are."""
    first = next(iter(files.values()), None)
    if first is None:
        return Path(tempfile.mkdtemp(prefix="liwa-"))
    if first.is_dir():
        raise IsADirectoryError(21, "Is a directory", str(first))
    first.parent.mkdir(parents=True, exist_ok=True)
    if resumable:
        return first.with_name(f"{first.name}{PART}")
    return Path(tempfile.mkdtemp(dir=first.parent, prefix=f".{first.name}."))


def _require_same(store: Store, settings: Mapping[str, Any]) -> None:
    begun: Mapping[str, Any] = store.facts.get("settings", settings)
    for name, value in settings.items():
        if begun.get(name) != value:
            raise LiwaError(
                f"cannot resume: the run was begun with {name} {begun.get(name)}, found {value}",
                where=str(store.folder),
                hint="Give the same options, or run it again without --resume",
            )


def _install(part: Path, target: Path) -> None:
    """Put a finished file in its place, at once; one that an earlier run has put there is no longer in the folder."""
    if not part.exists():
        return
    if target.exists():
        part.chmod(target.stat().st_mode & 0o777)
    target.parent.mkdir(parents=True, exist_ok=True)
    if part.stat().st_dev != target.parent.stat().st_dev:
        beside = target.with_name(f".{target.name}{PART}")
        shutil.copyfile(part, beside)
        beside.chmod(part.stat().st_mode & 0o777)
        beside.replace(target)
    else:
        part.replace(target)


def _keep_or_remove(folder: Path, *, resumable: bool) -> None:
    if resumable and (folder / JOURNAL).exists():
        say(f"what was done is kept in {folder.name}; go on with --resume")
    else:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _one_line(targets: Mapping[str, str | None]) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        named = ", ".join(path for path in targets.values() if path)
        raise LiwaError(f"cannot write: {error.strerror}", where=named, hint="Name a writable file") from None
