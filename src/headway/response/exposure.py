"""Exposure before anything responds: what is hit, at which rate beside rivals, whose value is in it, and how it ranks.

Items in the US market from product lines (Census); destinations and others' exports from the embedded world.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from headway.codes import items as item_codes
from headway.impact import general
from headway.impact.joined import ItemBase, item_base
from headway.impact.plan import FOCUS, Plan
from headway.impact.product import ProductDraws
from headway.response.content import Content, value_added_content
from headway.response.lines import RATES, RISE, rated_lines
from headway.world import World, item_exports

Array = NDArray[np.float64]

USD_PER_BILLION, MILLION_PER_BILLION = 1e9, 1e3


@dataclass(frozen=True)
class ItemExposure:
    """Home's items in the US market, in the order of `keys` [K]. USD billion a year; rates and shares are fractions.

    `base` exports to all destinations and directly to the US; `affected` [K] imports on lines whose rate rises;
    `rate` [4, K] average rate on home (before; after at the low end, middle, high end); `duty` [3, K] further duties if
    nothing responds; `gap` [4, R, K] rivals' rate less home's on home's basket, NaN where they share no line, and
    `overlap` [R, K] the share of home's basket that the rival sells too; `rank` and `suppliers` [K] in US imports;
    `market_share` [K] of home; `concentration` [K] sum of squared shares of suppliers (0 to 1).
    """

    keys: tuple[str, ...]
    sector: tuple[str, ...]
    rivals: tuple[str, ...]
    base: ItemBase
    affected: Array
    rate: Array
    duty: Array
    gap: Array
    overlap: Array
    rank: NDArray[np.int64]
    suppliers: NDArray[np.int64]
    market_share: Array
    concentration: Array

    @property
    def affected_share(self) -> Array:
        """Share of the item's exports to all destinations on lines whose rate rises [K]."""
        return np.divide(
            self.affected, self.base.total, out=np.zeros_like(self.affected), where=self.base.total > 0
        )


@dataclass(frozen=True)
class DestinationExposure:
    """Home's goods exports by destination region [N] in the embedded world, USD billion, and others' exports.

    `exports`; `affected` in sector cells whose rate rises, and the further `duty` on them at the middle of the range;
    `concentration` [J] sum of squared destination shares by sector. `through` [N exporter] home value added inside
    that exporter's goods in cells whose rate rises, and `through_duty` the further duties that fall on it.
    """

    exports: Array
    affected: Array
    duty: Array
    concentration: Array
    through: Array
    through_duty: Array


def of_items(planned: Plan) -> ItemExposure:
    """Exposure of home's items in the US market; `planned` comes from `headway.impact.plan`."""
    lines = rated_lines(planned)
    home = planned.scenario.home
    base = _base(planned, lines)
    rivals = tuple(origin for origin in planned.origins if origin != home)
    own = lines.filter(pl.col("iso3") == home)
    place = {key: at for at, key in enumerate(base.keys)}
    label = own["item"].replace_strict(place, return_dtype=pl.Int64).to_numpy()
    usd = own["usd"].to_numpy() / USD_PER_BILLION
    rates = own.select(RATES).to_numpy().T
    total = np.bincount(label, usd, len(place))
    paid = np.array([np.bincount(label, usd * rate, len(place)) for rate in rates])
    gap, overlap = _rival_gaps(lines, own, label, rivals=rivals)
    rank, suppliers, share, concentration = _standing(lines, home, base.keys)
    return ItemExposure(
        keys=base.keys,
        sector=tuple(item.sector for item in item_codes.ITEMS),
        rivals=rivals,
        base=base,
        affected=np.bincount(label, usd * (rates[2] > rates[0] + RISE), len(place)).astype(np.float64),
        rate=np.divide(paid, total, out=np.zeros_like(paid), where=total > 0),
        duty=paid[1:] - paid[0],
        gap=gap,
        overlap=overlap,
        rank=rank,
        suppliers=suppliers,
        market_share=share,
        concentration=concentration,
    )


