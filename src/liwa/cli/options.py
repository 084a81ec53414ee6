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


class ReportFormat(str, Enum):
    """How a report of a comparison is printed."""

    text = "text"
    json = "json"
    markdown = "markdown"
