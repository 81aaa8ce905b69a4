"""ARIMA(p,1,q) by conditional least squares on a grid of moving-average terms, averaged by AICc."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from headway.outlook.engine.filters import autoregress
from headway.outlook.engine.origins import Origins, by_row

FloatArray = NDArray[np.float64]

MAX_ORDER = 4
MOVING_AVERAGE = (0.0, -0.3, -0.6, -0.8, 0.3)
CLIP = 2.0
"""Robust deviations at which a monthly change is cut: one extreme month must not set the dynamics."""

DRIFT_SHARE = 0.5
"""Share of the mean change kept as drift; the Theta method halves it too, and it pays out of sample."""


def arima(adjusted: FloatArray, origins: Origins, horizon: int) -> FloatArray:
    """Forecasts [S, O, H] of logs [S, T]: Δy − c = u + θu₋₁, u = Σ φᵢ u₋ᵢ + e, for p ≤ 4 and θ on a grid.

    φ are least squares on u at every origin (moments are running sums, so each origin sees only its past); the
    forecasts of all orders are averaged with weights exp(−AICc/2). Cuts and drift are fixed at the first origin of a
    row; origins are [O], or [S, O] of each row's own.
    """
    origins = by_row(origins, len(adjusted))
    changes, drift = _prepared(adjusted, origins[:, 0])
    orders = MAX_ORDER + 1
    score = np.empty((len(MOVING_AVERAGE), orders, *origins.shape))
    path = np.empty((*score.shape, horizon))
    count = np.maximum(origins - MAX_ORDER, 1)
    for place, theta in enumerate(MOVING_AVERAGE):
        filtered = autoregress(changes, -theta)
        coefficients, squares = _autoregressions(_moments(filtered, origins))
        for order in range(orders):
            score[place, order] = akaike(squares[order] / count, count, order + 1 + (theta != 0))
        path[place] = _project(_recent(filtered, origins), coefficients, theta, horizon)
    weight = np.exp(-0.5 * (score - score.min(axis=(0, 1))))
    weight /= weight.sum(axis=(0, 1))
    growth = np.einsum("pqso,pqsoh->soh", weight, path) + drift[:, None, None]
    last = np.take_along_axis(adjusted, origins, axis=1)
    return np.asarray(last[:, :, None] + np.cumsum(growth, axis=2))


def _prepared(adjusted: FloatArray, first: Origins) -> tuple[FloatArray, FloatArray]:
    """Changes [S, T − 1] with extremes cut and half their mean taken out, and that half mean [S].

    Centre, spread and mean are those of the months of each row up to its `first` [S].
    """
    changes = np.diff(adjusted, axis=1)
    cut, drift = np.empty_like(changes), np.empty(len(changes))
    for month in np.unique(first):
        rows = first == month
        seen = changes[rows, :month]
        centre = np.median(seen, axis=1, keepdims=True)
        spread = 1.4826 * np.median(np.abs(seen - centre), axis=1, keepdims=True) + 1e-9
        cut[rows] = np.clip(changes[rows], centre - CLIP * spread, centre + CLIP * spread)
        drift[rows] = DRIFT_SHARE * cut[rows, :month].mean(axis=1)
    return cut - drift[:, None], drift


def _lagged(filtered: FloatArray) -> FloatArray:
    """[S, T, 1 + p]: each value with its p predecessors; the first p rows are zero."""
    length = filtered.shape[1]
    stacked = np.zeros((*filtered.shape, MAX_ORDER + 1))
    for lag in range(MAX_ORDER + 1):
        stacked[:, MAX_ORDER:, lag] = filtered[:, MAX_ORDER - lag : length - lag]
    return stacked


def _moments(filtered: FloatArray, origins: Origins) -> FloatArray:
    """Cross products [S, O, 1+p, 1+p] of a value and its lags, summed up to each origin [S, O]."""
    stacked = _lagged(filtered)
    sums = np.cumsum(stacked[..., :, None] * stacked[..., None, :], axis=1)
    # A change at index t−1 ends in month t, so origin t has seen changes up to t − 1.
    return np.asarray(sums[np.arange(len(filtered))[:, None], origins - 1])


def _recent(filtered: FloatArray, origins: Origins) -> FloatArray:
    """The last p + 1 filtered changes at each origin [S, O], newest first: [S, O, 1+p]."""
    back = origins[..., None] - 1 - np.arange(MAX_ORDER + 1)
    found = filtered[np.arange(len(filtered))[:, None, None], np.maximum(back, 0)]
    return np.where(back >= 0, found, 0.0)


def _autoregressions(moments: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Coefficients [P, S, O, p], zero beyond their order, and sums of squares [P, S, O] of all orders from zero on."""
    found = [_autoregression(moments, order) for order in range(MAX_ORDER + 1)]
    coefficients = np.zeros((len(found), *moments.shape[:-2], MAX_ORDER))
    for order, (values, _) in enumerate(found):
        coefficients[order, ..., :order] = values
    return coefficients, np.stack([squares for _, squares in found])


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
    """Expected changes [..., S, O, H] less drift: u runs on by its autoregression [..., S, O, p], Δ = u + θu₋₁."""
    order = coefficients.shape[-1]
    run = np.empty((*coefficients.shape[:-1], recent.shape[-1] + horizon))
    run[..., : recent.shape[-1]] = recent[..., ::-1]
    newest_last = coefficients[..., ::-1]
    for place in range(recent.shape[-1], run.shape[-1]):
        run[..., place] = (newest_last * run[..., place - order : place]).sum(axis=-1)
    now, before = run[..., recent.shape[-1] :], run[..., recent.shape[-1] - 1 : -1]
    return np.asarray(now + theta * before)
