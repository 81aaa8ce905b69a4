"""US imports by product and origin with the rate that each line pays before and after a scenario's measures."""

from __future__ import annotations

import numpy as np
import polars as pl

from headway.codes import items, sectors
from headway.impact.line_rates import duty_changes
from headway.impact.plan import FOCUS, Plan

RATES = ("before", "low", "middle", "high")
"""Rates of a line: at the baseline's date, and after the measures at the ends and the middle of their ranges."""

RISE = 1e-9
"""A rate that rises by less than this has not moved."""


def rated_lines(planned: Plan) -> pl.DataFrame:
    """US imports [hs6, iso3, usd, before, low, middle, high, item, sector]; rates are fractions of customs value.

    `before` averages what ten-digit lines owe at the baseline (`impact.duties`); the others follow from measures that
    the US imposes, at the low end, middle and high end of what was announced, line by line. Nothing responds: values
    stay as they were.
    """
    rows = planned.mix.rows
    lines = _lines(rows)
    cell = rows.select("hs6", "iso3").join(
        lines.select("hs6", "iso3").with_row_index("cell"), on=("hs6", "iso3"), how="left", maintain_order="left"
    )["cell"]
    tariffs = tuple(tariff for tariff in planned.ends if tariff.measure.imposer == FOCUS)
    change = duty_changes(
        planned.mix,
        tariffs,
        planned.scenario.date,
        cell=cell.to_numpy().astype(np.int64),
        count=lines.height,
    )
    after = np.broadcast_to(lines["before"].to_numpy() + change / lines["usd"].to_numpy(), (3, lines.height))
    return lines.with_columns(
        *(pl.Series(name, after[number]) for number, name in enumerate(RATES[1:])),
        item=pl.col("hs6").replace_strict({code: items.of_hs6(code) for code in lines["hs6"].unique()}),
        sector=pl.col("hs6").replace_strict({code: sectors.of_hs6(code) for code in lines["hs6"].unique()}),
    )


def _lines(rows: pl.DataFrame) -> pl.DataFrame:
    """Imports by six-digit product and origin with the average rate of their lines before any measure."""
    usd = pl.col("usd")
    before = (usd * pl.col("rate")).sum() / usd.sum()
    return rows.group_by("hs6", "iso3").agg(usd=usd.sum(), before=before).sort("hs6", "iso3")
