"""The economy: all steps in order, and the tables that the package ships."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headway.codes import sectors as sector_codes
from headway.world.build import caliendo_parro, korea_items, levels, splitting, tariffs, us_goods, wiod
from headway.world.build.rebalancing import Moved, Targets, move
from headway.world.build.records import Array, Note, Structure

WIOD_FILE = "wiod2013/wiot_2011.npz"
CP_FOLDER = "cp2015-nafta"


@dataclass(frozen=True)
class Inputs:
    """What all variants start from."""

    wiod: Structure
    cp: caliendo_parro.CaliendoParro
    levels: levels.Levels
    us: us_goods.UsGoods
    items: dict[str, float]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Economy:
    """One variant: the moved table, the table of 2011 that it came from, and the notes of its steps."""

    variant: str
    before: Structure
    moved: Moved
    notes: tuple[Note, ...]


def read_inputs(sources: Path) -> Inputs:
    """Read and settle every source of the economy."""
    table, negative = wiod.build(sources / WIOD_FILE)
    targets, fills = levels.build(sources, table)
    imports, provisions = us_goods.by_sector(us_goods.read(sources))
    data = caliendo_parro.read(sources / CP_FOLDER)
    return Inputs(table, data, targets, imports, korea_items.read(sources), (*negative, *fills, *provisions))


def _first_shares(us: us_goods.UsGoods) -> dict[str, Array]:
    goods = sector_codes.goods()
    shares = {}
    for whole, (first, second) in splitting.PAIRS:
        a, b = us.imports[goods.index(first)], us.imports[goods.index(second)]
        shares[whole] = np.where(a + b > 0, a / np.maximum(a + b, 1e-300), 0.5)
    return shares


def build_default(inputs: Inputs) -> Economy:
    """The world of 24 sectors, c14 and c15 divided."""
    table, notes = splitting.divide_all(inputs.wiod, inputs.cp, _first_shares(inputs.us))
    rates, more = tariffs.build(inputs.cp, us_goods.tariff(inputs.us), sectors=table.sectors, merged={})
    home = table.region("KOR")
    other = inputs.us.imports[sector_codes.goods().index("other_transport"), home]
    exports = korea_items.sector_exports(inputs.items, float(other))
    moved = move(table, Targets(inputs.levels, inputs.us.imports, rates, exports))
    return Economy("default", table, moved, (*notes, *more))


def build_unsplit(inputs: Inputs, default: Economy) -> Economy:
    """The world of 22 sectors, c14 and c15 whole; home's exports of both as in the world of 24."""
    table = inputs.wiod
    goods = sector_codes.goods()
    fold = np.zeros((len(table.sectors), len(sector_codes.keys())))
    for column, key in enumerate(sector_codes.keys()):
        fold[table.sector(wiod.UNSPLIT.get(key, key)), column] = 1.0
    kept = table.sectors.index("utilities")
    whole = us_goods.UsGoods(*(fold[:kept, : len(goods)] @ part for part in (inputs.us.imports, inputs.us.duties)))
    rates, notes = tariffs.build(inputs.cp, us_goods.tariff(whole), sectors=table.sectors, merged=wiod.UNSPLIT)
    home, split = table.region("KOR"), default.moved.table.flow
    abroad = fold @ (split[:, :, home].sum(axis=1) - split[:, home, home])
    exports = {industry: float(abroad[table.sector(industry)]) for industry, _ in splitting.PAIRS}
    return Economy(
        "unsplit", table, move(table, Targets(inputs.levels, whole.imports, rates, exports)), tuple(notes)
    )
