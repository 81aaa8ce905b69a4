"""Calendar and seasonal effects by generalised least squares with an IMA(1,1) error."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from headway.outlook.engine.filters import autoregress

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
    system = _system(slopes, weight, prior, len(logs))
    coefficients = _fit(changes, system)[0]
    for _ in range(PASSES):
        surprise = changes - coefficients[:, :-1] @ slopes.T
        centre = np.median(surprise, axis=1, keepdims=True)
        spread = 1.4826 * np.median(np.abs(surprise - centre), axis=1, keepdims=True)
        cut = np.clip(surprise, centre - CLIP * spread, centre + CLIP * spread)
        coefficients, chosen, squares, normal, variance = _fit(changes + cut - surprise, system)
    inverse = np.diagonal(np.linalg.inv(normal), axis1=1, axis2=2)
    errors = np.sqrt(variance[:, None] * inverse)
    sigma = np.sqrt(squares / weight.sum())
    return Effects(coefficients[:, :-1], errors[:, :-1], np.array(MOVING_AVERAGE)[chosen], sigma)


@dataclasses.dataclass(frozen=True)
class _System:
    """What every pass shares: filtered regressors and a constant [Θ, K, T], products [Θ, K, K], weights, prior."""

    x: FloatArray
    gram: FloatArray
    loose: FloatArray
    weight: FloatArray
    precision: FloatArray
    mean: FloatArray


def _system(slopes: FloatArray, weight: FloatArray, prior: Prior, count: int) -> _System:
    columns = np.vstack([slopes.T, np.ones(len(slopes))])
    x = np.stack([autoregress(columns, theta) for theta in MOVING_AVERAGE])
    gram = (x * weight) @ x.swapaxes(1, 2)
    tiny = 1e-9 * np.eye(len(columns))
    trace = np.trace(gram, axis1=1, axis2=2)[:, None, None]
    mean = np.zeros((count, len(columns)))
    mean[:, :-1] = prior.mean
    return _System(
        x, gram + tiny, gram + 1e-3 * trace * tiny + tiny, weight, np.append(1.0 / prior.sd**2, 0.0), mean
    )


def _fit(changes: FloatArray, system: _System) -> tuple[FloatArray, ...]:
    """Coefficients [S, K], the place of θ [S], weighted squares [S], normal matrix [S, K, K] and σ² [S] at its best θ.

    σ², the prior's weight, comes from a first solve without the prior.
    """
    y = np.stack([autoregress(changes, theta) for theta in MOVING_AVERAGE])
    cross = (y * system.weight) @ system.x.swapaxes(1, 2)
    variance = _noise(y, system, cross)
    normal = system.gram[:, None] + variance[..., None, None] * np.diag(system.precision)
    target = cross + variance[..., None] * system.precision * system.mean
    coefficients = np.linalg.solve(normal, target[..., None])[..., 0]
    squares = ((y - coefficients @ system.x) ** 2 * system.weight).sum(axis=-1)
    chosen, rows = squares.argmin(axis=0), np.arange(len(changes))
    best = (one[chosen, rows] for one in (squares, normal, variance))
    return coefficients[chosen, rows], chosen, *best


def _noise(y: FloatArray, system: _System, cross: FloatArray) -> FloatArray:
    """Variance [Θ, S] of what a free fit leaves, per degree of freedom; the data's own where few degrees are left."""
    weight = system.weight
    left = weight.sum() - system.x.shape[1]
    if left < FEW_LEFT:
        centred = y - (y * weight).sum(-1, keepdims=True) / weight.sum()
        return np.asarray((centred**2 * weight).sum(-1) / weight.sum())
    free = np.linalg.solve(system.loose, cross.swapaxes(1, 2)).swapaxes(1, 2)
    return np.asarray(((y - free @ system.x) ** 2 * weight).sum(-1) / left)
