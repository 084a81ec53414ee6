"""What the lead sees: progress, pace and agreement of a team, out of the store, and how articles are under way."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, Final

from sqlalchemy import Connection, and_, func, select

from liwa.annotations.agree import agree
from liwa.annotations.rows import ANSWERS
from liwa.annotator.checking import Body
from liwa.annotator.handout import Handout
from liwa.annotator.pace import paces
from liwa.annotator.people import state_of
from liwa.annotator.review import Counted, review_counts
from liwa.annotator.schema import annotators, answers, leases, tasks, work
from liwa.annotator.store import Store
from liwa.annotator.task import pre_annotation, said
from liwa.errors import LiwaError
from liwa.records import Gold
from liwa.scheme import Scheme

REST: Final = 20.0
"""Agreement rests so many times as long as comparing took, so that a page that looks often costs little."""


class Stats:
    """The statistics of a store, which remember what takes long to count until answers have come.

    samples: of the bootstrap behind the intervals of agreement; 0 for no intervals.
    """

    def __init__(self, store: Store, scheme: Scheme, handout: Handout | None, *, samples: int = 0) -> None:
        self.store, self.scheme, self.samples = store, scheme, samples
        self.handout = handout or Handout()
        self.team = handout is not None
        self._words: dict[int, int] = {}
        self._lock = threading.Lock()
        self._compared: tuple[int, float, list[dict[str, Any]], Counted] = (-1, 0.0, [], Counted(0, 0, 0, 0))

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON-ready data."""
        with self.store.reading() as connection:
            newest = connection.execute(select(func.max(answers.c.id))).scalar()
            found = {
                "time": time.time(),
                "team": self.team,
                "overlap": self.handout.overlap,
                "lease": self.handout.lease if self.team else None,
                "progress": progress(connection, self.handout.overlap),
                "people": list(people(connection, self._words)),
                "leases": list(under_way(connection)),
            }
            agreement, review = self._agreement(connection, newest or 0)
        model = json.loads(self.store.about("model") or "null")
        return {**found, "agreement": agreement, "review": review._asdict(), "model": model}

    def _agreement(self, connection: Connection, newest: int) -> tuple[list[dict[str, Any]], Counted]:
        with self._lock:
            seen, until, agreement, review = self._compared
            begun = time.monotonic()
            if seen == newest or begun < until:
                return agreement, review
            agreement = list(agreements(layers(connection), self.scheme, self.samples))
            review = review_counts(connection)
            now = time.monotonic()
            self._compared = (newest, now + REST * (now - begun), agreement, review)
            return agreement, review


def progress(connection: Connection, overlap: int) -> dict[str, int]:
    """Return how far the feed is: tasks and articles, begun and complete, and answers of those that are wanted."""
    is_theirs = annotators.c.role != "review"
    had = (
        select(work.c.task_id, func.count(work.c.answer).label("people"))
        .join(annotators, and_(annotators.c.id == work.c.annotator_id, is_theirs))
        .group_by(work.c.task_id)
        .subquery()
    )
    people = func.coalesce(had.c.people, 0)
    query = select(tasks.c.article, people).outerjoin(had, had.c.task_id == tasks.c.id)
    by_article: dict[str, list[int]] = defaultdict(list)
    for article, number in connection.execute(query.where(tasks.c.position.is_not(None))):
        by_article[article].append(number)
    every = [number for numbers in by_article.values() for number in numbers]
    marked = select(func.sum(work.c.flagged), func.count(work.c.again))
    flagged, again = connection.execute(marked).one()
    return {
        "tasks": len(every),
        "articles": len(by_article),
        "answered": sum(number > 0 for number in every),
        "complete": sum(number >= overlap for number in every),
        "articles_begun": sum(any(numbers) for numbers in by_article.values()),
        "articles_complete": sum(min(numbers) >= overlap for numbers in by_article.values()),
        "answers": sum(min(number, overlap) for number in every),
        "wanted": len(every) * overlap,
        "again": again,
        "flagged": int(flagged or 0),
    }


