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
    """A side's weighted objectives as weights on results of the equilibrium, exact to first order, USD billion."""
    scene = board.scene
    own, other = (scene.at_home, scene.at_partner) if side == "home" else (scene.at_partner, scene.at_home)
    region = scene.home if side == "home" else scene.partner
    objectives = board.yardstick.objectives
    view = _View(found, own, other, board.yardstick.jobs[0 if side == "home" else 1], scene.goods)
    parts = []
    for one in getattr(objectives, side):
        sectors = [scene.world.sector(key) for key in objectives.sectors_of(one, region)]
        parts.append(_part(view, one, sectors or list(range(len(scene.world.sectors)))))
    return Scalar(**{name: _summed([getattr(part, name) for part in parts]) for name in Scalar._fields})


def _summed(weights: list[Array | None]) -> Array | None:
    given = [one for one in weights if one is not None]
    return np.sum(given, axis=0) if given else None


@dataclass(frozen=True)
class _View:
    """The equilibrium as one side sees it: positions of both sides, its jobs by sector, and the goods sectors."""

    found: Equilibrium
    own: int
    other: int
    jobs: Array
    goods: NDArray[np.int64]


def _part(view: _View, one: Objective, sectors: list[int]) -> Scalar:
    """One objective as weights; values of the equilibrium are USD million."""
    found, own, other = view.found, view.own, view.other
    weight = one.weight / MILLION_PER_BILLION
    at_own = np.arange(found.baseline.regions) == own
    bilateral = np.zeros(found.baseline.trade_share.shape)
    if one.measure == "real_income":
        return Scalar(log_welfare=weight * found.accounts.income * found.welfare * at_own)
    if one.measure in ("revenue", "budget"):
        return Scalar(tariff_revenue=(weight if one.measure == "revenue" else -weight) * at_own)
    if one.measure == "jobs":
        return Scalar(value_added=_jobs_part(view, one.weight, sectors))
    if one.measure == "balance":
        bilateral[view.goods, other, own] += weight
        bilateral[view.goods, own, other] -= weight
        return Scalar(flow=bilateral)
    bilateral[sectors, :, own] = weight
    if one.measure == "exports":
        bilateral[:, own, own] = 0.0
    return Scalar(flow_volume=bilateral)


def _jobs_part(view: _View, weight: float, sectors: list[int]) -> Array:
    """L̂ = V̂/ŵ by sector, with ŵ from all value added: dL = jobs · (dV/V − dΣV/ΣV), at the equilibrium [J, N]."""
    found, own = view.found, view.own
    added = found.value_added[:, own]
    before = found.baseline.value_added_share[:, own] * found.accounts.cost[:, own]
    labour = np.divide(added / found.wage_change[own], before, out=np.ones_like(added), where=before != 0)
    level = view.jobs * labour
    share = np.divide(level, added, out=np.zeros_like(level), where=added != 0)
    made = np.zeros(found.value_added.shape)
    made[sectors, own] = weight * share[sectors]
    made[:, own] -= weight * level[sectors].sum() / added.sum()
    return made


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
