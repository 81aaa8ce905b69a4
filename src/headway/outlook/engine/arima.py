"""ARIMA(p,1,q) by conditional least squares on a grid of moving-average terms, averaged by AICc."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

FloatArray = NDArray[np.float64]
Origins = NDArray[np.int64]

MAX_ORDER = 4
MOVING_AVERAGE = (0.0, -0.3, -0.6, -0.8, 0.3)
CLIP = 2.0
"""Robust deviations at which a monthly change is cut: one extreme month must not set the dynamics."""

DRIFT_SHARE = 0.5
"""Share of the mean change kept as drift; the Theta method halves it too, and it pays out of sample."""


def arima(adjusted: FloatArray, origins: Origins, horizon: int) -> FloatArray:
    """Forecasts [S, O, H] of logs [S, T]: Δy − c = u + θu₋₁, u = Σ φᵢ u₋ᵢ + e, for p ≤ 4 and θ on a grid.

    φ are least squares on u at every origin (moments are running sums, so each origin sees only its past); the
    forecasts of all orders are averaged with weights exp(−AICc/2). Cuts and drift are fixed at the first origin.
    """
    changes, drift = _prepared(adjusted, int(origins[0]))
    shape = (len(adjusted), len(origins))
    candidates = list(itertools.product(MOVING_AVERAGE, range(MAX_ORDER + 1)))
    score = np.empty((len(candidates), *shape))
    path = np.empty((len(candidates), *shape, horizon))
    for theta in MOVING_AVERAGE:
        filtered = lfilter([1.0], [1.0, theta], changes, axis=1)
        moments = _moments(filtered, origins)
        recent = _recent(filtered, origins)
        for order in range(MAX_ORDER + 1):
            index = candidates.index((theta, order))
            coefficients, squares = _autoregression(moments, order)
            count = np.maximum(origins - MAX_ORDER, 1)
            score[index] = akaike(squares / count, count, order + 1 + (theta != 0))
            path[index] = _project(recent, coefficients, theta, horizon)
    weight = np.exp(-0.5 * (score - score.min(axis=0)))
    weight /= weight.sum(axis=0)
    growth = np.einsum("cso,csoh->soh", weight, path) + drift[:, None, None]
    last = adjusted[:, origins]
    return np.asarray(last[:, :, None] + np.cumsum(growth, axis=2))


def _prepared(adjusted: FloatArray, first: int) -> tuple[FloatArray, FloatArray]:
    """Changes with extremes cut and half their mean taken out, and that half mean, from months up to `first`."""
    changes = np.diff(adjusted, axis=1)
    seen = changes[:, :first]
    centre = np.median(seen, axis=1, keepdims=True)
    spread = 1.4826 * np.median(np.abs(seen - centre), axis=1, keepdims=True) + 1e-9
    cut = np.clip(changes, centre - CLIP * spread, centre + CLIP * spread)
    drift = DRIFT_SHARE * cut[:, :first].mean(axis=1)
    return cut - drift[:, None], drift


def _lagged(filtered: FloatArray) -> FloatArray:
    """[S, T, 1 + p]: each value with its p predecessors; the first p rows are zero."""
    length = filtered.shape[1]
    stacked = np.zeros((*filtered.shape, MAX_ORDER + 1))
    for lag in range(MAX_ORDER + 1):
        stacked[:, MAX_ORDER:, lag] = filtered[:, MAX_ORDER - lag : length - lag]
    return stacked


def _moments(filtered: FloatArray, origins: Origins) -> FloatArray:
    """Cross products [S, O, 1+p, 1+p] of a value and its lags, summed up to each origin."""
    stacked = _lagged(filtered)
    sums = np.cumsum(np.einsum("sti,stj->stij", stacked, stacked), axis=1)
    # A change at index t−1 ends in month t, so origin t has seen changes up to t − 1.
    return np.asarray(sums[:, origins - 1])


def _recent(filtered: FloatArray, origins: Origins) -> FloatArray:
    """The last p + 1 filtered changes at each origin, newest first: [S, O, 1+p]."""
    back = origins[:, None] - 1 - np.arange(MAX_ORDER + 1)[None]
    return np.where(back >= 0, filtered[:, np.maximum(back, 0)], 0.0)


def _autoregression(moments: FloatArray, order: int) -> tuple[FloatArray, FloatArray]:
    """Coefficients [S, O, p] of an autoregression and its sum of squares [S, O]."""
    total = moments[..., 0, 0]
    if order == 0:
        return np.zeros((*total.shape, 0)), total
    gram = moments[..., 1 : order + 1, 1 : order + 1]
    cross = moments[..., 1 : order + 1, 0]
    ridge = 1e-6 * np.trace(gram, axis1=-2, axis2=-1)[..., None, None] * np.eye(order) + 1e-15 * np.eye(order)
    coefficients = np.linalg.solve(gram + ridge, cross[..., None])[..., 0]
    squares = total - (coefficients * cross).sum(axis=-1)
    return coefficients, np.maximum(squares, 1e-15)


def akaike(variance: FloatArray, count: NDArray[np.int64], parameters: int) -> FloatArray:
    """AICc = n log σ² + 2k + 2k(k+1)/(n−k−1), k counting the variance."""
    k = parameters + 1
    return np.asarray(
        count * np.log(np.maximum(variance, 1e-15)) + 2 * k + 2 * k * (k + 1) / np.maximum(count - k - 1, 1)
    )


def _project(recent: FloatArray, coefficients: FloatArray, theta: float, horizon: int) -> FloatArray:
    """Expected changes [S, O, H] less drift: u runs on by its autoregression, Δ = u + θu₋₁."""
    order = coefficients.shape[-1]
    state = recent.copy()
    changes = np.empty((*recent.shape[:2], horizon))
    for step in range(horizon):
        following = (coefficients * state[..., :order]).sum(axis=-1)
        changes[..., step] = following + theta * state[..., 0]
        state = np.concatenate([following[..., None], state[..., :-1]], axis=-1)
    return changes
