"""Near-duplicates on a cluster: sketches and bands as a group-by, and the same matches as `Duplicates` finds.

Every text gives a row for each of its bands. Rows are grouped by band, and within a band each text is compared with
those before it.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from liwa.corpus.duplicates import THRESHOLD
from liwa.corpus.sketches import BANDS, Sketches, jaccard
from liwa.engine import cluster

if TYPE_CHECKING:
    import pyarrow as pa

P = TypeVar("P")

SHIFT: Final = 32
"""A text's number is that of its portion, shifted by so many bits, and its place in it: in the order of the input."""

_ROWS: Final = 2**19
"""Rows, about, that one process compares at a time; a row is some hundred bytes."""


class Text(NamedTuple):
    """A text in a band. place: what a match says of it."""

    number: int
    shingles: bytes
    place: bytes = b""


class Found(NamedTuple):
    """The match of a text: the place of the earlier one, and how alike they are."""

    place: bytes
    similarity: float


def matches(
    sketched: Callable[[P], tuple[Sketches, Sequence[bytes]]], portions: Sequence[P], *, texts: int
) -> dict[int, bytes]:
    """Return, for each portion that has any, the matches of its texts: a pickled dictionary from places to `Found`.

    sketched: reads a portion; returns its sketches, and a place for each, which no other has. texts: about how many
    there are in all.
    """
    buckets = buckets_for(texts * BANDS)
    bands = cluster.rows(partial(_band_rows, sketched, buckets), list(enumerate(portions)))
    alike = cluster.grouped(bands, "bucket", _match_rows, buckets)
    found = cluster.grouped(alike, "portion", _earliest_rows, buckets)
    return {int(row["portion"]): row["matches"] for row in found.iter_rows()}


def buckets_for(rows: int) -> int:
    """Return into how many groups to deal rows by their key, so that each fits into memory."""
    return max(2, rows // _ROWS)


def bands_of(rows: pa.Table) -> Iterator[list[Text]]:
    """Yield the texts of each band that has several, in order."""
    held = rows.sort_by([("key", "ascending"), ("number", "ascending")]).select(["key", "number", "shingles", "place"])
    columns = [column.to_pylist() for column in held.columns]
    for _, band in groupby(zip(*columns, strict=True), key=itemgetter(0)):
        texts = [Text(*row[1:]) for row in band]
        if len(texts) > 1:
            yield texts


def earliest(band: Sequence[Text]) -> Iterator[tuple[Text, Text, float]]:
    """Yield each text of a band that has one with its earliest match, and how alike they are."""
    firsts: dict[bytes, tuple[Text, tuple[Text, float] | None]] = {}
    for text in band:
        if text.shingles in firsts:  # a repeat has the match of the first, or the first
            first, match = firsts[text.shingles]
            yield text, *(match or (first, 1.0))
            continue
        match = next(_alike(text, [first for first, _ in firsts.values()]), None)
        firsts[text.shingles] = (text, match)
        if match:
            yield text, *match


def pairs(band: Sequence[Text]) -> Iterator[tuple[int, int]]:
    """Yield the numbers of texts of a band that are alike; of a repeat, it and the first."""
    firsts: dict[bytes, Text] = {}
    for text in band:
        if text.shingles in firsts:
            yield text.number, firsts[text.shingles].number
        else:
            yield from ((text.number, other.number) for other, _ in _alike(text, list(firsts.values())))
            firsts[text.shingles] = text


def _alike(text: Text, others: Sequence[Text]) -> Iterator[tuple[Text, float]]:
    import numpy as np

    own = np.frombuffer(text.shingles, dtype=np.uint64)
    for other in others:
        similarity = jaccard(np.frombuffer(other.shingles, dtype=np.uint64), own)
        if similarity >= THRESHOLD:
            yield other, similarity


def band_table(sketches: Sketches, numbers: Sequence[int], places: Sequence[bytes], buckets: int) -> pa.Table:
    """Return a row for each band of each text: bucket, key, and what `Text` holds."""
    import numpy as np
    import pyarrow as pa

    keys = sketches.bands.ravel()
    shingles = [sketch.shingles.tobytes() for sketch in sketches]
    return pa.table(
        {
            "bucket": (keys % np.uint64(buckets)).astype(np.int64),
            "key": keys,
            "number": np.repeat(np.array(numbers, dtype=np.uint64), BANDS),
            "shingles": pa.array([one for one in shingles for _ in range(BANDS)], pa.binary()),
            "place": pa.array([one for one in places for _ in range(BANDS)], pa.binary()),
        }
    )


def _band_rows(
    sketched: Callable[[P], tuple[Sketches, Sequence[bytes]]], buckets: int, numbered: tuple[int, P]
) -> pa.Table:
    portion, items = numbered
    sketches, places = sketched(items)
    return band_table(sketches, [(portion << SHIFT) + n for n in range(len(sketches))], places, buckets)


def _match_rows(rows: pa.Table) -> pa.Table:
    """Return, for each text of each band, the earliest that it is like."""
    import pyarrow as pa

    found = [match for band in bands_of(rows) for match in earliest(band)]
    return pa.table(
        {
            "portion": pa.array([text.number >> SHIFT for text, _, _ in found], pa.int64()),
            "earlier": pa.array([other.number for _, other, _ in found], pa.uint64()),
            "place": pa.array([text.place for text, _, _ in found], pa.binary()),
            "match": pa.array([other.place for _, other, _ in found], pa.binary()),
            "similarity": pa.array([similarity for _, _, similarity in found], pa.float64()),
        }
    )


def _earliest_rows(rows: pa.Table) -> pa.Table:
    """Return a portion's matches in one row: of those that its texts have in several bands, the earliest."""
    import pyarrow as pa

    best: dict[bytes, tuple[int, Found]] = {}
    for row in rows.to_pylist():
        match = (row["earlier"], Found(row["match"], row["similarity"]))
        best[row["place"]] = min(match, best.get(row["place"], match))
    kept = {place: found for place, (_, found) in best.items()}
    return pa.table({"portion": rows["portion"][:1], "matches": pa.array([pickle.dumps(kept)], pa.binary())})
