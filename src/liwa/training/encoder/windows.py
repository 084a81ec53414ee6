"""Windows: the pieces of documents in rows of bounded length, that overlap where a document is longer than one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from liwa.training.encoder.pieces import BEGIN, END

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Windows:
    """The pieces of a batch of documents, and where each is read from.

    rows: of pieces, each with its beginning and end. row, column: for each piece of the batch, in order, the place
    where its vector is taken. token: the token, counted through the batch, that it belongs to. tokens: their number.
    """

    rows: list[Ints]
    row: Ints
    column: Ints
    token: Ints
    tokens: int


def windows(docs: Iterable[Sequence[tuple[int, ...]]], size: int, overlap: int) -> Windows:
    """Lay out documents, each the pieces of its tokens, in rows of at most `size` pieces.

    Neighbours in one document share `overlap` pieces; a piece is taken from the row in which it stands further inside.
    """
    rows: list[Ints] = []
    places: list[tuple[Ints, Ints]] = []
    counts: list[int] = []
    for doc in docs:
        pieces = np.fromiter(chain.from_iterable(doc), np.int64)
        row, column = _places(len(pieces), size - 2, overlap)
        places.append((row + len(rows), column))
        counts += map(len, doc)
        rows += _rows(pieces, size - 2, overlap)
    row, column = (np.concatenate([place[i] for place in places] or [np.zeros(0, np.int64)]) for i in (0, 1))
    return Windows(rows, row, column, np.repeat(np.arange(len(counts)), counts), len(counts))


def _rows(pieces: Ints, inside: int, overlap: int) -> Iterator[Ints]:
    stride = inside - overlap
    for start in range(0, max(len(pieces) - overlap, 1), stride):
        yield np.concatenate([[BEGIN], pieces[start : start + inside], [END]])


def _places(length: int, inside: int, overlap: int) -> tuple[Ints, Ints]:
    """Return the window and the column of each piece; column 0 is the beginning."""
    stride = inside - overlap
    last = max(length - overlap - 1, 0) // stride
    piece = np.arange(length)
    row = np.clip((piece - overlap // 2) // stride, 0, last)
    return row, piece - row * stride + 1
