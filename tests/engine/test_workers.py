from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from liwa.engine.batches import Batch
from liwa.engine.workers import AHEAD, DIED, Care, Lost, attempt, in_child, in_order
from liwa.errors import LiwaError
from tests.engine.works import Line, number_of, shout


def batches(*data: Iterable[bytes]) -> Iterator[Batch[Line]]:
    for number, one in enumerate(data):
        yield Batch([Line(f"x:{number}", item) for item in one], "", 0)


def done(*data: Iterable[bytes], workers: int = 2, care: Care = Care()) -> tuple[bytes, list[tuple[bytes, str]]]:
    """Return everything that was shouted, and what was lost, both in order."""
    results = [r for _, found in in_order(shout, batches(*data), workers, care) for r in found]
    lost = [(r.item.data, r.reason) for r in results if isinstance(r, Lost)]
    return b"".join(r for r in results if not isinstance(r, Lost)), lost


def test_results_come_in_order() -> None:
    data = [[b"item %d" % n] * (n % 3 + 1) for n in range(40)]
    alone = done(*data, workers=1)
    assert alone[0].count(b"ITEM 7\n") == 2
    assert done(*data, workers=3) == alone


def test_an_item_that_raises_is_lost_and_the_others_are_not() -> None:
    data = [[b"a", b"bad", b"b"], [b"c"], [b"bad"]]
    expected = (b"A\nB\nC\n", [(b"bad", "ValueError: bad item")] * 2)
    assert done(*data, workers=1) == expected
    assert done(*data) == expected


def test_the_users_fault_is_raised() -> None:
    for workers in (1, 2):
        with pytest.raises(LiwaError, match=r"^x:1: wrong\. Right it$"):
            done([b"a"], [b"b", b"wrong"], [b"c"], workers=workers)


def test_the_users_fault_is_lost_where_it_may_be() -> None:
    for workers in (1, 2):
        shouted, lost = done([b"a", b"wrong", b"b"], [b"wrong"], workers=workers, care=Care(keep_going=True))
        assert (shouted, lost) == (b"A\nB\n", [(b"wrong", "wrong")] * 2)


def test_a_fault_that_is_no_items_is_raised_all_the_same() -> None:
    def unready(items: Sequence[Line]) -> bytes:
        raise LiwaError("no model", where="model")

    with pytest.raises(LiwaError, match="no model"):
        attempt(unready, [Line("x:1", b"a"), Line("x:2", b"b")], Care(keep_going=True))


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs timers")
@pytest.mark.parametrize(("item", "workers"), [(b"hang", 1), (b"hang", 2), (b"deaf", 2)])
def test_an_item_that_never_ends_is_lost_and_the_others_are_not(item: bytes, workers: int) -> None:
    data = [[b"a"], [b"b", item, b"c"], [b"d"]]
    shouted, lost = done(*data, workers=workers, care=Care(limit=1))
    assert (shouted, lost) == (b"A\nB\nC\nD\n", [(item, "took longer than 1 seconds")])


def test_an_item_that_kills_its_worker_is_lost_and_the_others_are_not() -> None:
    data = [[b"%d" % n, b"x"] for n in range(12)]
    data[4] += [b"kill", b"after"]
    shouted, lost = done(*data)
    assert lost == [(b"kill", DIED)]
    data[4].remove(b"kill")
    assert shouted == done(*data, workers=1)[0]


def test_a_worker_that_dies_once_costs_nothing(tmp_path: Path) -> None:
    data = [[b"a"], [b"once " + os.fsencode(tmp_path / "mark"), b"b"], [b"c"]]
    shouted, lost = done(*data)
    assert (tmp_path / "mark").exists()
    assert (shouted.split()[0], shouted.split()[-2:], lost) == (b"A", [b"B", b"C"], [])


def test_reading_is_few_batches_ahead() -> None:
    read = 0

    def many() -> Iterator[Batch[Line]]:
        nonlocal read
        for batch in batches(*[[b"a"]] * 100):
            read += 1
            yield batch

    results = in_order(shout, many(), 2)
    next(results)
    assert read == 2 * AHEAD + 1
    results.close()  # type: ignore[attr-defined]


PARENT = """
import sys, time
from liwa.engine.batches import Batch
from liwa.engine.workers import in_order
from tests.engine.works import Line, number_of, shout

if __name__ == "__main__":
    for batch, found in in_order(shout, (Batch([Line("", b"a")], "", 0) for _ in range(10**6)), 2):
        print("one", flush=True)
        time.sleep(0.05)
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds processes in /proc")
def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, script],
        env={**os.environ, "PYTHONPATH": root},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text(encoding="ascii").split()
        assert len(children) >= 2
        parent.send_signal(signal.SIGKILL)
    assert gone(children)


def gone(pids: list[str]) -> bool:
    for _ in range(100):
        if not any(running(pid) for pid in pids):
            return True
        time.sleep(0.1)
    return False


def running(pid: str) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_child_is_kept_for_the_next_call() -> None:
    first = in_child(number_of, batches([b"a"]))
    assert in_child(number_of, batches([b"b"], [b"c"])) == first * 2
    assert first != [os.getpid()]


def test_an_item_that_kills_a_child_is_lost() -> None:
    for _ in range(2):
        one, lost, other = in_child(shout, batches([b"a", b"kill", b"b"]))
        assert (one, other) == (b"A\n", b"B\n")
        assert isinstance(lost, Lost)
        assert (lost.item.where, lost.reason) == ("x:0", DIED)


def test_a_child_can_be_used_after_the_users_fault() -> None:
    with pytest.raises(LiwaError, match="wrong"):
        in_child(shout, batches([b"wrong"], [b"left"]))
    assert in_child(shout, batches([b"a"])) == [b"A\n"]
