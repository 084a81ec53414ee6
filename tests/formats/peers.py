"""Programs of peers that are too big for the tests' own environment: each in one of its own, made when it is needed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

FOLDER: Final = Path(__file__).parents[2] / "build" / "peers"
"""Where the environments stay for the next run; ``make clean`` removes them."""


def peer(requirements: Sequence[str], script: str, *arguments: str | Path) -> str:
    """Run a Python script where the requirements are installed, and return what it printed.

    The test skips where they cannot be installed, and fails where the script does.
    """
    home = _home(*requirements)
    if not (home / "ready").exists():
        _must([sys.executable, "-m", "venv", home])
        pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _must([home / "bin" / "python", *pip, *requirements])
        (home / "ready").touch()
    return _run([home / "bin" / "python", "-c", script, *arguments])


def node_peer(packages: Sequence[str], script: str, *arguments: str | Path) -> str:
    """Run an ECMAScript module with node where the packages are installed, and return what it printed."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not here")
    home = _home(*packages)
    if not (home / "ready").exists():
        home.mkdir(parents=True, exist_ok=True)
        _must(["npm", "install", "--silent", "--no-save", "--prefix", home, *packages])
        (home / "ready").touch()
    name = hashlib.sha256(script.encode()).hexdigest()[:12]
    module = home / f"{name}.mjs"
    module.write_text(script, encoding="utf-8")
    return _run(["node", module, *arguments])


def _home(*names: str) -> Path:
    return FOLDER / hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]


def _must(command: Sequence[str | Path]) -> None:
    done = subprocess.run(list(map(str, command)), capture_output=True, encoding="utf-8", check=False, timeout=1200)
    if done.returncode:
        pytest.skip(f"cannot install the peer: {(done.stderr or done.stdout).strip()[-300:]}")


def _run(command: Sequence[str | Path]) -> str:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        list(map(str, command)), capture_output=True, encoding="utf-8", check=False, timeout=600, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
