"""Biproportional balancing that keeps signs, for any linear constraints (step 3).

GRAS (Junius & Oosterhaven 2003; Lenzen, Wood & Gallego 2007) finds, among the tables that meet their margins, the
one closest to the prior in information; its solution multiplies positive cells by r·s and divides negative cells by
it. With general constraints C u = b the same solution reads u = u₀ · exp(sign(u₀) · e · Cᵀλ), e the elasticity with
which a cell may move; λ solves C u(λ) = b, the gradient of a convex function, here by damped Newton steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.linalg
import scipy.sparse as sp

from headway.errors import NotConverged
from headway.world.build.records import Array

MAX_STEPS = 200
MAX_EXPONENT = 2.0


@dataclass(frozen=True)
class Balanced:
    """`values` that meet the constraints, `steps` taken, and the worst residual in the units of the targets."""

    values: Array
    steps: int
    worst_residual: float


def balance(
    prior: Array, constraints: sp.csr_matrix, targets: Array, *, give: Array, tolerance: float
) -> Balanced:
    """The values closest to `prior` [cell] with constraints @ values = targets; zeros stay zero, signs stay.

    `give` [cell] says how readily a cell moves (1 usual, 0.1 reluctantly). Raises NotConverged naming the worst
    constraint if a residual stays above `tolerance`.
    """
    sign = np.sign(prior)
    columns = sp.csr_matrix(constraints.multiply((give * sign)[None, :]))
    multipliers = np.zeros(len(targets))
    values = prior.copy()
    for step in range(MAX_STEPS):
        residual = constraints @ values - targets
        if np.abs(residual).max() <= tolerance:
            return Balanced(values, step, float(np.abs(residual).max()))
        weighted = sp.csr_matrix(columns.multiply((np.abs(values) / np.maximum(give, 1e-12))[None, :]))
        hessian = (weighted @ columns.T).toarray()
        direction = -_solve(hessian, residual)
        multipliers, values = _step(prior, columns, multipliers, direction, targets, give)
    worst = int(np.abs(residual).argmax())
    raise NotConverged(
        f"Balancing stopped after {MAX_STEPS} steps; constraint {worst} is off by {residual[worst]:.3g}.",
        "Look for targets that contradict each other, or cells that are zero where a target is not.",
    )


def _solve(hessian: Array, residual: Array) -> Array:
    scale = 1.0 / np.sqrt(np.maximum(np.diag(hessian), 1e-30))
    scaled = hessian * scale[:, None] * scale[None, :]
    scaled[np.diag_indices_from(scaled)] += 1e-13
    factor = scipy.linalg.cho_factor(scaled)
    first = scipy.linalg.cho_solve(factor, residual * scale)
    second = scipy.linalg.cho_solve(factor, residual * scale - scaled @ first)
    return np.asarray((first + second) * scale)


def _step(
    prior: Array, columns: sp.csr_matrix, multipliers: Array, direction: Array, targets: Array, give: Array
) -> tuple[Array, Array]:
    slope = np.asarray(columns.T @ direction)
    length = min(1.0, MAX_EXPONENT / max(float(np.abs(slope).max()), 1e-30))
    start = np.asarray(columns.T @ multipliers)

    def objective(size: float) -> float:
        moved = np.abs(prior) * np.exp(start + size * slope)
        return float((moved / np.maximum(give, 1e-12)).sum() - targets @ (multipliers + size * direction))

    base = objective(0.0)
    while objective(length) > base + 1e-12 * abs(base) and length > 1e-10:
        length *= 0.5
    return multipliers + length * direction, prior * np.exp(start + length * slope)
