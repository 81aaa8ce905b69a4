"""Planning a run: rates drawn, trade reached, elasticities drawn; nothing is solved yet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from headway.codes import countries
from headway.errors import InvalidScenario, NoEffect
from headway.impact import coverage, general, product
from headway.impact.rates import DrawnTariff, drawn_tariffs, ranged_measures
from headway.models.sampling import unit_points
from headway.policy import Scenario
from headway.policy.scenario import Horizon
from headway.world import World, elasticities, load
from headway.world.regions import AGGREGATES, REGIONS, region_name, region_of

RIVAL_ORIGINS = ("CHN", "MEX", "CAN", "JPN", "DEU", "VNM", "TWN", "IND", "IRL", "ITA", "THA", "GBR", "FRA")
"""The largest suppliers of the US in 2024, which stand alone in the product-level market."""

FOCUS = "USA"


@dataclass(frozen=True)
class Plan:
    """All that a run needs, made without solving anything: rates drawn, trade reached, elasticities drawn."""

    scenario: Scenario
    world: World
    region: str
    tariffs: tuple[DrawnTariff, ...]
    ends: tuple[DrawnTariff, ...]
    mix: coverage.ImportMix
    origins: tuple[str, ...]
    elasticities: dict[Horizon, elasticities.ElasticityDraws]

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of regions and origins."""
        origins = {iso3: countries.name(iso3) for iso3 in self.origins}
        return {region: region_name(region) for region in REGIONS} | origins


def plan(scenario: Scenario, world: World | None = None) -> Plan:
    """Plan a run; raises UnknownCode, InvalidScenario or NoEffect before any time is spent on solving."""
    countries.by_iso3(scenario.home)
    for measure in scenario.measures:
        coverage.check_countries(measure)
    if not scenario.horizons:
        raise InvalidScenario("The scenario names no horizon.", "Give up_to_a_year, long_run or both.")
    rng = np.random.default_rng(scenario.sampling.seed)
    policy = unit_points(scenario.sampling.policy_draws, max(1, ranged_measures(scenario)), rng=rng)
    three_points = np.tile([[0.0], [0.5], [1.0]], (1, policy.shape[1]))
    origins = tuple(dict.fromkeys((scenario.home, *RIVAL_ORIGINS)))
    codes = product.products(origins)
    parameters = scenario.sampling.parameter_draws
    made = Plan(
        scenario=scenario,
        world=world or load(),
        region=region_of(scenario.home),
        tariffs=drawn_tariffs(scenario, policy),
        ends=drawn_tariffs(scenario, three_points),
        mix=coverage.ImportMix(us_year(scenario)),
        origins=origins,
        elasticities={h: elasticities.draw_elasticities(rng, parameters, h, hs6=codes) for h in scenario.horizons},
    )
    _check_effect(made)
    return made


def us_year(scenario: Scenario) -> int:
    """The year of US imports that is the baseline on the scenario's date: the last full one before it that ships."""
    return 2025 if scenario.date.year >= 2026 else 2024


def _check_effect(made: Plan) -> None:
    """Raise NoEffect where no tariff rate moves and no subsidy is removed."""
    scenario = made.scenario
    if any(measure.instrument == "subsidy_removal" for measure in scenario.measures):
        return
    for tariff in made.ends:
        _check_imposer(tariff)
    after = general.shocked_tariffs(made.world, made.ends, made.mix, scenario.date)
    if not made.ends or np.allclose(after, made.world.tariff, rtol=0, atol=1e-12):
        raise NoEffect(
            "The scenario moves no tariff rate: its measures reach no trade, or the rates are in force already.",
            "Check partners, products and rates, and the choices that leave a measure out.",
        )


def _check_imposer(tariff: DrawnTariff) -> None:
    region = region_of(tariff.measure.imposer) if tariff.measure.imposer != "EUU" else "XEU"
    if region in AGGREGATES and tariff.measure.imposer not in ("EUU", region):
        raise InvalidScenario(
            f"Measure {tariff.measure.id}: {countries.name(tariff.measure.imposer)} is inside {region_name(region)} "
            "in the embedded world, so its own tariff cannot be simulated.",
            f"Imposers that can be: EUU, {', '.join(r for r in REGIONS if r not in AGGREGATES)}.",
        )
