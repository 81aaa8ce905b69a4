"""What to ask for first: home's gain per unit of the partner's cost, from the slopes of the equilibrium at the measure.

A side's weighted objectives are one scalar of the equilibrium, so one adjoint solve gives its slope by every tariff of
the partner on home's goods. Within a sector the slope is shared out over product lines by how much each adds to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from headway.codes import products
from headway.impact.plan import FOCUS
from headway.models.equilibrium import Equilibrium
from headway.models.gradients import Scalar, gradient
from headway.response.board import Board, Package, Scored
from headway.response.changes import apply
from headway.response.library import parse_move
from headway.response.objectives import Objective
from headway.response.outcomes import MILLION_PER_BILLION, changes
from headway.response.selectors import Scene
from headway.response.settling import Problem, settle
from headway.world import elasticities

Array = NDArray[np.float64]

LEAST_COST = 1e-9
"""A cost to the partner of less than this, USD billion, counts as none."""


@dataclass(frozen=True)
class Slopes:
    """Derivatives at the measure in force of both sides' scores by the partner's tariffs on home [J], USD billion for a
    rate of one (0.01 is a point); `further` duty [J] in place, and trade [J] in USD billion."""

    home: Array
    partner: Array
    further: Array
    trade: Array

    @property
    def gain(self) -> Array:
        """Home's gain from taking each further duty away, to first order [J], USD billion."""
        return -self.home * self.further

    @property
    def cost(self) -> Array:
        """The partner's loss from that [J], USD billion; below zero where it gains too."""
        return self.partner * self.further


def slopes_at_measure(board: Board) -> Slopes:
    """Slopes of both sides' scores at the central state without agreement."""
    scene, found = board.scene, board.central.threatened.equilibrium
    n, i = scene.at_partner, scene.at_home
    home = gradient(found, side_scalar(board, found, "home")).tariff[:, n, i]
    partner = gradient(found, side_scalar(board, found, "partner")).tariff[:, n, i]
    further = board.central.ground.further[:, n, i]
    return Slopes(home, partner, further, scene.world.flow[:, n, i] / MILLION_PER_BILLION)


def side_scalar(board: Board, found: Equilibrium, side: str) -> Scalar:
    """A side's weighted objectives as weights on results of the equilibrium, exact to first order."""
    scene = board.scene
    own, other = (scene.at_home, scene.at_partner) if side == "home" else (scene.at_partner, scene.at_home)
    region = scene.home if side == "home" else scene.partner
    objectives = board.yardstick.objectives
    jobs = board.yardstick.jobs[0 if side == "home" else 1]
    parts = _Parts(found, own, other, jobs, scene)
    for one in getattr(objectives, side):
        sectors = [scene.world.sector(key) for key in objectives.sectors_of(one, region)]
        parts.add(one, sectors or list(range(len(scene.world.sectors))))
    return parts.scalar()


class _Parts:
    """Weights of one side's scalar, gathered objective by objective, in USD billion per unit of each result."""

    def __init__(self, found: Equilibrium, own: int, other: int, jobs: Array, scene: Scene) -> None:
        self.found, self.own, self.other, self.jobs, self.scene = found, own, other, jobs, scene
        regions, bilateral = found.baseline.regions, found.baseline.trade_share.shape
        self.log_welfare, self.revenue = np.zeros(regions), np.zeros(regions)
        self.flow, self.flow_volume = np.zeros(bilateral), np.zeros(bilateral)
        self.value_added = np.zeros(bilateral[:2])

    def add(self, one: Objective, sectors: list[int]) -> None:
        """Add an objective; values of the equilibrium are USD million."""
        weight = one.weight / MILLION_PER_BILLION
        own, other, goods = self.own, self.other, self.scene.goods
        abroad = [n for n in range(self.found.baseline.regions) if n != own]
        if one.measure == "real_income":
            self.log_welfare[own] += weight * self.found.accounts.income[own] * self.found.welfare[own]
        elif one.measure == "exports":
            self.flow_volume[np.ix_(sectors, abroad, [own])] += weight
        elif one.measure == "output":
            self.flow_volume[sectors, :, own] += weight
        elif one.measure == "balance":
            self.flow[goods, other, own] += weight
            self.flow[goods, own, other] -= weight
        elif one.measure == "jobs":
            self._add_jobs(one.weight, sectors)
        else:
            self.revenue[own] += weight if one.measure == "revenue" else -weight

    def _add_jobs(self, weight: float, sectors: list[int]) -> None:
        """L̂ = V̂/ŵ by sector, with ŵ from all value added: dL = jobs · (dV/V − dΣV/ΣV), at the equilibrium."""
        added, own = self.found.value_added[:, self.own], self.own
        before = self.found.baseline.value_added_share[:, own] * self.found.accounts.cost[:, own]
        labour = np.divide(added / self.found.wage_change[own], before, out=np.ones_like(added), where=before != 0)
        level = self.jobs * labour
        share = np.divide(level, added, out=np.zeros_like(level), where=added != 0)
        self.value_added[sectors, own] += weight * share[sectors]
        self.value_added[:, own] -= weight * level[sectors].sum() / added.sum()

    def scalar(self) -> Scalar:
        """All weights as one scalar."""
        return Scalar(
            log_welfare=self.log_welfare,
            tariff_revenue=self.revenue,
            flow=self.flow,
            flow_volume=self.flow_volume,
            value_added=self.value_added,
        )


