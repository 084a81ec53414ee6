"""What multiplies the matrices of a pipeline on the CPU."""

from __future__ import annotations


def use_numpy() -> None:
    """Let the models that are loaded from now on multiply with NumPy's BLAS instead of the BLIS that comes with thinc.

    BLIS has no kernel of its own for many processors and is there a third as fast; where it has one, the two are
    alike. Results may differ in the last digit. A GPU, and whatever else was chosen before, stays.
    """
    from thinc.api import NumpyOps, get_current_ops, set_current_ops

    if type(get_current_ops()) is NumpyOps:
        set_current_ops(NumpyOps(use_blis=False))
