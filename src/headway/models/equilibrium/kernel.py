"""The compiled program: one fixed point and its outcome. The same program serves a single solve and every draw."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp

from headway.models.equilibrium.system import (
    Economy,
    Outcome,
    Parameters,
    Policy,
    Structure,
    Unknowns,
    evaluate,
    update,
    wedges,
)
from headway.models.fixed_point import FixedPoint, Limits, anderson


def pack(unknowns: Unknowns) -> jax.Array:
    """One vector [m] of all unknowns: earnings, prices, expenditure and, with scale effects, sales."""
    return jnp.concatenate([part.ravel() for part in unknowns if part is not None])


def unpack(vector: jax.Array, economy: Economy, structure: Structure) -> Unknowns:
    """The unknowns in their own shapes."""
    shape = economy.expenditure.shape
    size = shape[0] * shape[1]
    first = economy.earnings.size
    blocks = [vector[first + i * size : first + (i + 1) * size].reshape(shape) for i in range(2 + structure.scale)]
    return Unknowns(
        earnings=vector[:first].reshape(economy.earnings.shape),
        price=blocks[0],
        expenditure=blocks[1],
        sales=blocks[2] if structure.scale else None,
    )


def one_step(
    vector: jax.Array, economy: Economy, policy: Policy, parameters: Parameters, structure: Structure
) -> jax.Array:
    """F(u) as a function of everything it depends on, for the solver and for derivatives."""
    unknowns = unpack(vector, economy, structure)
    wedge = wedges(economy, policy, parameters)
    outcome = evaluate(unknowns, economy, policy, wedge, parameters)
    return pack(update(unknowns, outcome, economy, structure))


def mixing_weights(size: int, economy: Economy, damping: jax.Array) -> jax.Array:
    """Damping of the plain update: `damping` for earnings, whose demand is elastic, one for everything else."""
    return jnp.where(jnp.arange(size) < economy.earnings.size, damping, 1.0)


def _solve(
    economy: Economy,
    policy: Policy,
    parameters: Parameters,
    start: jax.Array,
    limits: Limits,
    structure: Structure,
) -> FixedPoint:
    """Fixed point from `start` [m], its `Outcome` in `found`; `limits` is (tolerance, most iterations, damping)."""
    tolerance, max_iterations, damping = limits
    wedge = wedges(economy, policy, parameters)

    def step(vector: jax.Array) -> tuple[jax.Array, Outcome]:
        unknowns = unpack(vector, economy, structure)
        outcome = evaluate(unknowns, economy, policy, wedge, parameters)
        return pack(update(unknowns, outcome, economy, structure)), outcome

    return anderson(
        step,
        start,
        mixing=mixing_weights(start.shape[0], economy, damping),
        tolerance=tolerance,
        max_iterations=max_iterations,
        memory=structure.memory,
    )


solve_program = partial(jax.jit, static_argnames=("structure",))(_solve)


@partial(jax.jit, static_argnames=("structure",))
def solve_batch(
    economy: Economy,
    policy: Policy,
    parameters: Parameters,
    start: jax.Array,
    limits: Limits,
    structure: Structure,
) -> FixedPoint:
    """`solve_program` for a batch of policies and parameters [D, ...] from one start; draws that are done wait."""

    def one(policy: Policy, parameters: Parameters) -> FixedPoint:
        return _solve(economy, policy, parameters, start, limits, structure)

    solved: FixedPoint = jax.vmap(one)(policy, parameters)
    return solved


def residual_location(residual_index: int, economy: Economy, structure: Structure) -> tuple[str, tuple[int, ...]]:
    """The equation and the index (sector, region), or (region,), that element `residual_index` of F(u) − u
    stands for.
    """
    first = int(economy.earnings.size)
    sectors, regions = economy.expenditure.shape
    if residual_index < first:
        if structure.labour == "mobile":
            return "factor market", (residual_index,)
        return "factor market", divmod(residual_index, regions)
    block, place = divmod(residual_index - first, sectors * regions)
    return ("price index", "goods market", "sales")[block], divmod(place, regions)
