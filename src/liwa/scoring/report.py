"""A report: one or more score files as one page for people, with plots, and examples of errors in their text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from liwa.errors import LiwaError
from liwa.records import Gold
from liwa.scheme import Scheme
from liwa.scoring import compare_tables, plots
from liwa.scoring.compare import compare
from liwa.scoring.examples import examples
from liwa.scoring.pages import escape, heading, items, page, paragraph, table
from liwa.scoring.plots import Bar
from liwa.scoring.report_tables import provenance, rates_table, sections, spread
from liwa.scoring.scorefile import Kind, ScoreFile, read_json
from liwa.tables import percent

_RATES: Final[tuple[tuple[Kind, str], ...]] = (("spans", "Spans"), ("relations", "Relations, end to end"))


class Point(NamedTuple):
    """A point of a learning curve; lines: the rates of spans by label, ``micro`` last."""

    share: float
    articles: int
    words: int
    spans: int
    lines: Mapping[str, Mapping[str, Any]]


def report(
    scores: Sequence[ScoreFile],
    *,
    names: Sequence[str],
    scheme: Scheme,
    curve: Sequence[Point] = (),
    errors: Iterable[Gold] = (),
) -> str:
    """Return a page that needs nothing else.

    scores: at least one; names: what to call each. scheme: for the colours of labels. curve: see
    `read_curve`. errors: rows of an error list with their texts, as many as shall be shown.
    """
    named = dict(zip(names, scores, strict=True))
    title = f"Scores of {', '.join(names)}" if len(names) <= 3 else f"Scores of {len(names)} systems"
    parts = [f"<h1>{escape(title)}</h1>", *_overview(named)]
    for kind, said in _RATES:
        parts.extend(_rates(kind, said, named))
    parts.extend(_differences(named))
    for name, one in named.items():
        parts.extend(sections(name if len(named) > 1 else "", one))
    parts.extend(_curve(curve))
    parts.extend(examples(errors, scheme))
    for name, one in named.items():
        parts.extend(provenance(name if len(named) > 1 else "", one))
    return page(title, parts)


def _overview(named: Mapping[str, ScoreFile]) -> Iterator[str]:
    rows = []
    for name, scores in named.items():
        micros = (scores.table(kind).get("micro") for kind, _ in _RATES)
        shown = [f"{percent(m['f1'])} {spread(m)}".strip() if m else "not scored" for m in micros]
        rows.append([name, *shown, str(scores.data.get("articles", "n/a")), scores.test or "unknown"])
    yield table("Overview", ["system", "F1 of spans", "F1 of relations", "articles", "test set"], rows)
    yield paragraph(
        "In percent, micro average. Brackets and whiskers: 95 % interval by bootstrap over articles. Spans are exact "
        "to the code point; a relation is right with both ends, direction and type.",
        note=True,
    )
    if len({scores.test for scores in named.values()}) > 1:
        yield paragraph("These scores were measured on different test sets and cannot be compared with each other.")


def _rates(kind: Kind, title: str, named: Mapping[str, ScoreFile]) -> Iterator[str]:
    """Yield a plot of all systems by label, and a table of each."""
    tables = {name: scores.table(kind) for name, scores in named.items() if scores.table(kind)}
    if not tables:
        return
    labels = list(dict.fromkeys(label for lines in tables.values() for label in lines if label != "micro"))
    groups = {label: [_bar(lines.get(label)) for lines in tables.values()] for label in [*labels, "micro"]}
    yield heading(title)
    yield plots.bars(f"{title}: F1 by label", groups, list(tables))
    for name, lines in tables.items():
        yield rates_table(name if len(tables) > 1 else title, lines)


def _differences(named: Mapping[str, ScoreFile]) -> Iterator[str]:
    """Yield how every further system differs from the first, where both were measured on the same test set."""
    (first, scores), *others = named.items()
    for name, other in others:
        try:
            found = compare(scores, other, names=(first, name))
        except LiwaError:
            continue
        yield heading(f"{name} against {first}")
        yield items(compare_tables.verdicts(found))
        for kind, lines in found.tables.items():
            yield table(f"Difference, {kind}", compare_tables.head(found, kind), compare_tables.rows(lines), totals=1)
            moved = list(compare_tables.moved_rows(lines))
            if moved:
                yield table(f"Articles that moved most, {kind}", compare_tables.moved_head(found, kind), moved)
        yield items(compare_tables.notes(found))


def read_curve(path: str | Path) -> list[Point]:
    """Read the points that ``liwa curve`` wrote; LiwaError where the file is missing or holds something else."""
    hint = "Name the curve.json of liwa curve"
    data = read_json(path, hint=hint)
    if not data:
        raise LiwaError("expected the points of a learning curve, found none", where=str(path), hint=hint)
    try:
        return [
            Point(
                p["share"],
                p["articles"],
                p["words"],
                p["spans"],
                ScoreFile.from_dict(p["scores"], str(path)).table("spans"),
            )
            for p in data
        ]
    except (KeyError, TypeError):
        raise LiwaError("expected the points of a learning curve, found others", where=str(path), hint=hint) from None


def _curve(points: Sequence[Point]) -> Iterator[str]:
    """Yield the learning curve as a plot and as a table."""
    if not points:
        return
    names = list(dict.fromkeys(name for point in points for name in point.lines))
    lines = {name: [_bar(point.lines.get(name)) for point in points] for name in names}
    unit = "words of training text"
    yield heading("Learning curve")
    yield plots.curve(f"F1 by {unit}", [point.words for point in points], lines, unit=unit)
    rows = [
        [
            f"{100 * p.share:g} %",
            *(f"{size:,}" for size in (p.articles, p.words, p.spans)),
            percent(p.lines["micro"]["f1"]),
        ]
        for p in points
    ]
    yield table("Learning curve", ["share of training", "articles", "words", "spans", "micro F1"], rows)
    yield paragraph("Micro F1 on the test part, with its 95 % interval as a band; each point adds articles.", note=True)


def _bar(rates: Mapping[str, Any] | None) -> Bar:
    return Bar(rates["f1"], *(rates.get("f1_interval") or (None, None))) if rates else Bar(None)
