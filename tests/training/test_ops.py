from __future__ import annotations

from collections.abc import Iterator

import pytest
from thinc.api import NumpyOps, Ops, get_current_ops, set_current_ops

from liwa.training.ops import use_numpy


@pytest.fixture(autouse=True)
def afterwards() -> Iterator[None]:
    before = get_current_ops()
    yield
    set_current_ops(before)


def test_blis_is_replaced() -> None:
    set_current_ops(NumpyOps())
    use_numpy()
    ops = get_current_ops()
    assert isinstance(ops, NumpyOps)
    assert not ops.use_blis


def test_what_else_was_chosen_stays() -> None:
    class Other(NumpyOps):  # type: ignore[misc]
        pass

    other: Ops = Other()
    set_current_ops(other)
    use_numpy()
    assert get_current_ops() is other
