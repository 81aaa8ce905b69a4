"""What a package of moves does to tariffs, trade costs, subsidies and taxes, as arrays for the equilibrium model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from headway.codes import sectors
from headway.errors import DataError, NoEffect, UnknownCode
from headway.files import read_text
from headway.models.equilibrium import Shock
from headway.response.library import Change, Move, Value
from headway.response.selectors import EVERYTHING, Scene

Array = NDArray[np.float64]

MILLION_PER_BILLION = 1e3
Rents = str


class Quota(NamedTuple):
    """A tariff-rate quota on one flow: the cell, the covered share, the quota in USD million, and who gets the rent.

    `inside` and `outside` are the rates within and beyond it; the rate at the margin lies between them.
    """

    cell: tuple[int, int, int]
    covered: float
    volume: float
    inside: float
    outside: float
    rents_to: Rents


class Purchase(NamedTuple):
    """Imports to be reached on one flow: the cell and how much beyond the reference, USD million at base prices."""

    cell: tuple[int, int, int]
    extra: float


@dataclass(frozen=True)
class Wedges:
    """The policy side of one package [J, N, N] and [J, N]: tariffs, relative change of trade costs, export taxes,
    production subsidies; what has to be met (`quotas`, `purchases`), and what the budget pays outside the model.

    `budget` is home's cost of promotion per dollar of exports: (cells, exports per dollar).
    """

    tariff: Array
    iceberg: Array
    export_tax: Array
    production_subsidy: Array
    quotas: tuple[Quota, ...] = ()
    purchases: tuple[Purchase, ...] = ()
    promotion: tuple[tuple[NDArray[np.bool_], float], ...] = ()

    @property
    def targets(self) -> int:
        """Number of quantities that have to be met."""
        return len(self.quotas) + len(self.purchases)

    def shock(self) -> Shock:
        """The shock of the equilibrium model, every wedge given, so that all packages run through one program."""
        return Shock(
            tariff=self.tariff,
            iceberg=self.iceberg,
            export_tax=self.export_tax,
            production_subsidy=self.production_subsidy,
        )


@dataclass(frozen=True)
class Ground:
    """What moves start from: the scene, base tariffs, tariffs with the measure, and what sells with the measure.

    `volume` [J, N, N] is trade at base prices and `cost` [J, N] factor and input bills once the measure is in force,
    USD million: purchases are beyond the first, subsidies are measured against the second.
    """

    scene: Scene
    announced: Array
    volume: Array
    cost: Array

    @property
    def base(self) -> Array:
        """Tariffs before the measure [J, N, N]."""
        return self.scene.world.tariff

    @property
    def further(self) -> Array:
        """The further duty of the measure [J, N, N], never below zero."""
        return np.maximum(self.announced - self.base, 0.0)


def start(announced: Array) -> Wedges:
    """Wedges with the measure in force and no move made."""
    sectors_count, regions, _ = announced.shape
    return Wedges(
        tariff=announced,
        iceberg=np.ones_like(announced),
        export_tax=np.zeros_like(announced),
        production_subsidy=np.zeros((sectors_count, regions)),
    )


def apply(moves: Iterable[Move], ground: Ground) -> Wedges:
    """The wedges after a package, moves in their order; raises NoEffect naming a move that changes nothing."""
    wedges = start(ground.announced)
    for move in moves:
        after = wedges
        for change in move.changes:
            after = _HANDLERS[change.kind](after, change, ground)
        if _same(wedges, after):
            raise NoEffect(
                f"The option {move.id} changes nothing here: it touches no trade, or rates are there already.",
                "Leave it out, or choose other products, partners or values.",
            )
        wedges = after
    return wedges


def _same(one: Wedges, other: Wedges) -> bool:
    names = ("tariff", "iceberg", "export_tax", "production_subsidy")
    alike = all(np.allclose(getattr(one, name), getattr(other, name), rtol=0, atol=1e-12) for name in names)
    return alike and one.targets == other.targets


def _cells(change: Change, ground: Ground) -> list[tuple[int, int, Array]]:
    """(importer, exporter, covered share [J]) for each pair that a change touches; own trade is left out."""
    scene = ground.scene
    importers = scene.regions(_words(change.importer, "importer"))
    exporters = scene.regions(_words(change.exporter, "exporter"))
    products = change.products if isinstance(change.products, str | tuple) else EVERYTHING
    pairs = [(n, i) for n in importers for i in exporters if n != i]
    share = {i: scene.covered(products, i) for i in {i for _, i in pairs}}
    return [(n, i, share[i]) for n, i in pairs]


def _words(value: Value | None, field: str) -> str | tuple[str, ...]:
    if isinstance(value, str | tuple):
        return value
    raise DataError(
        f"A change needs {field}: home, partner, third, a country or a group.", "Correct the option file."
    )


def _number(value: Value | None, field: str) -> float:
    if isinstance(value, int | float):
        return float(value)
    raise DataError(f"A change needs a number for {field}.", "Correct the option file.")


def _tariff(wedges: Wedges, change: Change, ground: Ground) -> Wedges:
    tariff = wedges.tariff.copy()
    for n, i, share in _cells(change, ground):
        now = tariff[:, n, i]
        tariff[:, n, i] = now + share * (_new_rate(now, ground.further[:, n, i], change) - now)
    return replace(wedges, tariff=tariff)


def _new_rate(now: Array, further: Array, change: Change) -> Array:
    """The rate on what a change covers [J]."""
    if change.keep is not None:
        return now - (1.0 - _number(change.keep, "keep")) * np.minimum(further, np.maximum(now, 0.0))
    if change.scale is not None:
        return now * _number(change.scale, "scale")
    if change.cap is not None:
        return np.minimum(now, _number(change.cap, "cap"))
    if change.set is not None:
        return np.full_like(now, _number(change.set, "set"))
    return now + _number(change.add, "one of keep, scale, cap, set, add")


def _proportionate(wedges: Wedges, change: Change, ground: Ground) -> Wedges:
    """Add a rate that collects `match` × the further duties on the importer's own goods, nothing responding."""
    tariff = wedges.tariff.copy()
    flow, at_partner = ground.scene.world.flow, ground.scene.at_partner
    listed = str(change.lines or "")
    for n, i, by_products in _cells(change, ground):
        share = lines_share(Path(listed), ground, exporter=i) if listed else by_products
        taken = float((ground.further[:, at_partner, n] * flow[:, at_partner, n]).sum())
        hit = float((share * flow[:, n, i]).sum())
        if taken > 0 and hit > 0:
            rate = min(_number(change.match, "match") * taken / hit, _number(change.ceiling, "ceiling"))
            tariff[:, n, i] += share * rate
    return replace(wedges, tariff=tariff)


