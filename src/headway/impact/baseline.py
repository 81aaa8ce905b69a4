"""The baseline of a run: the world economy with the US duties of the scenario's date."""

from __future__ import annotations

import datetime as dt

from headway.impact.coverage import ImportMix
from headway.impact.duties import basis_on, us_year
from headway.impact.line_rates import IMPORTER, sector_rates
from headway.world import World, load

__all__ = ["BUILT_YEAR", "us_duties_in_words", "us_year", "with_us_duties", "world_on"]

BUILT_YEAR = 2024
"""The year of US duties in the tables of the world economy."""


def world_on(on: dt.date) -> World:
    """The embedded world with the US duties of a day by sector and region; other tariffs and all flows as built."""
    if basis_on(on) == "collected":
        return load()
    return with_us_duties(load(), ImportMix.on(on))


def with_us_duties(world: World, mix: ImportMix) -> World:
    """A world at the average US duties of the lines of `mix`, flows as they are."""
    tariff, at = world.tariff.copy(), world.region(IMPORTER)
    goods = [world.sector(key) for key in world.goods]
    tariff[goods, at] = sector_rates(world, mix)[goods]
    tariff[:, at, at] = 0.0
    of = f"US {mix.year}" if mix.owed_on is None else f"US schedule of {mix.owed_on}, expected rates"
    return world.with_rates(tariff, world.tariff_vintage.replace(f"US {BUILT_YEAR}", of))


def us_duties_in_words(on: dt.date) -> str:
    """What US duties the baseline of a day holds, in a sentence without full stop."""
    if basis_on(on) == "expected":
        return f"US duties: what each line owes on {on} (schedule as known that day, expected rates)"
    year = us_year(on)
    unchanged = f" (law unchanged until {on})" if on.year > year else ""
    return f"US duties: as collected in {year}{unchanged}"
