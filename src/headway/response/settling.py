"""Solving packages: one equilibrium each, with quotas that bind and purchases that are reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from headway.errors import NotConverged
from headway.models.equilibrium import Baseline, Closure, Equilibrium, solve_many
from headway.response.changes import Ground, Purchase, Quota, Wedges

Array = NDArray[np.float64]

TOLERANCE = 1e-6
"""Largest relative gap between a quantity and its target."""

ROUNDS = 40
LOWEST_RATE = -0.9
"""No purchase is brought about by a subsidy of more than this share of the price."""


@dataclass(frozen=True)
class Problem:
    """One package at one set of elasticities: what it starts from, its wedges, and θ [J]."""

    ground: Ground
    wedges: Wedges
    trade_elasticity: Array


@dataclass(frozen=True)
class Settled:
    """A solved package: the equilibrium, the wedges that were in force in it, and the rate at the margin of each quota
    and purchase (fractions), quotas first."""

    equilibrium: Equilibrium
    wedges: Wedges
    margins: tuple[float, ...]


def settle(
    baseline: Baseline,
    problems: Sequence[Problem],
    closure: Closure | None = None,
    *,
    progress: Callable[[int], None] | None = None,
) -> tuple[Settled, ...]:
    """Solve every problem; those with quotas or purchases again until each quantity is met or its rate is at a bound.

    A quota binds where imports at the rate within it would exceed it: then the rate at the margin lies between the
    rates within and beyond. Raises NotConverged naming the cell of a target that is missed, and the solver's errors.
    """
    margins = [_first_margins(one) for one in problems]
    wedges = [_in_force(one, margin, None) for one, margin in zip(problems, margins, strict=True)]
    solved: list[Equilibrium | None] = [None] * len(problems)
    open_problems = list(range(len(problems)))
    for _ in range(ROUNDS):
        if not open_problems:
            break
        found = _solve(baseline, [(problems[k], wedges[k]) for k in open_problems], closure)
        for k, equilibrium in zip(open_problems, found, strict=True):
            solved[k] = equilibrium
            after = _next_margins(problems[k], margins[k], equilibrium)
            met = np.max(np.abs(after - margins[k]), initial=0.0) <= TOLERANCE
            margins[k] = margins[k] if met else after
            updated = _in_force(problems[k], margins[k], equilibrium)
            settled = met and np.allclose(updated.export_tax, wedges[k].export_tax, rtol=0, atol=TOLERANCE)
            wedges[k] = wedges[k] if settled else updated
            if settled:
                open_problems = [one for one in open_problems if one != k]
        if progress is not None:
            progress(len(problems) - len(open_problems))
    missed = open_problems or [k for k, one in enumerate(problems) if _at_lowest(one, margins[k])]
    if missed:
        raise _missed(problems[missed[0]])
    return tuple(
        Settled(equilibrium, one, tuple(float(np.expm1(x)) for x in margin))
        for equilibrium, one, margin in zip(solved, wedges, margins, strict=True)
        if equilibrium is not None
    )


def _solve(
    baseline: Baseline, problems: Sequence[tuple[Problem, Wedges]], closure: Closure | None
) -> tuple[Equilibrium, ...]:
    shocks = [wedges.shock() for _, wedges in problems]
    theta = np.array([problem.trade_elasticity for problem, _ in problems])
    return solve_many(baseline, shocks, closure, trade_elasticity=theta)


def _targets(problem: Problem) -> tuple[Quota | Purchase, ...]:
    return (*problem.wedges.quotas, *problem.wedges.purchases)


def _first_margins(problem: Problem) -> Array:
    """log(1 + rate at the margin): quotas start at the rate within, purchases at the rate in force."""
    rates = [
        one.inside if isinstance(one, Quota) else problem.wedges.tariff[one.cell] for one in _targets(problem)
    ]
    return np.log1p(np.array(rates, dtype=np.float64))


def _next_margins(problem: Problem, margins: Array, equilibrium: Equilibrium) -> Array:
    """Newton's step with the own elasticity −(1 + θ) of trade before tariff, held within the bounds."""
    after = margins.copy()
    for k, one in enumerate(_targets(problem)):
        elasticity = 1.0 + float(problem.trade_elasticity[one.cell[0]])
        reached, wanted = _quantities(problem, k, margins, equilibrium)
        step = np.log(reached / wanted) / elasticity
        low, high = (
            (one.inside, one.outside)
            if isinstance(one, Quota)
            else (LOWEST_RATE, float(problem.wedges.tariff[one.cell]))
        )
        after[k] = np.clip(margins[k] + step, np.log1p(low), np.log1p(high))
    return after


