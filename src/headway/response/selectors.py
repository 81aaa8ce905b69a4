"""Whom and what a move touches: words of an option file as positions and shares of the embedded world's arrays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from headway.codes import countries, items, sectors
from headway.errors import InvalidScenario, UnknownCode
from headway.impact.coverage import ImportMix
from headway.policy import Scenario
from headway.world import World
from headway.world.regions import AGGREGATES, region_name, region_of

Array = NDArray[np.float64]

EVERYTHING = "all"
HOME, PARTNER, THIRD = "home", "partner", "third"
"""Words for regions in an option file: the two sides, and everybody else."""


@dataclass(frozen=True)
class Scene:
    """Where options are applied: the world, home and partner as regions, the day, and the mix of US imports.

    The mix turns a product into a share of a sector: observed for US imports, a stand-in elsewhere.
    """

    world: World
    home: str
    partner: str
    on: dt.date
    mix: ImportMix

    @property
    def at_home(self) -> int:
        """Position of the home region."""
        return self.world.region(self.home)

    @property
    def at_partner(self) -> int:
        """Position of the partner's region."""
        return self.world.region(self.partner)

    @cached_property
    def goods(self) -> NDArray[np.int64]:
        """Positions of the sectors that tariffs can hit."""
        return np.array([self.world.sector(key) for key in self.world.goods], dtype=np.int64)

    def regions(self, words: str | Iterable[str]) -> tuple[int, ...]:
        """Positions of regions named as home, partner, third, an ISO3 code, a region or a group such as EUU.

        Raises UnknownCode for what is none of these.
        """
        named = (words,) if isinstance(words, str) else tuple(words)
        found = [at for word in named for at in self._positions(word)]
        return tuple(dict.fromkeys(found))

    def _positions(self, word: str) -> list[int]:
        if word == HOME:
            return [self.at_home]
        if word == PARTNER:
            return [self.at_partner]
        if word == THIRD:
            return [at for at in range(len(self.world.regions)) if at not in (self.at_home, self.at_partner)]
        groups = {group.key for group in countries.all_groups()}
        members = countries.members(word, self.on) if word in groups else (countries.lookup(word).iso3,)
        if word in self.world.regions:
            members = (word,)
        positions = {self.world.region(region_of(iso3)) for iso3 in members}
        return sorted(positions)

    def covered(self, products: str | Iterable[str], exporter: int) -> Array:
        """Share of each sector [J] of what an exporter sells that the products are; services are never covered.

        A product is "all", a sector (or sector:KEY), an item (or item:KEY) or HS prefixes (hs:8703). Items and prefixes
        take their weight from US imports from that exporter. Raises UnknownCode for a product that is none of these.
        """
        words = (products,) if isinstance(products, str) else tuple(products)
        if (words, exporter) not in self._known:
            share = np.zeros(len(self.world.sectors))
            for word in words:
                share = np.minimum(1.0, share + self._share(word, exporter))
            self._known[words, exporter] = share
        return self._known[words, exporter]

    @cached_property
    def _known(self) -> dict[tuple[tuple[str, ...], int], Array]:
        """Shares found so far: packages ask for the same few again and again."""
        return {}

    def _share(self, word: str, exporter: int) -> Array:
        share = np.zeros(len(self.world.sectors))
        if word == EVERYTHING:
            share[self.goods] = 1.0
            return share
        kind, _, key = word.rpartition(":")
        prefixes = _prefixes(kind, key)
        if prefixes is None:
            if key in self.world.goods:
                share[self.world.sector(key)] = 1.0
                return share
            raise UnknownCode(f"No sector or item is called {word!r}.", _KNOWN)
        return self._mix_share(prefixes, exporter)

    def _mix_share(self, prefixes: tuple[str, ...], exporter: int) -> Array:
        """Share of each sector's US imports from a region that lies under some HS prefixes."""
        region = self.world.regions[exporter]
        rows = self.mix.rows.filter(pl.col("region") == region)
        under = pl.any_horizontal(pl.col("hts10").str.starts_with(one) for one in prefixes)
        sums = rows.group_by("sector").agg(share=pl.col("usd").filter(under).sum() / pl.col("usd").sum())
        share = np.zeros(len(self.world.sectors))
        for sector, value in sums.iter_rows():
            if sector in self.world.goods:
                share[self.world.sector(sector)] = value
        return share


_KNOWN = "Use a sector, an item, hs:8703 or all; `sector:` or `item:` in front settles which of two is meant."


def _prefixes(kind: str, key: str) -> tuple[str, ...] | None:
    """HS prefixes of an item or of hs:…, None where the word must be a sector."""
    if kind == "hs":
        digits = key.replace(".", "")
        if not digits.isdigit():
            raise UnknownCode(f"Not an HS prefix: {key!r}.", _KNOWN)
        return (digits,)
    if kind == "sector":
        return None
    if kind not in ("", "item"):
        raise UnknownCode(f"Unknown kind of product: {kind!r}.", _KNOWN)
    try:
        return items.lookup(key).hs
    except UnknownCode:
        if kind == "item":
            raise
        return None


def product_names(products: str | Iterable[str]) -> str:
    """Products in words, for titles: "cars and motor vehicle parts"."""
    words = (products,) if isinstance(products, str) else tuple(products)
    names = [_product_name(word) for word in words]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def _product_name(word: str) -> str:
    if word == EVERYTHING:
        return "all goods"
    kind, _, key = word.rpartition(":")
    if kind == "hs":
        return f"HS {key}"
    if kind != "sector":
        try:
            return _lowered(items.lookup(key).name)
        except UnknownCode:
            pass
    return _lowered(sectors.labels().get(key, key))


def _lowered(name: str) -> str:
    return name if name[:2].isupper() else name[0].lower() + name[1:]


def region_names(scene: Scene, words: str | Iterable[str]) -> str:
    """Regions in words."""
    named = (words,) if isinstance(words, str) else tuple(words)
    return ", ".join(_region_word(scene, word) for word in named)


def _region_word(scene: Scene, word: str) -> str:
    if word in (HOME, PARTNER):
        return region_name(scene.home if word == HOME else scene.partner)
    if word == THIRD:
        return "third markets"
    groups = {group.key: group.name for group in countries.all_groups()}
    return groups.get(word) or (region_name(word) if word in scene.world.regions else countries.name(word))


def check_sides(scenario: Scenario, partner: str) -> None:
    """Raise InvalidScenario where a side is inside an aggregate of the embedded world, which then has no tariffs."""
    for side in (scenario.home, partner):
        region = region_of(side)
        if region in AGGREGATES and side not in AGGREGATES:
            raise InvalidScenario(
                f"{countries.name(side)} lies inside {region_name(region)} in the embedded world, so options for it "
                "cannot be scored.",
                "Use `headway impact` and `headway exposure`, which reach single countries in the US market.",
            )
