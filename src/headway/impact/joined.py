"""Items as readers name them, over all destinations: the US market by product, the rest by the world economy.

An item's exports to the US move as its products do there (section 3 of the methods); its exports elsewhere move as
its sector's do in the world economy (section 2), which carries what happens to goods that it goes into, such as
chips inside others' phones. Values are USD billion of the base year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.codes import items as item_codes
from headway.errors import DataError
from headway.impact.general import GeneralDraws
from headway.impact.line_rates import IMPORTER
from headway.impact.product import ProductDraws
from headway.world import World
from headway.world.item_exports import CountryExports, PublishedExports

Array = NDArray[np.float64]

NO_EXPOSURE = 0.001
"""Share of an item's exports that goes to the markets whose tariffs move below which no effect is claimed."""

MILLION_PER_BILLION = 1e3
WORLD_YEAR = 2023
"""Year of the trade levels of the embedded world."""

ALSO_IN = {"agriculture": "agri_food"}
"""Sectors that are the main one of no item, and the item that holds their goods."""

IMPUTED = "imputed: the sector's exports in the embedded world, as the mix of US imports, scaled to the total"
POOLED = "imputed: the country's total exports, as the mix of US imports"
"""How an item's total is known where nobody publishes it."""


@dataclass(frozen=True)
class ItemBase:
    """Home's exports by item before any measure, USD billion: in total, and directly to the US (Census).

    `basis` says how each total is known: "published" by the country's ministry, or what stands in for that.
    """

    keys: tuple[str, ...]
    total: Array
    us: Array
    basis: tuple[str, ...]
    year: int

    @property
    def elsewhere(self) -> Array:
        """Exports to all other destinations, never below zero."""
        return np.maximum(self.total - self.us, 0.0)


@dataclass(frozen=True)
class ItemDraws:
    """Changes of home's exports by item in every draw [P, Q, K], USD billion, to the US and elsewhere.

    `exposed` [K] is False where an item sells next to nothing in the markets whose tariffs move: no effect is
    claimed for it.
    `us_without_home` is the change of exports to the US if home's own tariff did not move: trade diversion, what
    rivals' tariffs alone do (METHODS section 2).
    """

    base: ItemBase
    exposed: NDArray[np.bool_]
    us: Array
    elsewhere: Array
    us_without_home: Array

    @property
    def total(self) -> Array:
        """Change over all destinations [P, Q, K]."""
        return self.us + self.elsewhere


def item_base(
    world: World,
    home: str,
    product: ProductDraws,
    *,
    region: str,
    published: PublishedExports | None = None,
    country: CountryExports | None = None,
) -> ItemBase:
    """Exports by item: published figures first, the rest by sector of the world and product in the US.

    A country inside a pooled region has its own total (`country`), spread over items as its sales to the US.
    Raises DataError where such a country has none.
    """
    keys = tuple(item.key for item in item_codes.ITEMS)
    us = _us_imports(product, home, keys)
    if region != home:
        if country is None:
            raise DataError(f"No total of the exports of {home} is known.", "Choose another home country.")
        total = np.maximum(country.usd_billion, us.sum()) * _mix(us)
        return ItemBase(keys, total, us, (POOLED,) * len(keys), country.year)
    stated = published.items if published else {}
    known = np.array([key in stated for key in keys])
    total = np.array([stated.get(key, 0.0) for key in keys])
    total += _imputed(world.exports(region), world, total, known=known, mix=_item_mix(product, us, keys))
    if published is not None:
        total[~known] *= (published.total - total[known].sum()) / total[~known].sum()
    total = _raised(total, us, known)
    basis = tuple(published.basis[key] if published and key in stated else IMPUTED for key in keys)
    return ItemBase(keys, total, us, basis, published.year if published else WORLD_YEAR)


def _imputed(exports: Array, world: World, known_total: Array, *, known: NDArray[np.bool_], mix: Array) -> Array:
    """Exports of items without a figure [K], from a region's `exports` [J, N]: what their sector sells beyond others.

    `mix` [K] are the weights of items within a sector, home's sales to the US where it has any.
    """
    sold = _membership(world) @ exports.sum(axis=1) / MILLION_PER_BILLION
    sector = np.array([item.sector for item in item_codes.ITEMS])
    imputed = np.zeros(len(sector))
    for key in world.goods:
        unknown = np.flatnonzero((sector == key) & ~known)
        if unknown.size:
            imputed[unknown] = max(sold[unknown[0]] - known_total[sector == key].sum(), 0.0) * _mix(mix[unknown])
    return imputed


