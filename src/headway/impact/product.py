"""The US market by product: what a scenario does to home's and its rivals' sales there (METHODS section 3).

The nested CES of the world economy's demand, with its sellers' prices and its spending by sector, at the level of
HS6 products: what it adds is which products a country sells, who its rivals are there, and each product's own σ.
US supply stands among the varieties of every product, with the domestic share of its sector, so that `demand` is
the elasticity of demand for the product as a whole. Duties are passed on in full: the evidence since 2018 (Amiti,
Redding & Weinstein 2019). Volumes are at the prices before.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from headway.impact.coverage import ImportMix
from headway.impact.line_rates import IMPORTER, duty_changes
from headway.impact.rates import DrawnTariff
from headway.models.partial import Market, crossed_value_change
from headway.policy import Scenario
from headway.world import us_market
from headway.world.regions import Places
from headway.world.us_market import USD_PER_MILLION, UsMarket

Array = NDArray[np.float64]

HIGHEST_DOMESTIC_SHARE = 0.99
"""US supply of an imported product is taken to be no more than this share of its market."""


@dataclass(frozen=True)
class ProductDraws:
    """US imports from each reported origin by item, USD million: before [items, origins], and the change in every
    draw [P, Q, items, origins]; `without_home` is the change if home's own rate did not move."""

    items: tuple[str, ...]
    origins: tuple[str, ...]
    before: Array
    change: Array
    without_home: Array

    def of(self, origin: str) -> int:
        """Position of an origin."""
        return self.origins.index(origin)


@dataclass(frozen=True)
class Surroundings:
    """What the world economy tells the market in every draw: sellers' prices before tariff and the US's spending.

    `seller_price` p̂ [P, Q, J, N] and `spending` X̂ [P, Q, J] after all measures; the same, `*_without_home`, if home's
    own tariffs did not move; `domestic_share` [J] of US supply in US spending; names of sectors and regions.
    """

    sectors: tuple[str, ...]
    regions: tuple[str, ...]
    domestic_share: Array
    seller_price: Array
    spending: Array
    seller_price_without_home: Array
    spending_without_home: Array
    members: tuple[tuple[str, tuple[str, ...]], ...] = ()


def simulate(
    scenario: Scenario,
    tariffs: tuple[DrawnTariff, ...],
    mix: ImportMix,
    *,
    origins: tuple[str, ...],
    around: Surroundings,
    elasticity: tuple[Array, Array],
) -> ProductDraws:
    """Run every policy draw against every parameter draw; `elasticity` is (σ, η), each [Q, G] over products.

    `origins` stand alone in the market, others are pooled. Tariffs of other importers than the US act through
    `around` alone.
    """
    market, _ = _market(origins, mix)
    wedges = _wedges(origins, scenario, tariffs, mix, draws=around.seller_price.shape[0])
    return _draws(market, wedges, around, elasticity, groups=market.item)


def simulate_products(
    scenario: Scenario,
    tariffs: tuple[DrawnTariff, ...],
    mix: ImportMix,
    *,
    origins: tuple[str, ...],
    around: Surroundings,
    elasticity: tuple[Array, Array],
) -> ProductDraws:
    """As `simulate`, by HS6 in place of items: sums over the products of an item are that item's."""
    market, _ = _market(origins, mix)
    wedges = _wedges(origins, scenario, tariffs, mix, draws=around.seller_price.shape[0])
    return _draws(market, wedges, around, elasticity, groups=market.hs6)


def _wedges(
    origins: tuple[str, ...], scenario: Scenario, tariffs: tuple[DrawnTariff, ...], mix: ImportMix, *, draws: int
) -> tuple[Array, Array]:
    """(1 + t')/(1 + t) of every variety [P, M] after the measures, and the same with home's own rates as they were."""
    market, cell = _market(origins, mix)
    base = market.market
    duty = duty_changes(mix, _of_the_us(tariffs), scenario.date, cell=cell, count=base.size)
    wedge = 1 + duty / (USD_PER_MILLION * base.value) / (1 + base.tariff_rate)
    wedge = np.broadcast_to(wedge, (draws, wedge.shape[1]))
    spared = wedge.copy()
    spared[:, market.rows_of(scenario.home)] = 1.0
    return wedge, spared


def _of_the_us(tariffs: tuple[DrawnTariff, ...]) -> tuple[DrawnTariff, ...]:
    return tuple(tariff for tariff in tariffs if tariff.measure.imposer == IMPORTER)


def _draws(
    market: UsMarket,
    wedges: tuple[Array, Array],
    around: Surroundings,
    elasticity: tuple[Array, Array],
    *,
    groups: tuple[str, ...],
) -> ProductDraws:
    layout = _Layout.of(market, around, groups)
    value, shape = market.market.value, layout.shape
    return ProductDraws(
        items=tuple(sorted(set(groups))),
        origins=market.origins,
        before=np.bincount(layout.label[: value.size], value, shape[0] * shape[1])
        .reshape(shape)
        .astype(np.float64),
        change=_respond(layout, wedges[0], around.seller_price, around.spending, elasticity),
        without_home=_respond(
            layout, wedges[1], around.seller_price_without_home, around.spending_without_home, elasticity
        ),
    )


