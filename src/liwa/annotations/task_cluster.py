"""Tasks on a cluster: the portions of a corpus are sketched, near-duplicates found among all, then tasks made."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Final

from liwa.annotations.task_files import TaskFiles
from liwa.annotations.tasks import Made, Settings, make_raw, mark, sketch_raw
from liwa.corpus.distributed import Found, matches
from liwa.corpus.portions import SIZE, Portion
from liwa.corpus.read import Raw
from liwa.corpus.sketches import Sketches
from liwa.corpus.stream import Job
from liwa.engine import cluster
from liwa.engine.outputs import Outputs
from liwa.engine.workers import Lost, Results

_BYTES: Final = 500
"""Of input a text, about, to guess how many texts there are."""


def run(settings: Settings, job: Job, sink: TaskFiles, outputs: Outputs) -> None:
    """Write the tasks of all articles, with the near-duplicates that one machine would have found."""
    found: Mapping[int, bytes] = {}
    if settings.duplicates and not outputs.facts.get("whole"):
        sketched = partial(_sketched, job.on_portions(partial(sketch_raw, settings)))
        found = matches(sketched, job.portions, texts=len(job.portions) * SIZE // _BYTES)
    work = partial(_made, job.on_portions(partial(make_raw, settings)))
    cluster.run(work, [(p, found.get(n)) for n, p in enumerate(job.portions)], sink, outputs, name="tasks")


def _sketched(
    sketched: Callable[[Portion], Results[tuple[Sketches, list[bytes]], Raw]], portion: Portion
) -> tuple[Sketches, list[bytes]]:
    found = [one for one in sketched(portion) if not isinstance(one, Lost)]  # what is lost here is lost and named below
    sketches = Sketches.of(chain.from_iterable(one for one, _ in found))
    return sketches, [place for _, places in found for place in places]


def _made(made: Callable[[Portion], Results[Made, Raw]], given: tuple[Portion, bytes | None]) -> Results[Made, Raw]:
    portion, pickled = given
    found: dict[bytes, Found] = pickle.loads(pickled) if pickled else {}
    return [one if isinstance(one, Lost) else _marked(one, found) for one in made(portion)]


def _marked(made: Made, found: Mapping[bytes, Found]) -> Made:
    """Return what was made with its marks in it, and nothing left to look for."""
    marks = [(n, mark(*found[place])) for n, place in enumerate(made.places) if place in found]
    return replace(
        made, tasks=made.marked(marks), near=len(marks), cuts=made.cuts[:0], places=[], sketches=Sketches.of(())
    )
