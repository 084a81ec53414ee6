"""The figures of the data card, generated, so that they cannot be older than the corpus.

The card is written by people; what stands in it between two markers is replaced.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import srsly

from liwa.errors import LiwaError
from liwa.release.inventory import Entry, inventory
from liwa.scheme import Scheme
from liwa.tables import markdown
from liwa.training.split import PARTS

BEGIN: Final = "<!-- figures: begin, written by liwa card -->"
END: Final = "<!-- figures: end -->"

SMALL: Final = 100
"""Spans of a label in the test part below which the card says that it falls short."""


def refresh(card: str, figures: str, where: str = "") -> str:
    """Return the text of a card with new figures between its markers; LiwaError where it has none."""
    head, begin, rest = card.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise LiwaError(f"expected the lines {BEGIN} and {END}", where=where, hint="Put both into the card")
    return f"{head}{BEGIN}\n\n{figures}\n\n{END}{tail}"


def figures(root: Path, scheme: Scheme) -> str:
    """Return the figures as Markdown, from the ``corpus``, ``annotations`` and ``training`` folders below a root."""
    training, annotations = root / "training", root / "annotations"
    entries = inventory(root / "corpus", annotations / "gold", training / "split.jsonl")
    sections = [
        ("Size", _sizes(entries)),
        ("Labels", _kinds("label", list(scheme.labels), entries, lambda e: e.labels)),
        ("Relations", _kinds("relation", list(scheme.relations), entries, lambda e: e.relations)),
        ("Where the articles come from", _sources(entries)),
        ("Split", _split(entries, list(scheme.labels))),
        ("Agreement", _agreement(annotations / "agreement")),
        ("Baselines", _baselines(training / "baselines")),
    ]
    return "\n\n".join(f"### {title}\n\n{body}" for title, lines in sections if (body := "\n".join(lines)))


def _origins(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Return the entries by origin, and all together."""
    by_origin: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_origin[entry.origin].append(entry)
    return {**dict(sorted(by_origin.items())), "all": list(entries)}


def _sizes(entries: Sequence[Entry]) -> Iterator[str]:
    head = ["origin", "articles", "words", "code points", "spans", "relations", "without a span", "not annotated"]
    yield from markdown(head, ([name, *map(_number, _size(some))] for name, some in _origins(entries).items()))


def _size(entries: Sequence[Entry]) -> list[int]:
    read = [e for e in entries if e.gold]
    return [
        len(entries),
        sum(int(e.row.get("words", 0)) for e in entries),
        sum(int(e.row.get("code_points", 0)) for e in entries),
        sum(e.labels.total() for e in entries),
        sum(e.relations.total() for e in entries),
        sum(not e.labels for e in read),
        len(entries) - len(read),
    ]


def _kinds(
    head: str, names: Sequence[str], entries: Sequence[Entry], count: Callable[[Entry], Counter[str]]
) -> Iterator[str]:
    columns = {name: sum(map(count, some), Counter[str]()) for name, some in _origins(entries).items()}
    if columns["all"]:
        rows = ([name, *(_number(column[name]) for column in columns.values())] for name in names)
        yield from markdown([head, *columns], rows)


def _sources(entries: Sequence[Entry]) -> Iterator[str]:
    keys = Counter((e.origin, _source(e.row), str(e.row.get("licence", ""))) for e in entries)
    head = ["origin", "source", "licence", "articles"]
    yield from markdown(head, ([*key, _number(count)] for key, count in sorted(keys.items())))
    years = sorted(str(e.row["date"])[:4] for e in entries if e.row.get("date"))
    countries = {str(e.row["country"]) for e in entries if e.row.get("country")}
    if years:
        yield f"\nDates run from {years[0]} to {years[-1]}. Articles that name a country name {len(countries)} of them."


def _source(row: Mapping[str, Any]) -> str:
    return str(row.get("corpus") or f"written for the project: {row.get('style', '')}")


def _split(entries: Sequence[Entry], labels: Sequence[str]) -> Iterator[str]:
    parts = [(part, origin, some) for part in PARTS for origin, some in _origins(_of(entries, part)).items() if some]
    if not parts:
        return
    head = ["part", "origin", "articles", "words", *labels]
    rows = ([part, origin, *map(_number, _row(some, labels))] for part, origin, some in parts)
    yield from markdown(head, rows)
    sizes = Counter(e.assignment.group for e in entries if e.assignment)
    shared = [count for count in sizes.values() if count > 1]
    yield f"\n{len(shared)} groups of near-duplicates hold {sum(shared)} articles; no group crosses parts."
    test = sum((e.labels for e in _of(entries, "test")), Counter[str]())
    short = [f"{label} ({test[label]})" for label in labels if test[label] < SMALL]
    if short:
        yield f"Fewer than {SMALL} spans in the test part: {', '.join(short)}."


def _of(entries: Iterable[Entry], part: str) -> list[Entry]:
    return [e for e in entries if e.part == part]


def _row(entries: Sequence[Entry], labels: Sequence[str]) -> list[int]:
    counted = sum((e.labels for e in entries), Counter[str]())
    return [len(entries), sum(int(e.row.get("words", 0)) for e in entries), *(counted[label] for label in labels)]


def _agreement(folder: Path) -> Iterator[str]:
    """Return a table of the agreement reports in a folder, each named after the version of the guidelines."""
    rows = []
    for path in sorted(folder.glob("*.json")):
        report = srsly.read_json(path)
        for name, found in _lines(report["spans"]):
            values = [_rate(found["exact"]["f1"]), _interval(found["exact"]), _rate(found["alpha"]["alpha"])]
            rows.append([path.stem, name, *values, _number(found["exact"]["both"])])
        for name, found in _lines(report["relations"]):
            end_to_end = found["end_to_end"]
            values = [_rate(end_to_end["f1"]), _interval(end_to_end), "", _number(end_to_end["both"])]
            rows.append([path.stem, name, *values])
    if rows:
        yield from markdown(["guidelines", "label", "F1", "95 %", "alpha", "agreed"], rows)


def _lines(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from table["labels"].items()
    yield f"all of {len(table['labels'])}", table["micro"]


def _baselines(folder: Path) -> Iterator[str]:
    """Return a table of the score files in a folder."""
    rows = []
    for path in sorted(folder.glob("*.json")):
        scores = srsly.read_json(path)
        for name, found in _lines(scores["spans"]):
            low, high = found["f1_interval"]
            interval = _interval({"low": low, "high": high})
            rows.append([path.stem, scores["test"], name, _rate(found["f1"]), interval, _number(found["support"])])
    if rows:
        yield from markdown(["baseline", "test set", "label", "F1", "95 %", "support"], rows)


def _rate(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.3f}"


def _interval(found: Mapping[str, float | None]) -> str:
    return "n/a" if found["low"] is None else f"{_rate(found['low'])}–{_rate(found['high'])}"


def _number(value: int) -> str:
    return f"{value:,}"
