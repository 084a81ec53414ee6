"""CSV and TSV: one article a record, under a header line that names a ``text`` column."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from liwa import jsonl
from liwa.errors import LiwaError

DELIMITERS: Final = {".csv": ",", ".tsv": "\t"}
"""What stands between the fields of each kind of table."""


def read(
    path: Path, *, encoding: str, delimiter: str, meter: jsonl.Meter | None = None
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (``file:line``, fields by name) of every record; quoted fields may hold line breaks, which are kept.

    Raises LiwaError for a header without ``text``, a record with too many fields, or broken quotes.
    """
    csv.field_size_limit(jsonl.MAX_LINE)
    lines = (jsonl.decode(line, where, encoding) for where, line in jsonl.raw_lines(path, meter))
    reader = csv.DictReader(lines, delimiter=delimiter, strict=True)
    number = 1
    try:
        if "text" not in (reader.fieldnames or ["text"]):
            _refuse_header(path, list(reader.fieldnames or ()))
        for row in reader:
            yield f"{path}:{number + 1}", _fields(row, f"{path}:{number + 1}")
            number = reader.line_num
    except csv.Error as error:
        raise LiwaError(
            f"expected a table, found broken quotes or line ends ({error})",
            where=f"{path}:{number + 1}",
            hint="Write it as CSV with doubled quotes",
        ) from None


def _refuse_header(path: Path, names: list[str]) -> None:
    raise LiwaError(
        f"expected a column text, found {', '.join(names)}",
        where=f"{path}:1",
        hint="Rename the column with the articles to text",
    )


def _fields(row: dict[str | Any, Any], where: str) -> dict[str, str]:
    if None in row:
        raise LiwaError(
            f"expected as many fields as the header has, found {len(row[None])} more",
            where=where,
            hint="Quote fields that contain the separator",
        )
    return {name: value for name, value in row.items() if value is not None}
