"""What a gate found, as text, JSON, Markdown, JUnit XML, and as annotation lines for hosted CI."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from liwa import findings, jsonl
from liwa.findings import Finding
from liwa.scoring import compare_tables
from liwa.scoring.gate import Outcome, Verdict
from liwa.tables import markdown, percent

FORMAT: Final = "liwa-gate"
VERSION: Final = 1
"""Format and version of the JSON report."""


def to_text(outcome: Outcome) -> str:
    """Return a line for each threshold, those that do not hold with the remedy, and a line that sums up."""
    return "\n".join([*map(_line, outcome.verdicts), summary(outcome)])


def to_json(outcome: Outcome) -> str:
    """Return the versioned report."""
    return jsonl.dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            "scores": outcome.scores.name,
            "test": outcome.scores.test,
            "passed": not outcome.failed,
            "verdicts": [verdict.to_dict() for verdict in outcome.verdicts],
            "comparison": outcome.comparison.to_dict() if outcome.comparison else None,
        }
    )


def to_markdown(outcome: Outcome) -> str:
    """Return a summary for a pull request: the verdicts, what failed first, the scores, and the comparison folded."""
    verdicts = sorted(outcome.verdicts, key=lambda verdict: verdict.held)
    rows = [("held" if v.held else "**failed**", v.rule.id, v.message, "" if v.held else v.rule.hint) for v in verdicts]
    blocks = [f"### liwa gate: {'passed' if not outcome.failed else 'failed'}", summary(outcome)]
    blocks.append(_left(markdown(("", "rule", "finding", "remedy"), rows)))
    blocks.append("\n".join(markdown(("spans", "P", "R", "F1", "support"), _rates(outcome))))
    if outcome.comparison:
        title = "<details><summary>Difference from the baseline</summary>"
        blocks += [title, compare_tables.to_markdown(outcome.comparison), "</details>"]
    return "\n\n".join(blocks)


def to_junit(outcome: Outcome) -> str:
    """Return JUnit XML with a test case a threshold, held or not."""
    return findings.to_junit([_placed(verdict) for verdict in outcome.verdicts], summary(outcome))


def to_annotations(outcome: Outcome) -> str:
    """Return a workflow command for each threshold that does not hold, and a line that sums up."""
    return findings.to_annotations(outcome.failed, summary(outcome))


FORMATS: Final[dict[str, Callable[[Outcome], str]]] = {
    "text": to_text,
    "json": to_json,
    "markdown": to_markdown,
    "junit": to_junit,
    "annotations": to_annotations,
}


def summary(outcome: Outcome) -> str:
    """Return one line: how many thresholds hold, and of which scores."""
    failed, count = len(outcome.failed), len(outcome.verdicts)
    verdict = f"the gate fails: {failed} of {count} thresholds do not hold" if failed else f"{count} thresholds hold"
    return f"{verdict}; {outcome.scores.name}, test set {outcome.scores.test or 'unknown'}"


def _line(verdict: Verdict) -> str:
    found = _placed(verdict)
    return f"{found.where}: held {verdict.rule.id}: {verdict.message}" if verdict.held else str(found)


def _placed(verdict: Verdict) -> Finding:
    """Return the finding for people, who shall read where a threshold stands that no file names."""
    return replace(verdict.finding, where=verdict.where or "default thresholds")


def _rates(outcome: Outcome) -> Iterator[Sequence[str]]:
    for label, line in outcome.scores.table("spans").items():
        yield label, *(percent(line[rate]) for rate in ("precision", "recall", "f1")), str(line.get("support", ""))


def _left(lines: Sequence[str]) -> str:
    """Set every column of a Markdown table to the left: these hold words, not figures."""
    return "\n".join([lines[0], lines[1].replace("---:", "---"), *lines[2:]])
