"""Every article of some sources through workers into outputs: what the long commands have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from importlib.metadata import version
from typing import Any, Final, TypeVar

from liwa import jsonl
from liwa.arabic.tokenizer import rules_version
from liwa.corpus.portions import Portion, identity, portions, work_on
from liwa.corpus.read import Raw, raw_articles, size
from liwa.engine.batches import batched
from liwa.engine.cluster import cluster
from liwa.engine.outputs import Outputs
from liwa.engine.run import Sink, run
from liwa.engine.workers import Care, Results, Work

R = TypeVar("R")

CLUSTER: Final = "ray"
"""The engine that works on a cluster; any other name is this machine."""


@dataclass(frozen=True)
class Job:
    """What articles are worked on, and by what: processes of this machine, or a cluster, at an address or its own."""

    sources: Sequence[str]
    encoding: str = "utf-8"
    workers: int = 1
    engine: str = ""
    address: str | None = None
    care: Care = field(default_factory=Care)

    @property
    def on_cluster(self) -> bool:
        """Whether a cluster does it."""
        return self.engine == CLUSTER

    @cached_property
    def portions(self) -> list[Portion]:
        """The articles, as a cluster reads them."""
        return portions(self.sources, encoding=self.encoding)

    def settings(self, **options: object) -> dict[str, Any]:
        """Return what must be the same for a run to go on where another was stopped."""
        made_by = f"{version('liwa')}, tokenizer rules {rules_version()}"
        same = {"version": made_by, "sources": list(self.sources), "encoding": self.encoding, **options}
        return {**same, "portions": identity(self.portions)} if self.on_cluster else same

    def run(self, work: Work[Raw, R], sink: Sink[R], outputs: Outputs, *, name: str) -> None:
        """Let processes of this machine do every article, and the sink write what they return, in order."""
        meter = jsonl.Meter()
        raws = raw_articles(self.sources, encoding=self.encoding, meter=meter)
        batches = batched(raws, lambda: meter.position)
        run(batches, work, sink, outputs, workers=self.workers, care=self.care, name=name, total=size(self.sources))

    def on_portions(self, work: Work[Raw, R]) -> Callable[[Portion], Results[R, Raw]]:
        """Return the work as a cluster does it."""
        return partial(work_on, work, self.care, self.encoding)

    @contextmanager
    def cluster(self) -> Iterator[None]:
        """Connect to the cluster, or start one, for as long as the block runs."""
        with cluster(self.address, self.workers):
            yield