LINE_COLUMNS = ("hs6", "imports_usd")


def lines_share(path: Path, ground: Ground, *, exporter: int) -> Array:
    """Share of home's imports from an exporter by sector [J] that a user's list of tariff lines covers.

    The table (CSV) has hs6 and imports_usd. Raises DataError for missing columns, repeated lines or negative values.
    """
    text = read_text(path)
    table = pl.read_csv(text.encode("utf-8"), schema_overrides={"hs6": pl.String}, infer_schema_length=None)
    missing = [column for column in LINE_COLUMNS if column not in table.columns]
    if missing:
        raise DataError(f"{path} lacks the column {', '.join(missing)}.", f"Columns: {', '.join(LINE_COLUMNS)}.")
    if table["hs6"].is_duplicated().any():
        raise DataError(f"{path} has a line twice.", "Keep one row for each hs6.")
    value = table["imports_usd"].cast(pl.Float64, strict=False)
    if value.null_count() or float(value.min() or 0.0) < 0:  # type: ignore[arg-type]
        raise DataError(f"{path}: imports_usd is missing or negative.", "Give dollars, zero or more.")
    world = ground.scene.world
    listed = np.zeros(len(world.sectors))
    for code, usd in zip(table["hs6"], value, strict=True):
        key = sectors.of_hs6(code)
        if key in world.goods:
            listed[world.sector(key)] += usd / 1e6
    imports = world.flow[:, ground.scene.at_home, exporter]
    return np.minimum(np.divide(listed, imports, out=np.zeros_like(listed), where=imports > 0), 1.0)


def _trade_cost(wedges: Wedges, change: Change, ground: Ground) -> Wedges:
    iceberg = wedges.iceberg.copy()
    step = _number(change.change, "change")
    touched = np.zeros(iceberg.shape, dtype=np.bool_)
    for n, i, share in _cells(change, ground):
        iceberg[:, n, i] *= 1.0 + share * step
        touched[:, n, i] = share > 0
    promotion = wedges.promotion
    if change.exports_per_dollar is not None:
        promotion = (*promotion, (touched, _number(change.exports_per_dollar, "exports_per_dollar")))
    return replace(wedges, iceberg=iceberg, promotion=promotion)


def _subsidy(wedges: Wedges, change: Change, ground: Ground) -> Wedges:
    """s = budget / cost in every covered sector: s × cost is the bill, cost being factor and input bills."""
    budget = _number(change.budget, "budget") * MILLION_PER_BILLION
    return _with_subsidy(wedges, change, ground, budget)


