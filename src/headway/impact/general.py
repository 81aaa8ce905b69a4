"""The whole world economy: what a scenario does to trade and income in every region (METHODS section 2)."""

from __future__ import annotations

import datetime as dt
import itertools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from headway.codes import countries
from headway.errors import NotConverged
from headway.impact.coverage import ImportMix, covers_everything, product_share, reached_share, rows_in
from headway.impact.line_rates import sector_changes
from headway.impact.rates import DrawnTariff, expanded, tariff_after
from headway.models import fixed_price
from headway.models.equilibrium import Shock, prepare, solve_prepared
from headway.world import World
from headway.world.elasticities import ElasticityDraws

Array = NDArray[np.float64]

US = "USA"


@dataclass(frozen=True)
class GeneralDraws:
    """What every draw [P, Q] leaves: volumes at baseline prices, USD million, and real income.

    `home_exports` [P, Q, J, importer], own sales zero, and `before` [J, importer]; `goods_exports` [P, Q, N] of
    every region, and those to the partner in focus; `real_income` Î/P̂ [P, Q, N]; `seller_price` p̂ before
    tariff [P, Q, J, N], and `focus_spending` X̂ by sector of the partner in focus [P, Q, J], for the product level.
    `worst_residual` and `most_iterations` are over all draws.
    """

    before: Array
    home_exports: Array
    goods_exports_before: Array
    goods_exports: Array
    goods_exports_to_focus_before: Array
    goods_exports_to_focus: Array
    real_income: Array
    seller_price: Array
    focus_spending: Array
    worst_residual: float
    most_iterations: int


def shocked_tariffs(
    world: World, tariffs: tuple[DrawnTariff, ...], mix: ImportMix, on: dt.date, *, spare: str | None = None
) -> Array:
    """Tariffs after the measures [P, J, importer, exporter]; `spare` is a region whose own rates stay as they are.

    Domestic sales are never hit. A measure that reaches no cell leaves the rates unchanged; the caller reports it.
    """
    after = np.repeat(world.tariff[None], len(tariffs[0].rates) if tariffs else 1, axis=0)
    for imposer in dict.fromkeys(tariff.measure.imposer for tariff in tariffs):
        own = tuple(tariff for tariff in tariffs if tariff.measure.imposer == imposer)
        covered = np.array([_cells(world, tariff, mix, on).ravel() for tariff in own])
        for importer in importers(world, imposer, on):
            new = tariff_after(world.tariff[:, importer].ravel(), own, covered)
            after[:, :, importer] = new.reshape(-1, len(world.sectors), len(world.regions))
            if world.regions[importer] == US:
                _line_by_line(after, world, own, mix, on)
            after[:, :, importer, importer] = world.tariff[:, importer, importer]
    if spare is not None:
        after[:, :, :, world.region(spare)] = world.tariff[:, :, world.region(spare)]
    return after


def _line_by_line(
    after: Array, world: World, tariffs: tuple[DrawnTariff, ...], mix: ImportMix, on: dt.date
) -> None:
    """Put the averages of US lines into `after` where the world's US tariffs are theirs: floors meet each line."""
    found = sector_changes(world, mix, tariffs, on)
    if found is None:
        return
    change, known = found
    at = world.region(US)
    after[:, :, at] = np.where(known, world.tariff[:, at] + change, after[:, :, at])


