"""The central case of a scenario: middle of every range, central elasticities, long run, one solve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.errors import NoEffect
from headway.impact import general
from headway.impact.plan import Plan, plan
from headway.impact.rates import DrawnTariff
from headway.impact.results import Result
from headway.models.equilibrium import Closure, Equilibrium, Shock, rebalance, solve
from headway.policy import Scenario
from headway.world import World, elasticities

Array = NDArray[np.float64]

MIDDLE = 1
"""Row of `Plan.ends` with the middle of every range."""


@dataclass(frozen=True)
class CentralCase:
    """One long-run equilibrium with the labels that its arrays lack; `home` is the region that home is (part of)."""

    world: World
    home: str
    equilibrium: Equilibrium

    @property
    def at(self) -> int:
        """Position of home's region."""
        return self.world.region(self.home)


def central_case(
    subject: Plan | Result | Scenario,
    *,
    world: World | None = None,
    closure: Closure | None = None,
    spare_home: bool = False,
) -> CentralCase:
    """Solve the central case of a plan, a result or a scenario; `spare_home` leaves the tariffs on home as they were.

    `world` where the scenario is not to run on the embedded one (a plan has its own). With the closure "balanced",
    deficits are removed from the baseline first, as Caliendo & Parro do, so that only the measures move anything.
    Raises NoEffect where no tariff moves, and what `plan` and `models.equilibrium.solve` raise.
    """
    planned = planned_from(subject, world)
    if not planned.tariffs:
        raise NoEffect("The scenario has no tariff that can be simulated.", "Add a tariff measure with a rate.")
    tariff = middle_tariff(planned, planned.ends, spare=planned.region if spare_home else None)
    equilibrium = solve_at(planned.world, tariff, central_theta(), closure=closure)
    return CentralCase(planned.world, planned.region, equilibrium)


def planned_from(subject: Plan | Result | Scenario, world: World | None = None) -> Plan:
    """The plan of a subject: itself, or made again from its scenario."""
    if isinstance(subject, Plan):
        return subject
    return plan(subject.scenario if isinstance(subject, Result) else subject, world)


def central_theta() -> Array:
    """Central long-run trade elasticities θ [J] of the world's sectors."""
    return np.asarray(elasticities.central_elasticities("long_run", hs6=()).trade_elasticity[0])


def middle_tariff(planned: Plan, tariffs: tuple[DrawnTariff, ...], *, spare: str | None = None) -> Array:
    """Tariffs [J, importer, exporter] after `tariffs` out of `planned.ends`, each at the middle of its range."""
    after = general.shocked_tariffs(planned.world, tariffs, planned.mix, planned.scenario.date, spare=spare)
    return np.asarray(after[MIDDLE if tariffs else 0])


def solve_at(world: World, tariff: Array, theta: Array, *, closure: Closure | None = None) -> Equilibrium:
    """The long-run equilibrium of a world after tariffs move to `tariff` [J, importer, exporter]."""
    baseline = world.baseline(theta)
    if closure is not None and closure.trade_balance == "balanced":
        baseline = rebalance(baseline, Closure(trade_balance="balanced"))
    return solve(baseline, Shock(tariff=tariff), closure)
