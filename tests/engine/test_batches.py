from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liwa.engine import batches
from liwa.engine.batches import after, batched
from liwa.errors import LiwaError
from tests.engine.works import Line


def items(*data: bytes) -> list[Line]:
    return [Line(f"x:{n}", one) for n, one in enumerate(data, 1)]


@given(st.lists(st.binary(max_size=2 * 10**5), max_size=8))
def test_batches_hold_every_item_once_in_order(data: list[bytes]) -> None:
    given = items(*data)
    cut = list(batched(given))
    assert [item for batch in cut for item in batch.items] == given
    for batch in cut[:-1]:
        *others, last = (len(item.data) for item in batch.items)
        assert sum(others) < batches.SIZE <= sum(others) + last


def test_a_digest_is_that_of_all_items_and_their_borders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "SIZE", 2)
    lists = [items(b"ab", b"cd"), items(b"ab", b"ce"), items(b"ab", b"c", b"d"), items(b"xb", b"cd")]
    digests = [[b.digest for b in batched(one)] for one in lists]
    assert len({d[-1] for d in digests}) == 4
    assert digests[0][0] == digests[1][0] != digests[3][0]


def test_going_on_after_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "SIZE", 2)
    given = items(b"ab", b"cd", b"ef")
    done = list(batched(given))[1]
    assert [b.items for b in after(batched(given), 2, done.digest)] == [given[2:]]
    for other in (items(b"ab", b"cX", b"ef"), given[:1], []):
        with pytest.raises(LiwaError, match=r"cannot resume: the input is not what it was\. Run it again without"):
            list(after(batched(other), 2, done.digest))
