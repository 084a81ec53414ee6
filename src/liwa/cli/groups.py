"""``liwa groups``: which articles share text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated

import typer

from liwa import jsonl
from liwa.cli.options import Address, Engine, EngineOption, KeepGoing, Limit, Output, Resume, Workers
from liwa.engine.limits import LIMIT
from liwa.progress import say


def groups_cli(
    sources: Annotated[list[str], typer.Argument(help="Files or folders of articles; - is JSONL on stdin.")],
    output: Output = jsonl.STDIO,
    encoding: Annotated[str, typer.Option(help="Of text, HTML and tables, such as windows-1256.")] = "utf-8",
    workers: Workers = 1,
    resume: Resume = False,
    engine: EngineOption = Engine.local,
    address: Address = None,
    limit: Limit = LIMIT,
    keep_going: KeepGoing = False,
) -> None:
    """Group articles that are near-duplicates, or share a paragraph or a run of 18 words: one row an article.

    A group is named by the smallest id in it. liwa split --groups keeps each in one part.

    Example: liwa groups corpus/articles -o groups.jsonl
    """
    counts = groups(
        sources,
        output,
        encoding=encoding,
        workers=workers,
        resume=resume,
        engine=engine.value,
        address=address,
        limit=limit,
        keep_going=keep_going,
    )
    left = f", {counts['failed']} left out" if counts["failed"] else ""
    say(f"{counts['articles']} articles, {counts['groups']} groups{left}")


def groups(
    sources: Iterable[str],
    output: str,
    *,
    encoding: str = "utf-8",
    workers: int = 1,
    resume: bool = False,
    engine: str = "local",
    address: str | None = None,
    limit: float = LIMIT,
    keep_going: bool = False,
) -> Counter[str]:
    """Write the group of each article; return how many ``articles``, ``groups`` and ``failed`` articles there are."""
    from liwa.corpus import group_cluster
    from liwa.corpus.group_files import GroupFiles, read_raw
    from liwa.corpus.stream import Job
    from liwa.engine.outputs import outputs
    from liwa.engine.workers import Care

    job = Job(list(sources), encoding, workers, engine, address, Care(limit, keep_going))
    with outputs({"groups": output}, settings=job.settings(), resume=resume) as out:
        sink = GroupFiles(out)
        if job.on_cluster:
            with job.cluster():
                group_cluster.run(job, sink, out)
        else:
            job.run(read_raw, sink, out, name="groups")
        sink.finish()
    return sink.counts
