"""A local level that tells a one-off from a level shift, and the seasonal naive forecast."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from headway.outlook.engine.smoothing import likelihood_weights

FloatArray = NDArray[np.float64]
Origins = NDArray[np.int64]

GAIN = (0.3, 0.5, 0.7, 0.85, 1.0)
JUMP = 3.0
"""Deviations of the one-step error beyond which a month is taken for a one-off or the start of a shift."""

MEMORY = 0.95
DRIFT_SHARE = 0.5


def local_level(adjusted: FloatArray, origins: Origins, horizon: int) -> FloatArray:
    """Forecasts [S, O, H] of a robust local level with drift on logs [S, T].

    A surprise of more than three deviations moves the level only by the gain times three deviations: it may be a
    one-off. If the next surprise has the same sign and size, the level has shifted and is set to the new month.
    The drift is half the mean change so far; gains are averaged by likelihood of the cut errors.
    """
    gain = np.array(GAIN)
    level = np.repeat(adjusted[:, :1], len(gain), axis=1)
    scale = np.full_like(level, _starting_scale(adjusted, int(origins[0])))
    squares, pending = np.zeros_like(level), np.zeros_like(level)
    steps = np.arange(1, horizon + 1)
    forecasts = np.empty((len(adjusted), len(origins), horizon))
    place = {int(origin): index for index, origin in enumerate(origins)}
    for t in range(1, adjusted.shape[1]):
        drift = DRIFT_SHARE * (adjusted[:, t - 1] - adjusted[:, 0])[:, None] / max(t - 1, 1)
        error = adjusted[:, t : t + 1] - level - drift
        jump = np.abs(error) > JUMP * scale
        shifted = jump & (pending * error > 0)
        cut = np.clip(error, -JUMP * scale, JUMP * scale)
        level = np.where(shifted, adjusted[:, t : t + 1], level + drift + gain * cut)
        pending = np.where(jump & ~shifted, error, 0.0)
        scale = np.sqrt(
            MEMORY * scale**2 + (1 - MEMORY) * np.clip(error, -1.5 * JUMP * scale, 1.5 * JUMP * scale) ** 2
        )
        squares += cut * cut
        if t in place:
            weight = likelihood_weights(squares, t)
            forecasts[:, place[t]] = (weight * level).sum(1)[:, None] + drift * steps[None]
    return forecasts


def _starting_scale(adjusted: FloatArray, first: int) -> FloatArray:
    changes = np.diff(adjusted[:, : first + 1], axis=1)
    spread = np.median(np.abs(changes - np.median(changes, axis=1, keepdims=True)), axis=1, keepdims=True)
    return np.asarray(1.4826 * spread + 1e-6)


def seasonal_naive(adjusted: FloatArray, origins: Origins, horizon: int) -> FloatArray:
    """Forecasts [S, O, H]: the same month of the last known year, on logs [S, T]."""
    ahead = np.arange(1, horizon + 1)
    back = origins[:, None] + ahead[None] - 12 * np.ceil(ahead / 12).astype(int)[None]
    return np.asarray(adjusted[:, np.maximum(back, 0)])


def naive(adjusted: FloatArray, origins: Origins, horizon: int) -> FloatArray:
    """Forecasts [S, O, H]: the last level stays, on logs [S, T]."""
    return np.repeat(adjusted[:, origins][:, :, None], horizon, axis=2)
