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
from headway.impact.general import GeneralDraws
from headway.impact.product import IMPORTER, ProductDraws
from headway.world import World
from headway.world.item_exports import PublishedExports

Array = NDArray[np.float64]

NO_EXPOSURE = 0.001
"""Share of an item's exports that goes to the market in focus below which no effect is claimed."""

MILLION_PER_BILLION = 1e3


@dataclass(frozen=True)
class ItemBase:
    """Home's exports by item before any measure, USD billion: in total, and directly to the US (Census).

    `published` marks items whose total is the ministry's own figure; others are imputed from the embedded world.
    `conflict` marks items of which the US records more imports than the exporter's figure for all destinations.
    """

    keys: tuple[str, ...]
    sector: tuple[str, ...]
    total: Array
    us: Array
    published: NDArray[np.bool_]
    conflict: NDArray[np.bool_]
    year: int

    @property
    def elsewhere(self) -> Array:
        """Exports to all other destinations, never below zero."""
        return np.maximum(self.total - self.us, 0.0)


@dataclass(frozen=True)
class ItemDraws:
    """Changes of home's exports by item in every draw [P, Q, K], USD billion, to the US and elsewhere.

    `exposed` [K] is False where an item sells next to nothing in the market in focus: no effect is claimed for it.
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
    world: World, home: str, product: ProductDraws, published: PublishedExports | None, *, region: str
) -> ItemBase:
    """Exports by item: published figures first, the rest by sector of the world and product in the US."""
    keys = tuple(item.key for item in item_codes.ITEMS)
    sector = tuple(item.sector for item in item_codes.ITEMS)
    us = _us_imports(product, home, keys)
    world_exports = world.exports(region).sum(axis=1) / MILLION_PER_BILLION
    if region != home:
        world_exports = _country_part(world, product, home, region) * world_exports
    known = np.array([bool(published and key in published.items) for key in keys])
    total = np.array([published.items[key] if published and key in published.items else 0.0 for key in keys])
    for at, key in enumerate(world.sectors):
        members = np.flatnonzero([one == key for one in sector])
        unknown = members[~known[members]]
        if key in world.goods and unknown.size:
            remainder = max(world_exports[at] - total[members].sum(), us[unknown].sum())
            total[unknown] = remainder * _mix(us[unknown])
    if published is not None:
        missing = published.total - total[known].sum()
        total[~known] *= missing / total[~known].sum()
    conflict = us > total
    total = _raised(total, us, known)
    return ItemBase(keys, sector, total, us, known, conflict, published.year if published else 2023)


def join(base: ItemBase, world: World, general: GeneralDraws, product: ProductDraws, *, home: str) -> ItemDraws:
    """Join both levels; `home` is an ISO3 code."""
    origin = product.of(home)
    position = np.array([product.items.index(key) if key in product.items else -1 for key in base.keys])
    exposed = base.us > NO_EXPOSURE * base.total

    def direct(change: Array) -> Array:
        picked = change[:, :, position, origin] / MILLION_PER_BILLION
        return np.where(exposed & (position >= 0), picked, 0.0)

    return ItemDraws(
        base=base,
        exposed=exposed,
        us=direct(product.change),
        elsewhere=np.where(exposed, base.elsewhere * _elsewhere_change(world, base, general), 0.0),
        us_without_home=direct(product.without_home),
    )


def _raised(total: Array, us: Array, known: NDArray[np.bool_]) -> Array:
    """Totals no lower than US imports, what is added taken from imputed items that have exports elsewhere."""
    raised = np.maximum(total, us)
    slack = np.where(known, 0.0, raised - us)
    added = raised.sum() - total.sum()
    return raised - added * slack / slack.sum() if slack.sum() > added else raised


def _elsewhere_change(world: World, base: ItemBase, draws: GeneralDraws) -> Array:
    """Relative change of the sector's exports to all destinations but the US [P, Q, K]."""
    others = [at for at, region in enumerate(world.regions) if region != IMPORTER]
    before = draws.before[:, others].sum(axis=1)
    after = draws.home_exports[..., others].sum(axis=-1)
    change = np.divide(after, before, out=np.ones_like(after), where=before > 0) - 1
    return np.asarray(change[..., [world.sector(key) for key in base.sector]])


def _us_imports(product: ProductDraws, home: str, keys: tuple[str, ...]) -> Array:
    values = dict(zip(product.items, product.before[:, product.of(home)] / MILLION_PER_BILLION, strict=True))
    return np.array([values.get(key, 0.0) for key in keys])


def _country_part(world: World, product: ProductDraws, home: str, region: str) -> float:
    """A country's share of its region's exports, taken from US imports: for homes inside a rest-of region."""
    own = product.before[:, product.of(home)].sum()
    whole = world.exports(region)[[world.sector(key) for key in world.goods], world.region(IMPORTER)].sum()
    return float(min(own / whole, 1.0))


def _mix(values: Array) -> Array:
    return np.asarray(values / values.sum()) if values.sum() > 0 else np.full(values.size, 1 / values.size)
