"""How fast near-duplicates are found, beside datasketch's index in memory: the same sketches, the same matches."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from datasketch import MinHashLSH

from liwa.corpus.duplicates import THRESHOLD, Duplicates
from liwa.corpus.sketches import BANDS, ROWS, Sketches, jaccard, sketch, words
from liwa.engine.store import Store
from tests.bench.row import Row, medians
from tests.corpus.invented_texts import changed, text

TEXTS = 20_000
BATCH = 150


def rows() -> Iterator[Row]:
    texts = [text(n // 2, 60) if n % 2 else changed(text(n // 2, 60), 15 + n % 20) for n in range(TEXTS)]
    hashed = [words(one) for one in texts]
    batches = [sketch(hashed[a:b])[1] for a, b in pairwise([*range(0, TEXTS, BATCH), TEXTS])]
    assert on_disk(batches) == in_memory(batches)
    ours, theirs = medians(lambda: on_disk(batches), lambda: in_memory(batches))
    yield Row(
        f"near-duplicates among {TEXTS:,} passages, on disk",
        "datasketch, in memory",
        ours,
        theirs,
        "python -m tests.bench duplicates",
    )


def on_disk(batches: Sequence[Sketches]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        index = Duplicates(store)
        found = sum(len(index.add(batch)) for batch in batches)
        store.close()
    return found


class Signed:
    """A signature as datasketch reads one."""

    def __init__(self, values: object) -> None:
        self.hashvalues = values

    def __len__(self) -> int:
        return BANDS * ROWS


def in_memory(batches: Sequence[Sketches]) -> int:
    index = MinHashLSH(num_perm=BANDS * ROWS, params=(BANDS, ROWS))
    kept: list[Any] = []
    found = 0
    for one in (one for batch in batches for one in batch):
        signed = Signed(one.signature)
        likeness = [jaccard(kept[number], one.shingles) for number in index.query(signed)]
        found += any(similarity >= THRESHOLD for similarity in likeness)
        index.insert(len(kept), signed, check_duplication=False)
        kept.append(one.shingles)
    return found


if __name__ == "__main__":
    print(*rows())