def simulate(
    world: World,
    cases: tuple[Array, ...],
    *,
    drawn: ElasticityDraws,
    home: str,
    focus: str,
    progress: Callable[[int], None] | None = None,
) -> tuple[GeneralDraws, ...]:
    """Solve every tariff draw [P, J, N, N] of each case with every set of elasticities; `home`, `focus`: regions.

    In the long run wages adjust and nominal deficits are fixed (`models.equilibrium`); up to a year wages and final
    spending are fixed and trade balances adjust (`models.fixed_price`). Draws of one set of elasticities are solved
    one after the other, each from its neighbour's solution; sets run over the machine's cores. A draw without a
    solution is approached from half its tariffs; what then fails raises NotConverged naming the draw.
    """
    tariffs, sets = np.stack(cases, axis=1), len(drawn.trade_elasticity)
    solver = _first_year if drawn.horizon == "up_to_a_year" else _long_run
    move = solver(world, drawn.trade_elasticity)
    keep = _keeper(world, home, focus)
    report, done = progress or (lambda count: None), itertools.count(1)

    def chain(q: int) -> list[_Kept]:
        kept, state = [], None
        for number, tariff in enumerate(tariffs.reshape(-1, *tariffs.shape[2:])):
            try:
                one = _patient(move, q, tariff, world.tariff, state)
            except NotConverged as error:
                which = f"draw {number // len(cases) + 1} of the rates"
                which += f", elasticities {q + 1} of {sets}" if sets > 1 else ""
                raise NotConverged(f"No solution for {which}: {error.message}", error.fix) from error
            kept.append(keep(one))
            state = one.state
            report(next(done))
        return kept

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        solved = list(pool.map(chain, range(sets)))
    count = len(cases)
    by_case = [[[one[p * count + c] for one in solved] for p in range(len(tariffs))] for c in range(count)]
    return tuple(_gather(world, kept, home, focus) for kept in by_case)


def _gather(world: World, solved: list[list[_Kept]], home: str, focus: str) -> GeneralDraws:
    """What a reader needs of the draws [P][Q], as arrays."""
    at, buyer = world.region(home), world.region(focus)
    flow = world.flow[_goods(world)]
    every = [one for row in solved for one in row]
    stacked = {name: np.array([[getattr(one, name) for one in row] for row in solved]) for name in _PER_DRAW}
    return GeneralDraws(
        before=_without(world.flow[:, :, at], at),
        goods_exports_before=_abroad(flow),
        goods_exports_to_focus_before=flow[:, buyer].sum(axis=0),
        worst_residual=max(one.residual for one in every),
        most_iterations=max(one.iterations for one in every),
        **stacked,
    )


class _Kept(NamedTuple):
    """What stays of one draw, so that memory does not grow with bilateral flows: fields of `GeneralDraws`."""

    home_exports: Array
    goods_exports: Array
    goods_exports_to_focus: Array
    real_income: Array
    seller_price: Array
    focus_spending: Array
    residual: float
    iterations: int


_PER_DRAW = tuple(name for name in _Kept._fields if name not in ("residual", "iterations"))


def _keeper(world: World, home: str, focus: str) -> Callable[[_Move], _Kept]:
    """Takes from a draw what `GeneralDraws` holds."""
    at, buyer, goods = world.region(home), world.region(focus), _goods(world)

    def keep(one: _Move) -> _Kept:
        return _Kept(
            home_exports=_without(one.volume[:, :, at], at),
            goods_exports=_abroad(one.volume[goods]),
            goods_exports_to_focus=one.volume[goods, buyer].sum(axis=0),
            real_income=one.real_income,
            seller_price=one.seller_price,
            focus_spending=one.spending[:, buyer],
            residual=one.residual,
            iterations=one.iterations,
        )

    return keep


def _goods(world: World) -> NDArray[np.bool_]:
    """Which sectors are goods [J]."""
    return np.array([key in world.goods for key in world.sectors])


def _patient(move: _Solver, q: int, tariff: Array, before: Array, start: Any) -> _Move:
    """One draw; where it has no solution at first, half of the change of tariffs comes first."""
    try:
        return move(q, tariff, start)
    except NotConverged:
        half = np.sqrt((1 + before) * (1 + tariff)) - 1
        return move(q, tariff, move(q, half, None).state)


class _Move(NamedTuple):
    """One draw's outcome, whichever model made it: trade at baseline prices [J, N, N], Î/P̂ [N], p̂ and X̂ [J, N]."""

    volume: Array
    real_income: Array
    seller_price: Array
    spending: Array
    residual: float
    iterations: int
    state: Any


_Solver = Callable[[int, Array, Any], _Move]
"""Solves a set of elasticities (by number) for a tariff, from a neighbour's state or None."""


