"""``liwa split``: train, dev and test parts by group."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from liwa.cli.options import Texts
from liwa.errors import LiwaError
from liwa.progress import say

if TYPE_CHECKING:
    from liwa.training.split import SplitReport


def split_cli(
    gold: Annotated[list[str], typer.Argument(help="Gold files or folders.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for train, dev, test and split .jsonl.")],
    groups: Annotated[Path | None, typer.Option(help="Groups from liwa groups, instead of finding them anew.")] = None,
    by: Annotated[Path | None, typer.Option(help="Committed assignments to use instead of splitting anew.")] = None,
    texts: Texts = None,
    shares: Annotated[str, typer.Option(help="Shares of the words for train, dev and test.")] = "0.7,0.1,0.2",
    stratify: Annotated[str, typer.Option(help="A meta field each of whose values is divided alike.")] = "",
    seed: Annotated[int, typer.Option(help="Another seed, another split.")] = 0,
) -> None:
    """Divide gold into train, dev and test so that near-duplicate articles never stand on both sides.

    Example: liwa split gold.jsonl -o runs/split --stratify origin
    """
    report = split(gold, output=output, groups=groups, by=by, texts=texts, shares=shares, stratify=stratify, seed=seed)
    for part, articles in report.articles.items():
        say(f"{part}: {articles} articles, {report.spans[part]} spans")
    for name, ids in report.grouped.items():
        say(f"group {name}: {', '.join(ids)}")
    leaked = f"{100 * report.random_leakage:.1f} %"
    say(f"a random split would have put a group mate of {leaked} of the test articles in training")


def split(
    gold: list[str],
    *,
    output: Path,
    groups: Path | None = None,
    by: Path | None = None,
    texts: list[str] | None = None,
    shares: str = "0.7,0.1,0.2",
    stratify: str = "",
    seed: int = 0,
) -> SplitReport:
    """Divide gold files, write the parts, and return what was done; see `liwa.training.split`."""
    from liwa.annotations.gold import read_gold
    from liwa.corpus.group_files import read_groups
    from liwa.training import split as stage

    golds = list(read_gold(gold, texts=texts))
    if bare := next((g for g in golds if g.text is None), None):
        message = f"article {bare.article} has no text, and parts are written with their texts"
        raise LiwaError(message, where=bare.where, hint="Name the texts with --texts, or run liwa gold load first")
    if by:
        assignments = stage.read_assignments(by)
    else:
        known = read_groups(groups) if groups else None
        assignments = stage.split(golds, shares=_shares(shares), seed=seed, stratify=stratify, groups=known)
    parts = stage.apply(golds, assignments)
    stage.write(parts, assignments, output)
    return stage.report(parts, assignments, seed=seed)


def _shares(text: str) -> list[float]:
    try:
        shares = [float(part) for part in text.split(",")]
    except ValueError:
        shares = []
    if len(shares) != 3 or not all(share > 0 for share in shares) or abs(sum(shares) - 1) > 1e-6:
        message = f"expected three shares above 0 that add up to 1, found {text}"
        raise LiwaError(message, hint="Write --shares 0.7,0.1,0.2")
    return shares
