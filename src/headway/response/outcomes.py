"""What an equilibrium means to both sides: the quantities that objectives weigh, in USD billion and thousand jobs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.models.equilibrium import Equilibrium
from headway.response.changes import Wedges
from headway.response.objectives import Objective, Objectives, jobs_by_sector
from headway.response.selectors import Scene
from headway.response.settling import Settled

Array = NDArray[np.float64]

MILLION_PER_BILLION = 1e3


@dataclass(frozen=True)
class Side:
    """One side's quantities after a package. USD billion a year, volumes at base prices; jobs in thousands.

    `real_income` is base income × real income Î/P̂, less what the budget pays outside the model; `exports` [J] to all
    others, `exports_to_other` [J] to the other side; `jobs` [J]; `budget` the cost of subsidies and promotion less
    tariff and export-tax revenue; `revenue` of tariffs; `balance` exports of goods less imports of goods with the other
    side, value; `output` [J].
    """

    real_income: float
    exports: Array
    exports_to_other: Array
    jobs: Array
    budget: float
    revenue: float
    balance: float
    output: Array


@dataclass(frozen=True)
class Outcome:
    """Both sides after a package, and real income of every region [N] as Î/P̂."""

    home: Side
    partner: Side
    welfare: Array


@dataclass(frozen=True)
class Yardstick:
    """How outcomes are measured: the scene, the objectives and both sides' jobs by sector before anything [J]."""

    scene: Scene
    objectives: Objectives
    jobs: tuple[Array, Array]

    @classmethod
    def of(cls, scene: Scene, objectives: Objectives) -> Yardstick:
        """Jobs are zero where no employment is given; `check_objectives` refuses to weigh them."""
        nothing = np.zeros(len(scene.world.sectors))
        home, partner = (jobs_by_sector(objectives, scene.world, region) for region in (scene.home, scene.partner))
        return cls(scene, objectives, (nothing if home is None else home, nothing if partner is None else partner))

    def measure(self, settled: Settled, reference: Array) -> Outcome:
        """Outcome of a settled package; `reference` is trade with the measure in force [J, N, N], for promotion."""
        scene, found = self.scene, settled.equilibrium
        promoted = promotion_cost(settled.wedges, found, reference)
        return Outcome(
            home=_side(found, scene, (scene.at_home, scene.at_partner), self.jobs[0], promoted),
            partner=_side(found, scene, (scene.at_partner, scene.at_home), self.jobs[1], 0.0),
            welfare=found.welfare,
        )


def promotion_cost(wedges: Wedges, found: Equilibrium, reference: Array) -> float:
    """What promotion costs home, USD billion: further exports in the promoted cells over exports per dollar."""
    cost = 0.0
    for cells, exports_per_dollar in wedges.promotion:
        more = float((found.flow_volume - reference)[cells].sum())
        cost += max(more, 0.0) / exports_per_dollar / MILLION_PER_BILLION
    return cost


def _side(found: Equilibrium, scene: Scene, at: tuple[int, int], jobs: Array, promoted: float) -> Side:
    own, other = at
    volume = found.exports_volume(own).copy()
    volume[:, own] = 0.0
    sold = (found.exports(own)[:, other] - found.exports(other)[:, own])[scene.goods].sum()
    income = found.accounts.income[own] * found.welfare[own]
    subsidies = found.cost[:, own] - found.output[:, own]
    revenue = found.tariff_revenue[own]
    budget = subsidies.sum() - revenue - found.export_tax_revenue[own]
    return Side(
        real_income=float(income) / MILLION_PER_BILLION - promoted,
        exports=volume.sum(axis=1) / MILLION_PER_BILLION,
        exports_to_other=volume[:, other] / MILLION_PER_BILLION,
        jobs=jobs * _labour_change(found, own),
        budget=float(budget) / MILLION_PER_BILLION + promoted,
        revenue=float(revenue) / MILLION_PER_BILLION,
        balance=float(sold) / MILLION_PER_BILLION,
        output=found.output[:, own] / found.seller_price_change[:, own] / MILLION_PER_BILLION,
    )


def _labour_change(found: Equilibrium, own: int) -> Array:
    """L̂ by sector [J] with labour mobile: factor payments over the wage, relative to before."""
    before = found.baseline.value_added_share[:, own] * found.accounts.cost[:, own]
    after = found.value_added[:, own] / found.wage_change[own]
    ratio: Array = np.divide(after, before, out=np.ones_like(after), where=before != 0)
    return ratio


def value_of(objective: Objective, side: Side, sectors: tuple[int, ...]) -> float:
    """What a side has of one objective, before weighing; sectors are positions, all where none is named."""
    quantity = getattr(side, objective.measure)
    if isinstance(quantity, np.ndarray):
        return float(quantity[list(sectors)].sum() if sectors else quantity.sum())
    return float(quantity)


def changes(yardstick: Yardstick, after: Outcome, before: Outcome) -> tuple[Array, Array]:
    """Change of every objective of home and of the partner, unweighted; exactly zero where nothing moved."""
    scene, objectives = yardstick.scene, yardstick.objectives
    made = []
    for wanted, region, name in (
        (objectives.home, scene.home, "home"),
        (objectives.partner, scene.partner, "partner"),
    ):
        pairs = [(one, _positions(yardstick, one, region)) for one in wanted]
        old, new = getattr(before, name), getattr(after, name)
        made.append(np.array([value_of(one, new, at) - value_of(one, old, at) for one, at in pairs]))
    return made[0], made[1]


def _positions(yardstick: Yardstick, one: Objective, region: str) -> tuple[int, ...]:
    world = yardstick.scene.world
    return tuple(world.sector(key) for key in yardstick.objectives.sectors_of(one, region))


def weights(objectives: Objectives) -> tuple[Array, Array]:
    """Weights of home's and the partner's objectives."""
    return (
        np.array([one.weight for one in objectives.home]),
        np.array([one.weight for one in objectives.partner]),
    )
