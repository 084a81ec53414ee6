"""``liwa manifest``: what the corpus holds, counted, and held against the texts in CI."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from liwa.findings import Finding, breaches, counts, to_text
from liwa.progress import say


def manifest_cli(
    folder: Annotated[Path, typer.Argument(help="Folder with the articles; its manifest is in it or above it.")],
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 when the manifest is stale.")] = False,
) -> None:
    """Write SHA-256, code points and words of each article to manifest.jsonl, and keep what people wrote there.

    Example: liwa manifest corpus --check
    """
    findings, summary = manifest(folder, check=check)
    if not check:
        say(summary)
        return
    sys.stdout.write(f"{to_text(findings, summary)}\n")
    if breaches(findings):
        raise typer.Exit(1)


def manifest(folder: Path, *, check: bool = False) -> tuple[list[Finding], str]:
    """Write the manifest of a folder, or check it; return what was stale and one line that sums it up.

    Rows whose article is gone are left out of what is written, and are among the findings.
    """
    from liwa import jsonl
    from liwa.corpus import manifest as stage
    from liwa.corpus.read import read_articles

    path = stage.locate(folder)
    rows = stage.read(path) if path.is_file() else {}
    found = stage.build(read_articles([str(folder)], manifests=False), rows)
    findings = list(stage.check(found, rows, str(path)))
    if not check:
        jsonl.write(path, found)
    summary = f"{path}: {len(found)} articles"
    return findings, summary if check else f"{summary} written; before, {counts(findings)}"
