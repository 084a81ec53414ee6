"""JSON lines in and out: errors name file and line, Arabic stays readable, files are replaced atomically."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import sys
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, TextIO

from liwa.errors import LiwaError

_ONE_A_LINE: Final = "Write one JSON object a line"

MAX_LINE: Final = 64 * 2**20  # an article of 5 MB makes a task of about 35 MB
"""The longest line that is read, in bytes; a longer one is no article but a broken file."""

STDIO: Final = "-"

_BUFFER: Final = 2**18  # a row with its tokens is longer than the usual buffer

_DECIMAL: Final = re.compile(r"\.\d")


def dumps(row: Any) -> str:
    """Return one line of JSON with Arabic as it is, not as ``\\u`` escapes; ValueError for NaN and infinity."""
    import srsly

    try:
        line: str = srsly.ujson.dumps(row, ensure_ascii=False, escape_forward_slashes=False)
    except OverflowError as error:
        raise ValueError(str(error)) from None
    if _DECIMAL.search(line):  # srsly writes nine decimals of a float, the standard library all that it has.
        return json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return line


def read(path: str | Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (``file:line``, row) for every line of a JSONL file that is not blank; ``-`` is stdin, ``.gz`` is unzipped.

    Raises LiwaError for a missing file, a line that is no JSON object, bad UTF-8, NaN, or a line over `MAX_LINE`.
    """
    for where, line in lines(path):
        if line.strip():
            yield where, parse(line, where)


def lines(path: str | Path, encoding: str = "utf-8") -> Iterator[tuple[str, str]]:
    """Yield (``file:line``, line) of a text file; a byte order mark is dropped."""
    for where, raw in raw_lines(path):
        yield where, decode(raw, where, encoding)


def raw_lines(
    path: str | Path, meter: Meter | None = None, start: int = 0, stop: int = sys.maxsize, first: int = 1
) -> Iterator[tuple[str, bytes]]:
    """Yield (``file:line``, line) of a file, in bytes without a byte order mark. meter: follows the reading.

    start, stop: bytes of a plain file to read from and to, both where a line begins; first: the number of that line.
    """
    with open_input(path, meter) as file:
        if start:
            file.seek(start)
        position = start
        for number in range(first, sys.maxsize):
            raw = file.readline(MAX_LINE + 1) if position < stop else b""
            if not raw:
                return
            position += len(raw)
            where = f"{path}:{number}"
            if len(raw) > MAX_LINE:
                raise LiwaError(
                    f"expected a line of at most {MAX_LINE >> 20} MB, found a longer one",
                    where=where,
                    hint="Write one article a line",
                )
            yield where, raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw


def decode(raw: bytes, where: str, encoding: str = "utf-8") -> str:
    """Decode bytes, or raise LiwaError with the offset of the first byte that does not fit."""
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise LiwaError(
            f"expected {encoding}, found byte 0x{raw[error.start]:02x} at byte {error.start}",
            where=where,
            hint="Convert the file to UTF-8 (`liwa tasks` reads others with --encoding)",
        ) from None


class Meter:
    """Knows how far some files were read, in bytes as they lie on the disk; what comes from stdin does not count."""

    def __init__(self) -> None:
        self._read = 0
        self._file: IO[bytes] | None = None

    @property
    def position(self) -> int:
        """Bytes read so far."""
        return self._read + (self._file.tell() if self._file is not None else 0)

    @contextmanager
    def follow(self, file: IO[bytes]) -> Iterator[None]:
        """Count a file while it is read."""
        self._file = file
        try:
            yield
        finally:
            self._read, self._file = self.position, None


@contextmanager
def open_input(path: str | Path, meter: Meter | None = None) -> Iterator[IO[bytes]]:
    """Open a file for reading bytes: ``-`` is stdin, ``.gz`` is unzipped; LiwaError where it cannot be read."""
    if str(path) == STDIO:
        yield sys.stdin.buffer
        return
    try:
        with Path(path).open("rb", buffering=_BUFFER) as file, (meter or Meter()).follow(file):
            zipped: Any = gzip.GzipFile(fileobj=file) if str(path).endswith(".gz") else file
            yield zipped
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise LiwaError(f"cannot read: {reason}", where=str(path), hint="Name a readable file") from None


@contextmanager
def open_output(path: str | Path) -> Iterator[TextIO]:
    """Open a file for writing text that replaces the old one only when the block ends well; ``-`` is stdout.

    A path ending in ``.gz`` is zipped. After an error the old file is as it was and nothing new is left behind. A link
    is followed, and a device or a named pipe is written to as it is.
    """
    if str(path) == STDIO:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        yield sys.stdout
        sys.stdout.flush()
        return
    target = Path(path).resolve()
    if target.exists() and not (target.is_file() or target.is_dir()):
        with target.open("w", encoding="utf-8", newline="\n") as device:
            yield device
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise LiwaError(f"cannot write: {error.strerror}", where=str(path), hint="Name a writable file") from None
    try:
        with os.fdopen(handle, "wb") as raw:
            yield from _text_over(raw, zipped=target.suffix == ".gz")
            raw.flush()
            os.fsync(raw.fileno())
        Path(name).chmod(_mode(target))
        Path(name).replace(target)
    except OSError as error:
        raise LiwaError(f"cannot write: {error.strerror}", where=str(path), hint="Name a writable file") from None
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()


def write(path: str | Path, rows: Iterable[Mapping[str, Any]]) -> int:
    """Write rows as JSON lines, atomically, and return their number."""
    count = 0
    with open_output(path) as out:
        for row in rows:
            out.write(dumps(row) + "\n")
            count += 1
    return count


def parse(line: str, where: str) -> dict[str, Any]:
    """Read one line, or raise LiwaError where it is no JSON object, or its text is not Unicode."""
    import srsly

    try:
        row = srsly.ujson.loads(line, precise_float=True)
    except ValueError as error:
        raise LiwaError(f"expected a JSON object, found broken JSON ({error})", where=where, hint=_ONE_A_LINE) from None
    if not isinstance(row, dict):
        found = type(row).__name__
        raise LiwaError(f"expected a JSON object, found {found}", where=where, hint=_ONE_A_LINE)
    if r"\u" in line:
        _refuse_surrogates(row, where)
    return row


def _refuse_surrogates(row: dict[str, Any], where: str) -> None:
    try:
        json.dumps(row, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        hint = "Write the row again from its source"
        raise LiwaError("expected Unicode text, found half of a surrogate pair", where=where, hint=hint) from None


def _text_over(raw: BinaryIO, *, zipped: bool) -> Iterator[TextIO]:
    stream: Any = gzip.GzipFile("", "wb", fileobj=raw, mtime=0) if zipped else raw
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="\n", write_through=True)
    try:
        yield text
    finally:
        text.flush()
        text.detach()
        if zipped:
            stream.close()


def _mode(target: Path) -> int:
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
