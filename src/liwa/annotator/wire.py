"""Files of the page as they go over the wire: without comments, zipped once, known again by the browser.

Line numbers stay, so that what a browser complains of is found in the file.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
"""The kinds of files that are served; no other file is."""

# Of scripts JSDoc and whole lines alone, which no string and no pattern of a script looks like.
_COMMENTS: Final = {
    ".css": re.compile(r"/\*.*?\*/", re.DOTALL),
    ".js": re.compile(r"/\*\*\s(?s:.*?)\*/|^[ \t]*//.*$", re.MULTILINE),
}


class Sent(NamedTuple):
    """A body to send. zipped: by gzip; tag: an entity tag, another for every other body."""

    body: bytes
    zipped: bytes
    tag: str
    type: str


def sent(body: bytes, suffix: str) -> Sent:
    """Return a body of one of the kinds in `TYPES`, ready to be sent."""
    return Sent(body, gzip.compress(body, mtime=0), f'W/"{hashlib.sha256(body).hexdigest()[:16]}"', TYPES[suffix])


def file(path: Path) -> Sent:
    """Return a file ready to be sent; it is read again when it has changed."""
    known = path.stat()
    return _file(path, known.st_mtime_ns, known.st_size)


def lean(source: str, suffix: str) -> str:
    """Return a script or a style sheet without its comments; any other text as it is."""
    if suffix not in _COMMENTS:
        return source
    return _COMMENTS[suffix].sub(lambda comment: "\n" * comment[0].count("\n"), source)


@lru_cache(maxsize=256)
def _file(path: Path, changed: int, size: int) -> Sent:
    body = path.read_bytes()
    return sent(lean(body.decode("utf-8"), path.suffix).encode() if path.suffix in _COMMENTS else body, path.suffix)
