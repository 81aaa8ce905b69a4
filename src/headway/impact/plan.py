"""Planning a run: rates drawn, trade reached, elasticities drawn; nothing is solved yet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import get_args

import numpy as np

from headway.codes import countries, sectors
from headway.errors import DataError, InvalidScenario, NoEffect
from headway.impact import coverage, general, product, subsidy
from headway.impact.baseline import us_year, world_on
from headway.impact.in_force import why_nothing, with_law
from headway.impact.rates import DrawnTariff, drawn_tariffs, ranged_measures
from headway.models.sampling import unit_points
from headway.policy import Scenario
from headway.policy.scenario import Horizon
from headway.world import World, elasticities
from headway.world.regions import AGGREGATES

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

    @property
    def stands_alone(self) -> bool:
        """Whether home is a region of the world economy, not part of a pooled one."""
        return self.region == self.scenario.home

    @property
    def imposers(self) -> tuple[str, ...]:
        """Regions whose tariffs the measures move."""
        positions = {
            at
            for tariff in self.ends
            for at in general.importers(self.world, tariff.measure.imposer, self.scenario.date)
        }
        return tuple(self.world.regions[at] for at in sorted(positions))

    @property
    def us_imports(self) -> str:
        """Id in the catalogue of the US imports and duties that are the baseline."""
        return f"us_imports_{us_year(self.scenario.date)}"

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of regions and origins."""
        origins = {iso3: countries.name(iso3) for iso3 in self.origins}
        return {region: self.world.places.name(region) for region in self.world.regions} | origins


def plan(scenario: Scenario, world: World | None = None) -> Plan:
    """Plan a run; raises UnknownCode, InvalidScenario or NoEffect before any time is spent on solving."""
    countries.by_iso3(scenario.home)
    for measure in scenario.measures:
        coverage.check_countries(measure)
    _check_scenario(scenario)
    scenario = with_law(scenario)
    mix = coverage.ImportMix.on(scenario.date)
    world = world or world_on(scenario.date)
    _check_world(world)
    # A stream for rates and one for each horizon: scenarios of one seed share their elasticities, whatever they hold.
    rates, *streams = np.random.default_rng(scenario.sampling.seed).spawn(1 + len(get_args(Horizon)))
    of_horizon = dict(zip(get_args(Horizon), streams, strict=True))
    policy = unit_points(scenario.sampling.policy_draws, max(1, ranged_measures(scenario)), rng=rates)
    three_points = np.tile([[0.0], [0.5], [1.0]], (1, policy.shape[1]))
    origins = tuple(dict.fromkeys((scenario.home, *RIVAL_ORIGINS)))
    codes = product.products(mix)
    parameters = scenario.sampling.parameter_draws
    made = Plan(
        scenario=scenario,
        world=world,
        region=world.places.of(scenario.home),
        tariffs=drawn_tariffs(scenario, policy),
        ends=drawn_tariffs(scenario, three_points),
        mix=mix,
        origins=origins,
        elasticities={
            h: elasticities.draw_elasticities(of_horizon[h], parameters, h, hs6=codes) for h in scenario.horizons
        },
    )
    _check_effect(made)
    return made


def _check_world(world: World) -> None:
    """Raise DataError for a world that the elasticities or the US market by product do not fit."""
    if world.sectors != sectors.keys():
        raise DataError("This world has other sectors than the elasticities.", "Use one of the 24 sectors.")
    missing = [region for region in (FOCUS, "ROW") if region not in world.regions]
    if missing:
        raise DataError(
            f"This world has no region {missing[0]}, which the US market by product needs.",
            "Keep the US as USA and call the countries that are left ROW in the mapping file.",
        )


def reaches(made: Plan, tariffs: tuple[DrawnTariff, ...]) -> bool:
    """Whether tariffs change any rate of the world economy at any end of their range."""
    after = general.shocked_tariffs(made.world, tariffs, made.mix, made.scenario.date)
    return bool(tariffs) and not np.allclose(after, made.world.tariff, rtol=0, atol=1e-12)


def _check_scenario(scenario: Scenario) -> None:
    """Raise InvalidScenario for no horizon, and for a choice that belongs to no measure."""
    if not scenario.horizons:
        raise InvalidScenario("The scenario names no horizon.", "Give up_to_a_year, long_run or both.")
    ids = {measure.id for measure in scenario.measures}
    for choice in scenario.choices:
        measure, _, what = choice.id.rpartition(".")
        if measure not in ids or not (what in ("up_to", "rate_kind", "include") or what.startswith("with_")):
            raise InvalidScenario(
                f"The choice {choice.id} belongs to no measure of the scenario.", "Correct its id, or remove it."
            )


def _check_effect(made: Plan) -> None:
    """Raise NoEffect where no tariff rate moves and no subsidy that can be simulated is removed."""
    for tariff in made.ends:
        _check_imposer(tariff, made.world)
    if subsidy.covered(made.scenario) or reaches(made, made.ends):
        return
    raise NoEffect(
        "The scenario moves nothing that can be simulated: no tariff rate changes, and no subsidy of the model ends."
        + why_nothing(made.scenario),
        "Check partners, products and rates, and the choices that leave a measure out.",
    )


def _check_imposer(tariff: DrawnTariff, world: World) -> None:
    imposer = tariff.measure.imposer
    if imposer == "EUU" or imposer in world.regions:
        return
    groups = {group.key: group.name for group in countries.all_groups()}
    places, name = world.places, groups.get(imposer) or countries.name(imposer)
    why = "is no customs union" if imposer in groups else f"is inside {places.name(places.of(imposer))}"
    raise InvalidScenario(
        f"Measure {tariff.measure.id}: {name} {why} in this world economy, so its tariff cannot be simulated.",
        f"Imposers that can be: EUU, {', '.join(r for r in world.regions if r not in AGGREGATES)}.",
    )
