"""Exponential smoothing: level or damped trend, averaged over its parameters by likelihood; and Theta."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from headway.outlook.engine.origins import Origins, by_row, visits

FloatArray = NDArray[np.float64]

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
    """Forecasts [S, O, H] of ETS(A,N,N) and ETS(A,Ad,N) on logs [S, T] from origins [O] or [S, O], over a grid.

    One-step error e = y − ℓ − φb; ℓ += φb + αe; b = φb + βe. The weight of a grid point at an origin is its
    Gaussian likelihood up to that origin, SSE^(−n/2), so no origin sees a later month. Errors count from month 12 on,
    or from a third of the first origin. `grid` [G, 3] replaces the points (α, β, φ).
    """
    alpha, beta, phi = (_grid() if grid is None else grid).T
    level = np.repeat(adjusted[:, :1], len(alpha), axis=1)
    slope = np.zeros_like(level)
    squares = np.zeros_like(level)
    ahead = np.cumsum(phi[:, None] ** np.arange(1, horizon + 1)[None], axis=1)
    origins = by_row(origins, len(adjusted))
    burn_in = np.minimum(BURN_IN, origins[:, :1] // 3)
    forecasts = np.empty((*origins.shape, horizon))
    place = visits(origins)
    for t in range(1, adjusted.shape[1]):
        damped = phi * slope
        level += damped
        error = adjusted[:, t : t + 1] - level
        level += alpha * error
        slope = damped + beta * error
        squares += np.where(t >= burn_in, error, 0.0) ** 2 if t < BURN_IN else error * error
        if t in place:
            rows, columns = place[t]
            weight = likelihood_weights(squares[rows], max(t - BURN_IN, 1))
            middle = (weight * level[rows]).sum(1)[:, None]
            forecasts[rows, columns] = middle + (weight * slope[rows]) @ ahead
    return forecasts


def likelihood_weights(squares: FloatArray, count: int) -> FloatArray:
    """Weights [S, G] ∝ SSE^(−n/2) over the last axis; equal where nothing has been seen."""
    logarithm = -0.5 * count * np.log(squares + 1e-12)
    weight = np.exp(logarithm - logarithm.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def theta(adjusted: FloatArray, origins: Origins, horizon: int) -> FloatArray:
    """Forecasts [S, O, H] of the standard Theta method (Assimakopoulos & Nikolopoulos 2000) on logs [S, T].

    Simple exponential smoothing plus half the slope of the least-squares line, as Hyndman & Billah (2003) show; origins
    are [O], or [S, O] of each row's own:
    ŷ(h) = ℓ + (b/2)(h − 1 + 1/α − (1−α)^n/α), α by least squares on a grid of 0.05.
    """
    gains = np.array(THETA_GAIN)
    level = np.repeat(adjusted[:, :1], len(gains), axis=1)
    squares = np.zeros_like(level)
    steps = np.arange(horizon)
    origins = by_row(origins, len(adjusted))
    forecasts = np.empty((*origins.shape, horizon))
    place = visits(origins)
    for t in range(1, adjusted.shape[1]):
        error = adjusted[:, t : t + 1] - level
        squares += error * error
        level += gains * error
        if t in place:
            rows, columns = place[t]
            best = squares[rows].argmin(axis=1)
            gain = gains[best][:, None]
            drift = 0.5 * line_slope(adjusted[rows, : t + 1])[:, None]
            forecasts[rows, columns] = level[rows, best][:, None] + drift * (
                steps[None] + (1 - (1 - gain) ** (t + 1)) / gain
            )
    return forecasts


def line_slope(values: FloatArray) -> FloatArray:
    """Least-squares slope per month of each row of [S, T]."""
    time = np.arange(values.shape[1]) - (values.shape[1] - 1) / 2
    return np.asarray(values @ time / (time @ time))
