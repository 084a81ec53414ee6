"""Scores as tables that people read: aligned text for a terminal, Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from liwa import jsonl
from liwa.estimates import Estimate
from liwa.scoring import relation_tables
from liwa.scoring.evaluate import Scores
from liwa.scoring.intervals import Macro, Rates
from liwa.scoring.partial import MICRO, SCHEMES
from liwa.scoring.slices import SMALL, is_small
from liwa.tables import aligned, markdown, percent

_HEAD: Final = ("label", "P", "R", "F1", "95 %", "tp", "fp", "fn", "support")


class Table(NamedTuple):
    """A table with the notes under it. totals: how many of the last rows are totals."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    totals: int = 0
    notes: Sequence[str] = ()


def to_text(scores: Scores) -> str:
    """Return an aligned table with one line a label, the averages, and a line on what was compared; then the others."""
    blocks = [[*aligned(t.head, t.rows, t.totals), *t.notes] for t in _tables(scores)]
    blocks.append(list(_leakage(scores)))
    if scores.relations:
        blocks.append([*relation_tables.to_text(scores.relations), *_relation_intervals(scores)])
    return "\n\n".join("\n".join(block) for block in blocks)


def to_markdown(scores: Scores) -> str:
    """Return the same as Markdown tables."""
    blocks = [[*markdown(t.head, t.rows), *(["", *t.notes] if t.notes else [])] for t in _tables(scores)]
    blocks.append(list(_leakage(scores)))
    if scores.relations:
        blocks.append([*relation_tables.to_markdown(scores.relations), *_relation_intervals(scores)])
    return "\n\n".join("\n".join(block) for block in blocks)


def to_brief(scores: Scores) -> str:
    """Return the first table of `to_text` alone: a line a label, and the averages."""
    first = next(_tables(scores))
    return "\n".join([*aligned(first.head, first.rows, first.totals), *first.notes])


def to_json(scores: Scores) -> str:
    """Return the score file."""
    return jsonl.dumps(scores.to_dict())


FORMATS: Final[dict[str, Callable[[Scores], str]]] = {
    "text": to_text,
    "brief": to_brief,
    "json": to_json,
    "markdown": to_markdown,
}


def interval(estimate: Estimate) -> str:
    """Return the interval of a rate in percent, or n/a where it is undefined."""
    return "n/a" if estimate.low is None else f"{percent(estimate.low)}–{percent(estimate.high)}"


def _tables(scores: Scores) -> Iterator[Table]:
    rows = [[name, *_cells(found)] for name, found in [*scores.labels.items(), ("micro", scores.micro)]]
    yield Table(_HEAD, [*rows, ["macro", *_rates(scores.macro), *[""] * 4]], 2, list(_notes(scores)))
    if scores.seeds:
        yield _seeds(scores)
    yield _kinds(scores)
    yield _confusion(scores)
    if scores.partial:
        yield _partial(scores)
    if scores.slices:
        yield _slices(scores)


def _cells(found: Rates) -> list[str]:
    return [*_rates(found), *map(str, found.counts), str(found.counts.support)]


def _rates(found: Rates | Macro) -> list[str]:
    return [*(percent(rate.value) for rate in (found.precision, found.recall, found.f1)), interval(found.f1)]


def _notes(scores: Scores) -> Iterator[str]:
    yield f"{len(scores.by_article)} articles, exact spans in code points, in percent"
    yield f"95 %: interval of F1 by bootstrap over articles, {scores.settings.get('samples')} samples"
    if scores.settings.get("words"):
        yield "both sides widened to white-space words"
    if scores.alignment_lost:
        yield f"{scores.alignment_lost} gold spans cross borders of the model's tokens or passages; they are misses"
    if scores.masked:
        yield f"{scores.masked} predicted spans lie outside the annotated ranges and were not counted"
    if scores.missing:
        yield f"{len(scores.missing)} articles lack a prediction, their spans are misses: {_some(scores.missing)}"
    if scores.unknown:
        yield f"{len(scores.unknown)} predicted articles are not in the gold and were left out: {_some(scores.unknown)}"


def _seeds(scores: Scores) -> Table:
    assert scores.seeds is not None
    spreads = [*scores.seeds.labels.items(), ("micro", scores.seeds.micro), ("macro", scores.seeds.macro)]
    rows = [
        [
            name,
            percent(found.mean.value),
            percent(found.deviation),
            interval(found.mean),
            " ".join(map(percent, found.values)),
        ]
        for name, found in spreads
    ]
    models = scores.seeds.models
    note = f"F1 of {len(models)} models; 95 %: over models and articles; all else is of the first, {models[0]}"
    return Table(("label", "mean F1", "deviation", "95 %", "each"), rows, 2, [note])


def _kinds(scores: Scores) -> Table:
    rows = [[label, *map(str, found.values())] for label, found in scores.kinds.items()]
    totals = scores.all_kinds
    note = "boundary: other ends, label: same ends; an error counts under its gold label, a spurious span under its own"
    return Table(("errors", *totals), [*rows, ["all", *map(str, totals.values())]], 1, [note])


def _confusion(scores: Scores) -> Table:
    names = list(scores.confusion)
    rows = [[gold, *(str(row.get(name, "")) for name in names)] for gold, row in scores.confusion.items()]
    return Table(("gold \\ found", *names), rows, 1, ["confusion: spans that overlap, whatever their ends"])


def _partial(scores: Scores) -> Table:
    assert scores.partial is not None
    tallies = [(scheme, scores.partial.schemes[scheme][MICRO]) for scheme in SCHEMES]
    rows = [
        [scheme, *(percent(rate) for rate in (tally.precision, tally.recall, tally.f1)), *map(str, tally[:5])]
        for scheme, tally in tallies
    ]
    head = ("scheme", "P", "R", "F1", "correct", "incorrect", "partial", "missed", "spurious")
    return Table(head, rows, notes=["schemes of SemEval-2013, all labels, as nervaluate counts them"])


def _slices(scores: Scores) -> Table:
    rows = [
        [f"{field}: {value}", *_cells(found), "small" if is_small(found) else ""]
        for field, values in scores.slices.items()
        for value, found in values.items()
    ]
    return Table(("slice", *_HEAD[1:], ""), rows, notes=[f"small: under {SMALL} gold spans"])


def _leakage(scores: Scores) -> Iterator[str]:
    found = scores.leakage
    if not found:
        yield "leakage: unknown; the training part is not known, name it with --train"
        return
    exact, near = found.number("exact"), found.number("near")
    yield f"leakage: {exact} of {found.passages} paragraphs are in the training part, {near} more nearly so"
    yield f"{found.seen} of {found.mentions} mentions have a surface that is a mention in the training part"
    yield f"each counted once, {found.shared} of {found.surfaces} surfaces"


def _relation_intervals(scores: Scores) -> Iterator[str]:
    for system, found in scores.relation_rates.items():
        f1 = found["micro"].f1
        yield f"{system.replace('_', ' ')}: micro F1 {percent(f1.value)}, 95 % {interval(f1)}"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (" ..." if len(names) > 5 else "")
