"""The removal of US electric-vehicle credits as figures: what it does to Korea's car exports, and what drives that.

Computed apart from the tariffs: at today's tariffs, within a year or two, makers' prices unchanged
(`world.ev_market`, METHODS section 3). The table of its parameters is `world/data/ev_subsidy.csv`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from headway.codes import countries
from headway.impact.results import Figure, Finding, Row, Table, Unit
from headway.policy import Measure, Scenario
from headway.policy import forming as reading_of
from headway.world import ev_market

IMPOSER, MODELLED_HOME = "USA", "KOR"
ELECTRIC_CAR_CODES = ("870380", "8703.80")
DRIVERS_SHOWN = 6

_MAKERS = {
    "tesla": "Tesla",
    "us_makers": "Other US makers",
    "korean_from_korea": "Korean makers, cars built in Korea",
    "korean_us_plants": "Korean makers, cars built in North America",
    "japanese": "Japanese makers",
    "european_and_other": "European and other makers",
}


@dataclass(frozen=True)
class SubsidyOutcome:
    """Figures of a run without the credits, its tables, and findings on what could not be modelled."""

    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = ()


def simulate(scenario: Scenario) -> SubsidyOutcome:
    """Run the removal where the scenario has it and the model covers it; elsewhere say why not."""
    measures = _removals(scenario)
    modelled = covered(scenario)
    findings = tuple(_not_modelled(m, scenario.home) for m in measures if m.id not in modelled)
    if not modelled:
        return SubsidyOutcome(findings=findings)
    result = ev_market.remove_subsidy(np.random.default_rng(scenario.sampling.seed))
    figures = (*_exports(result, modelled), *_makers(result, modelled), *_drivers(result, modelled))
    by_id = {figure.id: figure for figure in figures}
    return SubsidyOutcome(figures, (_table(by_id), _drivers_table(by_id, result)), findings)


def covered(scenario: Scenario) -> tuple[str, ...]:
    """Ids of the subsidy removals that the model covers: US electric-vehicle credits, for Korea."""
    return tuple(m.id for m in _removals(scenario) if _is_modelled(m) and scenario.home == MODELLED_HOME)


def _removals(scenario: Scenario) -> list[Measure]:
    """Subsidy removals that no choice leaves out."""
    removals = [measure for measure in scenario.measures if measure.instrument == "subsidy_removal"]
    return [m for m in removals if scenario.choice(f"{m.id}.include") != reading_of.LEFT_OUT]


def _is_modelled(measure: Measure) -> bool:
    codes = {code for match in measure.product_matches for code in match.hs}
    return measure.imposer == IMPOSER and bool(codes & set(ELECTRIC_CAR_CODES))


def _not_modelled(measure: Measure, home: str) -> Finding:
    what = ", ".join(measure.products) or "what it covers"
    text = (
        f"The removal of subsidies for {what} by {countries.name(measure.imposer)} is not computed: the subsidy model "
        f"covers US electric-vehicle credits and Korea's exports, not this measure for {countries.name(home)}."
    )
    return Finding(id=f"not-modelled-{measure.id}", kind="left_out", text=text, pushes="either way")


def _exports(result: ev_market.SubsidyResult, measures: tuple[str, ...]) -> list[Figure]:
    rows: list[tuple[str, str, ev_market.Interval, Unit, float]] = [
        ("ev_exports", "Exports of electric cars to the US", result.ev_exports_relative, "percent", 100),
        ("ev_exports.usd", "Exports of electric cars to the US", result.ev_exports, "USD billion", 1e-3),
        (
            "other_exports.usd",
            "Exports of other cars to the US, as buyers switch",
            result.other_exports,
            "USD billion",
            1e-3,
        ),
        ("car_exports", "Exports of all cars to the US", result.car_exports_relative, "percent", 100),
        ("car_exports.usd", "Exports of all cars to the US", result.car_exports, "USD billion", 1e-3),
    ]
    return [_figure(name, label, interval, (unit, scale), measures) for name, label, interval, unit, scale in rows]


def _makers(result: ev_market.SubsidyResult, measures: tuple[str, ...]) -> list[Figure]:
    market = _figure("market", "All electric cars sold in the US", result.ev_market, ("percent", 100), measures)
    return [
        market,
        *(
            _figure(f"maker.{key}", name, result.maker_units[key, "ev"], ("percent", 100), measures)
            for key, name in _MAKERS.items()
        ),
    ]


def _drivers(result: ev_market.SubsidyResult, measures: tuple[str, ...]) -> list[Figure]:
    return [
        Figure(
            id=f"subsidy.driver.{driver.parameter}",
            label=_in_words(driver.parameter),
            value=driver.rank_correlation,
            unit="correlation",
            model="subsidy",
            measures=measures,
            sources=("ev_subsidy",),
            note="rank correlation with the change of car exports over the draws",
        )
        for driver in result.drivers[:DRIVERS_SHOWN]
    ]


def _figure(
    name: str, label: str, interval: ev_market.Interval, shown: tuple[Unit, float], measures: tuple[str, ...]
) -> Figure:
    unit, scale = shown
    return Figure(
        id=f"subsidy.{name}",
        label=label,
        value=interval.central * scale,
        low=interval.quantiles[0] * scale,
        high=interval.quantiles[-1] * scale,
        unit=unit,
        horizon="up_to_a_year",
        model="subsidy",
        measures=measures,
        sources=("ev_subsidy", "us_imports_2024"),
        note="central case of the parameter table; interval over its ranges",
    )


def _table(figures: Mapping[str, Figure]) -> Table:
    names = ("ev_exports", "other_exports", "car_exports", "market", *(f"maker.{key}" for key in _MAKERS))
    rows = []
    for name in names:
        ids = {"change": f"subsidy.{name}", "usd": f"subsidy.{name}.usd"}
        cells = {column: id for column, id in ids.items() if id in figures}
        rows.append(Row(key=name, label=figures[next(iter(cells.values()))].label, cells=cells))
    return Table(
        id="subsidy",
        title="If the US electric-vehicle credits ended",
        columns={"change": "Change within a year or two", "usd": "In dollars a year"},
        rows=tuple(rows),
        note="Makers' rows: electric cars sold in the US. Cars built in Korea reach the credit through leases alone.",
    )


def _drivers_table(figures: Mapping[str, Figure], result: ev_market.SubsidyResult) -> Table:
    table = {row["parameter"]: row for row in ev_market.shipped_parameters().iter_rows(named=True)}
    rows = []
    for driver in result.drivers[:DRIVERS_SHOWN]:
        row = table[driver.parameter]
        words = {
            "value": f"{row['value']:g} ({row['low']:g} to {row['high']:g}) {row['unit']}",
            "source": row["source"] or "",
        }
        id = f"subsidy.driver.{driver.parameter}"
        rows.append(
            Row(
                key=id,
                label=_in_words(driver.parameter),
                cells={"weight": id} if id in figures else {},
                words=words,
            )
        )
    return Table(
        id="subsidy_drivers",
        title="What drives the result",
        columns={"value": "Value and range", "source": "Source", "weight": "Rank correlation"},
        rows=tuple(rows),
        note="All parameters stand in one table, ev_subsidy.csv, each with a range and its source or “assumption”.",
    )


_PARAMETERS = {
    "lease_share": "Share of electric cars that are leased",
    "eligible_purchase": "Share of purchases that get the credit",
    "eligible_lease": "Share of leases that get the credit",
    "us_cells": "Share of electric cars with US-made cells",
    "pass_through": "Share of the credit that reaches the buyer",
    "elasticity.within_ev": "How readily buyers switch between electric cars",
    "elasticity.within_other": "How readily buyers switch between other cars",
    "elasticity.between": "How readily buyers switch between electric and other cars",
    "elasticity.leaf": "How readily buyers switch between buying and leasing a car",
    "elasticity.market": "How far car sales fall when cars get dearer",
    "price": "Price",
    "units": "Cars sold",
    "credit": "Credit per car",
    "removed": "Share of the credit that ends",
}
_DETAILS = _MAKERS | {
    "gm_from_korea": "GM cars built in Korea",
    "ev": "electric cars",
    "other": "other cars",
    "purchase": "purchase",
    "lease": "lease",
    "production": "production",
}


def _in_words(parameter: str) -> str:
    """ "lease_share.tesla" as "Share of electric cars that are leased: Tesla"."""
    kind, *details = parameter.split(".")
    if parameter in _PARAMETERS:
        return _PARAMETERS[parameter]
    what = ", ".join(_DETAILS.get(detail, detail.replace("_", " ")) for detail in details)
    return f"{_PARAMETERS.get(kind, kind.replace('_', ' ').capitalize())}: {what}"
