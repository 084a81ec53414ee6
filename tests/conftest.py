"""Fixtures that every test may use."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no finding: an example may take as long as it takes.
settings.register_profile("liwa", deadline=None)
settings.load_profile("liwa")

ROOT = Path(__file__).parents[1]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared real texts beside the checkout; the test skips, or fails if they are required."""
    folder = Path(os.environ.get("LIWA_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        message = f"the shared texts are not at {folder}; name their folder in LIWA_SHARED"
        if os.environ.get("LIWA_REQUIRE_SHARED") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="session")
def liwa() -> Run:
    """A function that runs the installed command in a process of its own."""

    def run(
        *args: str | Path,
        input: str | None = None,
        cwd: Path | None = None,
        env: dict[str, str] | None = None,
        timeout: float = 120,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "liwa", *map(str, args)],
            input=input,
            cwd=cwd,
            env={**os.environ, "COLUMNS": "200", **(env or {})},
            capture_output=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )

    return run
