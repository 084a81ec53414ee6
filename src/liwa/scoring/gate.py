"""The gate: scores held against thresholds and a baseline, each threshold with a verdict.

What was not measured does not pass: a gate that lets the unknown through is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from liwa.findings import Finding, Rule
from liwa.scoring.compare import MICRO, Comparison, Line, compare
from liwa.scoring.compare_tables import interval, p_value, signed
from liwa.scoring.scorefile import KINDS, ScoreFile
from liwa.scoring.thresholds import AGREEMENT, MAXIMUM, MINIMUM, Limit, Path_, Regression, Thresholds
from liwa.tables import percent

_RULES: Final = {
    MINIMUM: ("S101", "below-minimum", "See the errors with liwa evaluate --errors"),
    MAXIMUM: ("S102", "above-maximum", "See the figure in the score file"),
    AGREEMENT: ("S103", "agreement-below", "See the disagreements with liwa agree"),
}
_REGRESSION: Final = ("S201", "regression", "See liwa compare BASELINE SCORES, or accept these scores with --accept")
_NO_BASELINE: Final = (
    "S202", "no-baseline", "Accept these scores with liwa gate SCORES --baseline FILE --accept, and commit the file"
)  # fmt: skip
_UNMEASURED: Final = "Measure again with this liwa evaluate --format json, or take the threshold out"
_NO_REPORT: Final = "Name the report of liwa agree --format json with --agreement"


@dataclass(frozen=True)
class Verdict:
    """What a gate says of one threshold: its rule, such as ``S101.spans.micro.f1``, and whether it holds."""

    rule: Rule
    where: str
    held: bool
    message: str

    @property
    def finding(self) -> Finding:
        """The verdict as a finding: an error, or a note where the threshold holds."""
        rule = self.rule
        return Finding(Rule(rule.id, "held", "note", "") if self.held else rule, self.message, self.where)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data."""
        return {"id": self.rule.id, "name": self.rule.name, "where": self.where, "held": self.held} | {
            "message": self.message,
            "hint": "" if self.held else self.rule.hint,
        }


@dataclass(frozen=True)
class Outcome:
    """All verdicts, and the comparison with the baseline where there was one."""

    scores: ScoreFile
    verdicts: Sequence[Verdict]
    comparison: Comparison | None = None

    @property
    def failed(self) -> list[Finding]:
        """The thresholds that do not hold; none where the gate is open."""
        return [verdict.finding for verdict in self.verdicts if not verdict.held]


def gate(
    scores: ScoreFile,
    thresholds: Thresholds,
    *,
    baseline: ScoreFile | None = None,
    agreement: Mapping[str, Any] | None = None,
    accept: bool = False,
) -> Outcome:
    """Hold scores against thresholds.

    baseline: scores of before, for the regression; agreement: a report of `liwa agree`, for its thresholds. accept: the
    scores become the baseline, so nothing is held against one.
    Raises LiwaError where the baseline was measured on another test set.
    """
    comparison = compare(baseline, scores, names=("baseline", "now")) if baseline and not accept else None
    verdicts = [_judge(limit, agreement if limit.section == AGREEMENT else scores.data) for limit in thresholds.limits]
    if thresholds.regression and not accept:
        verdicts += _regressions(comparison, thresholds.regression)
        verdicts += _gone(baseline, scores, thresholds.regression) if baseline else ()
    return Outcome(scores, verdicts, comparison)


def figure(data: Any, path: Path_) -> float | None:
    """Return the number that stands at a path, or the length of the list; None where neither is there."""
    for key in path:
        if isinstance(data, Mapping):
            data = data.get(key)
        elif isinstance(data, list) and key.isdecimal() and int(key) < len(data):
            data = data[int(key)]
        else:
            return None
    if isinstance(data, list):
        return len(data)
    return data if type(data) in (int, float) else None


def _judge(limit: Limit, data: Mapping[str, Any] | None) -> Verdict:
    number, name, hint = _RULES[limit.section]
    highest = limit.section == MAXIMUM
    found = None if data is None else figure(data, limit.path)
    if found is None:
        hint = _NO_REPORT if data is None else _UNMEASURED
    held = found is not None and (found <= limit.value if highest else found >= limit.value)
    bound = f"{limit.name}: expected {'at most' if highest else 'at least'} {limit.value:g}"
    message = f"{bound}, found {'nothing measured' if found is None else format(found, '.4g')}"
    return Verdict(_rule(number, name, limit.name, hint), limit.where, held, message)


def _regressions(comparison: Comparison | None, regression: Regression) -> Iterator[Verdict]:
    if comparison is None:
        number, name, hint = _NO_BASELINE
        message = "there is no baseline to hold scores against"
        yield Verdict(_rule(number, name, "", hint), regression.where, False, message)
        return
    for kind, table in comparison.tables.items():
        for label, line in table.lines.items():
            level = f"{kind}.{'micro' if label == MICRO else 'labels'}"
            if level in regression.levels and line.support:
                yield _regressed(level if label == MICRO else f"{level}.{label}", line, regression)


def _gone(baseline: ScoreFile, scores: ScoreFile, regression: Regression) -> Iterator[Verdict]:
    """Yield a verdict for what the baseline has and the scores lack."""
    number, name, _ = _REGRESSION
    for kind in KINDS:
        asked = any(level.startswith(kind) for level in regression.levels)
        if asked and baseline.counts.get(kind) and not scores.counts.get(kind):
            message = f"{kind}: expected scores as in the baseline, found nothing measured"
            yield Verdict(_rule(number, name, kind, _UNMEASURED), regression.where, False, message)


def _regressed(name: str, line: Line, regression: Regression) -> Verdict:
    """Judge one line; labels by their adjusted p-values, so that many labels do not make many false alarms."""
    found = line.differences[regression.rate]
    change = found.change.value
    fell = change is not None and change < 0 and found.adjusted is not None and found.adjusted < regression.alpha
    gone = found.b is None and found.a is not None
    rates = f"{name}.{regression.rate}: {percent(found.b)} now, {percent(found.a)} in the baseline"
    noise = f"{signed(change)} points ({interval(found.change)}), p {p_value(found.adjusted)}"
    number, title, hint = _REGRESSION
    return Verdict(
        _rule(number, title, f"{name}.{regression.rate}", hint),
        regression.where,
        not (fell or gone),
        f"{rates}, {noise}",
    )


def _rule(number: str, name: str, of: str, hint: str) -> Rule:
    return Rule(f"{number}.{of}" if of else number, name, "error", hint)
