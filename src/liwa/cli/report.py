"""``liwa report``: scores as one page for people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from liwa.cli.agree import names
from liwa.cli.options import SchemeFile, Texts
from liwa.progress import say

if TYPE_CHECKING:
    from liwa.findings import Finding


def report_cli(
    scores: Annotated[list[str], typer.Argument(help="Score files, as liwa evaluate --format json writes them.")],
    output: Annotated[str, typer.Option("--output", "-o", help="The page to write; - is stdout.")],
    errors: Annotated[str | None, typer.Option(help="Error list of liwa evaluate --errors, for examples.")] = None,
    curve: Annotated[Path | None, typer.Option(help="curve.json of liwa curve.")] = None,
    texts: Texts = None,
    scheme: SchemeFile = None,
    examples: Annotated[int, typer.Option(min=0, help="Most examples of errors to show.")] = 20,
) -> None:
    """Write one HTML page with tables, plots and examples; it needs no other file, no network and no script.

    Several score files are shown side by side, and compared with the first where the test set is the same.

    Example: liwa report scores.json --errors errors.jsonl -o report.html
    """
    from liwa import jsonl

    page = report(scores, errors=errors, curve=curve, texts=texts, scheme=scheme, examples=examples)
    with jsonl.open_output(output) as out:
        out.write(page)
    if output != jsonl.STDIO:
        say(f"page: {output}")


def report(
    scores: Sequence[str],
    *,
    errors: str | None = None,
    curve: Path | None = None,
    texts: Sequence[str] | None = None,
    scheme: Path | None = None,
    examples: int = 20,
) -> str:
    """Return a page on score files; see `liwa.scoring.report.report`."""
    from itertools import islice

    from liwa.annotations.gold import read_gold
    from liwa.scheme import load_scheme
    from liwa.scoring.report import read_curve
    from liwa.scoring.report import report as stage
    from liwa.scoring.scorefile import read_scores

    rows = read_gold([errors], texts=texts, report=_listed) if errors else iter(())
    shown = islice((row for row in rows if row.text is not None and row.meta.get("errors")), examples)
    return stage(
        [read_scores(path) for path in scores],
        names=names(scores),
        scheme=load_scheme(scheme),
        curve=read_curve(curve) if curve else (),
        errors=shown,
    )


def _listed(finding: Finding) -> None:
    """Take findings as for predictions, but let an empty list pass: liwa evaluate writes one where nothing is wrong."""
    from liwa.annotations.gold import predicted
    from liwa.annotations.rules import EMPTY_FILE

    if finding.rule is not EMPTY_FILE:
        predicted(finding)
