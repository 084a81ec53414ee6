"""A run: items through workers into outputs, gone on with where an earlier one was stopped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar

from liwa.engine.batches import Batch, I, after
from liwa.engine.outputs import Outputs
from liwa.engine.workers import Care, Lost, Work, in_order
from liwa.progress import gauge

COMMIT: Final = 64
"""Batches from one commit to the next: what a kill can cost."""

R = TypeVar("R")
R_contra = TypeVar("R_contra", contravariant=True)


class Sink(Protocol[R_contra]):
    """Takes results in order and writes them."""

    def take(self, result: R_contra) -> None:
        """Write one result."""

    def lose(self, lost: Lost[Any]) -> None:
        """Set an item aside that work failed on."""

    def facts(self) -> Mapping[str, Any]:
        """Return what is needed to go on, as data for JSON."""


@dataclass(frozen=True)
class Step(Generic[R]):
    """The results of one batch, how far the files were read by then, and what is needed to go on: ``batches`` done."""

    results: Sequence[R | Lost[Any]]
    position: int
    facts: Mapping[str, Any]


def run(
    batches: Iterator[Batch[I]],
    work: Work[I, R],
    sink: Sink[R],
    outputs: Outputs,
    *,
    workers: int = 1,
    care: Care = Care(),
    name: str = "",
    total: int | None = None,
) -> None:
    """Let workers do all the batches, the sink write what they return, and commit now and then.

    What an earlier run committed is not done again: the sink has read it from the outputs' facts. name, total: of the
    progress bar; bytes.
    """
    done = int(outputs.facts.get("batches", 0))
    left = after(batches, done, outputs.facts["digest"]) if done else batches
    found = enumerate(in_order(work, left, workers, care), done + 1)
    steps = (Step(results, batch.position, {"batches": n, "digest": batch.digest}) for n, (batch, results) in found)
    drain(steps, sink, outputs, name=name, total=total)


def drain(
    steps: Iterable[Step[R]], sink: Sink[R], outputs: Outputs, *, name: str = "", total: int | None = None
) -> None:
    """Let the sink take the results of every step, and commit now and then; nothing if an earlier run did it all."""
    if outputs.facts.get("whole"):
        return
    with gauge(name, total=total) as show:
        for step in steps:
            for result in step.results:
                if isinstance(result, Lost):
                    sink.lose(result)
                else:
                    sink.take(result)
            show(step.position)
            if step.facts["batches"] % COMMIT == 0:
                outputs.commit({**step.facts, "sink": sink.facts()})
    outputs.commit({"whole": True, "sink": sink.facts()})
