from __future__ import annotations

from collections.abc import Iterator

import pytest
from thinc.api import NumpyOps, Ops, get_current_ops, set_current_ops

from liwa.training.ops import numpy_blas


@pytest.fixture(autouse=True)
def afterwards() -> Iterator[None]:
    before = get_current_ops()
    yield
    set_current_ops(before)


def test_blis_is_replaced_and_comes_back() -> None:
    before = NumpyOps()
    set_current_ops(before)
    with numpy_blas():
        ops = get_current_ops()
        assert isinstance(ops, NumpyOps)
        assert not ops.use_blis
    assert get_current_ops() is before


def test_what_else_was_chosen_stays() -> None:
    class Other(NumpyOps):  # type: ignore[misc]
        pass

    other: Ops = Other()
    set_current_ops(other)
    with numpy_blas():
        assert get_current_ops() is other