def _quantities(problem: Problem, k: int, margins: Array, equilibrium: Equilibrium) -> tuple[float, float]:
    """(what is traded, what target k is) in USD million at base prices."""
    one = _targets(problem)[k]
    volume = _volume(equilibrium, one.cell)
    if isinstance(one, Purchase):
        return volume, float(problem.ground.volume[one.cell]) + one.extra
    return _covered_volume(problem, k, margins, volume), one.volume


def _covered_volume(problem: Problem, k: int, margins: Array, volume: float) -> float:
    """Trade in the part of a cell that quota k covers: its share moves with its rate against the cell's average, and is
    the base share where the two rates are equal."""
    quota = problem.wedges.quotas[k]
    elasticity = 1.0 + float(problem.trade_elasticity[quota.cell[0]])
    average = np.log1p(_cell_rate(problem, quota.cell, margins))
    return float(min(quota.covered * volume * np.exp(-elasticity * (margins[k] - average)), volume))


def _cell_rate(problem: Problem, cell: tuple[int, int, int], margins: Array) -> float:
    """Average rate of a cell when what quotas cover pays the rates at their margins."""
    quotas = problem.wedges.quotas
    saved = sum(
        one.covered * (one.outside - float(np.expm1(margin)))
        for one, margin in zip(quotas, margins, strict=False)
        if one.cell == cell
    )
    return float(problem.wedges.tariff[cell]) - saved


def _volume(equilibrium: Equilibrium, cell: tuple[int, int, int]) -> float:
    sector, importer, exporter = cell
    return float(equilibrium.flow_volume[sector, importer, exporter])


def _in_force(problem: Problem, margins: Array, equilibrium: Equilibrium | None) -> Wedges:
    """The wedges with targets' rates put in; rents of a quota go to the exporter as a tax on its exports."""
    if not problem.wedges.targets:
        return problem.wedges
    wedges = problem.wedges
    tariff, tax = wedges.tariff.copy(), wedges.export_tax.copy()
    for margin, bought in zip(margins[len(wedges.quotas) :], wedges.purchases, strict=True):
        tariff[bought.cell] = np.expm1(margin)
    for cell in dict.fromkeys(quota.cell for quota in wedges.quotas):
        gross = (1.0 + _cell_rate(problem, cell, margins)) * (1.0 + tax[cell])
        tax[cell] += sum(
            _rent(problem, k, margins, equilibrium)
            for k, quota in enumerate(wedges.quotas)
            if quota.cell == cell and quota.rents_to == "exporter"
        )
        tariff[cell] = gross / (1.0 + tax[cell]) - 1.0
    return replace(wedges, tariff=tariff, export_tax=tax)


def _rent(problem: Problem, k: int, margins: Array, equilibrium: Equilibrium | None) -> float:
    """Rent per dollar of the whole cell: (rate at the margin − rate within) on what enters within quota k."""
    quota = problem.wedges.quotas[k]
    per_unit = float(np.expm1(margins[k])) - quota.inside
    if equilibrium is None or per_unit <= 0:
        return 0.0
    volume = _volume(equilibrium, quota.cell)
    covered = _covered_volume(problem, k, margins, volume)
    return per_unit * min(covered, quota.volume) / volume if volume > 0 else 0.0


def _at_lowest(problem: Problem, margins: Array) -> bool:
    """Whether a purchase is not brought about by the largest subsidy that is tried."""
    bought = margins[len(problem.wedges.quotas) :]
    return bool(np.any(bought <= np.log1p(LOWEST_RATE)))


def _missed(problem: Problem) -> NotConverged:
    one = _targets(problem)[0]
    world = problem.ground.scene.world
    j, n, i = one.cell
    where = f"{world.sectors[j]} from {world.regions[i]} to {world.regions[n]}"
    return NotConverged(
        f"No rate was found that meets the quantity set for {where}.",
        "Ask for a smaller purchase or another quota.",
    )
