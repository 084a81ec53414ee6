"""The tables of a report on one score file: rates, errors, slices, leakage, and how it was measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from liwa.scoring.pages import escape, framed, header, heading, isolated, items, paragraph, table
from liwa.scoring.scorefile import ScoreFile
from liwa.tables import percent

Data = Mapping[str, Any]

_NONE: Final = "none"
_HEAD: Final = ("P", "R", "F1", "95 %", "tp", "fp", "fn", "support")
_SLICE: Final = ("P", "R", "F1", "95 %", "support", "")
_SHARES: Final = ("precision", "recall", "f1")


def sections(name: str, scores: ScoreFile) -> Iterator[str]:
    """Yield every section that a score file has the figures for. name: stands in the headings; "" for none."""
    of = f" of {name}" if name else ""
    for title, section in _SECTIONS.items():
        if parts := list(section(scores.data)):
            yield heading(f"{title}{of}")
            yield from parts


def rates_table(title: str, lines: Mapping[str, Data]) -> str:
    """Return precision, recall and F1 with counts, a line a label; ``micro`` last."""
    counts = ("tp", "fp", "fn", "support")
    rows = [[name, *_rates(line), *(str(line.get(key, "n/a")) for key in counts)] for name, line in lines.items()]
    return table(title, [title, *_HEAD], rows, totals=int("micro" in lines))


def spread(rates: Data) -> str:
    """Return the interval of F1 in brackets, or nothing where there is none."""
    low, high = rates.get("f1_interval") or (None, None)
    return "" if low is None else f"[{percent(low)}, {percent(high)}]"


def _rates(line: Data) -> list[str]:
    return [*(percent(line.get(rate)) for rate in _SHARES), spread(line) or "n/a"]


def _notes(data: Data) -> Iterator[str]:
    """Yield what a reader must know before the figures."""
    yield items(
        said
        for count, said in (
            (data.get("alignment_lost"), "{} gold spans were lost, because no tokens or passages can hold them"),
            (data.get("masked"), "{} predicted spans lie outside the annotated ranges and were not counted"),
            (len(data.get("missing") or ()), "{} articles lack a prediction; their spans are misses"),
            (len(data.get("unknown") or ()), "{} predicted articles are not in the gold and were left out"),
        )
        for said in [said.format(count)]
        if count
    )


def _errors(data: Data) -> Iterator[str]:
    kinds = data.get("errors") or {}
    if lines := {**kinds.get("labels", {}), **({"micro": kinds["micro"]} if "micro" in kinds else {})}:
        head = list(next(iter(lines.values())))
        rows = [[label, *(str(line.get(kind, 0)) for kind in head)] for label, line in lines.items()]
        yield table("Errors by kind", ["label", *head], rows, totals=int("micro" in lines))
        yield paragraph("boundary: right label, other ends; label: right ends, other label.", note=True)


def _confusion(data: Data) -> Iterator[str]:
    """Yield the confusion table, shaded by the share of each row, what is right in one colour and wrong in another."""
    rows = data.get("confusion") or {}
    if not rows:
        return
    names = list(dict.fromkeys([*rows, *(name for row in rows.values() for name in row)]))
    lines = [f"<tr><th scope=row>{isolated(name)}</th>{_heat(name, rows[name], names)}</tr>" for name in rows]
    yield framed("Confusion", f"{header(['gold, then predicted', *names])}<tbody>{''.join(lines)}</tbody>")
    yield paragraph(
        "Rows: gold label; columns: label of the predicted span that overlaps it, whatever its ends; none: there is "
        "none. Shade: share of the row.",
        note=True,
    )


def _heat(gold: str, row: Mapping[str, int], names: Sequence[str]) -> str:
    whole = sum(row.values()) or 1
    cells = []
    for name in names:
        kind = "heat" if name == gold else "heat wrong"
        count = row.get(name, 0)
        shown = "" if name == gold == _NONE else str(count)
        cells.append(f'<td class="{kind}" style="--v:{count / whole:.2f}">{shown}</td>')
    return "".join(cells)


def _partial(data: Data) -> Iterator[str]:
    if schemes := data.get("partial") or {}:
        counts = ("correct", "incorrect", "partial", "missed", "spurious")
        lines = {name: scheme.get("micro", {}) for name, scheme in schemes.items()}
        rows = [
            [name, *(percent(line.get(rate)) for rate in _SHARES), *(str(line.get(key, "n/a")) for key in counts)]
            for name, line in lines.items()
        ]
        yield table("Partial schemes", ["micro average", "P", "R", "F1", *counts], rows)
        yield paragraph(
            "SemEval-2013: exact counts the ends alone, ent_type the label alone where spans overlap.", note=True
        )


def _slices(data: Data) -> Iterator[str]:
    fields = data.get("slices") or {}
    if not fields:
        return
    body = []
    for field, values in fields.items():
        lines = "".join(_slice(value, rates) for value, rates in values.items())
        body.append(f'<tbody><tr class="field"><th scope=rowgroup colspan=7>{isolated(field)}</th></tr>{lines}</tbody>')
    yield framed("Slices", header(["slice", *_SLICE]) + "".join(body))
    yield paragraph("small: under 30 gold spans, too few to say much.", note=True)


def _slice(value: str, rates: Data) -> str:
    cells = [*_rates(rates), str(rates.get("support", "n/a")), "small" if rates.get("small") else ""]
    return f"<tr><th scope=row>{isolated(value)}</th>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _leakage(data: Data) -> Iterator[str]:
    found = data.get("leakage") or {}
    if not found.get("known", bool(found)):
        yield paragraph("Unknown: nothing is known of the training part. Measure with liwa evaluate --train GOLD.")
        return
    rows: list[tuple[str, Any, Any]] = [
        ("paragraphs that training has word for word", found.get("exact"), found.get("passages")),
        ("paragraphs that training nearly has", found.get("near"), found.get("passages")),
        ("mentions whose surface is one of training", found.get("seen"), found.get("mentions")),
        ("different surfaces that training has", found.get("shared"), found.get("surfaces")),
    ]
    shown = [[name, str(part), str(of), percent(part / of)] for name, part, of in rows if part is not None and of]
    yield table("Leakage", ["shared with training", "number", "of", "%"], shown)


def _seeds(data: Data) -> Iterator[str]:
    found = data.get("seeds") or {}
    lines = {**found.get("labels", {}), **{key: found[key] for key in ("macro", "micro") if key in found}}
    if lines:
        rows = [[name, *_seed(line["f1"])] for name, line in lines.items()]
        yield table("Seeds", ["F1", "mean", "deviation", "95 %", "of each model"], rows, totals=1)
        yield paragraph("The interval holds both kinds of chance, over models and over articles.", note=True)


def _seed(f1: Data) -> list[str]:
    low, high = f1.get("interval") or (None, None)
    interval = "n/a" if low is None else f"[{percent(low)}, {percent(high)}]"
    return [
        percent(f1.get("mean")),
        percent(f1.get("deviation")),
        interval,
        ", ".join(map(percent, f1.get("values", ()))),
    ]


def provenance(name: str, scores: ScoreFile) -> Iterator[str]:
    """Yield everything that is needed to measure the same again. name: stands in the heading; "" for none."""
    settings = _flat(scores.data.get("settings") or {})
    yield heading(f"How {name or 'it'} was measured")
    yield table("How it was measured", ["setting", ""], [[key, value] for key, value in settings], words=True)


def _flat(data: Data, above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", ", ".join(map(str, value)) if isinstance(value, list) else str(value)


_SECTIONS: Final[Mapping[str, Callable[[Data], Iterator[str]]]] = {
    "Caveats": lambda data: (part for part in _notes(data) if part),
    "Several seeds": _seeds,
    "Errors": _errors,
    "Confusion": _confusion,
    "Partial schemes": _partial,
    "Slices": _slices,
    "Leakage": _leakage,
}
"""The sections by title, in order."""
