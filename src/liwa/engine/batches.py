"""What is read, cut into batches: the same batches from the same input, each knowing all that was read so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import Final, Generic, Protocol, TypeVar

from liwa.errors import LiwaError

SIZE: Final = 2**17
"""Bytes, about, that a worker gets at a time: some tens of articles."""


class Item(Protocol):
    """What work is done on: the bytes that it is read from, and ``file:line``, for messages."""

    @property
    def where(self) -> str:
        """Where the item was read."""

    @property
    def data(self) -> bytes:
        """The item, still to be parsed."""


I = TypeVar("I", bound=Item)  # noqa: E741
I_co = TypeVar("I_co", bound=Item, covariant=True)


@dataclass(frozen=True)
class Batch(Generic[I_co]):
    """Some items in a row. digest: of all bytes up to its end; position: how far the files were read by then."""

    items: Sequence[I_co]
    digest: str
    position: int


def batched(items: Iterable[I], position: Callable[[], int] = lambda: 0) -> Iterator[Batch[I]]:
    """Cut items into batches of about `SIZE` bytes. position: says how many bytes of the files were read."""
    digest = blake2b(digest_size=16)
    held: list[I] = []
    weight = 0
    for item in items:
        digest.update(b"%d " % len(item.data))
        digest.update(item.data)
        held.append(item)
        weight += len(item.data)
        if weight >= SIZE:
            yield Batch(held, digest.hexdigest(), position())
            held, weight = [], 0
    if held:
        yield Batch(held, digest.hexdigest(), position())


def after(batches: Iterator[Batch[I]], count: int, digest: str) -> Iterator[Batch[I]]:
    """Pass over the batches that an earlier run has done; LiwaError where they are not what it read."""
    last = ""
    for batch in islice(batches, count):
        last = batch.digest
    if last != digest:
        raise LiwaError("cannot resume: the input is not what it was", hint="Run it again without --resume")
    yield from batches
