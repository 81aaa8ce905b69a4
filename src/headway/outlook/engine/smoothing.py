"""Exponential smoothing: level or damped trend, averaged over its parameters by likelihood; and Theta."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Origins = NDArray[np.int64]

LEVEL_GAIN = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
TREND_GAIN = (0.0, 0.05, 0.1, 0.2, 0.3)
DAMPING = (0.8, 0.9, 0.95, 0.98)
BURN_IN = 12
"""Months whose errors do not count: the start of the level is a guess."""

THETA_GAIN = tuple(np.linspace(0.05, 1.0, 20))


def _grid() -> FloatArray:
    rows = [(a, 0.0, 0.9) for a in LEVEL_GAIN]
    rows += [(a, a * b, p) for a, b, p in itertools.product(LEVEL_GAIN, TREND_GAIN[1:], DAMPING)]
    return np.array(rows)


def exponential_smoothing(
    adjusted: FloatArray, origins: Origins, horizon: int, *, grid: FloatArray | None = None
) -> FloatArray:
    """Forecasts [S, O, H] of ETS(A,N,N) and ETS(A,Ad,N) on logs [S, T], averaged over a parameter grid.

    One-step error e = y − ℓ − φb; ℓ += φb + αe; b = φb + βe. The weight of a grid point at an origin is its
    Gaussian likelihood up to that origin, SSE^(−n/2), so no origin sees a later month. `grid` [G, 3] replaces the
    points (α, β, φ).
    """
    alpha, beta, phi = (_grid() if grid is None else grid).T
    level = np.repeat(adjusted[:, :1], len(alpha), axis=1)
    slope = np.zeros_like(level)
    squares = np.zeros_like(level)
    ahead = np.cumsum(phi[:, None] ** np.arange(1, horizon + 1)[None], axis=1)
    forecasts = np.empty((len(adjusted), len(origins), horizon))
    place = {int(origin): index for index, origin in enumerate(origins)}
    for t in range(1, adjusted.shape[1]):
        expected = level + phi * slope
        error = adjusted[:, t : t + 1] - expected
        level = expected + alpha * error
        slope = phi * slope + beta * error
        if t >= min(BURN_IN, int(origins[0]) // 3):
            squares += error * error
        if t in place:
            weight = likelihood_weights(squares, max(t - BURN_IN, 1))
            forecasts[:, place[t]] = (weight * level).sum(1)[:, None] + (weight * slope) @ ahead
    return forecasts


def likelihood_weights(squares: FloatArray, count: int) -> FloatArray:
    """Weights [S, G] ∝ SSE^(−n/2) over the last axis; equal where nothing has been seen."""
    logarithm = -0.5 * count * np.log(squares + 1e-12)
    weight = np.exp(logarithm - logarithm.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def theta(adjusted: FloatArray, origins: Origins, horizon: int) -> FloatArray:
    """Forecasts [S, O, H] of the standard Theta method (Assimakopoulos & Nikolopoulos 2000) on logs [S, T].

    Simple exponential smoothing plus half the slope of the least-squares line, as Hyndman & Billah (2003) show:
    ŷ(h) = ℓ + (b/2)(h − 1 + 1/α − (1−α)^n/α), α by least squares on a grid of 0.05.
    """
    gains = np.array(THETA_GAIN)
    level = np.repeat(adjusted[:, :1], len(gains), axis=1)
    squares = np.zeros_like(level)
    rows = np.arange(len(adjusted))
    steps = np.arange(horizon)
    forecasts = np.empty((len(adjusted), len(origins), horizon))
    place = {int(origin): index for index, origin in enumerate(origins)}
    for t in range(1, adjusted.shape[1]):
        error = adjusted[:, t : t + 1] - level
        squares += error * error
        level = level + gains * error
        if t in place:
            best = squares.argmin(axis=1)
            gain = gains[best][:, None]
            drift = 0.5 * line_slope(adjusted[:, : t + 1])[:, None]
            forecasts[:, place[t]] = level[rows, best][:, None] + drift * (
                steps[None] + (1 - (1 - gain) ** (t + 1)) / gain
            )
    return forecasts


def line_slope(values: FloatArray) -> FloatArray:
    """Least-squares slope per month of each row of [S, T]."""
    time = np.arange(values.shape[1]) - (values.shape[1] - 1) / 2
    return np.asarray(values @ time / (time @ time))
