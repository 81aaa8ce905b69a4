"""The baseline of a run: the world economy with the US duties of the last full year before the scenario's date."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
from numpy.typing import NDArray

from headway.codes import sectors
from headway.world import World, load, us_market
from headway.world.regions import region_of

Array = NDArray[np.float64]

BUILT_YEAR = 2024
"""The year of US duties in the tables of the world economy."""

IMPORTER = "USA"


def us_year(on: dt.date) -> int:
    """The year of US imports and duties that is the baseline on a day: the last full one before it that ships."""
    return max([year for year in us_market.YEARS if year < on.year], default=min(us_market.YEARS))


def world_on(on: dt.date) -> World:
    """The embedded world with the US duties of the year before `on`; other tariffs and all flows as built."""
    world, year = load(), us_year(on)
    if year == BUILT_YEAR:
        return world
    tariff, at = world.tariff.copy(), world.region(IMPORTER)
    goods = [world.sector(key) for key in world.goods]
    tariff[goods, at] = collected_rates(world, year)[goods]
    tariff[:, at, at] = 0.0
    return world.with_rates(tariff, world.tariff_vintage.replace(str(BUILT_YEAR), str(year)))


def collected_rates(world: World, year: int) -> Array:
    """US duties over imports for consumption [sector, exporter]; chapters 98–99 lower all rates of an origin alike.

    Those chapters are provisions, not products: as in the built tables they are spread over the origin's sectors.
    """
    rows = us_market.us_imports(year).group_by(hs6=pl.col("hts10").str.slice(0, 6), iso3="iso3")
    totals = rows.agg(pl.col("consumption_usd", "duties_usd").sum())
    special = totals["hs6"].str.slice(0, 2).is_in(["98", "99"]).to_numpy()
    exporter = np.array([world.region(region_of(iso3)) for iso3 in totals["iso3"]], dtype=np.int64)
    keys = [sectors.of_hs6(code) for code in totals["hs6"]]
    sector = np.array([world.sectors.index(key) if key in world.sectors else -1 for key in keys], dtype=np.int64)
    value, duty = (totals[name].to_numpy().astype(np.float64) for name in ("consumption_usd", "duties_usd"))
    named = ~special & (sector >= 0)

    def by_cell(amount: Array) -> Array:
        table = np.zeros((len(world.sectors), len(world.regions)))
        np.add.at(table, (sector[named], exporter[named]), amount[named])
        return table

    def by_origin(amount: Array) -> Array:
        return np.bincount(exporter[special], amount[special], len(world.regions)).astype(np.float64)

    imports, duties = by_cell(value), by_cell(duty)
    known = np.maximum(imports.sum(axis=0), 1.0)
    spread = imports * (1 + by_origin(value) / known)
    paid = duties + imports * (by_origin(duty) / known)
    return np.asarray(np.divide(paid, spread, out=np.zeros_like(paid), where=spread > 0))
