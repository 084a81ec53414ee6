from __future__ import annotations

import json
import pickle
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liwa.corpus.duplicates import (
    LONG_PASSAGE,
    SHARED_RUN,
    SHINGLE,
    SHORTEST,
    THRESHOLD,
    Duplicates,
    groups,
    jaccard,
    sketch,
    sketches,
    words,
)

WORDS = [a + b + c for a in "بتثجحخ" for b in "ابو" for c in "رزسشصض"]


def text(seed: int, count: int) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=count))


def changed(original: str, every: int) -> str:
    return " ".join("غيره" if i % every == every - 1 else word for i, word in enumerate(original.split()))


def exact(a: str, b: str) -> float:
    """Jaccard's coefficient by its definition."""
    x, y = ({tuple(v[i : i + SHINGLE]) for i in range(len(v) - SHINGLE + 1)} for v in (words(a), words(b)))
    return len(x & y) / len(x | y)


def test_the_earliest_match_is_found_with_its_exact_likeness() -> None:
    index = Duplicates()
    first, second = text(1, 60), changed(text(1, 60), 30)
    assert index.add("a", first) is None
    assert index.add("other", text(2, 60)) is None
    match = index.add("b", second)
    assert match == ("a", exact(first, second))
    assert 0.8 < exact(first, second) < 1
    assert index.add("c", second) == ("a", exact(first, second))


def test_below_the_threshold_is_no_match() -> None:
    first, far = text(1, 60), changed(text(1, 60), 5)
    assert 0.05 < exact(first, far) < THRESHOLD
    index, low = Duplicates(), Duplicates(threshold=0.01)
    assert [index.add(k, t) for k, t in (("a", first), ("b", far))] == [None, None]
    assert all(low.add(k, t) is None for k, t in (("a", first),))


def test_spelling_and_punctuation_do_not_matter() -> None:
    index = Duplicates()
    index.add("a", "أعلنت قيادة اللواء الثالث، أمس، وصول كتيبة الإسناد إلى معسكر الوادي الكبير")
    match = index.add("b", "اعلنت قيــادة اللواء الثالث أمسِ وصول كتيبة الاسناد الى معسكر الوادي الكبير!")
    assert match == ("a", 1.0)


def test_a_short_text_matches_nothing() -> None:
    index = Duplicates()
    short, enough = text(1, SHORTEST - 1), text(1, SHORTEST)
    assert [index.add(i, t) for i, t in enumerate((short, short))] == [None, None]
    assert [index.add(i, t) for i, t in enumerate((enough, enough))] == [None, (0, 1.0)]


def test_most_near_duplicates_are_found() -> None:
    """The share that hashing finds is the one that the module's text promises."""
    found = {0.6: 0, 0.8: 0}
    for level, every in ((0.6, 12), (0.8, 30)):
        index = Duplicates()
        for seed in range(300):
            original = text(seed, 80)
            index.add(seed, original)
            assert level <= exact(original, changed(original, every)) < level + 0.08
            found[level] += index.add(-seed, changed(original, every)) is not None
    assert found[0.6] > 255
    assert found[0.8] > 290


@settings(deadline=None)  # the first call imports
@given(st.lists(st.lists(st.sampled_from(WORDS[:40]), max_size=30).map(" ".join), max_size=8))
def test_sketching_many_is_sketching_each(texts: list[str]) -> None:
    together = sketches([words(t) for t in texts])
    for one, alone in zip(together, map(sketch, texts), strict=True):
        assert (one is None) == (alone is None)
        if one is not None and alone is not None:
            assert one.shingles.tolist() == alone.shingles.tolist()
            assert one.hashvalues.tolist() == alone.hashvalues.tolist()


@settings(deadline=None)
@given(*[st.lists(st.sampled_from(WORDS[:12]), min_size=SHORTEST, max_size=30).map(" ".join)] * 2)
def test_jaccard_is_exact(a: str, b: str) -> None:
    one, other = sketch(a), sketch(b)
    assert one is not None
    assert other is not None
    assert jaccard(one.shingles, other.shingles) == exact(a, b)


def test_a_sketch_travels() -> None:
    one = sketch(text(1, 30))
    assert one is not None
    other = pickle.loads(pickle.dumps(one))
    assert one.shingles.tolist() == other.shingles.tolist()
    assert one.hashvalues.tolist() == other.hashvalues.tolist()


def test_hashes_are_the_same_in_every_process() -> None:
    code = "from liwa.corpus.duplicates import sketch; print(sketch('و ' * 5 + 'ب ت ث ج ح خ').hashvalues.tolist())"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


def test_groups_of_alike_articles_are_closed_and_named_by_the_smallest_id() -> None:
    original = text(1, 120)
    texts = {"c": original, "b": changed(original, 40), "a": text(2, 120), "d": changed(changed(original, 40), 41)}
    assert groups(texts) == {"a": "a", "b": "b", "c": "b", "d": "b"}


def test_a_quoted_run_of_words_groups_two_articles() -> None:
    quote = text(9, SHARED_RUN)
    one, other = f"{text(1, 90)} {quote} {text(2, 90)}", f"{text(3, 90)} {quote} {text(4, 90)}"
    assert groups({"x": one, "y": other}) == {"x": "x", "y": "x"}
    shorter = " ".join(quote.split()[1:])
    assert groups({"x": one, "y": f"{text(3, 90)} {shorter} {text(4, 90)}"}) == {"x": "x", "y": "y"}


def test_an_edited_paragraph_groups_two_articles() -> None:
    statement = text(5, LONG_PASSAGE * 2)
    edited = changed(statement, SHARED_RUN - 4)
    one, other = f"{text(1, 90)}\n{statement}", f"{edited}\n{text(2, 90)}"
    assert groups({"x": one, "y": other}) == {"x": "x", "y": "x"}
    assert groups({"x": one, "y": f"{edited} {text(2, 90)}"}) == {"x": "x", "y": "y"}


def test_groups_of_nothing() -> None:
    assert groups({}) == {}
    assert groups({"a": "", "b": ""}) == {"a": "a", "b": "b"}


@pytest.mark.shared
def test_groups_of_real_articles(shared: Path) -> None:
    rows = map(json.loads, (shared / "articles" / "news150.jsonl").read_text(encoding="utf-8").splitlines())
    found = groups({row["id"]: row["text"] for row in rows})
    assert found["saudinewsnet-16182"] == found["saudinewsnet-16154"] == "saudinewsnet-16154"
    assert len(set(found.values())) == 122