def _base(planned: Plan, lines: pl.DataFrame) -> ItemBase:
    """Exports by item as the impact part has them: published where they are, else imputed and marked so."""
    home = planned.scenario.home
    sums = lines.filter(pl.col("iso3") == home).group_by("item").agg(pl.col("usd").sum())
    by_item = dict(sums.iter_rows())
    keys = tuple(item.key for item in item_codes.ITEMS)
    values = np.array([[by_item.get(key, 0.0) / 1e6] for key in keys])
    nothing = np.zeros((1, 1, *values.shape))
    product = ProductDraws(keys, (home,), values, nothing, nothing)
    return item_base(
        planned.world,
        home,
        product,
        region=planned.region,
        published=item_exports.published(home),
        country=item_exports.country_total(home),
    )


def _rival_gaps(
    lines: pl.DataFrame, own: pl.DataFrame, label: NDArray[np.int64], *, rivals: tuple[str, ...]
) -> tuple[Array, Array]:
    """Rivals' rate less home's, weighted by home's basket on lines that both sell [4, R, K], and the shared part."""
    size = len(item_codes.ITEMS)
    usd = own["usd"].to_numpy()
    total = np.bincount(label, usd, size)
    gaps = np.full((len(RATES), len(rivals), size), np.nan)
    overlap = np.zeros((len(rivals), size))
    for number, rival in enumerate(rivals):
        theirs = lines.filter(pl.col("iso3") == rival).select("hs6", *RATES)
        both = own.select("hs6").join(theirs, on="hs6", how="left", maintain_order="left")
        rate = both.select(RATES).to_numpy().T
        shared = np.isfinite(rate[0])
        weight = np.bincount(label, usd * shared, size)
        difference = np.where(shared, rate - own.select(RATES).to_numpy().T, 0.0)
        summed = np.array([np.bincount(label, usd * one, size) for one in difference])
        np.divide(summed, weight, out=gaps[:, number], where=weight > 0)
        np.divide(weight, total, out=overlap[number], where=total > 0)
    return gaps, overlap


def _standing(
    lines: pl.DataFrame, home: str, keys: tuple[str, ...]
) -> tuple[NDArray[np.int64], NDArray[np.int64], Array, Array]:
    """Rank of home among suppliers of each item, how many there are, home's share, and Σ share² over suppliers."""
    sums = lines.group_by("item", "iso3").agg(pl.col("usd").sum()).sort("usd", descending=True)
    rank = np.zeros(len(keys), dtype=np.int64)
    suppliers = np.zeros(len(keys), dtype=np.int64)
    share, concentration = np.zeros(len(keys)), np.zeros(len(keys))
    for at, key in enumerate(keys):
        rows = sums.filter(pl.col("item") == key)
        weights = rows["usd"].to_numpy() / max(float(rows["usd"].sum()), 1.0)
        found = np.flatnonzero((rows["iso3"] == home).to_numpy())
        suppliers[at] = rows.height
        concentration[at] = float((weights**2).sum())
        if found.size:
            rank[at], share[at] = int(found[0]) + 1, float(weights[found[0]])
    return rank, suppliers, share, concentration


