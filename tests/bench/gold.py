"""How fast gold is loaded, beside reading the same rows as bare JSON: offsets, labels and tokens checked or not."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import srsly

from liwa.annotations.gold import read_gold
from tests.bench.invented import gold_file
from tests.bench.row import Row, medians


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        path = gold_file(Path(folder, "gold.jsonl"), 3000)
        ours, theirs = medians(lambda: list(read_gold([path])), lambda: list(srsly.read_jsonl(path)))
    yield Row(
        "gold loading: 3,000 rows, every span checked",
        "srsly, which parses",
        ours,
        theirs,
        "python -m tests.bench gold",
    )


if __name__ == "__main__":
    print(*rows())
