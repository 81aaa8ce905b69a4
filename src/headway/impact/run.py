"""Request → plan → run → result: one function from a scenario to a result, nothing kept between calls."""

from __future__ import annotations

import time
from collections.abc import Callable

from headway.codes import items
from headway.impact import (
    beside,
    figures,
    findings,
    general,
    joined,
    manifest,
    product,
    published,
    subsidy,
    tables,
)
from headway.impact.baseline import us_year
from headway.impact.plan import FOCUS, Plan, plan
from headway.impact.results import Figure, Result, Table
from headway.impact.surroundings import demand_elasticity, surroundings
from headway.policy import Document, Scenario
from headway.policy.scenario import Horizon
from headway.world import World, item_exports
from headway.world.elasticities import ElasticityDraws

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
) -> Result:
    """Simulate a scenario and return its result; `progress` is told what is being done and the share done.

    `variants` adds the long run under other closures, each for itself, beside the headline.
    Raises UnknownCode, InvalidScenario, NoEffect (nothing moves), DataError, OutsideDomain or NotConverged.
    """
    report = progress or (lambda what, share: None)
    started = time.perf_counter()
    report("Planning the run", 0.05)
    planned = plan(scenario, world)
    made: dict[str, Figure] = {}
    diagnostics: dict[str, dict[str, float]] = {}
    for number, horizon in enumerate(scenario.horizons):
        span = (0.1 + 0.75 * number / len(scenario.horizons), 0.75 / len(scenario.horizons))
        if planned.tariffs:
            found, solver = _tariff_figures(planned, horizon, _within(report, horizon, span))
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


def _tariff_figures(planned: Plan, horizon: Horizon, report: Progress) -> tuple[list[Figure], dict[str, float]]:
    """Every figure of one horizon that tariffs make, and how the solver ended."""
    scenario, world, at = planned.scenario, planned.world, planned.world.region(planned.region)
    drawn = planned.elasticities[horizon]
    everything, alone = solve_world(planned, drawn, report)
    report("Products in the US market", 0.9)
    goods = product.simulate(
        scenario,
        planned.tariffs,
        planned.mix,
        origins=planned.origins,
        around=surroundings(world, everything, alone),
        elasticity=(drawn.substitution, demand_elasticity(drawn)),
    )
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
    solver = {"worst_residual": everything.worst_residual, "most_iterations": float(everything.most_iterations)}
    return made, solver


def _context(planned: Plan, horizon: Horizon) -> figures.Context:
    """What the figures of a horizon share."""
    return figures.Context(
        horizon=horizon,
        measures=tuple(tariff.measure.id for tariff in planned.tariffs),
        sources=(*SOURCES, planned.us_imports),
        us_imports=planned.us_imports,
        pooled="" if planned.stands_alone else planned.names[planned.region],
    )


def solve_world(
    planned: Plan, drawn: ElasticityDraws, report: Progress
) -> tuple[general.GeneralDraws, general.GeneralDraws]:
    """The world economy after all measures, and after those that do not touch home's own exports.

    A home inside a pooled region is too small a part of it to be spared there: the product level alone spares it.
    """
    world, scenario = planned.world, planned.scenario
    spared = planned.region if planned.stands_alone else None
    everything, alone = (
        general.shocked_tariffs(world, planned.tariffs, planned.mix, scenario.date, spare=spare)
        for spare in (None, spared)
    )
    total = 2 * len(everything) * len(drawn.trade_elasticity)
    solved = general.simulate(
        world,
        (everything, alone),
        drawn=drawn,
        home=planned.region,
        focus=FOCUS,
        progress=lambda done: report("World economy", 0.9 * done / total),
    )
    return solved[0], solved[1]


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
    special = product.special_imports(scenario.home, planned.origins, us_year(scenario.date))
    return [
        *figures.us_rates(before, after, planned.origins, planned.names, source=source),
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
