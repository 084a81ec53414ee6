"""Tasks on a cluster: the portions of a corpus are sketched, near-duplicates found among all, then tasks made."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Final

from liwa.annotations.task_files import TaskFiles
from liwa.annotations.tasks import Made, Settings, make_raw, mark, sketch_raw
from liwa.corpus.distributed import Found, matches
from liwa.corpus.portions import SIZE, Portion, read
from liwa.corpus.read import Raw
from liwa.corpus.sketches import Sketches
from liwa.engine import cluster
from liwa.engine.batches import batched
from liwa.engine.outputs import Outputs
from liwa.engine.workers import Lost, Results, attempt

_BYTES: Final = 500
"""Of input a text, about, to guess how many texts there are."""


def run(settings: Settings, portions: Sequence[Portion], encoding: str, sink: TaskFiles, outputs: Outputs) -> None:
    """Write the tasks of all portions, with the near-duplicates that one machine would have found."""
    found: Mapping[int, bytes] = {}
    if settings.duplicates and not outputs.facts.get("whole"):
        sketched = partial(_sketched, settings, encoding)
        found = matches(sketched, portions, texts=len(portions) * SIZE // _BYTES)
    work = partial(_made, settings, encoding)
    cluster.run(work, [(p, found.get(n)) for n, p in enumerate(portions)], sink, outputs, name="tasks")


def _sketched(settings: Settings, encoding: str, portion: Portion) -> tuple[Sketches, list[bytes]]:
    raws = read(portion, encoding=encoding)
    done = chain.from_iterable(attempt(partial(sketch_raw, settings), batch.items) for batch in batched(raws))
    found = [one for one in done if not isinstance(one, Lost)]  # what is lost here is lost and named below
    sketches = Sketches.of(chain.from_iterable(one for one, _ in found))
    return sketches, [place for _, places in found for place in places]


def _made(settings: Settings, encoding: str, given: tuple[Portion, bytes | None]) -> Results[Made, Raw]:
    portion, pickled = given
    found: dict[bytes, Found] = pickle.loads(pickled) if pickled else {}
    raws = read(portion, encoding=encoding)
    done = chain.from_iterable(attempt(partial(make_raw, settings), batch.items) for batch in batched(raws))
    return [one if isinstance(one, Lost) else _marked(one, found) for one in done]


def _marked(made: Made, found: Mapping[bytes, Found]) -> Made:
    """Return what was made with its marks in it, and nothing left to look for."""
    marks = [(n, mark(*found[place])) for n, place in enumerate(made.places) if place in found]
    return replace(
        made, tasks=made.marked(marks), near=len(marks), cuts=made.cuts[:0], places=[], sketches=Sketches.of(())
    )
