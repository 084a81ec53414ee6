from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from liwa.engine.outputs import outputs
from liwa.errors import LiwaError

SAME = {"unit": "paragraph"}


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_targets_are_replaced_when_all_is_written(tmp_path: Path) -> None:
    target, other = tmp_path / "a.jsonl", tmp_path / "deep" / "b.jsonl.gz"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    with outputs({"a": str(target), "b": str(other), "c": None}, settings=SAME) as out:
        for name in "abc":
            out.write(name, b"new")
        assert target.read_text(encoding="utf-8") == "old"
    assert (target.read_bytes(), gzip.decompress(other.read_bytes())) == (b"new", b"new")
    assert target.stat().st_mode & 0o777 == 0o640
    assert names(tmp_path) == ["a.jsonl", "deep"]


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "link.jsonl"
    link.symlink_to(tmp_path / "real" / "a.jsonl")
    with outputs({"a": str(link)}, settings=SAME) as out:
        out.write("a", b"new")
    assert (tmp_path / "real" / "a.jsonl").read_bytes() == b"new"
    assert link.is_symlink()


def test_stdout_and_a_file(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with outputs({"a": "-", "b": str(tmp_path / "b")}, settings=SAME) as out:
        out.write("a", b"one\n")
        out.write("b", b"two\n")
    assert capfdbinary.readouterr().out == b"one\n"
    assert (tmp_path / "b").read_bytes() == b"two\n"
    assert names(tmp_path) == ["b"]


def test_after_an_error_without_a_commit_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), outputs({"a": str(tmp_path / "a")}, settings=SAME) as out:
        out.write("a", b"x")
        raise ZeroDivisionError
    assert names(tmp_path) == []


def begun(target: Path) -> None:
    with pytest.raises(KeyboardInterrupt), outputs({"a": str(target)}, settings=SAME) as out:
        out.write("a", b"kept ")
        out.commit({"batches": 1})
        out.write("a", b"lost")
        raise KeyboardInterrupt


def test_after_a_commit_a_run_can_be_gone_on_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "a"
    begun(target)
    assert capsys.readouterr().err == "what was done is kept in a.part; go on with --resume\n"
    with outputs({"a": str(target)}, settings=SAME, resume=True) as out:
        assert out.facts == {"batches": 1}
        out.write("a", b"new")
    assert target.read_bytes() == b"kept new"
    assert names(tmp_path) == ["a"]


def test_without_resume_it_begins_anew(tmp_path: Path) -> None:
    begun(tmp_path / "a")
    with outputs({"a": str(tmp_path / "a")}, settings=SAME) as out:
        assert out.facts == {}
        out.write("a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"


def test_resuming_needs_the_same_options_and_a_file(tmp_path: Path) -> None:
    begun(tmp_path / "a")
    with (
        pytest.raises(LiwaError, match=r"begun with unit paragraph, found sentence\. Give the same options"),
        outputs({"a": str(tmp_path / "a")}, settings={"unit": "sentence"}, resume=True),
    ):
        pass
    with pytest.raises(LiwaError, match="only a run that writes files"), outputs({"a": "-"}, settings={}, resume=True):
        pass
    with outputs({"a": str(tmp_path / "a")}, settings=SAME, resume=True) as out:  # it is still there
        assert out.facts == {"batches": 1}


@pytest.mark.parametrize("name", ["", "folder", "file/a"])
def test_a_target_that_cannot_be_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(LiwaError, match="cannot write"), outputs({"a": str(tmp_path / name)}, settings=SAME):
        pass


def test_a_device_is_written_as_it_is() -> None:
    with outputs({"a": "/dev/null"}, settings=SAME) as out:
        out.write("a", b"x")
