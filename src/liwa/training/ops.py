"""What multiplies the matrices of a pipeline on the CPU."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def numpy_blas() -> Iterator[None]:
    """Let the models that are loaded within multiply with NumPy's BLAS instead of the BLIS that comes with thinc.

    BLIS has no kernel of its own for many processors and is there a third as fast; where it has one, the two are
    alike. Results may differ in the last digit. A GPU, and whatever else was chosen before, stays, and so does what
    models made afterwards multiply with: trainings must not depend on what was loaded before.
    """
    from thinc.api import NumpyOps, get_current_ops, use_ops

    if type(get_current_ops()) is not NumpyOps:
        yield
        return
    with use_ops("numpy", use_blis=False):
        yield
