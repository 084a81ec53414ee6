"""Opening a store for a file of tasks: what has changed since the last start is read again, and nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from liwa import jsonl
from liwa.annotator import beside
from liwa.annotator.engine import explained
from liwa.annotator.feed import Fed, feed
from liwa.annotator.store import Store
from liwa.scheme import Scheme

FORMAT: Final = 1
"""One more whenever the same files would be fed otherwise."""


def open_project(store: Store, source: str, scheme: Scheme, texts: Sequence[str] = ()) -> Fed | None:
    """Make a store hand out the tasks of a file, under a scheme; None where nothing has changed since the last start.

    texts: where the whole articles are found. Raises LiwaError as `liwa.annotator.feed.feed` does; the store is then as
    it was.
    """
    told = json.dumps(scheme.to_dict(), ensure_ascii=False)
    seen = fingerprint(source, told, texts)
    if seen and store.about("feed") == seen:
        return None
    with explained(store.place), store.writing() as connection:
        fed = feed(connection, source, scheme)
        if rejects := beside.rejects_of(source):
            beside.add(connection, beside.rejects(rejects, beside.articles(connection)))
        if texts:
            beside.add(connection, beside.uncovered(connection, texts))
        store.note(connection, scheme=told, feed=seen)
    return fed


def fingerprint(source: str, scheme: str, texts: Sequence[str]) -> str:
    """Return a digest of all that a feed depends on, of texts their sizes and times; "" for stdin, which is read once.

    Raises LiwaError for a file that cannot be read.
    """
    if source == jsonl.STDIO:
        return ""
    digest = hashlib.sha256(f"{FORMAT}\0{scheme}\0".encode())
    for file in (Path(source), beside.rejects_of(source)):
        if file:
            with jsonl.open_input(file) as opened:
                while chunk := opened.read(2**20):
                    digest.update(chunk)
        digest.update(b"\0")
    for text in texts:
        for path in sorted([Path(text), *Path(text).rglob("*")]):
            said = path.stat() if path.exists() else None
            digest.update(f"{path}\0{said and (said.st_size, said.st_mtime_ns)}\0".encode())
    return digest.hexdigest()
