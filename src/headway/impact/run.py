"""Request → plan → run → result: one function from a scenario to a result, nothing kept between calls."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor

import numpy as np
from numpy.typing import NDArray

from headway.codes import items
from headway.impact import (
    beside,
    figures,
    findings,
    joined,
    manifest,
    product,
    published,
    subsidy,
    tables,
)
from headway.impact.draws import horizon_draws
from headway.impact.duties import basis_on
from headway.impact.plan import FOCUS, Plan, plan
from headway.impact.results import Figure, Result, Table
from headway.models.ensembles import quantile_convergence
from headway.policy import Document, Scenario
from headway.policy.scenario import Horizon
from headway.world import World, item_exports

Array = NDArray[np.float64]
Progress = Callable[[str, float], None]

SOURCES = (
    *("default_trade", "default_inputs", "default_margins"),
    *("elasticities_sector", "elasticities_hs6", "item_exports"),
)
"""Ids of the tables in the catalogue that a simulation of tariffs stands on, US imports of its year apart."""


def run(
    scenario: Scenario,
    *,
    document: Document | None = None,
    world: World | None = None,
    progress: Progress | None = None,
    variants: bool = False,
    executor: Executor | None = None,
) -> Result:
    """Simulate a scenario and return its result; `progress` is told what is being done and the share done.

    `variants` adds the long run under other closures, each for itself, beside the headline. Draws go over `executor`
    (a process pool, Dask's `Client.get_executor()`) where one is given: the numbers are the same.
    Raises UnknownCode, InvalidScenario, NoEffect (nothing moves), DataError, OutsideDomain or NotConverged.
    """
    report = progress or (lambda what, share: None)
    started = time.perf_counter()
    report("Planning the run", 0.05)
    if basis_on(scenario.date) == "expected":
        report(f"US duties owed on {scenario.date}, line by line", 0.05)
    planned = plan(scenario, world)
    scenario = planned.scenario
    made: dict[str, Figure] = {}
    diagnostics: dict[str, dict[str, float]] = {}
    for number, horizon in enumerate(scenario.horizons):
        span = (0.1 + 0.75 * number / len(scenario.horizons), 0.75 / len(scenario.horizons))
        if planned.tariffs:
            found, solver = _tariff_figures(planned, horizon, _within(report, horizon, span), executor)
            made |= {figure.id: figure for figure in found}
            diagnostics[horizon] = solver
    made |= {figure.id: figure for figure in _once(planned)}
    without_credits = subsidy.simulate(scenario)
    made |= {figure.id: figure for figure in without_credits.figures}
    made |= {figure.id: figure for figure in published.figures_for(scenario)}
    central = beside.of_run(planned, made, sources=(*SOURCES, planned.us_imports), closures=variants)
    made |= {figure.id: figure for figure in central.figures}
    return Result(
        scenario=scenario,
        document=document,
        status=findings.status_line(scenario),
        vintage=planned.world.vintage,
        figures=made,
        tables=_tables(planned, made, (*central.tables, *without_credits.tables)),
        findings=(*without_credits.findings, *findings.of_run(planned, made)),
        manifest=manifest.of_run(planned, diagnostics, seconds=time.perf_counter() - started),
    )


def _tariff_figures(
    planned: Plan, horizon: Horizon, report: Progress, executor: Executor | None
) -> tuple[list[Figure], dict[str, float]]:
    """Every figure of one horizon that tariffs make, and how the solver ended."""
    scenario, world, at = planned.scenario, planned.world, planned.world.region(planned.region)
    solved = horizon_draws(planned, horizon, report, executor=executor)
    everything, goods = solved.everything, solved.goods
    base = joined.item_base(
        world,
        scenario.home,
        goods,
        region=planned.region,
        published=item_exports.published(scenario.home),
        country=item_exports.country_total(scenario.home),
    )
    moved = joined.join(base, world, everything, goods, home=scenario.home, imposers=planned.imposers)
    context = _context(planned, horizon)
    labels = items.labels()
    made = [
        *figures.base_figures(context, moved, labels),
        *figures.headline(context, moved, everything, at),
        *figures.equilibrium_exports(context, world, everything, at),
        *figures.of_items(context, moved, labels),
        *figures.of_rivals(context, world, everything, planned.names, world.regions),
        *figures.us_market_shares(context, goods, planned.names),
        *figures.variance(context, moved),
    ]
    solver = {
        "worst_residual": everything.worst_residual,
        "most_iterations": float(everything.most_iterations),
        "tasks_run_again": float(solved.reruns),
        "interval_change": _interval_change(moved.total.sum(axis=-1) / moved.base.total.sum()),
    }
    return made, solver


def _interval_change(total: Array) -> float:
    """How far the ends of the interval of total exports moved over the last doubling of elasticities, percent."""
    path = quantile_convergence(np.swapaxes(total, 0, 1).ravel(), (figures.LOW, figures.HIGH), smallest=4)
    return float(100 * np.abs(path.last_change).max()) if len(path.sizes) > 1 else 0.0


def _context(planned: Plan, horizon: Horizon) -> figures.Context:
    """What the figures of a horizon share."""
    return figures.Context(
        horizon=horizon,
        measures=tuple(tariff.measure.id for tariff in planned.tariffs),
        sources=(*SOURCES, planned.us_imports),
        us_imports=planned.us_imports,
        pooled="" if planned.stands_alone else planned.names[planned.region],
    )


def _within(report: Progress, horizon: Horizon, span: tuple[float, float]) -> Progress:
    """Progress within a part of the whole run, named by its horizon."""
    start, width = span
    name = tables.HORIZON_NAMES[horizon]
    return lambda what, share: report(f"{what}, {name}", start + width * share)


def _once(planned: Plan) -> list[Figure]:
    """Figures that have no horizon: average US tariffs before and after."""
    if not any(tariff.measure.imposer == FOCUS for tariff in planned.ends):
        return []
    scenario, source = planned.scenario, planned.us_imports
    before, after = product.average_rates(scenario, planned.ends, planned.mix, origins=planned.origins)
    special = product.special_imports(scenario.home, planned.mix)
    return [
        *figures.us_rates(
            before, after, planned.origins, planned.names, source=source, basis=planned.mix.duties.basis
        ),
        *figures.special_provisions(special, source),
    ]


def _rivals(planned: Plan) -> list[str]:
    """Home, then the US, then its largest other suppliers, then the rest of the world economy."""
    return list(dict.fromkeys((planned.region, FOCUS, *planned.origins, *planned.names)))


def _tables(planned: Plan, made: dict[str, Figure], extra: tuple[Table, ...]) -> dict[str, Table]:
    """Tables in the order of weight: items by exports, rivals by their share of US imports."""
    keys = [key for key in items.labels() if f"item.{key}.base" in made]
    keys.sort(key=lambda key: -made[f"item.{key}.base"].value)
    shown = tables.build_tables(
        made,
        planned.scenario.horizons,
        item_keys=keys,
        rivals=_rivals(planned),
        origins=planned.origins,
    )
    comparison = published.table_of(planned.scenario, made)
    return shown | {table.id: table for table in (*extra, *([comparison] if comparison else []))}
