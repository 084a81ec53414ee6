"""``liwa tasks``: raw articles in, tasks for annotators out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from liwa import jsonl
from liwa.cli.options import Output
from liwa.errors import LiwaError
from liwa.progress import progress, say
from liwa.records import Article


class Unit(str, Enum):
    """What one task is, as `liwa.passages.UNITS` defines it."""

    paragraph = "paragraph"
    sentence = "sentence"
    article = "article"


def tasks_cli(
    sources: Annotated[list[str], typer.Argument(help="Files or folders of articles; - is JSONL on stdin.")],
    output: Output = jsonl.STDIO,
    unit: Annotated[Unit, typer.Option(help="What one task is.")] = Unit.paragraph,
    rejects: Annotated[
        str | None, typer.Option(help="File for what is no task; default: OUTPUT with .rejects before its ending.")
    ] = None,
    encoding: Annotated[str, typer.Option(help="Of text, HTML and tables, such as windows-1256.")] = "utf-8",
    workers: Annotated[int, typer.Option(min=1, help="Processes that share the work.")] = 1,
    duplicates: Annotated[bool, typer.Option("--duplicates/--no-duplicates", help="Mark near-duplicates.")] = True,
    keep_boilerplate: Annotated[bool, typer.Option("--keep-boilerplate", help="Make a task of every passage.")] = False,
) -> None:
    """Make annotation tasks of raw articles.

    Reads .txt, .html, .jsonl, .csv and .tsv, each gzipped or not, and folders of them; a text is never edited.
    Newsletter lines, mastheads and repeated headlines go to the rejects file, with a reason each. A passage that
    nearly repeats an earlier one says so, so that its answer can be copied.

    Example: liwa tasks corpus/articles -o tasks.jsonl --unit paragraph
    """
    counts = tasks(
        sources,
        output,
        unit=unit.value,
        rejects=rejects,
        encoding=encoding,
        workers=workers,
        duplicates=duplicates,
        boilerplate=not keep_boilerplate,
    )
    say(summary(counts))


def tasks(
    sources: Iterable[str],
    output: str,
    *,
    unit: str = "paragraph",
    rejects: str | None = None,
    encoding: str = "utf-8",
    workers: int = 1,
    duplicates: bool = True,
    boilerplate: bool = True,
) -> Counter[str]:
    """Write the tasks of raw articles to a file, and the rejects to another; return what there was of each.

    The counts are of ``articles``, ``tasks``, ``near-duplicates``, and ``reject REASON`` for each reason. Both files
    are replaced when everything was read, else neither.
    """
    from liwa.annotations import tasks as stage
    from liwa.corpus.read import read_articles

    counts: Counter[str] = Counter()
    articles = progress(_counted(read_articles(sources, encoding=encoding), counts), "tasks", unit="articles")
    passages = stage.tasks(articles, unit=unit, boilerplate=boilerplate, duplicates=duplicates, workers=workers)
    beside = rejects or _beside(output)
    if beside and output != jsonl.STDIO and Path(beside).resolve() == Path(output).resolve():
        raise LiwaError("tasks and rejects cannot be one file", where=output, hint="Name another with --rejects")
    with ExitStack() as files:
        out = files.enter_context(jsonl.open_output(output))
        refuse = files.enter_context(jsonl.open_output(beside)) if beside else None
        for passage in passages:
            counts[f"reject {passage.reason}" if passage.reason else "tasks"] += 1
            counts["near-duplicates"] += passage.duplicate_of is not None
            if not passage.reason:
                out.write(f"{passage.line}\n")
            elif refuse:
                refuse.write(f"{passage.line}\n")
    return counts


def summary(counts: Counter[str]) -> str:
    """Return the line that ends the command: how many articles, tasks, rejects by reason, and near-duplicates."""
    reasons = {name.removeprefix("reject "): n for name, n in counts.items() if name.startswith("reject ")}
    listed = f" ({', '.join(f'{n} {name}' for name, n in sorted(reasons.items()))})" if reasons else ""
    return ", ".join(
        [
            _plural(counts["articles"], "article"),
            _plural(counts["tasks"], "task"),
            _plural(sum(reasons.values()), "reject") + listed,
            _plural(counts["near-duplicates"], "near-duplicate"),
        ]
    )


def _counted(articles: Iterable[Article], counts: Counter[str]) -> Iterator[Article]:
    for article in articles:
        counts["articles"] += 1
        yield article


def _beside(output: str) -> str | None:
    if output == jsonl.STDIO:
        return None
    path = Path(output)
    stem, dot, endings = path.name.partition(".")
    return str(path.with_name(f"{stem}.rejects{dot}{endings}"))


def _plural(count: int, name: str) -> str:
    return f"{count} {name}{'' if count == 1 else 's'}"
