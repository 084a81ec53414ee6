"""Findings: what a check says, each with a stable id, a place and a remedy, for people and for CI."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from liwa import jsonl
from liwa.errors import LiwaError

Level = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Rule:
    """A rule of a check: a stable id, a short name, how grave a breach is, and the remedy."""

    id: str
    name: str
    level: Level
    hint: str


@dataclass(frozen=True)
class Finding:
    """One breach of a rule.

    where: ``file:line``; article, start, end: code points in the article, where they are known.
    """

    rule: Rule
    message: str
    where: str = ""
    article: str = ""
    start: int | None = None
    end: int | None = None

    def __str__(self) -> str:
        place = self.where
        if self.article:
            place += f" {self.article}" + (f"@{self.start}-{self.end}" if self.start is not None else "")
        return f"{place}: {self.rule.level} {self.rule.id} {self.rule.name}: {self.message}. {self.rule.hint}"

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as flat, JSON-ready data."""
        data = asdict(self)
        return {**data.pop("rule"), **data}

    def as_error(self) -> LiwaError:
        """Return the finding as the error of a command that cannot go on with it."""
        offset = f"@{self.start}" if self.start is not None else ""
        place = f"{self.where} {self.article}{offset}" if self.article else self.where
        return LiwaError(self.message, where=place.strip(), hint=self.rule.hint)


def stop(finding: Finding) -> None:
    """Raise a finding of level error: what a reader does that cannot go on after one; let the others pass."""
    if finding.rule.level == "error":
        raise finding.as_error()


def breaches(findings: Iterable[Finding]) -> bool:
    """Say whether any finding is an error, which makes a check fail."""
    return any(f.rule.level == "error" for f in findings)


def to_text(findings: Sequence[Finding], summary: str) -> str:
    """Return one line a finding and a last line of counts."""
    return "\n".join([*map(str, findings), f"{counts(findings)}; {summary}"])


def to_json(findings: Sequence[Finding], summary: str) -> str:
    """Return a JSON object with ``summary`` and ``findings``."""
    return jsonl.dumps({"summary": summary, "findings": [f.to_dict() for f in findings]})


def to_markdown(findings: Sequence[Finding], summary: str) -> str:
    """Return a Markdown table, for a pull request."""
    head = ["| level | rule | where | finding | remedy |", "| --- | --- | --- | --- | --- |"]
    rows = [
        f"| {f.rule.level} | {f.rule.id} {f.rule.name} | {_cell(f.where)} {_cell(f.article)} "
        f"{'' if f.start is None else f'{f.start}–{f.end}'} | {_cell(f.message)} | {_cell(f.rule.hint)} |"
        for f in findings
    ]
    return "\n".join([f"**{counts(findings)}**; {summary}", "", *(head + rows if rows else ())])


def to_junit(findings: Sequence[Finding], summary: str) -> str:
    """Return JUnit XML with one test case a finding, as CI systems read it."""
    failures = sum(f.rule.level == "error" for f in findings)
    cases = [_case(f) for f in findings] or [f'<testcase classname="liwa" name="{_xml(summary)}"/>']
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuite name="liwa" tests="{len(cases)}" failures="{failures}" errors="0">',
            *cases,
            "</testsuite>",
        ]
    )


def to_annotations(findings: Sequence[Finding], summary: str) -> str:
    """Return a workflow command a finding, which hosted CI shows beside the line, and the summary as it is.

    Source: GitHub Actions, Workflow commands, "Setting an error message"; Gitea and Forgejo read the same.
    """
    return "\n".join([*map(_annotation, findings), f"{counts(findings)}; {summary}"])


FORMATS: Final = {
    "text": to_text,
    "json": to_json,
    "markdown": to_markdown,
    "junit": to_junit,
    "annotations": to_annotations,
}


def counts(findings: Iterable[Finding]) -> str:
    """Return, for example, ``2 errors, 1 warning``, or ``no findings``."""
    tally: Mapping[str, int] = Counter(f.rule.level for f in findings)
    parts = [f"{tally[lv]} {lv}{'s' * (tally[lv] != 1)}" for lv in ("error", "warning", "note") if lv in tally]
    return ", ".join(parts) or "no findings"


def _case(finding: Finding) -> str:
    name = f'classname="{_xml(finding.rule.name)}" name="{finding.rule.id} {_xml(finding.where)}"'
    if finding.rule.level != "error":
        return f"<testcase {name}><system-out>{_xml(str(finding))}</system-out></testcase>"
    return f'<testcase {name}><failure message="{_xml(finding.message)}">{_xml(str(finding))}</failure></testcase>'


def _annotation(finding: Finding) -> str:
    file, _, line = finding.where.rpartition(":") if finding.where[-1:].isdigit() else (finding.where, "", "")
    title = f"{finding.rule.id} {finding.rule.name}"
    named = {"file": file, "line": line, "title": title}
    properties = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in named.items() if value)
    command = "notice" if finding.rule.level == "note" else finding.rule.level
    article = f"{finding.article}: " if finding.article else ""
    return f"::{command} {properties}::{_escaped(f'{article}{finding.message}. {finding.rule.hint}')}"


def _escaped(text: str, more: str = "") -> str:
    for character in f"%\r\n{more}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _xml(text: str) -> str:
    return html.escape("".join(c if c >= " " or c in "\t\n" else "\ufffd" for c in text))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