def _long_run(world: World, theta: Array) -> _Solver:
    baseline = world.baseline(theta[0])
    problem = prepare(baseline)

    def move(q: int, tariff: Array, start: Any) -> _Move:
        one = solve_prepared(problem, Shock(tariff=tariff), trade_elasticity=theta[q], start=start)
        spending = _ratio(one.expenditure, baseline.expenditure)
        ended = (one.diagnostics.worst_residual, one.diagnostics.iterations)
        return _Move(one.flow_volume, one.welfare, one.seller_price_change, spending, *ended, one.state)

    return move


def _first_year(world: World, theta: Array) -> _Solver:
    baseline = world.baseline(theta[0])

    def move(q: int, tariff: Array, start: Any) -> _Move:
        one = fixed_price.solve(baseline.with_elasticity(theta[q]), tariff, start=start)
        spending = _ratio(one.expenditure, baseline.expenditure)
        ended = (one.residual, one.iterations)
        return _Move(one.flow_volume, one.real_income, one.cost_change, spending, *ended, one.state)

    return move


def _ratio(after: Array, before: Array) -> Array:
    return np.divide(after, before, out=np.ones_like(after), where=before > 0)


def needs_import_mix(world: World, tariffs: tuple[DrawnTariff, ...], on: dt.date) -> list[DrawnTariff]:
    """Measures of other importers than the US that reach only part of a cell, so that the US mix stands in."""
    others = [tariff for tariff in tariffs if tariff.measure.imposer != US]
    return [one for one in others if not (covers_everything(one.measure) and _whole(world, one, on))]


def _whole(world: World, tariff: DrawnTariff, on: dt.date) -> bool:
    """Whether the partners are whole regions of the world: a region with all its countries, or everybody."""
    measure = tariff.measure
    if measure.excluded_partners:
        return False
    return measure.is_universal or not world.places.whole(expanded(measure.partners, on))[1]


def _cells(world: World, tariff: DrawnTariff, mix: ImportMix, on: dt.date) -> Array:
    """Share of each sector × exporting region that a measure reaches [J, N]; services are out of reach."""
    covered = np.zeros((len(world.sectors), len(world.regions)))
    goods = [world.sector(key) for key in world.goods]
    if covers_everything(tariff.measure) and _whole(world, tariff, on):
        covered[goods] = _hit_regions(world, tariff, on)
        return covered
    rows = rows_in(mix, world.places)
    shares = reached_share(rows, tariff, on, ("sector", "region"))
    if tariff.targets(np.array([US]), on)[
        0
    ]:  # US sales are not among US imports: the mix of all origins stands in
        shares = shares.vstack(
            product_share(rows, tariff.measure).select("sector", pl.lit(US).alias("region"), "share")
        )
    for sector, region, share in shares.iter_rows():
        if sector in world.goods:
            covered[world.sector(sector), world.region(region)] = share
    return covered


def _hit_regions(world: World, tariff: DrawnTariff, on: dt.date) -> Array:
    """1 for every region that a measure on whole regions hits, 0 elsewhere [N]."""
    hit = np.full(len(world.regions), float(tariff.measure.is_universal))
    if not tariff.measure.is_universal:
        named = world.places.whole(expanded(tariff.measure.partners, on))[0]
        hit[[world.region(region) for region in named]] = 1.0
    hit[importers(world, tariff.measure.imposer, on)] = 0.0
    return hit


def importers(world: World, imposer: str, on: dt.date) -> list[int]:
    """Positions of the regions that an imposer stands for: a country, or the members of a customs union.

    Members inside the rest of the world are left out: it would not raise its tariffs for them.
    """
    if imposer not in {group.key for group in countries.all_groups()}:
        return [world.region(world.places.of(imposer))]
    touched = {world.places.of(iso3) for iso3 in countries.members(imposer, on)} - {"ROW"}
    return sorted(world.region(region) for region in touched)


def _without(volume: Array, own: int) -> Array:
    volume = volume.copy()
    volume[:, own] = 0.0
    return volume


def _abroad(flow: Array) -> Array:
    """Exports of every region [N] from flows [J, importer, exporter], own sales left out."""
    return np.asarray(flow.sum(axis=(0, 1)) - np.einsum("jnn->n", flow))
