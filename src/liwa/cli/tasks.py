"""``liwa tasks``: raw articles in, tasks for annotators out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from liwa import jsonl
from liwa.cli.options import Address, Engine, EngineOption, KeepGoing, Limit, Output, Resume, Workers
from liwa.engine.limits import LIMIT
from liwa.errors import LiwaError
from liwa.progress import say


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
    duplicates: Annotated[bool, typer.Option("--duplicates/--no-duplicates", help="Mark near-duplicates.")] = True,
    keep_boilerplate: Annotated[bool, typer.Option("--keep-boilerplate", help="Make a task of every passage.")] = False,
    model: Annotated[str | None, typer.Option(help="Pipeline whose spans and relations the tasks come with.")] = None,
    patterns: Annotated[
        Path | None, typer.Option(help="Prodigy patterns whose matches fill the gaps between the model's spans.")
    ] = None,
    workers: Workers = 1,
    resume: Resume = False,
    engine: EngineOption = Engine.local,
    address: Address = None,
    limit: Limit = LIMIT,
    keep_going: KeepGoing = False,
) -> None:
    """Make annotation tasks of raw articles.

    Reads .txt, .html, .jsonl, .csv and .tsv, each gzipped or not, and folders of them; a text is never edited.
    Newsletter lines, mastheads and repeated headlines go to the rejects file, with a reason each, and so does an
    article that cannot be worked on. A passage that nearly repeats an earlier one says so, so that its answer can be
    copied. The output is the same for any number of workers, and after any number of stops and --resume.

    With --model, --patterns or both, tasks come with spans to correct; of overlapping matches the longest is kept.

    Example: liwa tasks corpus/articles -o tasks.jsonl --unit paragraph
    """
    counts = tasks(
        sources,
        output,
        unit=unit.value,
        rejects=rejects,
        encoding=encoding,
        duplicates=duplicates,
        boilerplate=not keep_boilerplate,
        model=model,
        patterns=patterns,
        workers=workers,
        resume=resume,
        engine=engine.value,
        address=address,
        limit=limit,
        keep_going=keep_going,
    )
    say(summary(counts))


def tasks(
    sources: Iterable[str],
    output: str,
    *,
    unit: str = "paragraph",
    rejects: str | None = None,
    encoding: str = "utf-8",
    duplicates: bool = True,
    boilerplate: bool = True,
    model: str | None = None,
    patterns: Path | None = None,
    workers: int = 1,
    resume: bool = False,
    engine: str = "local",
    address: str | None = None,
    limit: float = LIMIT,
    keep_going: bool = False,
) -> Counter[str]:
    """Write the tasks of raw articles to a file, and the rejects to another; return what there was of each.

    The counts are those of `liwa.annotations.task_files.TaskFiles`. Both files are replaced when everything was read,
    else neither. model, patterns: see `liwa.training.preannotate`. resume: go on where a run of the same options was
    stopped. engine: ``local``, or ``ray`` for a cluster, at an address or started here; the same bytes come from both.
    limit, keep_going: see `liwa.engine.workers.Care`.
    """
    from functools import partial

    from liwa.annotations import task_cluster
    from liwa.annotations.task_files import TaskFiles
    from liwa.annotations.tasks import Settings, make_raw
    from liwa.corpus.stream import Job
    from liwa.engine.outputs import outputs
    from liwa.engine.workers import Care
    from liwa.training.preannotate import PreAnnotation

    files = list(sources)
    beside = rejects or _beside(output)
    if beside and output != jsonl.STDIO and Path(beside).resolve() == Path(output).resolve():
        raise LiwaError("tasks and rejects cannot be one file", where=output, hint="Name another with --rejects")
    marks = PreAnnotation(model or "", str(patterns or ""))
    marks.require()
    how = Settings(unit, boilerplate, duplicates, marks if model or patterns else None)
    job = Job(files, encoding, workers, engine, address, Care(limit, keep_going))
    same = job.settings(unit=unit, duplicates=duplicates, boilerplate=boilerplate, **marks.settings())
    with outputs({"tasks": output, "rejects": beside}, settings=same, resume=resume) as out:
        sink = TaskFiles(out)
        if job.on_cluster:
            with job.cluster():
                task_cluster.run(how, job, sink, out)
        else:
            job.run(partial(make_raw, how), sink, out, name="tasks")
    return sink.counts


def summary(counts: Counter[str]) -> str:
    """Return the line that ends the command: how many articles, tasks, rejects by reason, and near-duplicates."""
    reasons = {name.removeprefix("reject "): n for name, n in counts.items() if name.startswith("reject ")}
    listed = f" ({', '.join(f'{n} {name}' for name, n in sorted(reasons.items()))})" if reasons else ""
    found = sorted((name, n) for name, n in counts.items() if name.startswith(("spans ", "relations ")))
    marks = [f"{n} {name.replace(' ', ' from ', 1)}" for name, n in found]
    marks += [f"{counts['overlaps']} overlapping matches left out"] if counts["overlaps"] else []
    return ", ".join(
        [
            _plural(counts["articles"], "article"),
            _plural(counts["tasks"], "task"),
            _plural(sum(reasons.values()), "reject") + listed,
            _plural(counts["near-duplicates"], "near-duplicate"),
            *marks,
        ]
    )


def _beside(output: str) -> str | None:
    if output == jsonl.STDIO:
        return None
    path = Path(output)
    stem, dot, endings = path.name.partition(".")
    return str(path.with_name(f"{stem}.rejects{dot}{endings}"))


def _plural(count: int, name: str) -> str:
    return f"{count} {name}{'' if count == 1 else 's'}"
