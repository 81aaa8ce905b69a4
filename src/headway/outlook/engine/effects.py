"""Calendar and seasonal effects by generalised least squares with an IMA(1,1) error."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

FloatArray = NDArray[np.float64]

MOVING_AVERAGE = (0.0, 0.2, 0.4, 0.6, 0.8)
"""Candidates for θ in (1 − θL) of the error's differences: 0 is a random walk, 0.8 mostly noise around a level."""

FORGETTING = 0.985
"""Weight of a month relative to the next one, so that seasonal patterns may drift."""

CLIP = 3.5
"""Robust standard deviations beyond which a month's surprise is cut before the next pass."""

FEW_LEFT = 8
"""Degrees of freedom below which the noise cannot be told from a free fit, and the data's own variance stands in."""

PASSES = 3
"""Passes after the first: each takes more of an extreme month out of the pattern that it distorted."""


@dataclasses.dataclass(frozen=True)
class Prior:
    """Normal prior of the effects: `mean` [K] or [S, K] and standard deviation `sd` [K]."""

    mean: FloatArray
    sd: FloatArray


@dataclasses.dataclass(frozen=True)
class Effects:
    """Estimated effects [S, K] with standard errors, the θ chosen [S] and the residual's deviation [S]."""

    coefficients: FloatArray
    errors: FloatArray
    moving_average: FloatArray
    sigma: FloatArray


def design(month: NDArray[np.int64], log_days: FloatArray | None, *, seasonal: bool) -> FloatArray:
    """Regressors [T, K]: log working days first if given, then eleven seasonal contrasts that sum to zero."""
    columns = [] if log_days is None else [log_days]
    if seasonal:
        columns += [(month == m).astype(float) - (month == 11) for m in range(11)]
    return np.column_stack(columns) if columns else np.zeros((len(month), 0))


def estimate(logs: FloatArray, regressors: FloatArray, prior: Prior, *, forgetting: float = FORGETTING) -> Effects:
    """Fit Δy = c + Δx'β + (1 − θL)ε for each row of `logs` [S, T], `regressors` [T, K], by GLS with a prior.

    θ minimises the weighted sum of squares; months whose surprise exceeds 3.5 robust deviations are cut and the
    fit repeated, so that a crisis month does not become a seasonal. A month weighs `forgetting` times the next.
    """
    changes, slopes = np.diff(logs, axis=1), np.diff(regressors, axis=0)
    weight = forgetting ** np.arange(changes.shape[1] - 1, -1, -1.0)
    fit = _fit(changes, slopes, weight, prior)
    for _ in range(PASSES):
        surprise = changes - fit.coefficients @ slopes.T
        centre = np.median(surprise, axis=1, keepdims=True)
        spread = 1.4826 * np.median(np.abs(surprise - centre), axis=1, keepdims=True)
        cut = np.clip(surprise, centre - CLIP * spread, centre + CLIP * spread)
        fit = _fit(changes + cut - surprise, slopes, weight, prior)
    return fit


def _fit(changes: FloatArray, slopes: FloatArray, weight: FloatArray, prior: Prior) -> Effects:
    count, length = changes.shape
    columns = np.column_stack([slopes, np.ones(length)])
    fits = []
    for theta in MOVING_AVERAGE:
        x = lfilter([1.0], [1.0, -theta], columns, axis=0)
        y = lfilter([1.0], [1.0, -theta], changes, axis=1)
        fits.append(_ridge(y, x, weight, prior))
    coefficients, errors, squares = (np.stack(parts) for parts in zip(*fits, strict=True))
    chosen, rows, kept = squares.argmin(axis=0), np.arange(count), slopes.shape[1]
    return Effects(
        coefficients[chosen, rows, :kept],
        errors[chosen, rows, :kept],
        np.array(MOVING_AVERAGE)[chosen],
        np.sqrt(squares[chosen, rows] / weight.sum()),
    )


def _noise(y: FloatArray, x: FloatArray, weight: FloatArray, loose: FloatArray) -> FloatArray:
    """Variance [S] of what a free fit leaves, per degree of freedom; that of the data where few degrees are left."""
    left = weight.sum() - x.shape[1]
    if left < FEW_LEFT:
        centred = y - (y * weight).sum(1, keepdims=True) / weight.sum()
        return np.asarray((centred**2 * weight).sum(1) / weight.sum())
    return np.asarray(((y - loose @ x.T) ** 2 * weight).sum(1) / left)


def _ridge(y: FloatArray, x: FloatArray, weight: FloatArray, prior: Prior) -> tuple[FloatArray, ...]:
    """Coefficients, their errors and the weighted squares, with σ² of the prior's weight from a first solve."""
    gram = (x * weight[:, None]).T @ x
    cross = (y * weight) @ x
    tiny = 1e-9 * np.eye(x.shape[1])
    variance = _noise(y, x, weight, np.linalg.solve(gram + 1e-3 * np.trace(gram) * tiny + tiny, cross.T).T)
    precision = np.append(1.0 / prior.sd**2, 0.0)
    mean = np.zeros((len(y), x.shape[1]))
    mean[:, :-1] = prior.mean
    normal = gram[None] + variance[:, None, None] * np.diag(precision)[None] + tiny[None]
    target = cross + variance[:, None] * precision * mean
    coefficients = np.linalg.solve(normal, target[:, :, None])[:, :, 0]
    squares = ((y - coefficients @ x.T) ** 2 * weight).sum(1)
    errors = np.sqrt(variance[:, None] * np.diagonal(np.linalg.inv(normal), axis1=1, axis2=2))
    return coefficients, errors, squares
