"""Answers from Prodigy's app: held against the scheme before they are sent, put in order before they are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from liwa.annotations import check
from liwa.annotations.parse import plain_range
from liwa.annotations.rows import ANSWERS, from_row
from liwa.findings import Finding
from liwa.progress import say
from liwa.scheme import Scheme

Row = dict[str, Any]

RULES: Final[tuple[check.Check, ...]] = (
    check.unknown_label,
    check.unknown_relation,
    check.bad_signature,
    check.self_relation,
    check.double_relation,
    check.cross_paragraph,
    check.span_edge,
    check.span_line_break,
    check.not_aligned,
)
"""The rules of ``liwa gold check`` that an annotator can break."""


def validator(scheme: Scheme) -> Callable[[Mapping[str, Any]], None]:
    """Return the callback that raises ValueError for an accepted answer which ``liwa gold check`` would refuse.

    The app shows the message, a line for each breach, and keeps the task open.
    """

    def validate_answer(row: Mapping[str, Any]) -> None:
        if row.get("answer", ANSWERS[0]) == ANSWERS[0] and (found := breaches(row, scheme)):
            raise ValueError("\n".join(found))

    return validate_answer


def breaches(row: Mapping[str, Any], scheme: Scheme) -> list[str]:
    """Return what is wrong with a row, each with the words it is about and the remedy."""
    findings: list[Finding] = []
    # Without its place in an article, offsets are those of the text that the annotator sees.
    gold = from_row({**row, "meta": {}, "answer": ANSWERS[0]}, "", findings.append)
    if gold:
        findings += [finding for rule in RULES for finding in rule(gold, scheme)]
    return [_said(finding, str(row.get("text"))) for finding in findings if finding.rule.level == "error"]


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Return answers with spans and relations in the order of the text, whatever order they were given in.

    Two annotators who say the same then leave the same rows.
    """
    return [_ordered(row) for row in rows]


class Tally:
    """How many answers of each kind came since the start."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def update(self, answers: Iterable[Mapping[str, Any]]) -> int:
        """Count some answers and return how many there were so far: Prodigy's callback ``update``."""
        self.counts.update(str(answer.get("answer")) for answer in answers)
        return self.counts.total()

    def on_exit(self, controller: Any) -> None:
        """Say the counts on stderr: Prodigy's callback ``on_exit``."""
        say(", ".join(f"{self.counts[answer]} {answer}" for answer in ANSWERS))


def progress(total: int) -> Callable[[Any, Any], float]:
    """Return the callback that says what share of the tasks is answered, by everyone and not only since the start."""
    return lambda controller, updated: min(1.0, controller.total_annotated / total) if total else 1.0


def _said(finding: Finding, text: str) -> str:
    words = f"«{text[finding.start : finding.end]}»: " if finding.start is not None else ""
    return f"{words}{finding.message}. {finding.rule.hint}."


def _ordered(row: Row) -> Row:
    found = {key: sorted(row[key], key=order) for key, order in _ORDERS.items() if isinstance(row.get(key), list)}
    return {**row, **found}


def _place(value: Any) -> tuple[int, int]:
    return plain_range(value) or (0, 0)


_ORDERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "spans": lambda span: (_place(span), str(span.get("label"))),
    "relations": lambda link: (_place(link.get("head_span")), _place(link.get("child_span")), str(link.get("label"))),
}