def of_destinations(planned: Plan, content: Content | None = None) -> DestinationExposure:
    """Exposure by destination, and through others' exports; cells are sector × importer × exporter."""
    world, at = planned.world, planned.world.region(planned.region)
    goods = [world.sector(key) for key in world.goods]
    after = general.shocked_tariffs(world, planned.ends, planned.mix, planned.scenario.date)[1]
    rise = np.where(after > world.tariff + RISE, after - world.tariff, 0.0)[goods]
    flow = _abroad(world)[goods]
    exports = flow[:, :, at]
    home_value = (content or value_added_content(world)).value_added[at][goods]
    inside = flow * home_value[:, None, :]
    others = np.arange(len(world.regions)) != at
    return DestinationExposure(
        exports=exports.sum(axis=0) / MILLION_PER_BILLION,
        affected=(exports * (rise[:, :, at] > 0)).sum(axis=0) / MILLION_PER_BILLION,
        duty=(exports * rise[:, :, at]).sum(axis=0) / MILLION_PER_BILLION,
        concentration=_herfindahl(_abroad(world)[:, :, at]),
        through=np.where(others, (inside * (rise > 0)).sum(axis=(0, 1)), 0.0) / MILLION_PER_BILLION,
        through_duty=np.where(others, (inside * rise).sum(axis=(0, 1)), 0.0) / MILLION_PER_BILLION,
    )


def _abroad(world: World) -> Array:
    """Flows [J, importer, exporter] with own sales set to zero."""
    return np.asarray(world.flow * (1.0 - np.eye(len(world.regions))))


def _herfindahl(values: Array) -> Array:
    total = values.sum(axis=1, keepdims=True)
    shares = np.divide(values, total, out=np.zeros_like(values), where=total > 0)
    return np.asarray((shares**2).sum(axis=1), dtype=np.float64)


@dataclass(frozen=True)
class Ranking:
    """Ranks of items by several yardsticks [Y, K], one first; `plain` is the first: further duties at the middle.

    Items without affected exports share the last rank.
    """

    yardsticks: tuple[str, ...]
    rank: NDArray[np.int64]

    @property
    def plain(self) -> NDArray[np.int64]:
        """The plain ranking [K]."""
        return np.asarray(self.rank[0])


YARDSTICKS = {
    "duty": "further duties, middle of the range",
    "duty_low": "further duties, low end",
    "duty_high": "further duties, high end",
    "affected": "affected exports in dollars",
    "affected_share": "share of the item's exports affected",
    "gap": "rate disadvantage against rivals in the US",
    "value_added": "home value added affected",
    "modelled": "modelled loss of exports in dollars, up to a year",
}
"""Yardsticks by which exposure can be ranked, in words."""


def ranking(exposure: ItemExposure, content: Content, home: str, modelled: Array | None = None) -> Ranking:
    """Rank items by every yardstick; `modelled` [K] is the change of exports in USD billion where a run gives it."""
    position = [content.sectors.index(key) for key in exposure.sector]
    home_content = content.of(home, home)[position]
    values = {
        "duty": exposure.duty[1],
        "duty_low": exposure.duty[0],
        "duty_high": exposure.duty[2],
        "affected": exposure.affected,
        "affected_share": exposure.affected_share,
        "gap": -_weighted_gap(exposure),
        "value_added": exposure.affected * home_content,
    }
    if modelled is not None:
        values["modelled"] = -modelled
    hit = exposure.affected > 0
    ranks = np.array([_ranks(value, hit) for value in values.values()], dtype=np.int64)
    return Ranking(tuple(values), ranks)


def _weighted_gap(exposure: ItemExposure) -> Array:
    """Change of the rate gap to rivals on average [K], weighted by the share of home's basket that each sells too."""
    moved = np.nan_to_num(exposure.gap[2] - exposure.gap[0])
    weight = exposure.overlap.sum(axis=0)
    summed = (moved * exposure.overlap).sum(axis=0)
    gap: Array = np.divide(summed, weight, out=np.zeros_like(weight), where=weight > 0)
    return gap


def _ranks(values: Array, hit: NDArray[np.bool_]) -> NDArray[np.int64]:
    """1 for the largest among those hit; ties share the better rank; those not hit come after all of them."""
    shown = np.where(hit, values, -np.inf)
    return np.asarray([1 + int((shown > one).sum()) for one in shown], dtype=np.int64)


def is_in_focus(planned: Plan) -> bool:
    """Whether a measure of the US stands in the scenario: only there are product lines known."""
    return any(tariff.measure.imposer == FOCUS for tariff in planned.ends)
