"""An agreement report as text, Markdown and JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from liwa import jsonl
from liwa.annotations.agree import F1, Agreement
from liwa.annotations.disagreements import Disagreement, spoken
from liwa.estimates import Estimate
from liwa.tables import aligned, markdown

Table = list[list[str]]


def to_text(agreement: Agreement) -> str:
    """Return tables in columns, the disagreements by kind, and each one with what either layer says."""
    blocks = [_title(agreement)]
    blocks += ("\n".join(aligned(head, rows, totals=1)) for head, *rows in _tables(agreement))
    blocks.append("\n".join(_notes(agreement)))
    for d in agreement.disagreements:
        blocks.append("\n".join([f"{_place(d)} {d.kind}", *(f"  {line}" for line in _said(d))]))
    return "\n\n".join(blocks)


def to_markdown(agreement: Agreement) -> str:
    """Return the same in Markdown, for a pull request."""
    blocks = [f"**{_title(agreement)}**"]
    blocks += ("\n".join(markdown(head, rows)) for head, *rows in _tables(agreement))
    blocks.append("\n".join(f"- {note}" for note in _notes(agreement)))
    for d in agreement.disagreements:
        said = (f"  - `{line.replace('`', chr(39))}`" for line in _said(d))
        blocks.append("\n".join([f"- {_place(d)} **{d.kind}**", *said]))
    return "\n\n".join(blocks)


def to_json(agreement: Agreement) -> str:
    """Return the versioned report."""
    return jsonl.dumps(agreement.to_dict())


FORMATS: Final[dict[str, Callable[[Agreement], str]]] = {"text": to_text, "json": to_json, "markdown": to_markdown}


def _title(agreement: Agreement) -> str:
    return f"{agreement.layers[0]} and {agreement.layers[1]}: {agreement.articles} articles, {agreement.units} " + (
        f"{agreement.unit}s, F1 and alpha with 95 % intervals over articles"
    )


def _tables(agreement: Agreement) -> Iterator[Table]:
    spans = [
        [label or "micro", _shown(s.exact.estimate), _shown(s.relaxed.estimate), _shown(s.alpha), *_counts(s.exact)]
        for label, s in agreement.spans.items()
    ]
    relations = [
        [label or "micro", _shown(r.given.estimate), _shown(r.end_to_end.estimate), *_counts(r.end_to_end)]
        for label, r in agreement.relations.items()
    ]
    yield [["spans", "exact F1", "relaxed F1", "alpha", "both", *agreement.layers], *spans]
    if len(agreement.relations) > 1:
        yield [["relations", "F1 given agreed spans", "F1 end to end", "both", *agreement.layers], *relations]


def _shown(estimate: Estimate) -> str:
    if estimate.value is None:
        return "n/a"
    interval = "" if estimate.low is None else f" [{estimate.low:.3f}, {estimate.high:.3f}]"
    return f"{estimate.value:.3f}{interval}"


def _counts(f1: F1) -> list[str]:
    return [str(count) for count in f1.counts]


def _notes(agreement: Agreement) -> Iterator[str]:
    kinds = [f"{count} {kind}" for kind, count in agreement.kinds.items() if count]
    yield f"{len(agreement.disagreements)} disagreements: {', '.join(kinds)}" if kinds else "no disagreements"
    for name, articles in agreement.only.items():
        if articles:
            yield f"{len(articles)} articles only {name} has, not compared: {', '.join(articles)}"
    for name, count in agreement.outside.items():
        if count:
            yield f"{count} spans of {name} lie where only {name} annotated, not compared"
    if agreement.unit != "token":
        yield "alpha counts code points, for want of texts"


def _place(disagreement: Disagreement) -> str:
    return f"{disagreement.article}@{disagreement.range.start}-{disagreement.range.end}"


def _said(disagreement: Disagreement) -> Iterator[str]:
    for layer, items in disagreement.says.items():
        said = ", ".join(map(spoken, items)) or "nothing"
        context = disagreement.context.get(layer)
        yield f"{layer}: {said}" + (f": {context}" if context else "")
