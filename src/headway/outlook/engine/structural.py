"""A local level that tells a one-off from a level shift, and the seasonal naive forecast."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from headway.outlook.engine.origins import Origins, by_row, visits
from headway.outlook.engine.smoothing import likelihood_weights

FloatArray = NDArray[np.float64]

GAIN = (0.3, 0.5, 0.7, 0.85, 1.0)
JUMP = 3.0
"""Deviations of the one-step error beyond which a month is taken for a one-off or the start of a shift."""

MEMORY = 0.95
DRIFT_SHARE = 0.5


def local_level(adjusted: FloatArray, origins: Origins, horizon: int) -> FloatArray:
    """Forecasts [S, O, H] of a robust local level with drift on logs [S, T].

    A surprise of more than three deviations moves the level only by the gain times three deviations: it may be a
    one-off. If the next surprise has the same sign and size, the level has shifted and is set to the new month.
    The drift is half the mean change so far; gains are averaged by likelihood of the cut errors. Origins are [O], or
    [S, O] of each row's own; the spread at the start is that of the months up to the first.
    """
    gain = np.array(GAIN)
    origins = by_row(origins, len(adjusted))
    level = np.repeat(adjusted[:, :1], len(gain), axis=1)
    scale = np.repeat(_starting_scale(adjusted, origins[:, 0]), len(gain), axis=1)
    squares, pending = np.zeros_like(level), np.zeros_like(level)
    steps = np.arange(1, horizon + 1)
    forecasts = np.empty((*origins.shape, horizon))
    place = visits(origins)
    drifts = DRIFT_SHARE * (adjusted - adjusted[:, :1]) / np.maximum(np.arange(adjusted.shape[1]), 1)
    for t in range(1, adjusted.shape[1]):
        drift, now = drifts[:, t - 1 : t], adjusted[:, t : t + 1]
        expected = level + drift
        error = now - expected
        size, bound = np.abs(error), JUMP * scale
        jump = size > bound
        shifted = jump & (pending * error > 0)
        cut = np.copysign(np.minimum(size, bound), error)
        level = np.where(shifted, now, expected + gain * cut)
        pending = np.where(jump & ~shifted, error, 0.0)
        scale = np.sqrt(MEMORY * scale**2 + (1 - MEMORY) * np.minimum(size, 1.5 * bound) ** 2)
        squares += cut * cut
        if t in place:
            rows, columns = place[t]
            weight = likelihood_weights(squares[rows], t)
            middle = (weight * level[rows]).sum(1)[:, None]
            forecasts[rows, columns] = middle + drift[rows] * steps[None]
    return forecasts


def _starting_scale(adjusted: FloatArray, first: Origins) -> FloatArray:
    """Robust spread [S, 1] of the changes of each row up to its month `first` [S]."""
    spread = np.empty((len(adjusted), 1))
    for month in np.unique(first):
        rows = first == month
        changes = np.diff(adjusted[rows, : month + 1], axis=1)
        middle = np.median(changes, axis=1, keepdims=True)
        spread[rows] = np.median(np.abs(changes - middle), axis=1, keepdims=True)
    return np.asarray(1.4826 * spread + 1e-6)


def seasonal_naive(adjusted: FloatArray, origins: Origins, horizon: int) -> FloatArray:
    """Forecasts [S, O, H]: the same month of the last known year, on logs [S, T]; origins [O] or [S, O]."""
    ahead = np.arange(1, horizon + 1)
    back = by_row(origins, len(adjusted))[..., None] + ahead - 12 * np.ceil(ahead / 12).astype(int)
    return np.asarray(adjusted[np.arange(len(adjusted))[:, None, None], np.maximum(back, 0)])


def naive(adjusted: FloatArray, origins: Origins, horizon: int) -> FloatArray:
    """Forecasts [S, O, H]: the last level stays, on logs [S, T]; origins [O] or [S, O]."""
    last = np.take_along_axis(adjusted, by_row(origins, len(adjusted)), axis=1)
    return np.repeat(last[:, :, None], horizon, axis=2)
