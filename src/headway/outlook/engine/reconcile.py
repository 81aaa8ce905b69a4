"""Forecasts of parts and of their total made to add up, the least certain moving most."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def reconcile(forecasts: FloatArray, variances: FloatArray, constraints: FloatArray) -> FloatArray:
    """Levels [N, H] moved as little as possible, weighted by 1/variance [N, H], so that constraints [C, N] hold.

    Minimum-trace reconciliation with a diagonal covariance W (Wickramasuriya, Athanasopoulos & Hyndman 2019):
    ỹ = ŷ − W C'(C W C')⁻¹ C ŷ at each horizon. A row of C is +1 for the parts and −1 for their total.
    """
    if not len(constraints):
        return forecasts.copy()
    moved = forecasts.copy()
    for step in range(forecasts.shape[1]):
        weighted = variances[:, step][:, None] * constraints.T
        gap = constraints @ forecasts[:, step]
        moved[:, step] -= weighted @ np.linalg.solve(constraints @ weighted, gap)
    return moved
