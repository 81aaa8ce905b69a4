"""Opportunities as a record of figures and tables: request in, `Response` out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from headway.codes import countries, products, sectors
from headway.impact import plan as plan_run
from headway.impact.plan import FOCUS, Plan
from headway.impact.results import Figure, Finding, Table
from headway.impact.tables import HORIZON_NAMES
from headway.policy import Document, Scenario
from headway.response.exposure import is_in_focus
from headway.response.opportunities import baci
from headway.response.opportunities.diversion import MarketGains, ProductGains, gains, strain
from headway.response.opportunities.fields_report import field_tables
from headway.response.opportunities.potential import Potential, leave_one_out_ease
from headway.response.opportunities.sector_potential import sector_potential
from headway.response.opportunities.us_potential import us_potential
from headway.response.results import WORLD_SOURCES, Response, by_id, ends_of, fixed, manifest, ranged, row, table
from headway.world import World
from headway.world.regions import region_name

Array = NDArray[np.float64]
Progress = Callable[[str, float], None]
Part = tuple[list[Figure], list[Table]]

SHOWN = 15
MILLION_PER_BILLION = 1e3
LEAST_GAIN = 5.0
"""Gains in a sector and market of less than this, USD million, are not shown."""

USER_SIGMA = 5.0
"""Substitution by which a user's tariffs turn into an advantage: an assumption, near the middle of our products."""


def find_opportunities(
    scenario: Scenario,
    *,
    world: World | None = None,
    document: Document | None = None,
    trade: Path | None = None,
    rates: Path | None = None,
    progress: Progress | None = None,
) -> Response:
    """Where home can gain under a scenario: diversion, unused potential, and fields of co-operation, with the reasons.

    `document` marks fields that the text names; `trade` is a BACI file and `rates` a table of tariffs, which open every
    market by product. Raises UnknownCode, InvalidScenario or NoEffect for the scenario, DataError or UnreadableInput
    for files, and errors of the solvers.
    """
    started, report = time.perf_counter(), progress or (lambda what, share: None)
    report("Planning", 0.05)
    planned = plan_run(scenario, world)
    figures: list[Figure] = []
    tables: list[Table] = []
    for more, listed in _parts(planned, document, (trade, rates), report):
        figures += more
        tables += listed
    return Response(
        kind="opportunities",
        title=f"Where {countries.name(scenario.home)} can gain",
        scenario=scenario,
        vintage=planned.world.vintage,
        figures=by_id(figures),
        tables={one.id: one for one in tables if one.rows},
        findings=_findings(trade),
        manifest=manifest(scenario, planned.world, _parameters(planned, trade, rates), started=started),
    )


def _parts(
    planned: Plan, document: Document | None, files: tuple[Path | None, Path | None], report: Progress
) -> Iterable[Part]:
    horizons = planned.scenario.horizons
    if planned.tariffs and is_in_focus(planned):
        for number, horizon in enumerate(horizons):
            report(f"Diversion, {HORIZON_NAMES[horizon]}", 0.1 + 0.5 * number / len(horizons))
            by_product, by_market = gains(planned, horizon)
            yield _products(planned, by_product)
            yield _markets(planned, by_market)
        report("Potential", 0.65)
        yield _us_potential(planned)
    yield _sector_potential(planned)
    if files[0] is not None:
        yield _user_potential(planned, files[0], files[1])
    report("Co-operation", 0.8)
    yield field_tables(planned, document)


def _census(planned: Plan) -> tuple[str, ...]:
    return (*WORLD_SOURCES, f"us_imports_{planned.mix.year}", "elasticities_sector", "elasticities_hs6")


