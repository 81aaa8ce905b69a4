"""The first-order recursive filter, without a signal library to load."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

VANISHED = 1e-18
"""Weight below which a past value no longer counts in double precision."""


def autoregress(values: FloatArray, coefficient: float) -> FloatArray:
    """y_t = x_t + coefficient · y_{t−1} from y_{−1} = 0, along the last axis of `values` [..., T].

    By doubling: 1/(1 − cL) = (1 + cL)(1 + c²L²)(1 + c⁴L⁴)…, a few vector additions in place of a loop over months.
    """
    filtered = values.copy()
    step, weight = 1, coefficient
    while step < values.shape[-1] and abs(weight) > VANISHED:
        filtered[..., step:] += weight * filtered[..., :-step]
        step, weight = 2 * step, weight * weight
    return filtered
