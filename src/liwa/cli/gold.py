"""``liwa gold``: check gold, and load it into rows or into the stand-off form."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from liwa.cli.options import Output, SchemeFile, Texts
from liwa.progress import say

if TYPE_CHECKING:
    from liwa.annotations.check import Report
    from liwa.findings import Finding
    from liwa.records import Gold

app = typer.Typer(no_args_is_help=True, help="Check gold, and change its form.")

Paths = Annotated[list[str], typer.Argument(help="Gold: JSONL rows in either form, .mark files, folders, or -.")]


class FindingsFormat(str, Enum):
    """How findings are printed."""

    text = "text"
    json = "json"
    markdown = "markdown"
    junit = "junit"


@app.command("check")
def check_cli(
    paths: Paths,
    texts: Texts = None,
    scheme: SchemeFile = None,
    require_texts: Annotated[
        bool, typer.Option("--require-texts", help="Make it an error where a text is not at hand.")
    ] = False,
    suspects: Annotated[bool, typer.Option("--suspects", help="Also look for what seems to be a mistake.")] = False,
    justified: Annotated[
        Path | None, typer.Option(help="Suspects that are right, each with a reason; counted apart.")
    ] = None,
    format: Annotated[FindingsFormat, typer.Option(help="Form of the findings.")] = FindingsFormat.text,
    output: Output = "-",
) -> None:
    """Hold gold against every rule; exit 1 where a finding is an error.

    Example: liwa gold check annotations/gold --texts corpus/articles --format markdown
    """
    from liwa import jsonl
    from liwa.findings import FORMATS, breaches

    report = check(paths, texts=texts, scheme=scheme, require_texts=require_texts)
    findings, summary = [*report.findings], report.summary
    if suspects or justified:
        context = format is FindingsFormat.text and output == jsonl.STDIO and sys.stdout.isatty()
        more, said = suspected(paths, texts=texts, scheme=scheme, justified=justified, context=context)
        findings, summary = findings + more, f"{summary}; {said}"
    with jsonl.open_output(output) as out:
        out.write(FORMATS[format.value](findings, summary) + "\n")
    raise typer.Exit(breaches(findings))


def check(
    paths: Sequence[str],
    *,
    texts: Sequence[str] | None = None,
    scheme: Path | None = None,
    require_texts: bool = False,
) -> Report:
    """Return the findings in gold files and folders; see `liwa.annotations.check.check`."""
    from liwa.annotations.check import check as stage
    from liwa.scheme import load_scheme

    return stage(paths, load_scheme(scheme), texts=texts, require_texts=require_texts)


def suspected(
    paths: Sequence[str],
    *,
    texts: Sequence[str] | None = None,
    scheme: Path | None = None,
    justified: Path | None = None,
    context: bool = False,
) -> tuple[list[Finding], str]:
    """Return what looks like a mistake and is not justified, and one line of counts.

    context: put the words around each place into its message. Rows that cannot be read are left to `check`.
    """
    from liwa.annotations.gold import read_gold
    from liwa.annotations.justified import divide, read_justified
    from liwa.annotations.suspects import in_context, suspects
    from liwa.scheme import load_scheme

    golds = list(read_gold(paths, texts=texts, report=lambda finding: None))
    found = suspects(golds, load_scheme(scheme))
    divided = divide(found.findings, read_justified(justified) if justified else {})
    counts = f"{len(divided.open)} suspects, {len(divided.justified)} more are justified"
    if divided.unused:
        counts += f", {len(divided.unused)} rows of {justified} justify nothing"
    counts += f"; {found.unread} rows not searched for want of texts"
    return (in_context(divided.open, golds) if context else divided.open), counts


@app.command("load")
def load_cli(
    paths: Paths,
    output: Output = "-",
    texts: Texts = None,
    standoff: Annotated[bool, typer.Option("--standoff", help="Write one stand-off row an article, no text.")] = False,
) -> None:
    """Find the texts of gold and write it as rows with their text, or the other way round with --standoff.

    Example: liwa gold load annotations/gold/project.jsonl --texts corpus/articles -o gold.jsonl
    """
    notes: list[Finding] = []
    written = load(paths, output=output, texts=texts, standoff=standoff, note=notes.append)
    say(f"{written} rows written" + (f"; {len(notes)} rows left out that were not accepted" if notes else ""))


def load(
    paths: Sequence[str],
    *,
    output: str,
    texts: Sequence[str] | None = None,
    standoff: bool = False,
    note: Callable[[Finding], None] | None = None,
) -> int:
    """Write gold with its texts as rows, or as stand-off rows of whole articles, and return their number.

    note: takes the findings that are no errors. Raises LiwaError for the first error, and where a text is wanting.
    """
    from liwa import jsonl
    from liwa.annotations.gold import load_gold
    from liwa.annotations.rows import to_row
    from liwa.annotations.texts import Texts
    from liwa.findings import stop

    def report(finding: Finding) -> None:
        stop(finding)
        if note:
            note(finding)

    library = Texts.read(texts or ())
    golds = load_gold(paths, texts=library, report=report)
    return jsonl.write(output, _standoff(golds, library) if standoff else map(to_row, golds))


def _standoff(golds: Iterator[Gold], library: Any) -> Iterator[dict[str, Any]]:
    from liwa.annotations.gold import merge
    from liwa.annotations.standoff import to_standoff
    from liwa.annotations.texts import article_of

    for gold in merge(golds):
        yield to_standoff(gold, article_of(gold, library))


@app.command("carry")
def carry_cli(
    answers: Annotated[str, typer.Argument(help="Answered rows.")],
    tasks: Annotated[str, typer.Argument(help="Tasks, some of which liwa tasks marked as near-duplicates.")],
    output: Output = "-",
    texts: Texts = None,
) -> None:
    """Copy answers by offset onto the tasks that nearly repeat an answered passage, and list what could not be copied.

    What the two passages do not share stays unannotated.

    Example: liwa gold carry answers.jsonl tasks.jsonl -o carried.jsonl
    """
    count = carry(answers, tasks, output=output, texts=texts)
    say(f"{count} answers copied")


def carry(
    answers: str,
    tasks: str,
    *,
    output: str,
    texts: Sequence[str] | None = None,
    note: Callable[[str], None] = say,
) -> int:
    """Write the answers that could be copied as rows and return their number; note: takes a line for each loss."""
    from liwa import jsonl
    from liwa.annotations.carry import carry_rows
    from liwa.annotations.gold import load_gold

    def rows() -> Iterator[dict[str, Any]]:
        for row, carried in carry_rows(load_gold([answers], texts=texts), (task for _, task in jsonl.read(tasks))):
            places = [(s, s) for s in carried.lost_spans] + [(r.head, r) for r in carried.lost_relations]
            for place, lost in places:
                note(f"{answers}: {lost.label} {place.start}-{place.end} could not be copied to {carried.gold.article}")
            yield row

    return jsonl.write(output, rows())
