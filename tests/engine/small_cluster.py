"""A Ray cluster of a head without work and two nodes of one process each.

It says its address, kills a process that works for each line of its stdin, and ends with it.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TASKS = (b"ray::Map", b"ray::Hash", b"ray::Shuffle")
"""How the titles of processes begin that work on a data set."""

MEMORY = 80 * 2**20


def working(raylets: list[int]) -> Iterator[int]:
    """Yield the processes of some nodes that are at work."""
    for raylet in raylets:
        for child in Path(f"/proc/{raylet}/task/{raylet}/children").read_text(encoding="ascii").split():
            title = Path(f"/proc/{child}/cmdline").read_bytes()
            if title.startswith(TASKS):
                yield int(child)


def kill_one(raylets: list[int]) -> int:
    for _ in range(3000):
        for process in working(raylets):
            os.kill(process, signal.SIGKILL)
            return process
        time.sleep(0.01)
    return 0


if __name__ == "__main__":
    from ray.cluster_utils import Cluster

    plain: dict[str, Any] = {"object_store_memory": MEMORY, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **plain})
    nodes = [cluster.add_node(num_cpus=1, **plain) for _ in range(2)]
    sys.stdout.write(f"{cluster.address}\n")
    sys.stdout.flush()
    for _ in sys.stdin:
        pids = [node.all_processes["raylet"][0].process.pid for node in nodes]
        sys.stdout.write(f"{kill_one(pids)}\n")
        sys.stdout.flush()
    cluster.shutdown()  # type: ignore[no-untyped-call]
