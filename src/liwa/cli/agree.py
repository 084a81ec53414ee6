"""``liwa agree`` and ``liwa adjudicate``: how two annotations differ, and gold out of several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from liwa.cli.options import Output, ReportFormat, SchemeFile, Texts
from liwa.errors import LiwaError
from liwa.progress import say

if TYPE_CHECKING:
    from liwa.annotations.adjudicate import Adjudication
    from liwa.annotations.agree import Agreement
    from liwa.annotations.texts import Texts as TextLibrary
    from liwa.records import Gold


def agree_cli(
    a: Annotated[str, typer.Argument(help="Gold file or folder, in either form.")],
    b: Annotated[str, typer.Argument(help="Another annotation of the same articles.")],
    texts: Texts = None,
    scheme: SchemeFile = None,
    format: Annotated[ReportFormat, typer.Option(help="Form of the report.")] = ReportFormat.text,
    output: Output = "-",
    samples: Annotated[int, typer.Option(min=0, help="Bootstrap samples; 0 for no intervals.")] = 1000,
    seed: Annotated[int, typer.Option(help="Another seed, other samples.")] = 0,
) -> None:
    """Say how far two annotations agree on spans and relations, and list where they do not.

    Texts are never needed; they add surfaces and context to the list.

    Example: liwa agree first.jsonl second.jsonl --texts corpus/articles
    """
    from liwa import jsonl
    from liwa.annotations.agreement_tables import FORMATS

    report = agree(a, b, texts=texts, scheme=scheme, samples=samples, seed=seed)
    with jsonl.open_output(output) as out:
        out.write(FORMATS[format.value](report) + "\n")


def agree(
    a: str,
    b: str,
    *,
    texts: Sequence[str] | None = None,
    scheme: Path | None = None,
    samples: int = 1000,
    seed: int = 0,
) -> Agreement:
    """Compare two annotations in files or folders; see `liwa.annotations.agree.agree`."""
    from liwa.annotations.agree import agree as stage
    from liwa.annotations.gold import read_gold
    from liwa.scheme import load_scheme

    first, second = names([a, b])
    library = _library(texts)
    known = load_scheme(scheme)
    return stage(
        read_gold([a], texts=library),
        read_gold([b], texts=library),
        names=(first, second),
        labels=list(known.labels),
        types=list(known.relations),
        samples=samples,
        seed=seed,
    )


def adjudicate_cli(
    layers: Annotated[list[str], typer.Argument(metavar="A B [C]...", help="Annotations of the same articles.")],
    output: Annotated[str, typer.Option("--output", "-o", help="Gold to write when nothing is undecided.")],
    decisions: Annotated[Path, typer.Option(help="List of decisions, read if it is there, and written anew.")],
    texts: Texts = None,
    context: Annotated[
        Path | None, typer.Option(help="Page of the open decisions with --texts around them, .md or .html.")
    ] = None,
) -> None:
    """Merge annotations into gold; what they differ on is listed for a person to rule, and never guessed.

    Fill in each ruling (a layer's name, "none", or a span or relation), run it again, and again until none is left:
    relations are compared when the spans are decided. Exit 1 while something is undecided.

    Example: liwa adjudicate first.jsonl second.jsonl -o gold.jsonl --decisions decisions.jsonl
    """
    result = adjudicate(layers, output=output, decisions=decisions, texts=texts, context=context)
    _report(result, output, decisions)
    raise typer.Exit(bool(result.undecided))


def adjudicate(
    layers: Sequence[str],
    *,
    output: str,
    decisions: Path,
    texts: Sequence[str] | None = None,
    context: Path | None = None,
) -> Adjudication:
    """Adjudicate annotations in files or folders: write the list, and the gold once nothing is undecided."""
    from liwa import jsonl
    from liwa.annotations import adjudicate as stage
    from liwa.annotations.decisions import Rulings, write
    from liwa.annotations.gold import read_gold

    if context and context.suffix not in (".md", ".html"):
        raise LiwaError("expected a page ending in .md or .html", where=str(context), hint="Name one with --context")
    read = {name: list(read_gold([path])) for name, path in zip(names(layers), layers, strict=True)}
    result = stage.adjudicate(read, Rulings(jsonl.read(decisions) if decisions.exists() else ()))
    rows = [] if result.undecided else list(stage.rows(result.gold, read.values()))
    write(decisions, result.decisions, result.stale)
    if context:
        _write_context(context, result, layers, texts)
    if not result.undecided:
        jsonl.write(output, rows)
    return result


def names(paths: Sequence[str]) -> list[str]:
    """Return a name for each annotation: its stem where all differ, else its path; numbered if twice."""
    stems = [Path(path).name.removesuffix(".gz").rpartition(".")[0] or Path(path).name for path in paths]
    found = stems if len(set(stems)) == len(paths) else list(paths)
    before = [found[:i].count(name) for i, name in enumerate(found)]
    return [f"{name}#{times + 1}" if times else name for name, times in zip(found, before, strict=True)]


def _library(texts: Sequence[str] | None) -> TextLibrary | None:
    from liwa.annotations.texts import Texts

    return Texts.read(texts) if texts else None


def _write_context(path: Path, result: Adjudication, layers: Sequence[str], texts: Sequence[str] | None) -> None:
    from liwa import jsonl
    from liwa.annotations.decision_pages import to_html, to_markdown
    from liwa.annotations.gold import merge, read_gold

    known: dict[str, Gold] = {}
    library = _library(texts)
    for layer in layers:
        known |= {gold.article: gold for gold in merge(read_gold([layer], texts=library)) if gold.text is not None}
    with jsonl.open_output(path) as out:
        out.write((to_html if path.suffix == ".html" else to_markdown)(result.undecided, known))


def _report(result: Adjudication, output: str, decisions: Path) -> None:
    for layer, count in result.alone.items():
        if count:
            say(f"{count} spans are gold on the word of {layer} alone: no other layer annotated there")
    if result.stale:
        say(f"{len(result.stale)} rulings no longer apply and stand at the end of {decisions}, marked stale")
    if not result.undecided:
        say(f"{output}: {len(result.gold)} articles; {len(result.decisions)} decisions are on record in {decisions}")
        return
    kinds = Counter(decision.question["kind"] for decision in result.undecided)
    say(f"{len(result.undecided)} decisions left in {decisions}: {', '.join(f'{n} {k}' for k, n in kinds.items())}")
    if result.waiting:
        say(f"{result.waiting} relations wait for the spans at their ends")