def _with_subsidy(wedges: Wedges, change: Change, ground: Ground, budget: float) -> Wedges:
    subsidy = wedges.production_subsidy.copy()
    products = change.products if isinstance(change.products, str | tuple) else EVERYTHING
    for region in ground.scene.regions(_words(change.region, "region")):
        covered = _whole_sectors(ground, products) * ground.cost[:, region]
        if covered.sum() > 0:
            rate = budget / float(covered.sum())
            if rate >= 0.5:
                raise DataError(
                    f"A subsidy of {budget / MILLION_PER_BILLION:g} billion is {rate:.0%} of these sectors' costs.",
                    "Lower the budget or widen the sectors.",
                )
            subsidy[:, region] += np.where(covered > 0, rate, 0.0)
    return replace(wedges, production_subsidy=subsidy)


def _whole_sectors(ground: Ground, products: str | Iterable[str]) -> Array:
    """1 for sectors named whole [J]; raises UnknownCode for an item, whose producers the model does not tell apart."""
    words = (products,) if isinstance(products, str) else tuple(products)
    world, share = ground.scene.world, np.zeros(len(ground.scene.world.sectors))
    for word in words:
        key = word.removeprefix("sector:")
        if word == EVERYTHING:
            share[ground.scene.goods] = 1.0
        elif key in world.sectors:
            share[world.sector(key)] = 1.0
        else:
            raise UnknownCode(
                f"Production is supported by sector, and {word!r} is none.",
                f"Sectors: {', '.join(world.sectors)}.",
            )
    return share


def _quota(wedges: Wedges, change: Change, ground: Ground) -> Wedges:
    quotas = list(wedges.quotas)
    flow, share_of_base = ground.scene.world.flow, _number(change.share, "share")
    rents_to = str(change.rents_to)
    if rents_to not in ("exporter", "importer"):
        raise DataError(f"Rents of a quota go to {rents_to!r}.", "Write exporter or importer.")
    for n, i, share in _cells(change, ground):
        for j in np.flatnonzero((share > 0) & (ground.further[:, n, i] > 0) & (flow[:, n, i] > 0)):
            cell = (int(j), n, i)
            quotas.append(
                Quota(
                    cell=cell,
                    covered=float(share[j]),
                    volume=float(share_of_base * share[j] * flow[cell]),
                    inside=float(ground.base[cell]),
                    outside=float(ground.announced[cell]),
                    rents_to=rents_to,
                )
            )
    return replace(wedges, quotas=tuple(quotas))


def _purchase(wedges: Wedges, change: Change, ground: Ground) -> Wedges:
    extra = _number(change.extra, "extra") * MILLION_PER_BILLION
    cells = [
        ((int(j), n, i), float(share[j] * ground.volume[j, n, i]))
        for n, i, share in _cells(change, ground)
        for j in np.flatnonzero(share > 0)
    ]
    total = sum(weight for _, weight in cells)
    if total <= 0:
        return wedges
    bought = tuple(Purchase(cell, extra * weight / total) for cell, weight in cells if weight > 0)
    return replace(wedges, purchases=(*wedges.purchases, *bought))


def _investment(wedges: Wedges, change: Change, ground: Ground) -> Wedges:
    """Home pays the incentive: a transfer to the partner, spent there on a production subsidy of the sectors.

    The transfer is a swap of import duty for export tax on the partner's goods sold to home: buyers' prices stay, and
    the revenue moves from home to the partner.
    """
    paid = _number(change.amount, "amount") * _number(change.incentive, "incentive") * MILLION_PER_BILLION
    wedges = _with_subsidy(wedges, change, ground, paid)
    tariff, tax = wedges.tariff.copy(), wedges.export_tax.copy()
    scene = ground.scene
    for region in scene.regions(_words(change.region, "region")):
        sold = ground.volume[scene.goods, scene.at_home, region]
        rate = paid / float(sold.sum())
        before = (1.0 + tariff[scene.goods, scene.at_home, region]) * (
            1.0 + tax[scene.goods, scene.at_home, region]
        )
        tax[scene.goods, scene.at_home, region] += rate
        tariff[scene.goods, scene.at_home, region] = before / (1.0 + tax[scene.goods, scene.at_home, region]) - 1.0
    return replace(wedges, tariff=tariff, export_tax=tax)


_HANDLERS = {
    "tariff": _tariff,
    "proportionate_tariff": _proportionate,
    "trade_cost": _trade_cost,
    "production_subsidy": _subsidy,
    "quota": _quota,
    "purchase": _purchase,
    "investment": _investment,
}
