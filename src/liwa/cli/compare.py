"""``liwa compare``: two score files, or two systems on one gold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from liwa.cli.agree import names
from liwa.cli.options import Output, ReportFormat, SchemeFile, Texts

if TYPE_CHECKING:
    from liwa.scoring.compare import Comparison
    from liwa.scoring.scorefile import ScoreFile


def compare_cli(
    a: Annotated[str, typer.Argument(help="A score file; with --gold a model, or a file of predictions.")],
    b: Annotated[str, typer.Argument(help="Another one, measured on the same gold; the difference is B less A.")],
    gold: Annotated[str | None, typer.Option(help="Gold to score two models or predictions on first.")] = None,
    texts: Texts = None,
    scheme: SchemeFile = None,
    format: Annotated[ReportFormat, typer.Option(help="Form of the report.")] = ReportFormat.text,
    output: Output = "-",
    samples: Annotated[int, typer.Option(min=0, help="Bootstrap samples; 0 for no intervals.")] = 1000,
    permutations: Annotated[int, typer.Option(min=1, help="Permutations behind each p-value.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Another seed, other samples.")] = 0,
) -> None:
    """Say how far two systems differ, whether that is more than noise, and on which articles.

    Score files come from liwa evaluate --format json. Those of two test sets are refused.

    Example: liwa compare before.json after.json
    """
    from liwa import jsonl
    from liwa.scoring.compare_tables import FORMATS

    report = compare(a, b, gold=gold, texts=texts, scheme=scheme, samples=samples, permutations=permutations, seed=seed)
    with jsonl.open_output(output) as out:
        out.write(FORMATS[format.value](report) + "\n")


def compare(
    a: str,
    b: str,
    *,
    gold: str | None = None,
    texts: Sequence[str] | None = None,
    scheme: Path | None = None,
    samples: int = 1000,
    permutations: int = 10_000,
    seed: int = 0,
) -> Comparison:
    """Compare two score files, or with gold two models or predictions; see `liwa.scoring.compare.compare`."""
    from liwa.scoring.compare import compare as stage
    from liwa.scoring.scorefile import read_scores

    first, second = names([a, b])
    sides = [_score(path, gold, texts, scheme) if gold else read_scores(path) for path in (a, b)]
    return stage(*sides, names=(first, second), samples=samples, permutations=permutations, seed=seed)


def _score(system: str, gold: str, texts: Sequence[str] | None, scheme: Path | None) -> ScoreFile:
    """Score a model, or the predictions in a file, on gold."""
    from liwa.cli.score import evaluate
    from liwa.scoring.scorefile import ScoreFile

    rows = Path(system).is_file()
    model, predictions = (None, system) if rows else (system, None)
    scores = evaluate(gold, model=model, predictions=predictions, texts=texts, scheme=scheme)
    return ScoreFile.from_dict(scores.to_dict(), system)