def people(connection: Connection, words: dict[int, int]) -> Iterator[dict[str, Any]]:
    """Yield each annotator with counts, labels and pace; words: see `liwa.annotator.pace.paces`."""
    worked, used = paces(connection, words), _labels(connection)
    columns = (work.c.annotator_id, work.c.answer, func.count(), func.sum(work.c.flagged), func.count(work.c.draft_key))
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for number, answer, count, flagged, drafts, again in connection.execute(
        select(*columns, func.count(work.c.again)).group_by(work.c.annotator_id, work.c.answer)
    ):
        said = {answer or "": count, "answered": count if answer else 0}
        counted[number].update({**said, "flagged": flagged, "drafts": drafts, "again": again})
    none: dict[str, Any] = {
        "words": 0,
        "seconds": 0.0,
        "answers_per_hour": None,
        "words_per_hour": None,
        "last": None,
        "days": [],
    }
    query = select(annotators).where(annotators.c.role != "review").order_by(annotators.c.id)
    for person in connection.execute(query):
        if person.token is None and person.id not in counted:
            continue
        of_person = counted[person.id]
        counts = {name: of_person[name] for name in ("answered", *ANSWERS, "flagged", "drafts", "again")}
        spans, relations = used[person.id]
        yield {
            "name": person.name,
            "role": person.role,
            "state": state_of(person) if person.token else "",
            **counts,
            **worked.get(person.id, none),
            "spans": dict(spans.most_common()),
            "relations": dict(relations.most_common()),
        }


def under_way(connection: Connection) -> Iterator[dict[str, Any]]:
    """Yield the articles that someone holds, with how many of their tasks are left."""
    mine = and_(work.c.task_id == leases.c.task_id, work.c.annotator_id == leases.c.annotator_id)
    query = (
        select(
            tasks.c.article,
            annotators.c.name,
            func.min(tasks.c.summary),
            func.count(),
            func.count(work.c.answer),
            func.max(leases.c.until),
        )
        .select_from(leases)
        .join(tasks, tasks.c.id == leases.c.task_id)
        .join(annotators, annotators.c.id == leases.c.annotator_id)
        .outerjoin(work, mine)
        .where(leases.c.until > time.time())
        .group_by(tasks.c.article, annotators.c.name)
        .having(func.count() > func.count(work.c.answer))
        .order_by(func.max(leases.c.until).desc(), annotators.c.name)
    )
    for article, name, summary, number, done, until in connection.execute(query):
        title = json.loads(summary)["title"]
        yield {"article": article, "title": title, "name": name, "tasks": number, "left": number - done, "until": until}


def layers(connection: Connection) -> dict[str, list[Gold]]:
    """Return what each annotator accepted, as gold, in the order of the annotators."""
    query = (
        select(annotators.c.name, tasks.c.row, answers.c.body)
        .select_from(work)
        .join(answers, answers.c.id == work.c.answer_id)
        .join(tasks, tasks.c.id == work.c.task_id)
        .join(annotators, annotators.c.id == work.c.annotator_id)
        .where(answers.c.answer == "accept", annotators.c.role != "review")
        .order_by(annotators.c.id, tasks.c.id)
    )
    found: dict[str, list[Gold]] = defaultdict(list)
    for name, row, body in connection.execute(query):
        found[name].append(said(pre_annotation(json.loads(row)), Body.from_json(body)))
    return dict(found)


def agreements(found: Mapping[str, Sequence[Gold]], scheme: Scheme, samples: int) -> Iterator[dict[str, Any]]:
    """Yield how far each pair of annotators agrees on what both annotated, without the places where they do not."""
    labels, types = list(scheme.labels), list(scheme.relations)
    for names in combinations(found, 2):
        first, second = (found[name] for name in names)
        try:
            report = agree(first, second, names=names, labels=labels, types=types, samples=samples).to_dict()
        except LiwaError:
            continue  # nothing that both annotated
        yield {name: report[name] for name in report if name not in ("format", "version", "disagreements", "only")}


def _labels(connection: Connection) -> dict[int, tuple[Counter[str], Counter[str]]]:
    query = select(work.c.annotator_id, answers.c.body).join(answers, answers.c.id == work.c.answer_id)
    found: dict[int, tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
    for number, body in connection.execute(query.where(answers.c.answer == "accept")):
        data = json.loads(body)
        spans, relations = found[number]
        spans.update(label for _, _, label in data["spans"])
        relations.update(label for _, _, label in data["relations"])
    return found
