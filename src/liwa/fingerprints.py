"""A fingerprint of files: same names and bytes, same fingerprint, on any machine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from liwa.errors import LiwaError


def fingerprint(paths: Iterable[str | Path]) -> str:
    """Return the hexadecimal SHA-256 over names and bytes of files, and of all files below folders.

    Names in a folder count from that folder, a file's own folder does not count, nor does the order of the paths;
    hidden files are left out. Raises LiwaError for a path that is not there, and where there is no file at all.
    """
    entries = sorted(entry for path in paths for entry in _entries(Path(path)))
    if not entries:
        raise LiwaError("there is no file to take a fingerprint of", hint="Name files, or folders that hold some")
    return hashlib.sha256("\n".join(f"{name}\0{digest}" for name, digest in entries).encode("utf-8")).hexdigest()


def _entries(path: Path) -> Iterator[tuple[str, str]]:
    """Yield name and SHA-256 of a file, or of every file below a folder."""
    if not path.exists():
        raise LiwaError("there is no such file or folder", where=str(path), hint="Name one that is there")
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        name = file.relative_to(path if path.is_dir() else path.parent)
        if file.is_file() and not any(part.startswith(".") for part in name.parts):
            yield name.as_posix(), hashlib.sha256(file.read_bytes()).hexdigest()
