"""Many draws of one economy: over the cores of a CPU, or in batches on an accelerator."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from operator import itemgetter

import jax
import numpy as np

from headway.errors import DataError, NotConverged
from headway.models.device import place
from headway.models.equilibrium.kernel import solve_batch
from headway.models.equilibrium.problem import Problem, parameter_values, policy_levels, prepare
from headway.models.equilibrium.records import Array, Baseline, Closure, Shock
from headway.models.equilibrium.solution import Equilibrium
from headway.models.equilibrium.solver import build_equilibrium, checked_baseline, solve_prepared
from headway.models.equilibrium.system import Parameters, Policy
from headway.models.fixed_point import SolverOptions

ACCELERATOR_BATCH = 256
Numbered = tuple[int, Shock, Array | None]


def solve_many(
    baseline: Baseline,
    shocks: Sequence[Shock],
    closure: Closure | None = None,
    *,
    trade_elasticity: Array | None = None,
    options: SolverOptions | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[Equilibrium, ...]:
    """Solve many draws: D shocks, D sets of trade elasticities [D, J], or both pairwise; one of either is
    repeated.

    On a CPU draws run over the cores, each to its own convergence, through the program that `solve` uses, and results
    do not depend on their number; on an accelerator they run in batches, where those that have converged wait
    unchanged for the rest (`SolverOptions.batch` chooses). `progress` is called with the number of draws done.
    Errors as in `solve`, naming the draw.
    """
    draws = _pair(shocks, trade_elasticity)
    taxed = any(shock.export_tax is not None for shock in shocks)
    problem = prepare(baseline, closure, options=options, export_taxes=taxed)
    size = _batch_size(problem.options)
    done: list[Equilibrium] = []
    for member in _by_batches(problem, draws, size) if size else _by_threads(problem, draws):
        done.append(member)
        if progress is not None:
            progress(len(done))
    return tuple(done)


def _batch_size(options: SolverOptions) -> int:
    """Draws per batch; zero for threads."""
    if options.batch is not None:
        return options.batch
    return 0 if jax.default_backend() == "cpu" else ACCELERATOR_BATCH


def _by_threads(problem: Problem, draws: Sequence[Numbered]) -> Iterator[Equilibrium]:
    """Each draw by itself, over the cores: the compiled program runs without Python's lock."""
    pool = ThreadPoolExecutor(max_workers=os.cpu_count())
    try:
        yield from pool.map(lambda draw: _solve_draw(problem, *draw), draws)
    finally:
        pool.shutdown(cancel_futures=True)


def _by_batches(problem: Problem, draws: Sequence[Numbered], size: int) -> Iterator[Equilibrium]:
    """Batches of one size (the last is filled up); a draw that fails in its batch is tried again by itself."""
    for begin in range(0, len(draws), size):
        batch = draws[begin : begin + size]
        padded = [*batch, *[batch[-1]] * (size - len(batch))]
        bases = [checked_baseline(problem, shock, theta) for _, shock, theta in padded]
        policies = [
            policy_levels(base, draw[1], taxed=problem.taxed) for base, draw in zip(bases, padded, strict=True)
        ]
        parameters = [parameter_values(base, problem.closure) for base in bases]
        found = solve_batch(
            problem.economy,
            Policy(**place(stacked(policies))),
            Parameters(**place(stacked(parameters))),
            place(np.zeros(problem.unknowns)),
            problem.options.limits(),
            problem.structure,
        )
        found = jax.device_get(found)
        for place_in_batch, (draw, base) in enumerate(zip(batch, bases, strict=False)):
            if not found.error[place_in_batch] <= problem.options.tolerance:
                yield _solve_draw(problem, *draw)
                continue
            one = jax.tree.map(itemgetter(place_in_batch), found)
            yield build_equilibrium(problem, base, draw[1], one, 1)


def stacked(rows: Sequence[dict[str, Array | None]]) -> dict[str, Array | None]:
    """One array [D, ...] per field; a field that only some draws have is one in the others (an iceberg change)."""
    names = rows[0].keys()
    return {name: _stack([row[name] for row in rows]) for name in names}


def _stack(values: Sequence[Array | None]) -> Array | None:
    present = [value for value in values if value is not None]
    if not present:
        return None
    return np.stack([np.ones_like(present[0]) if value is None else value for value in values])


def _solve_draw(problem: Problem, number: int, shock: Shock, trade_elasticity: Array | None) -> Equilibrium:
    try:
        return solve_prepared(problem, shock, trade_elasticity=trade_elasticity)
    except NotConverged as problem_found:
        raise NotConverged(f"Draw {number}: {problem_found.message}", problem_found.fix) from problem_found


def _pair(shocks: Sequence[Shock], trade_elasticity: Array | None) -> list[Numbered]:
    """Numbered draws (shock, θ), the shorter of the two repeated where it has one element."""
    if trade_elasticity is None:
        return [(number, shock, None) for number, shock in enumerate(shocks)]
    count = max(len(shocks), len(trade_elasticity))
    if len(shocks) not in (1, count) or len(trade_elasticity) not in (1, count):
        raise DataError(
            f"{len(shocks)} shocks and {len(trade_elasticity)} sets of elasticities cannot be paired.",
            "Give the same number of each, or one of either.",
        )
    return [
        (number, shocks[number % len(shocks)], trade_elasticity[number % len(trade_elasticity)])
        for number in range(count)
    ]