def by_ratio(gain: Array, cost: Array) -> NDArray[np.int64]:
    """Order of lines to ask for: first those that cost the partner nothing, largest gain first; then by gain per cost.

    Lines that bring home nothing come last.
    """
    free = (cost <= LEAST_COST) & (gain > 0)
    ratio = np.where(gain > 0, gain / np.maximum(cost, LEAST_COST), -np.inf)
    return np.lexsort((-np.where(free, gain, ratio), ~free, gain <= 0))


def sector_list(board: Board, found: Slopes) -> list[tuple[int, float, float]]:
    """Sectors with a further duty in the order of `by_ratio`: (sector, home's gain, partner's cost), USD billion."""
    hit = np.flatnonzero((found.further > 0) & (found.trade > 0))
    order = hit[by_ratio(found.gain[hit], found.cost[hit])]
    return [(int(j), float(found.gain[j]), float(found.cost[j])) for j in order]


def line_list(board: Board, found: Slopes) -> pl.DataFrame:
    """Product lines of US imports from home, the first to ask for on top.

    Columns: hs6, label, sector, usd (billion), gain, cost (USD billion). A line adds to its sector's slope of home in
    proportion to D = V(1 + θ(1 − s)), the fall of what it sells when its duty rises (V its value, θ + 1 its own
    elasticity, s home's share of US imports). The partner's cost has a part like that, and revenue, which goes with V.
    Empty where the partner is not the US: product lines are known for its imports alone.
    """
    if board.scene.partner != FOCUS:
        return pl.DataFrame(schema=_LINE_SCHEMA)
    lines = _lines(board)
    sector = np.array([board.scene.world.sectors.index(key) for key in lines["sector"]], dtype=np.int64)
    value, response = lines["usd"].to_numpy(), _response(lines)
    by_value, by_response = _shares(value, sector), _shares(response, sector)
    revenue = _revenue_slope(board) * found.trade
    cost = (found.partner - revenue)[sector] * by_response + revenue[sector] * by_value
    made = lines.with_columns(
        usd=pl.Series(value / MILLION_PER_BILLION),
        gain=pl.Series(found.gain[sector] * by_response),
        cost=pl.Series(cost * found.further[sector]),
        label=pl.Series([products.describe(code) for code in lines["hs6"]]),
    )
    return made.select(*_LINE_SCHEMA)[by_ratio(made["gain"].to_numpy(), made["cost"].to_numpy())]


_LINE_SCHEMA = {
    "hs6": pl.String,
    "label": pl.String,
    "sector": pl.String,
    "usd": pl.Float64,
    "gain": pl.Float64,
    "cost": pl.Float64,
}


def _revenue_slope(board: Board) -> float:
    """What the partner's score gains when it collects a dollar more, nothing responding."""
    return sum(one.weight for one in board.yardstick.objectives.partner if one.measure == "revenue")


def _lines(board: Board) -> pl.DataFrame:
    """US imports from home by product [hs6, sector, usd million, share of home, sigma], goods sectors only."""
    rows = board.scene.mix.rows.filter(pl.col("sector").is_in(board.scene.world.goods))
    whole = rows.group_by("hs6").agg(total=pl.col("usd").sum())
    own = rows.filter(pl.col("region") == board.scene.home).group_by("hs6", "sector").agg(pl.col("usd").sum())
    joined = own.join(whole, on="hs6").with_columns(share=pl.col("usd") / pl.col("total")).sort("hs6")
    central = elasticities.central_elasticities("long_run", hs6=tuple(joined["hs6"]))
    return joined.with_columns(usd=pl.col("usd") / 1e6, sigma=pl.Series(central.substitution[0]))


def _response(lines: pl.DataFrame) -> Array:
    """D = V(1 + θ(1 − s)), with θ = σ − 1."""
    value, sigma, share = (lines[name].to_numpy() for name in ("usd", "sigma", "share"))
    return np.asarray(value * (1.0 + (sigma - 1.0) * (1.0 - share)))


def _shares(values: Array, group: NDArray[np.int64]) -> Array:
    """Share of each value in its group's sum."""
    total = np.bincount(group, values)
    return np.asarray(values / total[group])


def exemptions(board: Board, lists: Sequence[tuple[str, ...]]) -> list[Scored]:
    """The further duty on each list of products taken away, solved exactly, home's reply and all else as it is.

    A list is what to ask for, not an agreement: the reply stays, so that what the list itself brings is seen.
    """
    state = board.central
    asked = [parse_move("exemption(products=" + "+".join(one) + ")") for one in lists]
    problems = [
        Problem(state.ground, apply((*board.reply, move), state.ground), state.trade_elasticity) for move in asked
    ]
    made = []
    for move, found in zip(asked, settle(board.baseline, problems), strict=True):
        outcome = board.yardstick.measure(found, state.ground.volume)
        home, partner = changes(board.yardstick, outcome, state.threat)
        made.append(Scored(Package((move,)), home, partner, outcome))
    return made
