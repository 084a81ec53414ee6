from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from liwa.training.relations.decode import Decoder

PAIRS = np.array([[0, 1], [0, 2], [3, 1]])
LIKELY = np.array([[0.9, 0.6], [0.8, 0.1], [0.7, 0.0]], dtype="float32")
TYPES = ("x", "y")


def test_what_is_likely_enough_is_kept_and_only_one_type_a_pair() -> None:
    assert Decoder()(LIKELY, PAIRS, TYPES) == [(0, 1, "x"), (0, 2, "x"), (3, 1, "x")]
    assert Decoder(threshold=0.75)(LIKELY, PAIRS, TYPES) == [(0, 1, "x"), (0, 2, "x")]
    assert (0, 1, "y") in Decoder(exclusive=False)(LIKELY, PAIRS, TYPES)


def test_limits_keep_the_likeliest() -> None:
    assert Decoder(max_children={"x": 1})(LIKELY, PAIRS, TYPES) == [(0, 1, "x"), (3, 1, "x")]
    assert Decoder(max_heads={"x": 1})(LIKELY, PAIRS, TYPES) == [(0, 1, "x"), (0, 2, "x")]


def test_what_is_not_legal_is_never_kept() -> None:
    assert (3, 1, "y") not in Decoder(threshold=0.0, exclusive=False)(LIKELY, PAIRS, TYPES)


@given(st.integers(0, 12), st.integers(1, 3))
def test_no_limit_is_ever_broken(seed: int, limit: int) -> None:
    generator = np.random.default_rng(seed)
    pairs = np.array([(h, c) for h in range(5) for c in range(5) if h != c])
    decode = Decoder(threshold=0.2, max_heads={"x": limit}, max_children={"x": limit})
    found = decode(generator.random((20, 1)).astype("float32"), pairs, ("x",))
    for end in (0, 1):
        assert max((sum(f[end] == n for f in found) for n in range(5)), default=0) <= limit


def test_nothing_gives_nothing() -> None:
    assert Decoder()(np.zeros((0, 2), dtype="float32"), np.zeros((0, 2), dtype="int64"), TYPES) == []