@dataclass(frozen=True)
class _Layout:
    """The market with one more variety per product, made in the US, and where each row stands in other tables.

    `label` [M'] is group × origin, −1 for US supply; `sector` [G] and `row_sector`, `row_region` [M'] are positions
    in the world economy.
    """

    market: Market
    label: NDArray[np.int64]
    shape: tuple[int, int]
    sector: NDArray[np.int64]
    row_sector: NDArray[np.int64]
    row_region: NDArray[np.int64]

    @classmethod
    def of(cls, market: UsMarket, around: Surroundings, groups: tuple[str, ...]) -> _Layout:
        """Lay the market out by `groups` of products [G]; US supply has its sector's domestic share in spending."""
        base, count = market.market, len(market.hs6)
        sector = np.array([around.sectors.index(one) for one in market.sector], dtype=np.int64)
        share = np.minimum(around.domestic_share[sector], HIGHEST_DOMESTIC_SHARE)
        delivered = np.bincount(base.product, base.value * (1 + base.tariff_rate))
        full = Market(
            product=np.concatenate([base.product, np.arange(count)]),
            value=np.concatenate([base.value, delivered * share / (1 - share)]),
            tariff_rate=np.concatenate([base.tariff_rate, np.zeros(count)]),
        )
        names, region = sorted(set(groups)), _regions(market, around)
        group = np.searchsorted(np.array(names), np.array(groups))
        label = group[base.product] * len(market.origins) + market.origin
        return cls(
            market=full,
            label=np.concatenate([label, np.full(count, -1)]),
            shape=(len(names), len(market.origins)),
            sector=sector,
            row_sector=sector[full.product],
            row_region=np.concatenate([region[market.origin], np.full(count, around.regions.index(IMPORTER))]),
        )


def _respond(
    layout: _Layout, wedge: Array, seller_price: Array, spending: Array, elasticity: tuple[Array, Array]
) -> Array:
    """Change of US imports by item and origin [P, Q, items, origins], at the sellers' prices of each draw."""
    padded = np.concatenate([wedge, np.ones((len(wedge), layout.market.size - wedge.shape[1]))], axis=1)
    cell = np.ravel_multi_index((layout.row_sector, layout.row_region), seller_price.shape[2:])

    def respond(q: int) -> Array:
        prices = seller_price[:, q].reshape(len(wedge), -1)
        return crossed_value_change(
            layout.market,
            padded * np.take(prices, cell, axis=1),
            substitution=elasticity[0][q : q + 1],
            demand=elasticity[1][q : q + 1],
            label=layout.label,
            shift=spending[:, q, layout.sector],
        )

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        moved = list(pool.map(respond, range(len(elasticity[0]))))
    return np.concatenate(moved, axis=1).reshape(len(wedge), len(moved), *layout.shape)


def average_rates(
    scenario: Scenario, tariffs: tuple[DrawnTariff, ...], mix: ImportMix, *, origins: tuple[str, ...]
) -> tuple[Array, Array]:
    """Average US tariff before [origins + 1] and after [draws, origins + 1], all origins together last.

    Weights are imports for consumption before the measures: nothing responds.
    """
    market, cell = _market(origins, mix)
    origin, count = market.origin[cell], len(market.origins)
    usd, rate = (mix.rows[name].to_numpy() for name in ("usd", "rate"))
    value, owed = (np.bincount(origin, one, count).astype(np.float64) for one in (usd, usd * rate))
    change = duty_changes(mix, _of_the_us(tariffs), scenario.date, cell=origin, count=count)
    return _averages(owed[None], value)[0], _averages(owed + change, value)


def _averages(owed: Array, value: Array) -> Array:
    """Duty over value by origin, all origins together last: [draws, origins + 1]."""
    overall = owed.sum(axis=1, keepdims=True) / value.sum()
    return np.concatenate([np.divide(owed, value, out=np.zeros_like(owed), where=value > 0), overall], axis=1)


@lru_cache(maxsize=4)
def _market(origins: tuple[str, ...], mix: ImportMix) -> tuple[UsMarket, NDArray[np.int64]]:
    """The market at the rates of a mix, and which of its varieties each row of the mix belongs to."""
    rates = None if mix.owed_on is None else mix.rows
    market = us_market.market(origins=origins, year=mix.year, rates=rates)
    keys = mix.rows.select("hs6", "iso3")
    found = keys.join(market.members, on=("hs6", "iso3"), how="left", maintain_order="left")["variety"]
    return market, found.to_numpy().astype(np.int64)


def products(mix: ImportMix) -> tuple[str, ...]:
    """HS6 codes [G] of the market's products, in the order in which σ is given."""
    return tuple(mix.rows["hs6"].unique().sort())


def special_imports(home: str, mix: ImportMix) -> float:
    """US imports from home under chapters 98 and 99 (goods returned, repairs, low-value entries), USD million."""
    special = pl.col("hs6").str.slice(0, 2).is_in(["98", "99"])
    return float(mix.rows.filter(special & (pl.col("iso3") == home))["usd"].sum()) / USD_PER_MILLION


def _regions(market: UsMarket, around: Surroundings) -> NDArray[np.int64]:
    """Position of each origin's region in the world economy; pooled origins take the rest of the world's prices."""
    places = Places(around.regions, around.members)
    names = ("ROW" if origin == us_market.OTHER else places.of(origin) for origin in market.origins)
    return np.array([around.regions.index(name) for name in names], dtype=np.int64)