def _products(planned: Plan, found: ProductGains) -> Part:
    """Products with the largest gains from rivals' tariffs, home's sales beside them, and the rival that loses most."""
    mean = found.gain.mean(axis=0)
    shown = [int(k) for k in np.argsort(-mean)[:SHOWN] if mean[k] > 0]
    stretched = _strain_by_product(planned, found)
    figures, rows = [], []
    for k in shown:
        code = found.hs6[k]
        start = f"gain.{found.horizon}.{code}"
        name = f"{code} {products.describe(code)}"
        figures += [
            _drawn(f"{start}.gain", f"{name}: gain from rivals' tariffs", found.gain[:, k], _census(planned)),
            _drawn(f"{start}.net", f"{name}: change with home's own tariff", found.net[:, k], _census(planned)),
            fixed(
                f"{start}.before",
                f"{name}: US imports from home",
                found.before[k] / MILLION_PER_BILLION,
                unit="USD billion",
                sources=_census(planned),
            ),
            fixed(
                f"{start}.strain",
                f"{name}: gains of its sector over home's output",
                stretched[k],
                unit="share",
                sources=_census(planned),
                model="accounting",
                note="what more the sector would have to make if nothing moved from other markets",
            ),
        ]
        cells = {part: f"{start}.{part}" for part in ("gain", "net", "before", "strain")}
        words = {"why": _who_loses(found, k)}
        rows.append(row(code, name, cells, words))
    columns = {
        "gain": "Gain from rivals' tariffs",
        "net": "With home's own tariff",
        "before": "US imports from home",
        "strain": "Sector's gains over output",
        "why": "Who loses",
    }
    id, when = f"gains_products_{found.horizon}", HORIZON_NAMES[found.horizon]
    return figures, [table(id, f"Gains in the US by product, {when}", columns, rows)]


def _who_loses(found: ProductGains, k: int) -> str:
    rival = found.rival[k]
    name = "other origins" if rival == "OTHER" else countries.name(rival)
    return f"{name}, {found.rival_loss[k] / MILLION_PER_BILLION:+.2f} bn USD".replace("-", "−")


def _strain_by_product(planned: Plan, found: ProductGains) -> Array:
    """Gains of each product's whole sector over home's output of it [G]."""
    world = planned.world
    sector = np.array([world.sectors.index(sectors.of_hs6(code)) for code in found.hs6], dtype=np.int64)
    summed = np.bincount(sector, np.maximum(found.gain.mean(axis=0), 0.0), len(world.sectors)).astype(np.float64)
    return strain(world, planned.region, summed)[sector]


def _drawn(id: str, label: str, draws: Array, sources: tuple[str, ...]) -> Figure:
    """Mean and interval of draws in USD million, shown in billions."""
    ends = ends_of(draws / MILLION_PER_BILLION)
    return ranged(id, label, ends, unit="USD billion", model="product level", sources=sources)


def _markets(planned: Plan, found: MarketGains) -> Part:
    mean = found.gain.mean(axis=0)
    order = np.argsort(-mean, axis=None)[:SHOWN]
    cells = [np.unravel_index(int(one), mean.shape) for one in order]
    names, figures, rows = sectors.labels(), [], []
    for j, n in cells:
        if mean[j, n] < LEAST_GAIN:
            continue
        key, region = planned.world.sectors[j], planned.world.regions[n]
        start = f"gain.{found.horizon}.{key}.{region}"
        name = f"{names[key]}, {region_name(region)}"
        figures += [
            _drawn(f"{start}.gain", f"{name}: gain from rivals' tariffs", found.gain[:, j, n], WORLD_SOURCES),
            fixed(
                f"{start}.before",
                f"{name}: exports",
                found.before[j, n] / MILLION_PER_BILLION,
                unit="USD billion",
                sources=WORLD_SOURCES,
            ),
        ]
        cells_of = {part: f"{start}.{part}" for part in ("gain", "before")}
        why = f"{100 * mean[j, n] / found.before[j, n]:+.1f} % of what home sells there, as rivals' prices change"
        rows.append(row(f"{key}.{region}", name, cells_of, {"why": why.replace("-", "−")}))
    columns = {"gain": "Gain from rivals' tariffs", "before": "Exports", "why": "Why"}
    id, when = f"gains_markets_{found.horizon}", HORIZON_NAMES[found.horizon]
    return figures, [table(id, f"Gains in other markets by sector, {when}", columns, rows)]


