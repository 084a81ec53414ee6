"""The statistics of a team as text, Markdown and JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from liwa import jsonl
from liwa.tables import aligned, markdown

Table = tuple[list[str], list[list[str]]]


def to_text(found: Mapping[str, Any]) -> str:
    """Return tables in columns."""
    return "\n\n".join(["\n".join(_notes(found)), *("\n".join(aligned(*table)) for table in _tables(found))])


def to_markdown(found: Mapping[str, Any]) -> str:
    """Return the same in Markdown."""
    notes = "\n".join(f"- {note}" for note in _notes(found))
    return "\n\n".join([notes, *("\n".join(markdown(*table)) for table in _tables(found))])


def to_json(found: Mapping[str, Any]) -> str:
    """Return everything, as ``/api/stats`` does."""
    return jsonl.dumps(found)


FORMATS: Final[dict[str, Callable[[Mapping[str, Any]], str]]] = {
    "text": to_text,
    "json": to_json,
    "markdown": to_markdown,
}


def _notes(found: Mapping[str, Any]) -> Iterator[str]:
    done, review = found["progress"], found["review"]
    yield f"{done['complete']} of {done['tasks']} tasks are complete, {done['answered']} begun"
    yield f"{done['articles_complete']} of {done['articles']} articles are complete, {done['articles_begun']} begun"
    yield f"{done['answers']} of {done['wanted']} answers, with {found['overlap']} people to a task"
    if done["again"] or done["flagged"]:
        yield f"{done['again']} answers are to be given again, {done['flagged']} are flagged"
    if review["tasks"]:
        yield f"{review['differ']} of {review['tasks']} tasks with several answers differ, {review['open']} to review"


def _tables(found: Mapping[str, Any]) -> Iterator[Table]:
    people = found["people"]
    head = ["annotator", "answers", "accept", "reject", "ignore", "words", "hours", "answers/h", "words/h", "in hand"]
    yield head, [_person(person, found["leases"]) for person in people]
    for kind in ("spans", "relations"):
        labels = sorted({label for person in people for label in person[kind]})
        if labels:
            rows = [[person["name"], *(str(person[kind].get(label, 0)) for label in labels)] for person in people]
            yield [kind, *labels], rows
    days = [[p["name"], d["day"], *_pace(d)] for p in people for d in p["days"]]
    if days:
        yield ["annotator", "day", "answers", "words", "hours", "answers/h", "words/h"], days
    for pair in found["agreement"]:
        yield from _agreement(pair)


def _person(person: Mapping[str, Any], leases: list[Mapping[str, Any]]) -> list[str]:
    counts = [str(person[name]) for name in ("answered", "accept", "reject", "ignore")]
    in_hand = sum(lease["name"] == person["name"] for lease in leases)
    return [person["name"], *counts, *_pace({**person, "answers": 0})[1:], str(in_hand)]


def _pace(worked: Mapping[str, Any]) -> list[str]:
    rates = [worked[name] for name in ("answers_per_hour", "words_per_hour")]
    shown = ["n/a" if rate is None else f"{rate:.0f}" for rate in rates]
    return [str(worked["answers"]), str(worked["words"]), f"{worked['seconds'] / 3600:.1f}", *shown]


def _agreement(pair: Mapping[str, Any]) -> Iterator[Table]:
    title = " and ".join(pair["layers"])
    spans = pair["spans"]
    rows = [
        [label, _shown(s["exact"], "f1"), _shown(s["relaxed"], "f1"), _shown(s["alpha"], "alpha")]
        for label, s in [*spans["labels"].items(), ("all", spans["micro"])]
    ]
    yield [f"{title}, {pair['articles']} articles", "exact F1", "relaxed F1", "alpha"], rows
    relations = pair["relations"]
    if relations["labels"]:
        rows = [
            [label, _shown(r["given_spans"], "f1"), _shown(r["end_to_end"], "f1")]
            for label, r in [*relations["labels"].items(), ("all", relations["micro"])]
        ]
        yield [title, "F1 given agreed spans", "F1 end to end"], rows
    kinds = [[kind, str(number)] for kind, number in pair["kinds"].items() if number]
    if kinds:
        yield [f"{title}: disagreements", "number"], kinds


def _shown(estimate: Mapping[str, Any], name: str) -> str:
    if estimate[name] is None:
        return "n/a"
    interval = "" if estimate["low"] is None else f" [{estimate['low']:.3f}, {estimate['high']:.3f}]"
    return f"{estimate[name]:.3f}{interval}"
