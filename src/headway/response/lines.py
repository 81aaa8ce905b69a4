"""US imports by product and origin with the rate that each line pays before and after a scenario's measures."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from headway.codes import items, sectors
from headway.impact.coverage import reached_share
from headway.impact.plan import FOCUS, Plan
from headway.impact.rates import tariff_after
from headway.world import us_market

Array = NDArray[np.float64]

RATES = ("before", "low", "middle", "high")
"""Rates of a line: collected in the base year, and after the measures at the ends and the middle of their ranges."""

RISE = 1e-9
"""A rate that rises by less than this has not moved."""


def rated_lines(planned: Plan) -> pl.DataFrame:
    """US imports [hs6, iso3, usd, before, low, middle, high, item, sector]; rates are fractions of customs value.

    `before` is duties collected over imports for consumption; the others follow from measures that the US imposes,
    at the low end, middle and high end of what was announced. Nothing responds: values stay as they were.
    """
    lines = _imports(planned.mix.year)
    tariffs = tuple(tariff for tariff in planned.ends if tariff.measure.imposer == FOCUS)
    if tariffs:
        covered = [_covered(lines, planned, number) for number in range(len(tariffs))]
        after = tariff_after(lines["before"].to_numpy(), tariffs, np.array(covered))
    else:
        after = np.repeat(lines["before"].to_numpy()[None], 3, axis=0)
    return lines.with_columns(
        *(pl.Series(name, after[number]) for number, name in enumerate(RATES[1:])),
        item=pl.col("hs6").replace_strict({code: items.of_hs6(code) for code in lines["hs6"].unique()}),
        sector=pl.col("hs6").replace_strict({code: sectors.of_hs6(code) for code in lines["hs6"].unique()}),
    )


def _imports(year: int) -> pl.DataFrame:
    return (
        us_market.us_imports(year)
        .group_by(hs6=pl.col("hts10").str.slice(0, 6), iso3="iso3")
        .agg(usd=pl.col("consumption_usd").sum().cast(pl.Float64), duties=pl.col("duties_usd").sum())
        .filter(pl.col("usd") > 0)
        .select("hs6", "iso3", "usd", before=pl.col("duties") / pl.col("usd"))
        .sort("hs6", "iso3")
    )


def _covered(lines: pl.DataFrame, planned: Plan, number: int) -> Array:
    """Share of each line that the US's measure of this number reaches."""
    tariffs = [tariff for tariff in planned.ends if tariff.measure.imposer == FOCUS]
    share = reached_share(planned.mix.rows, tariffs[number], planned.scenario.date, ("hs6", "iso3"))
    joined = lines.join(share, on=("hs6", "iso3"), how="left", maintain_order="left")
    return joined["share"].fill_null(0.0).to_numpy()