def _us_potential(planned: Plan) -> Part:
    found = us_potential(planned)
    central = found.unrealised_after.mean(axis=0)
    shown = [int(k) for k in np.argsort(-central)[:SHOWN] if central[k] > 0]
    figures, rows = [], []
    for k in shown:
        code = found.hs6[k]
        start, name = f"potential.us.{code}", f"{code} {products.describe(code)}"
        values = {
            "potential": ("potential before the measures", found.before.value[k, 0]),
            "actual": ("US imports from home", found.before.actual[k, 0]),
            "unused": ("unused potential before the measures", found.before.unrealised[k, 0]),
        }
        figures += [
            fixed(
                f"{start}.{part}",
                f"{name}: {words}",
                value / MILLION_PER_BILLION,
                unit="USD billion",
                sources=_census(planned),
                model="observed" if part == "actual" else "potential",
            )
            for part, (words, value) in values.items()
        ]
        draws = found.unrealised_after[:, k] / MILLION_PER_BILLION
        label = f"{name}: unused potential after the measures"
        figures.append(
            ranged(
                f"{start}.after",
                label,
                ends_of(draws),
                unit="USD billion",
                model="potential",
                sources=_census(planned),
            )
        )
        why = (
            f"home has {100 * found.before.supply[k]:.1f} % of world exports of its sector; duty "
            f"{100 * found.rate[1, k]:.1f} % against {100 * found.competitors[1, k]:.1f} % for others"
        )
        cells = {part: f"{start}.{part}" for part in ("actual", "potential", "after")}
        rows.append(row(code, name, cells, {"why": why}))
    columns = {"actual": "Sales now", "potential": "Potential", "after": "Unused after the measures", "why": "Why"}
    note = "Supply × demand × ease (Decreux & Spies 2016), supply by sector, with the duty advantage."
    return figures, [table("potential_us", "Unused potential in the US by product", columns, rows, note)]


def _sector_potential(planned: Plan) -> Part:
    found = sector_potential(planned.world, planned.region)
    mean = found.unrealised[0]
    names, figures, rows = sectors.labels(), [], []
    for one in np.argsort(-mean, axis=None)[: 2 * SHOWN]:
        j, n = np.unravel_index(int(one), mean.shape)
        if mean[j, n] <= 0 or planned.world.regions[n] == FOCUS:
            continue
        key, region = found.sectors[j], planned.world.regions[n]
        start, name = f"potential.{key}.{region}", f"{names[key]}, {region_name(region)}"
        spread = found.unrealised[:, j, n] / MILLION_PER_BILLION
        ends = (float(spread[0]), float(spread.min()), float(spread.max()))
        figures += [
            ranged(
                f"{start}.unused",
                f"{name}: unused potential",
                ends,
                unit="USD billion",
                model="potential",
                sources=WORLD_SOURCES,
            ),
            fixed(
                f"{start}.actual",
                f"{name}: exports",
                found.central.actual[j, n] / MILLION_PER_BILLION,
                unit="USD billion",
                sources=WORLD_SOURCES,
            ),
        ]
        why = (
            f"home has {100 * found.central.supply[j]:.1f} % of world exports, this market imports "
            f"{found.central.demand[j, n] / MILLION_PER_BILLION:.0f} bn USD, ease is {found.central.ease[n]:.2f}"
        )
        rows.append(row(f"{key}.{region}", name, {p: f"{start}.{p}" for p in ("actual", "unused")}, {"why": why}))
    columns = {"actual": "Exports", "unused": "Unused potential", "why": "Why"}
    note = "The interval spans three ways to measure ease and supply. Markets that are used in full are left out."
    shown = rows[:SHOWN]
    kept = {id for line in shown for id in line.cells.values()}
    return [one for one in figures if one.id in kept], [
        table("potential_markets", "Unused potential in other markets by sector", columns, shown, note)
    ]