def _item_mix(product: ProductDraws, us: Array, keys: tuple[str, ...]) -> Array:
    """Weights of items [K]: US purchases from home; from everybody in sectors where it buys nothing from home."""
    everybody = dict(zip(product.items, product.before.sum(axis=1) / MILLION_PER_BILLION, strict=True))
    sector = np.array([item.sector for item in item_codes.ITEMS])
    served = {key: us[sector == key].sum() > 0 for key in sector.tolist()}
    return np.array(
        [us[k] if served[sector[k]] else everybody.get(key, 0.0) for k, key in enumerate(keys)], dtype=np.float64
    )


def _membership(world: World) -> Array:
    """1 where an item's goods are those of a sector [K, J]: its main one, and any that no item has as its main one."""
    keys = [item.key for item in item_codes.ITEMS]
    member = np.zeros((len(keys), len(world.sectors)))
    for at, item in enumerate(item_codes.ITEMS):
        member[at, world.sector(item.sector)] = 1.0
    for sector, key in ALSO_IN.items():
        member[keys.index(key), world.sector(sector)] = 1.0
    return member


def join(
    base: ItemBase,
    world: World,
    general: GeneralDraws,
    product: ProductDraws,
    *,
    home: str,
    imposers: tuple[str, ...] = (IMPORTER,),
) -> ItemDraws:
    """Join both levels; `home` is an ISO3 code, `imposers` the regions whose tariffs move."""
    origin = product.of(home)
    position = np.array([product.items.index(key) if key in product.items else -1 for key in base.keys])
    exposed = _exposure(base, world, general, home=home, imposers=imposers) > NO_EXPOSURE * base.total

    def direct(change: Array) -> Array:
        picked = change[:, :, position, origin] / MILLION_PER_BILLION
        return np.where(exposed & (position >= 0), picked, 0.0)

    return ItemDraws(
        base=base,
        exposed=exposed,
        us=direct(product.change),
        elsewhere=np.where(exposed, base.elsewhere * _elsewhere_change(world, general), 0.0),
        us_without_home=direct(product.without_home),
    )


def _exposure(
    base: ItemBase, world: World, general: GeneralDraws, *, home: str, imposers: tuple[str, ...]
) -> Array:
    """Sales in the markets whose tariffs move [K], USD billion; outside the US items sell as their sector does.

    A home country that changes its own tariffs changes its own costs: everything is exposed.
    """
    if world.places.of(home) in imposers:
        return base.total.copy()
    outside = [at for at, region in enumerate(world.regions) if region != IMPORTER]
    markets = [world.region(region) for region in imposers if region != IMPORTER]
    member = _membership(world)
    sold, there = (member @ general.before[:, places].sum(axis=1) for places in (outside, markets))
    share = np.divide(there, sold, out=np.zeros_like(sold), where=sold > 0)
    return np.asarray(base.elsewhere * share + (base.us if IMPORTER in imposers else 0.0))


def _raised(total: Array, us: Array, known: NDArray[np.bool_]) -> Array:
    """Totals that leave room for US imports; what is added is taken from other imputed items' exports elsewhere.

    An imputed item of which the US alone buys all that its sector leaves is taken to sell it the average share.
    """
    average = us.sum() / total.sum() if total.sum() > 0 else 1.0
    short = us >= total
    raised = np.where(short & ~known & (us > 0), us / max(average, 1e-9), np.maximum(total, us))
    slack = np.where(known | short, 0.0, raised - us)
    added = raised.sum() - total.sum()
    return raised - added * slack / slack.sum() if slack.sum() > added else np.maximum(total, us)


def _elsewhere_change(world: World, draws: GeneralDraws) -> Array:
    """Relative change of each item's sector's exports to all destinations but the US [P, Q, K]."""
    others = [at for at, region in enumerate(world.regions) if region != IMPORTER]
    member = _membership(world)
    before = member @ draws.before[:, others].sum(axis=1)
    after = draws.home_exports[..., others].sum(axis=-1) @ member.T
    return np.asarray(np.divide(after, before, out=np.ones_like(after), where=before > 0) - 1)


def _us_imports(product: ProductDraws, home: str, keys: tuple[str, ...]) -> Array:
    values = dict(zip(product.items, product.before[:, product.of(home)] / MILLION_PER_BILLION, strict=True))
    return np.array([values.get(key, 0.0) for key in keys])


def _mix(values: Array) -> Array:
    return np.asarray(values / values.sum()) if values.sum() > 0 else np.full(values.size, 1 / values.size)
