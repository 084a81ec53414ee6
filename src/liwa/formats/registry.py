"""Which formats there are: ours and those of plug-ins, through the entry-point group ``liwa_formats``."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

from liwa import jsonl
from liwa.errors import LiwaError
from liwa.formats.base import Format

GROUP: Final = "liwa_formats"
"""The entry-point group; each entry names a `Format` under the format's own name."""

HEAD: Final = 2**20
"""Bytes of a file from which its format is guessed."""


def names() -> list[str]:
    """Return the names of all formats, sorted."""
    return sorted({entry.name for entry in entry_points(group=GROUP)})


@cache
def get(name: str) -> Format:
    """Return a format; LiwaError for a name that nobody registered, or a plug-in that cannot be imported."""
    found = next(iter(entry_points(group=GROUP, name=name)), None)
    if found is None:
        raise LiwaError(f"expected a format, found {name!r}", hint=f"Use one of {', '.join(names())}")
    try:
        format = found.load()
    except (ImportError, AttributeError) as error:
        raise LiwaError(f"cannot load the format {name}: {error}", hint="Install or remove its plug-in") from None
    if not isinstance(format, Format) or format.name != name:
        raise LiwaError(f"{found.value} is no liwa format of the name {name}", hint="Install or remove its plug-in")
    return format


def guess(path: Path) -> Format:
    """Return the one format that a file's or folder's content has; LiwaError where none or several have it."""
    if not path.exists():
        raise LiwaError("expected a file or folder, found none", where=str(path), hint="Name one that is there")
    start = head(path)
    found = [format for format in map(get, names()) if format.guess(start, path)]
    if len(found) == 1:
        return found[0]
    said = f"could be {' or '.join(f.name for f in found)}" if found else "has the content of no known format"
    choices = [f.name for f in found] or names()
    raise LiwaError(f"the {_kind(path)} {said}", where=str(path), hint=f"Name it with --from: {', '.join(choices)}")


def by_suffix(path: Path) -> Format:
    """Return the one format whose suffix, the longest that fits, a file has; LiwaError where none or several do."""
    fits = [(len(end), name) for name in names() for end in get(name).suffixes if path.name.endswith(end)]
    found = [name for length, name in fits if length == max(fits)[0]]
    if len(found) == 1:
        return get(found[0])
    message = f"cannot tell the format from {path.suffix or 'a name without a suffix'}"
    raise LiwaError(message, where=str(path), hint=f"Name it with --to: {', '.join(found or names())}")


def head(path: Path) -> bytes:
    """Return the first `HEAD` bytes of a file, unzipped where it ends in .gz, b"" for a folder."""
    if path.is_dir():
        return b""
    with jsonl.open_input(path) as file:
        return file.read(HEAD)


def _kind(path: Path) -> str:
    return "folder" if path.is_dir() else "file"
