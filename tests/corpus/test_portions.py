from __future__ import annotations

import gzip
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liwa import jsonl
from liwa.corpus import portions as stage
from liwa.corpus.portions import identity, portions, read
from liwa.corpus.read import raw_articles
from liwa.errors import LiwaError


@settings(deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=30), st.integers(5, 200))
def test_portions_are_the_whole(lengths: list[int], size: int) -> None:
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr(stage, "SIZE", size)
        path = Path(folder) / "a.jsonl"
        path.write_bytes(b"\xef\xbb\xbf" + b"\n".join(b'"%s"' % (b"x" * n) for n in lengths))
        found = [raw for portion in portions([str(path)]) for raw in read(portion)]
        assert found == list(raw_articles([str(path)]))


def test_many_kinds_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "SIZE", 40)
    for n in range(9):
        (tmp_path / f"t{n}.txt").write_text(f"نص رقم {n}", encoding="utf-8")
    jsonl.write(tmp_path / "u.jsonl", ({"id": f"u{n}", "text": "نص"} for n in range(20)))
    (tmp_path / "v.jsonl.gz").write_bytes(gzip.compress((tmp_path / "u.jsonl").read_bytes()))
    (tmp_path / "w.csv").write_text("text\n" + "نص\n" * 30, encoding="utf-8")
    jsonl.write(tmp_path / "manifest.jsonl", [{"id": "t3", "outlet": "صحيفة"}])
    cut = portions([str(tmp_path)])
    found = [raw for portion in cut for raw in read(portion)]
    assert found == list(raw_articles([str(tmp_path)]))
    assert found[3].known == {"id": "t3", "outlet": "صحيفة"}
    assert len(cut) > 8
    assert len(cut[0]) == 4  # files of 13 bytes
    assert identity(cut) == identity(portions([str(tmp_path)]))
    before = identity(cut)
    (tmp_path / "t1.txt").write_text("نص آخر أطول", encoding="utf-8")
    assert identity(cut) != before


def test_what_cannot_be_divided() -> None:
    with pytest.raises(LiwaError, match="a cluster cannot read stdin"):
        portions(["-"])
    with pytest.raises(LiwaError, match="extends ASCII, found utf-16"):
        portions([], encoding="utf-16")


def test_a_file_that_is_not_there_or_empty(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    for name, message in (("none.jsonl", "cannot read"), ("empty.jsonl", "found an empty file")):
        with pytest.raises(LiwaError, match=message):
            list(read(portions([str(tmp_path / name)])[0]))
