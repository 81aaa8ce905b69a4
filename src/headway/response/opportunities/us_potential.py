"""Export potential by product in the US market, before and after the measures of a scenario.

Trade by product is at hand for US imports alone, so supply is home's share of world exports of the product's sector:
what the indicator finds is products of sectors in which home is strong and of which it sells the US little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from headway.impact.plan import FOCUS, Plan
from headway.response.lines import RATES, rated_lines
from headway.response.opportunities.potential import Potential, export_potential, tariff_advantage
from headway.world import World, elasticities

Array = NDArray[np.float64]


@dataclass(frozen=True)
class UsPotential:
    """Products of US imports [K], USD million.

    `before` is potential before the measures, home's duty advantage in it; `unrealised_after` [Q, K] after them in
    every draw of σ; `rate` and `competitors` [2, K] are duties of home and of its competitors on average, before and
    after.
    """

    hs6: tuple[str, ...]
    sector: tuple[str, ...]
    before: Potential
    unrealised_after: Array
    rate: Array
    competitors: Array


def world_share(world: World, region: str) -> Array:
    """A region's share of world exports by sector [J], own sales left out."""
    flow = world.flow * (1.0 - np.eye(len(world.regions)))
    exports, total = flow[:, :, world.region(region)].sum(axis=1), flow.sum(axis=(1, 2))
    return np.asarray(np.divide(exports, total, out=np.zeros_like(exports), where=total > 0))


def us_potential(planned: Plan) -> UsPotential:
    """Potential of home by product in the US market; `planned` comes from `headway.impact.plan`."""
    table = _by_product(rated_lines(planned), planned.scenario.home)
    table = table.filter(pl.col("sector").is_in(planned.world.goods))
    sector = np.array([planned.world.sectors.index(key) for key in table["sector"]], dtype=np.int64)
    supply = world_share(planned.world, planned.region)[sector]
    drawn = elasticities.draw_elasticities(
        np.random.default_rng(planned.scenario.sampling.seed),
        planned.scenario.sampling.parameter_draws,
        "long_run",
        hs6=tuple(table["hs6"]),
    )
    central = elasticities.central_elasticities("long_run", hs6=tuple(table["hs6"])).substitution[0]
    own, others = (
        np.stack([table[f"{name}_{side}"].to_numpy() for name in ("before", "middle")]) for side in _SIDES
    )
    demand = table["total"].to_numpy() * tariff_advantage(own[0], others[0], central)
    actual = table["usd"].to_numpy()
    before = export_potential(actual[:, None], supply, demand[:, None])
    moved = np.array([_change(own, others, sigma) for sigma in drawn.substitution])
    after = np.maximum(before.value[:, 0] * moved - actual, 0.0)
    return UsPotential(tuple(table["hs6"]), tuple(table["sector"]), before, after, own, others)


_SIDES = ("home", "others")


def _change(own: Array, others: Array, sigma: Array) -> Array:
    """Change of the duty advantage from before to after the measures [K]."""
    after, before = (tariff_advantage(own[k], others[k], sigma) for k in (1, 0))
    return np.asarray(after / before)


def _by_product(lines: pl.DataFrame, home: str) -> pl.DataFrame:
    """[hs6, sector, total, usd, before_home, middle_home, before_others, middle_others], USD million and fractions.

    Where home sells nothing no line of its own is known: before, it pays what its competitors pay on average, and the
    measures add what they add to home's other products of the sector.
    """
    lines = lines.with_columns(usd=pl.col("usd") / 1e6)
    weighted = [
        ((pl.col(name) * pl.col("usd")).sum() / pl.col("usd").sum()).alias(f"{name}_others")
        for name in RATES
        if name in ("before", "middle")
    ]
    others = (
        lines.filter(~pl.col("iso3").is_in([home, FOCUS]))
        .group_by("hs6", "sector")
        .agg(pl.col("usd").sum().alias("theirs"), *weighted)
    )
    mine = lines.filter(pl.col("iso3") == home)
    own = mine.select("hs6", "usd", before_home="before", middle_home="middle")
    further = mine.group_by("sector").agg(
        further=((pl.col("middle") - pl.col("before")) * pl.col("usd")).sum() / pl.col("usd").sum()
    )
    joined = others.join(own, on="hs6", how="left").join(further, on="sector", how="left").sort("hs6")
    joined = joined.with_columns(pl.col("usd", "further").fill_null(0.0))
    return joined.with_columns(
        total=pl.col("theirs") + pl.col("usd"),
        before_home=pl.col("before_home").fill_null(pl.col("before_others")),
        middle_home=pl.col("middle_home").fill_null(pl.col("before_others") + pl.col("further")),
    )
