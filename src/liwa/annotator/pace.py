"""How fast people work: answers and words an hour of the time in which the page was in sight, day by day."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, select

from liwa.annotator.schema import annotators, answers, tasks

LEAST: Final = 300.0
"""Seconds of work below which no pace is told: a few answers say little of an hour."""

_BATCH: Final = 500


class Worked(NamedTuple):
    """One answer: when it was given (Unix time), the words of its task, and the seconds that it took."""

    time: float
    words: int
    seconds: float


def pace(connection: Connection, annotator: int) -> dict[str, Any]:
    """Return the work of one annotator, and until when the token lasts."""
    expires = connection.execute(select(annotators.c.expires).where(annotators.c.id == annotator)).scalar()
    return {"expires": expires, **summary(one for _, one in _worked(connection, {}, annotator))}


def paces(connection: Connection, words: dict[int, int]) -> dict[int, dict[str, Any]]:
    """Return the work of all annotators, by their numbers.

    words: of tasks, by their numbers, as far as they were counted before; those that were not are added.
    """
    every: dict[int, list[Worked]] = defaultdict(list)
    for number, worked in _worked(connection, words):
        every[number].append(worked)
    return {number: summary(worked) for number, worked in every.items()}


def summary(worked: Iterable[Worked]) -> dict[str, Any]:
    """Return answers, words and seconds, together and by day of the server's time zone; a pace from `LEAST` seconds on.

    An answer that was given anew counts with its time, and its words again: they were read again.
    """
    days: dict[str, list[Worked]] = defaultdict(list)
    for one in worked:
        days[f"{datetime.fromtimestamp(one.time).astimezone():%Y-%m-%d}"].append(one)
    every = [one for of_day in days.values() for one in of_day]
    total = _sums(every)
    last = max((one.time for one in every), default=None)
    by_day = [{"day": day, **_sums(of_day)} for day, of_day in sorted(days.items())]
    return {**{name: total[name] for name in total if name != "answers"}, "last": last, "days": by_day}


def _worked(
    connection: Connection, words: dict[int, int], annotator: int | None = None
) -> Iterator[tuple[int, Worked]]:
    query = select(*answers.c["annotator_id", "task_id", "created", "seconds"]).order_by(answers.c.id)
    found = connection.execute(query if annotator is None else query.where(answers.c.annotator_id == annotator)).all()
    missing = sorted({row.task_id for row in found} - words.keys())
    for first in range(0, len(missing), _BATCH):
        texts = select(tasks.c.id, tasks.c.row).where(tasks.c.id.in_(missing[first : first + _BATCH]))
        words |= {number: len(json.loads(row)["text"].split()) for number, row in connection.execute(texts)}
    for number, task, created, seconds in found:
        yield number, Worked(created, words[task], seconds)


def _sums(worked: list[Worked]) -> dict[str, Any]:
    answered, words = len(worked), sum(one.words for one in worked)
    seconds = sum(one.seconds for one in worked)
    hours = seconds / 3600 if seconds >= LEAST else None
    return {
        "answers": answered,
        "words": words,
        "seconds": round(seconds, 1),
        "answers_per_hour": round(answered / hours, 1) if hours else None,
        "words_per_hour": round(words / hours, 1) if hours else None,
    }