def _user_potential(planned: Plan, trade: Path, rates: Path | None) -> Part:
    """Potential by product and market from the user's trade file, with the advantage that the user's tariffs give."""
    found = baci.read_baci(trade, planned.scenario.home)
    edge = np.ones_like(found.potential.actual)
    if rates is not None:
        edge = baci.advantage(found, baci.read_rates(rates), planned.scenario.home, USER_SIGMA)
    ways = (found.potential.value, _alone_value(found.potential))
    spread = np.array([np.maximum(value * edge - found.potential.actual, 0.0) for value in ways])
    unused = spread[0]
    figures, rows = [], []
    for one in np.argsort(-unused, axis=None)[:SHOWN]:
        k, m = np.unravel_index(int(one), unused.shape)
        if unused[k, m] <= 0:
            continue
        code, market = found.hs6[k], found.markets[m]
        start, name = f"potential.user.{code}.{market}", f"{_product_name(code)}, {_market_name(market)}"
        both = spread[:, k, m] / MILLION_PER_BILLION
        figures += [
            fixed(
                f"{start}.actual",
                f"{name}: exports",
                found.potential.actual[k, m] / MILLION_PER_BILLION,
                unit="USD billion",
                sources=(trade.name,),
            ),
            ranged(
                f"{start}.unused",
                f"{name}: unused potential",
                (float(both[0]), float(both.min()), float(both.max())),
                unit="USD billion",
                model="potential",
                sources=(trade.name,),
            ),
        ]
        why = (
            f"home has {100 * found.potential.supply[k]:.1f} % of world exports, this market imports "
            f"{found.potential.demand[k, m] / MILLION_PER_BILLION:.2f} bn USD, ease is {found.potential.ease[m]:.2f}"
        )
        cells = {part: f"{start}.{part}" for part in ("actual", "unused")}
        rows.append(row(f"{code}.{market}", name, cells, {"why": why}))
    columns = {"actual": "Exports", "unused": "Unused potential", "why": "Why"}
    note = f"From {trade.name}, {found.year}. The interval spans ease with and without the product itself."
    return figures, [table("potential_user", "Unused potential by product and market", columns, rows, note)]


def _alone_value(potential: Potential) -> Array:
    """Potential with ease measured without the product itself [K, M]."""
    return leave_one_out_ease(potential) * potential.supply[:, None] * potential.demand


def _product_name(code: str) -> str:
    return f"{code} {products.describe(code)}" if products.exists(code) else code


def _market_name(iso3: str) -> str:
    known = {country.iso3 for country in countries.all_countries()}
    return countries.name(iso3) if iso3 in known else iso3


def _findings(trade: Path | None) -> tuple[Finding, ...]:
    found = [
        Finding(
            id="opportunity-capacity",
            kind="left_out",
            text="Whether home can make more: gains are beside home's output of the sector, not limited by it.",
            pushes="gains overstated",
        ),
        Finding(
            id="opportunity-potential",
            kind="model",
            text="Potential is what supply, demand and ease alone would give: where to look, not what will be sold.",
        ),
        Finding(
            id="opportunity-goals",
            kind="data",
            text="Goals and laws of partners are a small table with citations, complete for the United States alone.",
        ),
    ]
    if trade is None:
        text = (
            "Potential by product is shown for the US alone, with supply by sector: no open table of world trade by "
            "product ships with Headway. A BACI file opens every market (--trade)."
        )
        found.append(Finding(id="opportunity-products", kind="left_out", text=text))
    return tuple(found)


def _parameters(planned: Plan, trade: Path | None, rates: Path | None) -> dict[str, object]:
    return {
        "us_imports": planned.mix.year,
        "sampling": planned.scenario.sampling.model_dump(),
        "trade_file": trade.name if trade else None,
        "rates_file": rates.name if rates else None,
        "user_sigma": USER_SIGMA,
    }
