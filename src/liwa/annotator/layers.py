"""Layers of gold in and out of a store: files become annotators whose answers are reviewed, reviews become rulings."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, select

from liwa import jsonl
from liwa.annotations.decisions import Decision, Rulings
from liwa.annotations.disagreements import by_article
from liwa.annotations.gold import read_gold
from liwa.annotations.rows import task
from liwa.annotations.texts import Texts
from liwa.annotator import listing, saving
from liwa.annotator.checking import Body, RefusedError, Submission, require_legal
from liwa.annotator.project import open_project
from liwa.annotator.review import accepted, answers_to, disputes, resolution, reviewer, reviewer_of, shown
from liwa.annotator.schema import tasks
from liwa.annotator.settle import Settled, decision_id, settle, settled_as, undecided
from liwa.annotator.store import Store
from liwa.annotator.task import identity, place_of, pre_annotation, said
from liwa.errors import LiwaError
from liwa.passages import paragraphs
from liwa.progress import say
from liwa.records import Gold, Range, Relation
from liwa.scheme import Scheme


class Taken(NamedTuple):
    """How many tasks were made of layers, and of how many articles."""

    tasks: int
    articles: int


def read_layers(store: Store, paths: Mapping[str, str], scheme: Scheme, texts: Sequence[str] = ()) -> Taken:
    """Make the gold of files answers of a store: each file an annotator of its name, each paragraph a task.

    Paragraphs that a span or relation joins are one task. Articles whose text is not at hand are left out, which is
    said. Layers that were read before are not stored twice. Raises LiwaError where nothing is left, where two files
    have different texts of an article, and for what the scheme does not allow.
    """
    library = Texts.read(texts) if texts else None
    articles = by_article({name: list(read_gold([path], texts=library)) for name, path in paths.items()})
    known = {article: said for article, said in articles.items() if all(g.text is not None for g in said.values())}
    if left := len(articles) - len(known):
        say(f"{left} articles are left out, for want of their text; name a folder with --texts")
    if not known:
        raise LiwaError("found no article with its text", where=", ".join(paths.values()), hint="Add --texts")
    windows = {article: list(cut(list(said.values()))) for article, said in known.items()}
    made = [(article, at, _task(known[article], at)) for article in known for at in windows[article]]
    _feed(store, [row for _, _, row in made], scheme)
    for name in paths:
        number = store.annotator(name, "layer")
        with store.writing() as connection:
            for article, at, row in made:
                gold = known[article].get(name)
                if gold and any(place.holds(at) for place in gold.ranges):
                    _answer(connection, number, row, gold.within(at), scheme)
    return Taken(len(made), len(known))


def cut(golds: Sequence[Gold]) -> Iterator[Range]:
    """Yield the paragraphs of an article that some layer annotated wholly, joined where an annotation goes over two."""
    first = golds[0]
    whole = [Range(at.start + first.start, at.end + first.start) for at in paragraphs(first.text or "")]
    found = [at for at in whole if any(place.holds(at) for gold in golds for place in gold.ranges)]
    joints = sorted(_reach(item) for gold in golds for item in (*gold.spans, *gold.relations))
    joined: list[Range] = []
    for at in found:
        over = joined and any(j.start < joined[-1].end and at.start < j.end for j in joints)
        joined[-1:] = [Range(joined[-1].start, at.end)] if over else [*joined[-1:], at]
    yield from joined


def seed(store: Store, path: Path, lead: str) -> int:
    """Take the rulings of a list of `liwa adjudicate` over into reviews, and return how many.

    A task whose decisions are all ruled is reviewed; one with some of them gets a draft. Earlier reviews stay.
    """
    rows = [row for _, row in jsonl.read(path)]
    Rulings((f"{path}:{number}", row) for number, row in enumerate(rows, 1))  # refuses what is no such list
    ruled = {decision_id(Decision(row, {})): row for row in rows if row.get("ruling") is not None}
    taken = 0
    with store.writing() as connection:
        layer = reviewer(connection)
        _, differing = disputes(connection)
        for found in differing:
            row = _row(connection, found.task)
            if saving.state(connection, found.task, layer, "", json.loads(row["row"])["text"]) is None:
                taken += _seed(connection, row, layer, ruled, lead)
    return taken


def decisions(store: Store) -> Iterator[Decision]:
    """Yield what annotators differ on, in the order of the tasks, with the rulings of the reviews that are finished."""
    with store.reading() as connection:
        layer = reviewer_of(connection)
        _, differing = disputes(connection)
        for found in differing:
            row = _row(connection, found.task)
            answer = saving.last_answer(connection, found.task, layer) if found.reviewed else None
            yield from _settled(connection, row, answer).decisions


def _settled(connection: Connection, row: RowMapping, answer: tuple[str, Body] | None) -> Settled:
    gold = pre_annotation(json.loads(row["row"]))
    layers = accepted(gold, answers_to(connection, row["id"]))
    if answer is None or answer[0] != "accept":
        return settle(gold, layers, undecided)
    body = answer[1]
    return settled_as(gold, layers, said(gold, body), by=body.note.get("by"), why=body.comment or None)


def _seed(
    connection: Connection, row: RowMapping, layer: int, ruled: Mapping[str, Mapping[str, Any]], lead: str
) -> int:
    gold, given = pre_annotation(json.loads(row["row"])), answers_to(connection, row["id"])
    result = settle(gold, accepted(gold, given), lambda d: ruled.get(decision_id(d), {}).get("ruling"))
    sides = {name: shown(d, gold)["ruling"] for d in result.decisions if (name := decision_id(d)) in ruled}
    if not sides:
        return 0
    _, body = resolution(row, given, sides)
    by = {str(ruled[name].get("by") or lead) for name in sides}
    note = {"by": by.pop() if len(by) == 1 else lead, "sides": sides}
    whys = [str(ruled[name]["why"]) for name in sides if ruled[name].get("why")]
    kept = _body(said_in(result.gold, gold.start), "; ".join(dict.fromkeys(whys)), note)
    sent = Submission(_key(row["digest"], kept), 0, None if body["open"] else "accept", 0.0, kept)
    saving.save(connection, row["id"], layer, sent)
    return len(sides)


def said_in(gold: Gold, start: int) -> Gold:
    """Return gold in the offsets of a passage that starts there."""
    spans = tuple(span.shifted(-start) for span in gold.spans)
    return replace(gold, spans=spans, relations=tuple(r.shifted(-start) for r in gold.relations))


def _body(gold: Gold, comment: str = "", note: Mapping[str, Any] | None = None) -> Body:
    origins = ("mine",) * (len(gold.spans) + len(gold.relations))
    return Body(tuple(sorted(gold.spans)), tuple(sorted(gold.relations)), comment, False, origins, note or {})


def _answer(connection: Connection, annotator: int, row: Mapping[str, Any], gold: Gold, scheme: Scheme) -> None:
    found = listing.find(connection, identity(place_of(row), row["text"]))
    assert found, "it was fed"
    try:
        require_legal(gold.spans, gold.relations, scheme)
    except RefusedError as error:
        hint = "Name the scheme of the layers with --scheme"
        raise LiwaError(str(error), where=f"{gold.where} {gold.article}", hint=hint) from None
    body = _body(said_in(gold, gold.start))
    before = saving.last_answer(connection, found["id"], annotator)
    if before is None or before[1] != body:
        base = (saving.state(connection, found["id"], annotator, "", row["text"]) or {"revision": 0})["revision"]
        sent = Submission(_key(f"{found['digest']} {base}", body), base, "accept", 0.0, body)
        saving.save(connection, found["id"], annotator, sent)


def _feed(store: Store, rows: Iterable[Mapping[str, Any]], scheme: Scheme) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "layers.jsonl")
        jsonl.write(file, rows)
        open_project(store, str(file), scheme)


def _task(layers: Mapping[str, Gold], at: Range) -> dict[str, Any]:
    first = next(iter(layers.values()))
    meta: dict[str, Any] = {}
    for gold in layers.values():
        meta |= {name: value for name, value in gold.meta.items() if isinstance(value, str)}
    digest = max(gold.sha256 for gold in layers.values())
    return task(first.surface(at), {**meta, "article": first.article, "sha256": digest, **at._asdict()})


def _reach(item: Any) -> Range:
    spans = (item.head, item.child) if isinstance(item, Relation) else (item,)
    return Range(min(span.start for span in spans), max(span.end for span in spans))


def _row(connection: Connection, number: int) -> RowMapping:
    return connection.execute(select(tasks).where(tasks.c.id == number)).mappings().one()


def _key(name: str, body: Body) -> str:
    return hashlib.sha256(f"{name} {body.to_json()}".encode()).hexdigest()[:40]
