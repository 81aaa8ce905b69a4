"""Anderson-accelerated fixed points u = F(u), compiled (Walker & Ni 2011, SIAM J. Numer. Anal. 49:1715-1735)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from headway.models.device import place

# Bounds one step in logs, so that a wild extrapolation far from the solution cannot overflow the next evaluation.
LONGEST_STEP = 1.5
# Relative ridge on the normal equations of the history: below it, two differences count as the same direction.
RIDGE = 1e-14

Limits = tuple[jax.Array, jax.Array, jax.Array]


@dataclass(frozen=True)
class SolverOptions:
    """How to solve: stop when max |F(u) − u| ≤ `tolerance`; `memory` past steps; `damping` of the factor-market
    update.

    `damping` is the share of the way that earnings move towards market clearing before acceleration; a smaller
    number is slower and safer. `batch` is for many draws: how many run side by side in one compiled batch, 0 for one
    by one over the cores, None for what suits the device.
    """

    tolerance: float = 1e-10
    max_iterations: int = 400
    memory: int = 8
    damping: float = 0.5
    batch: int | None = None

    def limits(self, *, damping: float = 1.0, patience: int = 1) -> Limits:
        """Tolerance, most iterations and damping on the device; `damping` and `patience` multiply the options'."""
        values = (self.tolerance, np.int32(self.max_iterations * patience), self.damping * damping)
        placed: Limits = place(values)
        return placed


class FixedPoint(NamedTuple):
    """Where a fixed-point search stopped: the point, its residual F(u) − u, evaluations, max |residual|, and what
    else the last evaluation found.
    """

    point: jax.Array
    residual: jax.Array
    iterations: jax.Array
    error: jax.Array
    found: Any


class _History(NamedTuple):
    """State of the search: last point and residual, and the last `memory` differences of both."""

    evaluations: jax.Array
    error: jax.Array
    point: jax.Array
    residual: jax.Array
    next_point: jax.Array
    point_steps: jax.Array
    residual_steps: jax.Array
    found: Any


Step = Callable[[jax.Array], tuple[jax.Array, Any]]


def anderson(
    step: Step,
    start: jax.Array,
    *,
    mixing: jax.Array,
    tolerance: jax.Array,
    max_iterations: jax.Array,
    memory: int,
    longest_step: float = LONGEST_STEP,
) -> FixedPoint:
    """Solve u = F(u) from `start` [m] in a compiled loop; `mixing` [m] damps the plain update of each element.

    `step` returns F(u) and anything else that the evaluation finds; the last of it is kept, so that nothing has to be
    evaluated (or compiled) a second time.

    With g = F(u) − u and differences ΔU, ΔG over the last `memory` evaluations, the next point is
    u + β g − (ΔU + β ΔG) a, a = argmin |g − ΔG a|. Stops at max |g| ≤ tolerance, a non-finite residual
    or `max_iterations`. `longest_step` bounds the largest element of one move (infinity for linear problems).
    """

    def unfinished(state: _History) -> jax.Array:
        return (state.evaluations < max_iterations) & ((state.error > tolerance) | (state.evaluations == 0))

    def advance(state: _History) -> _History:
        return _advance(state, step, mixing, memory, longest_step)

    blank = jnp.zeros_like(start)
    steps = jnp.zeros((memory, start.shape[0]), start.dtype)
    zero = jnp.zeros((), start.dtype)
    nothing = jax.tree.map(lambda part: jnp.zeros(part.shape, part.dtype), jax.eval_shape(step, start)[1])
    first = _History(jnp.zeros((), jnp.int32), zero, blank, blank, start, steps, steps, nothing)
    last = jax.lax.while_loop(unfinished, advance, first)
    return FixedPoint(last.point, last.residual, last.evaluations, last.error, last.found)


def _advance(
    state: _History,
    step: Step,
    mixing: jax.Array,
    memory: int,
    longest_step: float,
) -> _History:
    """One evaluation and one accelerated step. A NaN residual gives a NaN error, which ends the loop."""
    point = state.next_point
    following, found = step(point)
    residual = following - point
    slot = (state.evaluations - 1) % memory
    seen = state.evaluations > 0
    point_steps = state.point_steps.at[slot].set(jnp.where(seen, point - state.point, 0.0))
    residual_steps = state.residual_steps.at[slot].set(jnp.where(seen, residual - state.residual, 0.0))
    weights = _least_squares(residual_steps, residual)
    move = mixing * (residual - weights @ residual_steps) - weights @ point_steps
    move = move * jnp.minimum(1.0, longest_step / jnp.maximum(jnp.max(jnp.abs(move)), 1e-300))
    error = jnp.max(jnp.abs(residual))
    return _History(
        state.evaluations + 1, error, point, residual, point + move, point_steps, residual_steps, found
    )


def _least_squares(rows: jax.Array, target: jax.Array) -> jax.Array:
    """Weights a [k] that minimise |target − aᵀ rows|, by scaled normal equations; zero for an empty row."""
    gram = rows @ rows.T
    size = jnp.diag(gram)
    filled = size > 0.0
    scale = jnp.where(filled, 1.0 / jnp.sqrt(jnp.where(filled, size, 1.0)), 0.0)
    scaled = gram * scale[:, None] * scale[None, :] + jnp.diag(jnp.where(filled, RIDGE, 1.0))
    return _solve_positive(scaled, (rows @ target) * scale) * scale


def _solve_positive(matrix: jax.Array, right: jax.Array) -> jax.Array:
    """Solve a small symmetric positive definite system [k, k] by Gauss–Jordan elimination without pivots.

    A library call would do as well, but is several times slower to trace and compile than these few lines.
    """

    def eliminate(i: int, table: jax.Array) -> jax.Array:
        row = table[i] / jnp.maximum(table[i, i], RIDGE)
        return (table - table[:, i][:, None] * row[None, :]).at[i].set(row)

    table = jnp.concatenate([matrix, right[:, None]], axis=1)
    solved: jax.Array = jax.lax.fori_loop(0, matrix.shape[0], eliminate, table)[:, -1]
    return solved
