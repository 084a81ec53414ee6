"""Work on a cluster, through Ray Data: https://docs.ray.io/en/latest/data/data.html.

Ray starts the processes, moves what they make, and does again what a lost process had. What is here only says what the
work is: a portion in, a result out, in order; and rows with a key in, those of one key together.
"""

from __future__ import annotations

import logging
import os
import pickle
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

from liwa.engine.outputs import Outputs
from liwa.engine.run import Sink, Step, drain
from liwa.engine.workers import Results
from liwa.errors import LiwaError

if TYPE_CHECKING:
    import pyarrow as pa
    from ray.data import Dataset

P = TypeVar("P")
R = TypeVar("R")

_BLOCKS: Final = 1000
"""The most blocks that Ray is given at a time: it keeps track of each."""

_STORE: Final = 2**29
"""Bytes of shared memory of a cluster that is started here; more goes to the disk."""


@contextmanager
def cluster(address: str | None = None, workers: int = 1) -> Iterator[None]:
    """Connect to a cluster, or start one of some processes on this machine, for as long as the block runs."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise LiwaError(f"a cluster needs Ray Data: {error}", hint="pip install liwa[ray]") from None
    local: dict[str, Any] = {"num_cpus": workers, "object_store_memory": _STORE, "include_dashboard": False}
    try:
        _require_listener(address)
        ray.init(
            address=address or "local", log_to_driver=False, logging_level=logging.ERROR, **({} if address else local)
        )
    except (OSError, ValueError, RuntimeError) as error:
        said = " ".join(str(error).split())
        raise LiwaError(
            f"cannot reach the cluster: {said}", where=str(address), hint="Start it with ray start"
        ) from None
    _quieten()
    try:
        yield
    finally:
        ray.shutdown()


def run(
    work: Callable[[P], Results[R, Any]], portions: Sequence[P], sink: Sink[R], outputs: Outputs, *, name: str = ""
) -> None:
    """Let the cluster do all the portions, and the sink write what they return, as `liwa.engine.run.run` does.

    The progress bar counts portions.
    """
    done = int(outputs.facts.get("batches", 0))
    found = enumerate(in_order(work, portions[done:]), done + 1)
    drain((Step(r, n, {"batches": n}) for n, r in found), sink, outputs, name=name, total=len(portions))


def in_order(work: Callable[[P], R], portions: Sequence[P]) -> Iterator[R]:
    """Yield the result of every portion, in order. A LiwaError of the work is raised in its place."""
    for row in results(work, portions).iter_rows():
        result = pickle.loads(row["result"])
        if isinstance(result, LiwaError):
            raise result
        yield result


def results(work: Callable[[P], R], portions: Sequence[P]) -> Dataset:
    """Return a data set of one row a portion, with its pickled result."""

    def done(batch: Any) -> Any:
        [portion] = batch["portion"]
        try:
            result: Any = work(pickle.loads(portion))
        except LiwaError as error:
            result = error
        return {"result": [pickle.dumps(result)]}

    return _items(portions).map_batches(done, batch_size=1)


def rows(work: Callable[[P], pa.Table], portions: Sequence[P]) -> Dataset:
    """Return a data set of the rows that the work makes of the portions."""

    def done(batch: Any) -> Any:
        [portion] = batch["portion"]
        return work(pickle.loads(portion))

    return _items(portions).map_batches(done, batch_size=1)


def grouped(dataset: Dataset, key: str, work: Callable[[pa.Table], pa.Table], groups: int) -> Dataset:
    """Return the rows that the work makes of all rows of a key; groups: about how many keys there are."""
    return dataset.groupby(key, num_partitions=groups).map_groups(work, batch_format="pyarrow")


def _items(portions: Sequence[Any]) -> Dataset:
    import ray.data

    pickled = [{"portion": pickle.dumps(portion)} for portion in portions]
    return ray.data.from_items(pickled, override_num_blocks=min(len(pickled), _BLOCKS))


def _require_listener(address: str | None) -> None:
    """Raise OSError where nobody listens at ``host:port``; Ray itself would try for minutes."""
    host, _, port = (address or "").rpartition(":")
    if host and "/" not in host and port.isdigit():
        socket.create_connection((host, int(port)), timeout=10).close()


def _quieten() -> None:
    """Keep the order, and keep quiet: stdout is data, and stderr is for what a person must know."""
    import ray.data

    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.ERROR)
