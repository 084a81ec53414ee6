from __future__ import annotations

import io
import sys
import time

import pytest

from liwa.progress import gauge


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_gauge_shows_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with gauge("tasks", total=4_000_000) as show:
        show(1_000_000)
        time.sleep(0.15)
        show(2_000_000)
    last = terminal.getvalue().split("\r")[-1]
    assert "tasks:  50%" in last
    assert "2.00M/4.00M" in last
    assert "B/s" in last
    assert "<00:" in last


def test_without_a_terminal_there_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    with gauge("tasks", total=1) as show:
        show(1)
    assert capsys.readouterr().err == ""
