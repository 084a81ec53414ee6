from __future__ import annotations

from collections import defaultdict

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given, settings
from hypothesis import strategies as st

from liwa.corpus.distributed import Text, band_table, bands_of, earliest, pairs
from liwa.corpus.duplicates import Duplicates
from liwa.corpus.sketches import sketch, words
from tests.corpus.invented_texts import changed, text

NEARLY = st.builds(
    lambda seed, every: changed(text(seed, 24), every) if every else text(seed, 24),
    st.integers(0, 2),
    st.sampled_from([0, 0, 8, 11, 12, 13, 23]),
)
BUCKETS = 3


def bands(texts: list[str]) -> list[list[Text]]:
    """Return the bands of texts, put together from buckets as a cluster does it."""
    _, sketches = sketch([words(t) for t in texts])
    rows = band_table(sketches, range(len(texts)), [b"%d" % n for n in range(len(texts))], BUCKETS)
    assert set(rows["bucket"].to_pylist()) <= set(range(BUCKETS))
    return [band for bucket in range(BUCKETS) for band in bands_of(rows.filter(pc.equal(rows["bucket"], bucket)))]


@settings(deadline=None, max_examples=60)
@given(st.lists(NEARLY, min_size=1, max_size=24))
def test_a_group_by_of_bands_finds_what_an_index_finds(texts: list[str]) -> None:
    best: dict[int, tuple[int, float]] = {}
    for band in bands(texts):
        for one, other, similarity in earliest(band):
            assert (one.place, other.place) == (b"%d" % one.number, b"%d" % other.number)
            best[one.number] = min((other.number, similarity), best.get(one.number, (other.number, similarity)))
    _, sketches = sketch([words(t) for t in texts])
    assert sorted((n, *match) for n, match in best.items()) == [(n, *match) for n, match in Duplicates().add(sketches)]


@settings(deadline=None, max_examples=60)
@given(st.lists(NEARLY, min_size=1, max_size=24))
def test_pairs_join_what_all_matches_join(texts: list[str]) -> None:
    _, sketches = sketch([words(t) for t in texts])
    all_matches = [(n, match.number) for n, match in Duplicates().add_all(sketches)]
    assert joined([pair for band in bands(texts) for pair in pairs(band)]) == joined(all_matches)


def joined(links: list[tuple[int, int]]) -> set[frozenset[int]]:
    group: dict[int, set[int]] = defaultdict(set)
    for one, other in links:
        both = (group[one] or {one}) | (group[other] or {other})
        for member in both:
            group[member] = both
    return {frozenset(members) for members in group.values()}


def test_a_text_alone_in_its_band_is_no_band() -> None:
    assert bands([text(1, 20), text(2, 20)]) == []
    assert isinstance(band_table(sketch([])[1], [], [], 2), pa.Table)
