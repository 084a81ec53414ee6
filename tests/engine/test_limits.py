from __future__ import annotations

import signal
import threading
import time

import pytest

from liwa.engine.limits import TookTooLong, within

TIMERS = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs timers")


@TIMERS
def test_what_takes_too_long_is_interrupted_though_it_catches_everything() -> None:
    def stubborn() -> None:
        while True:
            try:
                time.sleep(0.01)
            except Exception:
                continue

    with pytest.raises(TookTooLong), within(0.1):
        stubborn()


@TIMERS
def test_what_ends_in_time_leaves_nothing_behind() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with within(10, deadly=True):
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_nothing_is_no_limit() -> None:
    with within(0):
        if hasattr(signal, "getitimer"):
            assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_another_thread_is_not_interrupted() -> None:
    ended = []

    def work() -> None:
        with within(0.01):
            time.sleep(0.05)
            ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended
