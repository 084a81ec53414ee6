from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from datasketch import MinHashLSH
from hypothesis import given, settings
from hypothesis import strategies as st

from liwa.corpus.duplicates import THRESHOLD, Duplicates
from liwa.corpus.sketches import BANDS, ROWS, SHORTEST, jaccard, sketch, words
from liwa.engine.store import Store
from liwa.passages import paragraphs
from tests.corpus.invented_texts import WORDS, changed, exact, text

Found = list[tuple[int, int, float]]


def matches(index: Duplicates, texts: Sequence[str]) -> Found:
    """Add texts that are long enough; return place, earlier place and likeness of each that has a match."""
    before = len(index)
    numbers, sketches = sketch([words(t) for t in texts])
    assert len(numbers) == len(texts)
    return [(before + place, match.number, match.similarity) for place, match in index.add(sketches)]


def one_by_one(texts: Sequence[str]) -> Found:
    """Find the same with datasketch's index, as a plain loop."""
    index = MinHashLSH(num_perm=BANDS * ROWS, params=(BANDS, ROWS))
    kept: dict[int, object] = {}
    found = []
    for number, one in enumerate(sketch([words(t) for t in texts])[1]):
        signed = Signed(one.signature)
        alike = [(other, jaccard(kept[other], one.shingles)) for other in sorted(index.query(signed))]  # type: ignore[arg-type]
        found += [(number, *pair) for pair in alike if pair[1] >= THRESHOLD][:1]
        if all(similarity < 1 for _, similarity in alike):
            index.insert(number, signed)
            kept[number] = one.shingles
    return found


class Signed:
    """A signature as datasketch reads one."""

    def __init__(self, values: object) -> None:
        self.hashvalues = values

    def __len__(self) -> int:
        return BANDS * ROWS


def test_the_earliest_match_is_found_with_its_exact_likeness() -> None:
    first, second = text(1, 60), changed(text(1, 60), 30)
    likeness = exact(first, second)
    assert 0.8 < likeness < 1
    index = Duplicates()
    assert matches(index, [first, text(2, 60), second, second]) == [(2, 0, likeness), (3, 0, likeness)]
    assert matches(index, [second, first]) == [(4, 0, likeness), (5, 0, 1.0)]


def test_all_matches_and_a_question_that_indexes_nothing() -> None:
    first, second = text(1, 60), changed(text(1, 60), 30)
    index = Duplicates()
    _, sketches = sketch([words(t) for t in (first, second, second)])
    likeness = exact(first, second)
    assert index.add_all(sketches) == [(1, (0, likeness)), (2, (0, likeness)), (2, (1, 1.0))]
    assert list(index.find(sketches)) == [
        (0, (0, 1.0)),
        (0, (1, likeness)),
        *[(n, m) for n in (1, 2) for m in ((0, likeness), (1, 1.0))],
    ]
    assert len(index) == 3


def test_below_the_threshold_is_no_match() -> None:
    first, far = text(1, 60), changed(text(1, 60), 5)
    assert 0.05 < exact(first, far) < THRESHOLD
    assert matches(Duplicates(), [first, far]) == []


def test_spelling_and_punctuation_do_not_matter() -> None:
    one = "أعلنت قيادة اللواء الثالث، أمس، وصول كتيبة الإسناد إلى معسكر الوادي الكبير"
    other = "اعلنت قيــادة اللواء الثالث أمسِ وصول كتيبة الاسناد الى معسكر الوادي الكبير!"
    assert matches(Duplicates(), [one, other]) == [(1, 0, 1.0)]


def test_short_texts_have_no_sketch() -> None:
    short, enough = text(1, SHORTEST - 1), text(1, SHORTEST)
    assert sketch([words(short), words(enough)])[0] == [1]


def test_most_near_duplicates_are_found() -> None:
    """The share that hashing finds is the one that the module's text promises."""
    found = {0.6: 0, 0.8: 0}
    for level, every in ((0.6, 12), (0.8, 30)):
        index = Duplicates()
        originals = [text(seed, 80) for seed in range(300)]
        assert all(level <= exact(one, changed(one, every)) < level + 0.08 for one in originals)
        found[level] += len(matches(index, originals + [changed(one, every) for one in originals]))
    assert 255 < found[0.6] < 300
    assert found[0.8] > 290


NEARLY = st.builds(
    lambda seed, every: changed(text(seed, 24), every) if every else text(seed, 24),
    st.integers(0, 2),
    st.sampled_from([0, 0, 8, 11, 12, 13, 23]),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(NEARLY, min_size=1, max_size=6), max_size=5))
def test_batches_are_texts_one_by_one(batches: list[list[str]]) -> None:
    index = Duplicates()
    found = [match for batch in batches for match in matches(index, batch)]
    assert found == one_by_one([t for batch in batches for t in batch])


def test_a_store_is_opened_again(tmp_path: Path) -> None:
    originals = [text(seed, 40) for seed in range(30)]
    near = [changed(one, 13) for one in originals[::2]] + originals[1::2]
    alone = Duplicates()
    matches(alone, originals)
    store = Store(tmp_path / "store")
    matches(Duplicates(store), originals)
    store.commit({})
    matches(Duplicates(store), [text(seed, 40) for seed in range(30, 40)])  # lost with the process
    store.close()
    store = Store(tmp_path / "store", resume=True)
    again = Duplicates(store)
    assert len(again) == 30
    assert matches(again, near) == matches(alone, near)
    assert matches(again, near) == matches(alone, near)
    store.close()


def test_bytes_on_the_disk_are_those_that_the_text_says(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    index = Duplicates(store)
    logs = [store.log(f"texts-{part}") for part in ("shingles", "ends", "bands", "digests")]
    words_each = 50
    for count, expected in ((100, 100 * (56 - 16 + 8 * words_each)), (100, 100 * 56)):
        before = sum(log.size for log in logs)
        matches(index, [text(seed, words_each) for seed in range(count)])
        assert sum(log.size for log in logs) - before == expected
    store.close()


@pytest.mark.shared
def test_real_passages_match_as_datasketch_finds_them(shared: Path) -> None:
    rows = map(json.loads, (shared / "articles" / "news150.jsonl").read_text(encoding="utf-8").splitlines())
    texts = [row["text"][r.start : r.end] for row in rows for r in paragraphs(row["text"])]
    long = [t for t in texts if len(words(t)) >= SHORTEST]
    index = Duplicates()
    found = [match for first in range(0, len(long), 50) for match in matches(index, long[first : first + 50])]
    assert found == one_by_one(long)
    assert len(found) > 20


def test_words_of_the_tests_are_words() -> None:
    assert len(set(np.array([words(w) for w in WORDS]).ravel().tolist())) == len(WORDS)
