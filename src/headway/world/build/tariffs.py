"""Step 5: tariffs at the baseline. The US from what it collected in 2024, others by a labelled stand-in of 2005."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources

import numpy as np

from headway.world.build import caliendo_parro as cp
from headway.world.build.records import Array, Note
from headway.world.regions import EU_REGIONS, REGIONS

FARM_GOODS = frozenset({"agriculture", "food"})
LEAST_TRADE = 0.5
"""USD million of 1993: below it a pair's sector rates are averaged without trade weights."""


@dataclass(frozen=True)
class Agreement:
    """A trade agreement in force: zero between every member of `sides[0]` and of `sides[1]` (or among `sides[0]`)."""

    name: str
    in_force: int
    covers_farm_goods: bool
    sides: tuple[tuple[str, ...], tuple[str, ...]]


def agreements() -> tuple[Agreement, ...]:
    """The agreements of `agreements.csv`."""
    source = resources.files("headway.world.build").joinpath("agreements.csv")
    with source.open(encoding="utf-8") as file:
        return tuple(
            Agreement(
                row["agreement"],
                int(row["in_force"]),
                row["farm_goods"] == "yes",
                (tuple(row["members_a"].split()), tuple(row["members_b"].split())),
            )
            for row in csv.DictReader(file)
        )


def _positions(region: str, *, importer: bool) -> list[int]:
    # The EU had one external tariff in 2005, for Poland, Belgium and Czechia too; as exporters they are in the EU.
    if region in ("POL", "CZE", "BEL"):
        return [cp.COUNTRIES.index("DEU")]
    if region in ("TWN", "RUS"):
        return [] if importer else [cp.COUNTRIES.index("ROW")]
    return cp.members(region)


def stand_in_2005(data: cp.CaliendoParro, sectors: tuple[str, ...], merged: dict[str, str]) -> Array:
    """Applied tariffs of 2005 [sector, importer, exporter], averaged with trade of 1993; zero where not covered."""
    rates = np.zeros((len(sectors), len(REGIONS), len(REGIONS)))
    for s, key in enumerate(sectors):
        group = [i for i, owner in enumerate(cp.SECTOR_OF[: cp.TRADABLE]) if merged.get(owner, owner) == key]
        for n, importer in enumerate(REGIONS):
            place = _positions(importer, importer=True)
            for i, exporter in enumerate(REGIONS):
                origin = [o for o in _positions(exporter, importer=False) if o not in place]
                if group and place and origin and n != i:
                    cells = np.ix_(group, place, origin)
                    rates[s, n, i] = _average(data.tariff[cells], data.trade[cells])
    return rates


def _average(rate: Array, trade: Array) -> float:
    if trade.sum() < LEAST_TRADE:
        return float(rate.mean())
    return float((rate * trade).sum() / trade.sum())


def apply_agreements(rates: Array, sectors: tuple[str, ...]) -> Array:
    """The rates with zero between partners of an agreement; farm goods keep theirs where it leaves them out."""
    rates = rates.copy()
    farm = np.array([key in FARM_GOODS for key in sectors])
    for agreement in agreements():
        first = np.array([REGIONS.index(code) for code in agreement.sides[0]])
        second = np.array([REGIONS.index(code) for code in agreement.sides[1] or agreement.sides[0]])
        covered = np.flatnonzero(~farm | agreement.covers_farm_goods)
        rates[np.ix_(covered, first, second)] = 0.0
        rates[np.ix_(covered, second, first)] = 0.0
    return rates


def build(
    data: cp.CaliendoParro, us_tariff: Array, *, sectors: tuple[str, ...], merged: dict[str, str]
) -> tuple[Array, list[Note]]:
    """Baseline tariffs [sector, importer, exporter], services at zero, from `us_tariff[goods sector, exporter]`."""
    rates = apply_agreements(stand_in_2005(data, sectors, merged), sectors)
    us = REGIONS.index("USA")
    goods = us_tariff.shape[0]
    rates[goods:] = 0.0
    rates[:, us] = 0.0
    rates[:goods, us] = us_tariff
    every = np.arange(len(REGIONS))
    rates[:, every, every] = 0.0
    without = ", ".join(region for region in REGIONS if not cp.covers_importer(region))
    eu = ", ".join(region for region in EU_REGIONS if region in cp.STAND_IN)
    notes = [
        Note("tariffs", "importer not covered by the 2005 data: zero", without, 0.0, unit="rate"),
        Note("tariffs", "EU member not in the 2005 data: Germany's external tariff", eu, 0.0, unit="rate"),
    ]
    notes += [
        Note("tariffs", "zero under an agreement in force", a.name, float(a.in_force), unit="year")
        for a in agreements()
    ]
    return rates, notes
