from __future__ import annotations

from pathlib import Path

import pytest

from liwa.errors import LiwaError
from liwa.fingerprints import fingerprint
from tests.conftest import Run


def folder(path: Path, **files: str) -> Path:
    for name, text in files.items():
        file = path / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return path


def test_names_and_bytes_count_and_nothing_else(tmp_path: Path) -> None:
    a, b = (folder(tmp_path / name, x="1", sub__y="لواء") for name in ("a", "b"))
    same = fingerprint([a])
    assert len(same) == 64
    assert fingerprint([b]) == same
    (b / ".hidden").write_text("x")
    assert fingerprint([b]) == same
    assert fingerprint([a / "x", b / "sub"]) == fingerprint([b / "sub", a / "x"])
    for name, text in (("x", "2"), ("z", "1")):
        assert fingerprint([folder(tmp_path / name, **{"x": "1", "sub__y": "لواء", name: text})]) != same


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LiwaError, match="no such file or folder"):
        fingerprint([tmp_path / "none"])
    with pytest.raises(LiwaError, match="no file to take a fingerprint of"):
        fingerprint([tmp_path])


def test_the_command_prints_it(liwa: Run, tmp_path: Path) -> None:
    folder(tmp_path, x="1")
    assert liwa("fingerprint", tmp_path).stdout == f"{fingerprint([tmp_path])}\n"
    done = liwa("fingerprint", tmp_path / "none")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
