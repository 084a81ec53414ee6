from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from liwa.engine.blobs import Blobs
from liwa.engine.store import InMemory, Store
from liwa.errors import LiwaError


def test_what_was_committed_is_there_again_and_nothing_else(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.log("a").append(b"one ")
    store.log("z.gz").append(b"zipped ")
    store.commit({"done": 1})
    store.log("a").append(b"lost")
    store.log("b").append(b"lost")
    store.log("z.gz").append(b"lost")
    store.close()
    (tmp_path / "stray").write_bytes(b"x")
    store = Store(tmp_path, resume=True)
    assert store.facts == {"done": 1}
    assert store.log("a").read(0, 100) == b"one "
    store.log("a").append(b"two")
    store.log("z.gz").append(b"anew")
    assert store.log("a").read(2, 4) == b"e tw"
    store.commit({"done": 2})
    store.close()
    assert (tmp_path / "a").read_bytes() == b"one two"
    assert gzip.decompress((tmp_path / "z.gz").read_bytes()) == b"zipped anew"
    assert not (tmp_path / "b").exists()
    assert not (tmp_path / "stray").exists()


def test_zipped_bytes_depend_on_the_commits_alone(tmp_path: Path) -> None:
    def zipped(folder: Path, *, broken: bool) -> bytes:
        store = Store(folder)
        store.log("z.gz").append(b"one ")
        store.commit({})
        if broken:
            store.log("z.gz").append(b"lost")
            store.close()
            store = Store(folder, resume=True)
        store.log("z.gz").append(b"two ")
        store.commit({})
        store.commit({})
        store.close()
        return (folder / "z.gz").read_bytes()

    whole = zipped(tmp_path / "whole", broken=False)
    assert zipped(tmp_path / "broken", broken=True) == whole
    assert gzip.decompress(whole) == b"one two "


def test_an_empty_zipped_log_is_a_zip_of_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.log("z.gz")
    store.close()
    assert gzip.decompress((tmp_path / "z.gz").read_bytes()) == b""


def test_without_resume_the_old_is_gone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.log("a").append(b"one")
    store.commit({"done": 1})
    store.close()
    store = Store(tmp_path)
    assert store.facts == {}
    assert store.log("a").size == 0
    store.close()


def test_a_file_that_lost_bytes_is_noticed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.log("a").append(b"one")
    store.commit({})
    store.close()
    (tmp_path / "a").write_bytes(b"on")
    store = Store(tmp_path, resume=True)
    with pytest.raises(LiwaError, match="cannot resume: the file is shorter than its journal says"):
        store.log("a")
    store.close()


def test_one_run_at_a_time(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(LiwaError, match="another run is writing here"):
        Store(tmp_path)
    store.close()
    Store(tmp_path).close()


def test_blobs(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for logs in (InMemory(), store):
        blobs = Blobs(logs, "names")
        for batch in ([b"a", b"", b"ccc"], [], [b"d"]):
            blobs.append(batch)
        assert [blobs[n] for n in range(len(blobs))] == [b"a", b"", b"ccc", b"d"]
        assert blobs.block(1, 9) == [b"", b"ccc", b"d"]
    store.close()
