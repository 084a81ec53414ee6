"""Folders that pipelines are written into."""

from __future__ import annotations

from pathlib import Path

import pytest

from liwa.errors import LiwaError
from liwa.training.folders import writing


def test_a_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    with writing(tmp_path / "a" / "b") as folder:
        (folder / "c").write_text("d")
    with writing(str(folder)):
        assert (folder / "c").read_text() == "d"


def test_what_cannot_be_written_is_said_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(LiwaError, match=r"taken: cannot write: .*\. Name a folder"), writing(tmp_path / "taken"):
        raise AssertionError("the block ran")
    with pytest.raises(LiwaError, match="cannot write: No space left"), writing(tmp_path / "full"):
        raise OSError(28, "No space left")
