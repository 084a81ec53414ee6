"""What `make` says to a newcomer whose Python lacks something, instead of a traceback."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("python", "hint"),
    [
        ('case "$*" in *venv*) exit 1;; esac', "apt-get install python3-venv"),
        ('case "$*" in *version_info*) exit 1;; esac', "liwa needs Python 3.10 or later"),
    ],
)
def test_a_missing_module_and_an_old_python_get_a_hint(tmp_path: Path, python: str, hint: str) -> None:
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    fake = tmp_path / "python"
    fake.write_text(f"#!/bin/sh\n{python}\n", encoding="utf-8")
    fake.chmod(0o755)
    done = subprocess.run(
        ["make", "setup", f"PYTHON={fake}"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert hint in done.stderr
    assert "Traceback" not in done.stderr
