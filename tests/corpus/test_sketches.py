from __future__ import annotations

import pickle
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from liwa.corpus.sketches import SHORTEST, Sketches, jaccard, sketch, words
from tests.corpus.invented_texts import WORDS, exact, text


@settings(deadline=None)  # the first call imports
@given(st.lists(st.lists(st.sampled_from(WORDS[:40]), max_size=30).map(" ".join), max_size=8))
def test_sketching_many_is_sketching_each(texts: list[str]) -> None:
    numbers, together = sketch([words(t) for t in texts])
    assert numbers == [n for n, t in enumerate(texts) if len(words(t)) >= SHORTEST]
    alone = [one for t in texts for one in sketch([words(t)])[1]]
    for one, other in zip(together, alone, strict=True):
        assert one.shingles.tolist() == other.shingles.tolist()
        assert one.signature.tolist() == other.signature.tolist()
    assert Sketches.of(alone).ends.tolist() == together.ends.tolist()
    assert Sketches.of(alone).bands.tolist() == together.bands.tolist()


@settings(deadline=None)
@given(*[st.lists(st.sampled_from(WORDS[:12]), min_size=SHORTEST, max_size=30).map(" ".join)] * 2)
def test_jaccard_is_exact(a: str, b: str) -> None:
    _, both = sketch([words(a), words(b)])
    assert jaccard(both.shingles_of(0), both.shingles_of(1)) == exact(a, b)


@settings(deadline=None)
@given(*[st.lists(st.sampled_from(WORDS[:4]), min_size=SHORTEST, max_size=14).map(" ".join)] * 2)
def test_a_digest_is_that_of_the_shingles_in_any_order(a: str, b: str) -> None:
    _, both = sketch([words(a), words(b)])
    same = sorted(both.shingles_of(0).tolist()) == sorted(both.shingles_of(1).tolist())
    assert (both.digests[0] == both.digests[1]) == same


def test_no_band_of_one_place_is_that_of_another() -> None:
    _, one = sketch([words("ب " * 20)])
    assert len(set(one.bands[0].tolist())) == one.bands.shape[1]


def test_sketches_travel() -> None:
    _, one = sketch([words(text(1, 30)), words(text(2, 40))])
    other = pickle.loads(pickle.dumps(one))
    assert one.shingles.tolist() == other.shingles.tolist()
    assert one.digests.tolist() == other.digests.tolist()


def test_hashes_are_the_same_in_every_process() -> None:
    code = "from liwa.corpus.sketches import *; print(sketch([words('و ' * 5 + 'ب ت ث ج ح خ')])[1].bands.tolist())"
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
