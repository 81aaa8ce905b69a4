"""Rates before and after measures, line by line and origin by origin, and their averages over cells of a model.

A floor meets the rate that each line pays, so the average of max(t, r) is not max of the average. Both levels take
their rates from here: products in the US market, and sectors and regions of the world economy, so they agree.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from headway.impact.coverage import ImportMix, reached_rows, rows_in
from headway.impact.rates import DrawnTariff, tariff_after
from headway.policy.forming import INSTEAD, ON_TOP
from headway.world import World
from headway.world.regions import Places

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

IMPORTER = "USA"

ADDS = frozenset({"additive", ON_TOP, INSTEAD})
"""Ways to combine under which the rise does not depend on the line's own rate, so that lines of a cell that the same
measures reach can be taken together: t' = t + r, and t + r in place of the blanket."""

MOST_PATTERNS = 6
"""Measures up to which lines are taken together: there are two to this power ways to be reached."""

AT_A_TIME = 2_000_000
"""Rates worked out at a time (draws × lines), so that memory stays low."""

SAME = 1e-5
"""How close a world's US tariffs must be to the averages of lines to be taken as the same (tables are rounded)."""


class _Lines(NamedTuple):
    """Lines that some measure reaches, alike ones together: cell, value in USD, rate, and which measures [T, n]."""

    cell: Ints
    value: Array
    rate: Array
    covered: Array


def duty_changes(
    mix: ImportMix, tariffs: tuple[DrawnTariff, ...], on: dt.date, *, cell: Ints, count: int
) -> Array:
    """Change of the duty owed on imports, USD [draws, count], trade as it was, summed over the cells of the rows.

    `cell` [rows of `mix`] is from 0 to `count` − 1; rows with −1 belong to none. `tariffs` are the importer's.
    """
    draws = len(tariffs[0].rates) if tariffs else 1
    change = np.zeros((draws, count))
    if not tariffs:
        return change
    lines = _reached(mix, tariffs, on, cell)
    step = max(1, AT_A_TIME // max(1, lines.cell.size))
    for first in range(0, draws, step):
        some = tuple(replace(tariff, rates=tariff.rates[first : first + step]) for tariff in tariffs)
        rise = lines.value * (tariff_after(lines.rate, some, lines.covered) - lines.rate)
        for number, row in enumerate(rise):
            change[first + number] = np.bincount(lines.cell, row, count)
    return change


def _reached(mix: ImportMix, tariffs: tuple[DrawnTariff, ...], on: dt.date, cell: Ints) -> _Lines:
    """The reached lines; where all measures just add, those of a cell that the same measures reach are one."""
    rows = mix.rows
    hit = np.array([reached_rows(rows, tariff, on) for tariff in tariffs])
    some = hit.any(axis=0) & (cell >= 0)
    cell, hit = cell[some], hit[:, some]
    value, rate = (rows[name].to_numpy()[some] for name in ("usd", "rate"))
    if len(tariffs) > MOST_PATTERNS or not all(tariff.combines in ADDS for tariff in tariffs):
        return _Lines(cell, value, rate, hit.astype(np.float64))
    key = (cell << len(tariffs)) + (1 << np.arange(len(tariffs))) @ hit
    total, owed = (np.bincount(key, one).astype(np.float64) for one in (value, value * rate))
    found = np.flatnonzero(total)
    covered = found >> np.arange(len(tariffs))[:, None] & 1
    return _Lines(found >> len(tariffs), total[found], owed[found] / total[found], covered.astype(np.float64))


class _WorldCells(NamedTuple):
    """Where rows stand in a world: cell [rows] is sector × region, then one more per region for chapters 98–99."""

    cell: Ints
    value: Array


@lru_cache(maxsize=4)
def _world_cells(mix: ImportMix, sectors: tuple[str, ...], places: Places) -> _WorldCells:
    rows, width = rows_in(mix, places), len(places.regions)
    region = rows["region"].replace_strict({key: at for at, key in enumerate(places.regions)}).to_numpy()
    known = {key: at for at, key in enumerate(sectors)}
    sector = rows["sector"].replace_strict(known, default=-1).to_numpy().astype(np.int64)
    special = rows["hs6"].str.slice(0, 2).is_in(["98", "99"]).to_numpy()
    cell = np.where(sector >= 0, sector * width + region, -1)
    cell = np.where(special, len(sectors) * width + region, cell).astype(np.int64)
    value = _by_cell(rows["usd"].to_numpy(), cell, (len(sectors) + 1) * width)
    return _WorldCells(cell, value)


def _by_cell(amount: Array, cell: Ints, count: int) -> Array:
    inside = cell >= 0
    return np.bincount(cell[inside], amount[inside], count).astype(np.float64)


def sector_rates(world: World, mix: ImportMix) -> Array:
    """Average US rates [sector, exporter] of the lines; chapters 98–99 lower all rates of an origin alike.

    Those chapters are provisions, not products: as in the built tables they are spread over the origin's sectors.
    """
    cells = _world_cells(mix, world.sectors, world.places)
    duty = _by_cell((mix.rows["usd"] * mix.rows["rate"]).to_numpy(), cells.cell, cells.value.size)
    return _spread(world, cells, duty)


def sector_changes(
    world: World, mix: ImportMix, tariffs: tuple[DrawnTariff, ...], on: dt.date
) -> tuple[Array, NDArray[np.bool_]] | None:
    """Change of the average US rates [draws, sector, exporter] line by line, and in which goods cells lines say it.

    None for a world whose US tariffs are not those of the lines, such as a user's own.
    """
    cells = _world_cells(mix, world.sectors, world.places)
    shape = (len(world.sectors), len(world.regions))
    goods = np.isin(world.sectors, world.goods)[:, None]
    known = (cells.value[: shape[0] * shape[1]].reshape(shape) > 0) & goods
    known[:, world.region(IMPORTER)] = False
    existing = world.tariff[:, world.region(IMPORTER)]
    if not np.allclose(existing[known], sector_rates(world, mix)[known], rtol=10 * SAME, atol=SAME):
        return None
    changes = duty_changes(mix, tariffs, on, cell=cells.cell, count=cells.value.size)
    return np.array([_spread(world, cells, change) for change in changes]), known


def _spread(world: World, cells: _WorldCells, duty: Array) -> Array:
    """Duty over value [sector, exporter] from both by cell, chapters 98–99 spread in proportion to imports."""
    shape = (len(world.sectors), len(world.regions))
    (value, special), (paid, special_paid) = (
        (one[: shape[0] * shape[1]].reshape(shape), one[shape[0] * shape[1] :]) for one in (cells.value, duty)
    )
    imports = np.maximum(value.sum(axis=0), 1.0)
    total = value * (1 + special / imports)
    owed = paid + value * (special_paid / imports)
    return np.asarray(np.divide(owed, total, out=np.zeros_like(owed), where=total > 0))
