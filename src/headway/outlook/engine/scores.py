"""Measures of forecast accuracy: MASE, percentage errors, coverage, and the Diebold–Mariano test."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray
from scipy import special

FloatArray = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Diebold–Mariano test: `statistic` below 0 favours the first forecast; two-sided `p_value`."""

    statistic: float
    p_value: float
    count: int


def percentage_error(log_forecast: FloatArray, log_actual: FloatArray) -> FloatArray:
    """|F/A − 1| of forecasts and outcomes in logs; NaN where the outcome is unknown."""
    return np.asarray(np.abs(np.expm1(log_forecast - log_actual)))


def seasonal_scale(values: FloatArray, end: int) -> float:
    """Mean |y − y₋₁₂| of levels [T] up to index `end`: the denominator of MASE; NaN for a year or less."""
    known = values[: end + 1]
    return float(np.mean(np.abs(known[12:] - known[:-12]))) if len(known) > 12 else float("nan")


def diebold_mariano(loss_first: FloatArray, loss_second: FloatArray, horizon: int) -> Comparison:
    """Test that two forecasts lose the same on average, losses [N] at one horizon in months.

    Long-run variance with horizon − 1 autocovariances (Bartlett weights, so that it stays positive) and the
    small-sample correction of Harvey, Leybourne & Newbold (1997), against Student's t with N − 1 degrees.
    """
    both = np.isfinite(loss_first) & np.isfinite(loss_second)
    difference = (loss_first - loss_second)[both]
    count = len(difference)
    if count < max(8, 2 * horizon) or np.allclose(difference, 0):
        return Comparison(float("nan"), float("nan"), count)
    centred = difference - difference.mean()
    variance = float(centred @ centred) / count
    for lag in range(1, horizon):
        variance += 2 * (1 - lag / horizon) * float(centred[lag:] @ centred[:-lag]) / count
    if variance <= 0:
        return Comparison(float("nan"), float("nan"), count)
    correction = np.sqrt((count + 1 - 2 * horizon + horizon * (horizon - 1) / count) / count)
    statistic = float(correction * difference.mean() / np.sqrt(variance / count))
    return Comparison(statistic, float(2 * special.stdtr(count - 1, -abs(statistic))), count)
