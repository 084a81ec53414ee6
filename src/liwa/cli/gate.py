"""``liwa gate``: scores that a CI can stand on."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from liwa.cli.options import Output
from liwa.progress import say

if TYPE_CHECKING:
    from liwa.scoring.gate import Outcome


class GateFormat(str, Enum):
    """How the verdicts are printed."""

    text = "text"
    json = "json"
    markdown = "markdown"
    junit = "junit"
    annotations = "annotations"


def gate_cli(
    scores: Annotated[str, typer.Argument(help="A score file, as liwa evaluate --format json writes it.")],
    baseline: Annotated[Path | None, typer.Option(help="The score file of before, kept with the project.")] = None,
    thresholds: Annotated[
        Path | None, typer.Option(help="TOML file; default: no span lost in alignment, no fall beyond noise.")
    ] = None,
    agreement: Annotated[str | None, typer.Option(help="A report of liwa agree --format json.")] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Write the scores to the baseline.")] = False,
    format: Annotated[GateFormat, typer.Option(help="Form of the verdicts.")] = GateFormat.text,
    output: Output = "-",
    junit: Annotated[Path | None, typer.Option(help="Also write JUnit XML to this file.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Also write Markdown for a pull request to this file.")] = None,
) -> None:
    """Hold scores against thresholds and a baseline; exit 1 where one does not hold.

    What was not measured does not hold. A baseline measured on another test set is refused. The first time there is
    no baseline: look at the scores, then make them one with --accept, and commit the file.

    Example: liwa gate scores.json --baseline baseline.json --thresholds gate.toml --format annotations
    """
    from liwa import jsonl
    from liwa.scoring.gate_tables import FORMATS, summary

    outcome = gate(scores, baseline=baseline, thresholds=thresholds, agreement=agreement, accept=accept)
    for path, form in ((output, format.value), (junit, "junit"), (markdown, "markdown")):
        if path:
            with jsonl.open_output(path) as out:
                out.write(FORMATS[form](outcome) + "\n")
    if output != jsonl.STDIO:
        say(summary(outcome))
    if accept:
        say(f"{baseline}: these scores are the baseline now; commit the file")
    raise typer.Exit(bool(outcome.failed))


def gate(
    scores: str,
    *,
    baseline: Path | None = None,
    thresholds: Path | None = None,
    agreement: str | None = None,
    accept: bool = False,
) -> Outcome:
    """Hold a score file against thresholds and a baseline, which accept writes; see `liwa.scoring.gate.gate`."""
    from liwa import jsonl
    from liwa.errors import LiwaError
    from liwa.scoring.gate import gate as stage
    from liwa.scoring.scorefile import read_scores
    from liwa.scoring.thresholds import default_thresholds, read_thresholds

    if accept and not baseline:
        raise LiwaError("--accept writes a baseline, and none is named", hint="Add --baseline FILE")
    measured = read_scores(scores)
    before = read_scores(baseline) if baseline and baseline.exists() and not accept else None
    outcome = stage(
        measured,
        read_thresholds(thresholds) if thresholds else default_thresholds(measured.data),
        baseline=before,
        agreement=_report(agreement) if agreement else None,
        accept=accept,
    )
    if accept and baseline:
        with jsonl.open_output(baseline) as out:
            out.write(jsonl.dumps(measured.data) + "\n")
    return outcome


def _report(path: str) -> dict[str, Any]:
    from liwa.annotations.agree import FORMAT
    from liwa.errors import LiwaError
    from liwa.scoring.scorefile import read_json

    hint = "Name a report of liwa agree --format json"
    data = read_json(path, hint=hint)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise LiwaError(f"expected a report of format {FORMAT}, found another", where=path, hint=hint)
    return data
