from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liwa.corpus import postings
from liwa.corpus.postings import Postings

Batches = list[list[int]]


def filled(index: Postings, batches: Batches) -> dict[int, list[int]]:
    """Put numbers under keys, and return what a dictionary would hold."""
    known: dict[int, list[int]] = defaultdict(list)
    number = 0
    for batch in batches:
        own = np.arange(number, number + len(batch), dtype=np.uint64)
        index.add(np.array(batch, dtype=np.uint64), own)
        for key in batch:
            known[key].append(number)
            number += 1
    return known


def found(index: Postings, keys: list[int]) -> dict[int, list[int]]:
    places, numbers = index.find(np.array(keys, dtype=np.uint64))
    got: dict[int, list[int]] = {key: [] for key in keys}
    for place, number in zip(places.tolist(), numbers.tolist(), strict=True):
        got[keys[place]].append(number)
    return {key: sorted(held) for key, held in got.items()}


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 30) | st.integers(0, 2**64 - 1), max_size=20), max_size=12))
def test_it_is_a_dictionary_of_lists(batches: Batches) -> None:
    index = Postings()
    known = filled(index, batches)
    asked = [*known, 31, 2**63]
    assert found(index, asked) == {key: known.get(key, []) for key in asked}


def test_long_runs_are_few_files_merged_block_by_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "LONG", 50)
    monkeypatch.setattr(postings, "_BLOCK", 16)
    index = Postings(tmp_path)
    known = filled(index, [[(7 * n * n + k) % 97 for k in range(9)] for n in range(60)])
    assert found(index, list(known)) == known
    files = [f.stat().st_size for f in tmp_path.iterdir()]
    assert 1 <= len(files) <= 4
    assert max(files) > 16 * 16 * 10


def test_nothing() -> None:
    index = Postings()
    index.add(np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.uint64))
    assert found(index, [1]) == {1: []}
