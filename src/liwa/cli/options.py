"""Options that several commands share, said once."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

Output = Annotated[str, typer.Option("--output", "-o", help="File to write, replaced atomically; - is stdout.")]
Texts = Annotated[
    list[str] | None,
    typer.Option("--texts", help="Folder, .txt or .jsonl with the articles of stand-off gold; may be repeated."),
]
SchemeFile = Annotated[
    Path | None, typer.Option("--scheme", help="TOML file with labels and relations; default: liwa's own.")
]

Workers = Annotated[int, typer.Option("--workers", min=1, help="Processes that share the work.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on where a run of the same options was stopped.")]


class Engine(str, Enum):
    """What shares long work among processes."""

    local = "local"
    ray = "ray"


EngineOption = Annotated[Engine, typer.Option("--engine", help="Processes of this machine, or a cluster with Ray.")]
Address = Annotated[
    str | None, typer.Option(help="Of a running Ray cluster; default: start one of as many processes as --workers.")
]

Limit = Annotated[
    float,
    typer.Option("--limit", min=0, help="Seconds that an article may take before it is set aside; 0 is no limit."),
]
KeepGoing = Annotated[bool, typer.Option("--keep-going", help="Set aside what is no article, instead of stopping.")]


class ReportFormat(str, Enum):
    """How a report of a comparison is printed."""

    text = "text"
    json = "json"
    markdown = "markdown"
