"""Step 3, targets: goods trade between regions and GDP of 2023, with every missing value filled and listed.

Source of both matrices: data of Ignatenko et al. (2025); trade is BACI HS22 (CEPII), thousand USD, GDP the World
Bank's WDI, USD. The matrix has no Taiwan, and a blank off its diagonal is missing, not zero.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from headway.errors import DataError, UnreadableInput
from headway.world.build.records import Array, Note, Structure
from headway.world.regions import REGIONS, region_of

FOLDER = "liberation-day-2025"
COMPLETE = 10
"""A country with fewer blanks than this, as exporter and importer together, counts as a complete reporter."""
TOP_PARTNERS = 15


@dataclass(frozen=True)
class Matrix:
    """`trade[exporter, importer]`, USD million, NaN where missing; `gdp[country]`, USD million."""

    iso3: tuple[str, ...]
    trade: Array
    gdp: Array


@dataclass(frozen=True)
class Levels:
    """`goods[importer, exporter]` between regions (diagonal 0) and `gdp[region]`, USD million; `gdp_growth` since 2011;
    `filled[importer, exporter]`, what of `goods` stands in for missing values; `complete`, how many countries report
    to nearly all others."""

    goods: Array
    gdp: Array
    gdp_growth: Array
    filled: Array
    complete: int


def read(sources: Path) -> Matrix:
    """Trade and GDP of 194 countries; raises UnreadableInput naming a file with another layout."""
    folder = sources / FOLDER
    for name in ("trade_cepii.csv", "gdp.csv", "country_labels.csv"):
        if not (folder / name).is_file():
            raise UnreadableInput(
                f"There is no file {folder / name}.", f"Point --sources at the folder with {FOLDER}."
            )
    with (folder / "country_labels.csv").open(encoding="utf-8-sig", newline="") as file:
        iso3 = tuple(row["iso3"] for row in csv.DictReader(file))
    trade = np.genfromtxt(folder / "trade_cepii.csv", delimiter=",", skip_header=1) / 1e3
    gdp = np.loadtxt(folder / "gdp.csv", skiprows=1) / 1e6
    if trade.shape != (len(iso3), len(iso3)) or gdp.shape != (len(iso3),):
        raise UnreadableInput(
            f"{FOLDER}: {len(iso3)} labels, trade {trade.shape}, GDP {gdp.shape}.", "Check the files."
        )
    return Matrix(iso3, trade, gdp)


def published() -> list[dict[str, str]]:
    """Bilateral totals taken from publications, with the source of each (`published_fills.csv`)."""
    source = resources.files("headway.world.build").joinpath("published_fills.csv")
    with source.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def fill(matrix: Matrix, wiod: Structure) -> tuple[Matrix, list[Note]]:
    """The matrix without missing values between regions, and a note for every fill of more than 0.1 bn.

    In this order: (1) a published figure; (2) between two countries that WIOD shows, WIOD's flow of 2011 times the
    growth of the exporter's sales to complete reporters; (3) where WIOD has only the rest of the world, the product of
    the exporter's sales to complete reporters and the importer's purchases from them over their total.
    """
    trade = matrix.trade.copy()
    missing = np.isnan(trade)
    np.fill_diagonal(missing, False)
    np.fill_diagonal(trade, 0.0)
    complete = _complete(missing)
    known = np.nan_to_num(trade)
    sales, purchases = known[:, complete].sum(axis=1), known[complete].sum(axis=0)
    total = known[np.ix_(complete, complete)].sum()
    trade[missing] = (sales[:, None] * purchases[None, :] / total)[missing]
    rule = np.where(missing, 3, 0)
    _fill_from_wiod(matrix, wiod, missing, trade=trade, rule=rule)
    sources = _fill_published(matrix, missing, trade=trade, rule=rule)
    return Matrix(matrix.iso3, trade, matrix.gdp), _fill_notes(matrix, trade, rule, sources)


def _complete(missing: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(missing.sum(axis=0) + missing.sum(axis=1) < COMPLETE)


def _fill_from_wiod(matrix: Matrix, wiod: Structure, missing: Array, *, trade: Array, rule: Array) -> None:
    named = [i for i, code in enumerate(matrix.iso3) if code in REGIONS]
    goods = wiod.flow[: _goods_count(wiod)].sum(axis=0)
    for i in named:
        seen = [n for n in named if n != i and not missing[i, n] and matrix.iso3[n] != matrix.iso3[i]]
        exporter = REGIONS.index(matrix.iso3[i])
        before = sum(goods[REGIONS.index(matrix.iso3[n]), exporter] for n in seen)
        growth = sum(trade[i, n] for n in seen) / before
        for n in named:
            if missing[i, n]:
                trade[i, n] = goods[REGIONS.index(matrix.iso3[n]), exporter] * growth
                rule[i, n] = 2


def _fill_published(matrix: Matrix, missing: Array, *, trade: Array, rule: Array) -> dict[tuple[int, int], str]:
    sources = {}
    for row in published():
        i, n = matrix.iso3.index(row["exporter"]), matrix.iso3.index(row["importer"])
        if not missing[i, n]:
            raise DataError(
                f"published_fills.csv fills {row['exporter']} → {row['importer']}, which the matrix has.",
                "Drop the row.",
            )
        trade[i, n] = float(row["usd_billion"]) * 1e3
        rule[i, n] = 1
        sources[i, n] = f"{row['publisher']} ({row['year']}): {row['url']}"
    return sources


FILL_RULES = {
    1: "missing, filled from a published figure",
    2: "missing, filled with WIOD 2011 times growth",
    3: "missing, filled from the two countries' trade with complete reporters",
}


def _fill_notes(matrix: Matrix, trade: Array, rule: Array, sources: dict[tuple[int, int], str]) -> list[Note]:
    notes = []
    for i, n in zip(*np.nonzero(rule), strict=True):
        exporter, importer = matrix.iso3[i], matrix.iso3[n]
        within = region_of(exporter) == region_of(importer)
        if not within:
            where = f"{exporter} → {importer}"
            source = sources.get((i, n), "")
            notes.append(Note("fills", FILL_RULES[int(rule[i, n])], where, float(trade[i, n]), source=source))
    return sorted(notes, key=lambda note: (-note.amount, note.where))


def _goods_count(table: Structure) -> int:
    return table.sectors.index("utilities")


def to_regions(matrix: Matrix) -> tuple[Array, Array]:
    """Goods trade [importer, exporter] between regions, diagonal 0, and GDP [region]; Taiwan still empty."""
    member = np.zeros((len(REGIONS), len(matrix.iso3)))
    for column, code in enumerate(matrix.iso3):
        member[REGIONS.index(region_of(code)), column] = 1.0
    goods = (member @ np.nan_to_num(matrix.trade) @ member.T).T
    np.fill_diagonal(goods, 0.0)
    return goods, member @ matrix.gdp


def move_taiwan(goods: Array, gdp: Array, wiod: Structure) -> tuple[Array, Array, list[Note]]:
    """Taiwan's trade and GDP, which the sources lack, by its partners' growth since 2011; noted as imputed.

    Its sales to a partner grow like the partner's purchases from all others, its purchases like the partner's sales to
    all others, its GDP like its partners' GDP weighted by its trade with them.
    """
    at = REGIONS.index("TWN")
    others = np.arange(len(REGIONS)) != at
    before = wiod.flow[: _goods_count(wiod)].sum(axis=0)
    np.fill_diagonal(before, 0.0)
    goods, gdp = goods.copy(), gdp.copy()
    bought = goods[:, others].sum(axis=1) / np.maximum(before[:, others].sum(axis=1), 1e-9)
    sold = goods[others].sum(axis=0) / np.maximum(before[others].sum(axis=0), 1e-9)
    goods[others, at] = (before[:, at] * bought)[others]
    goods[at, others] = (before[at] * sold)[others]
    weight = (before[at] + before[:, at])[others]
    growth = gdp[others] / wiod.value_added.sum(axis=0)[others]
    gdp[at] = wiod.value_added[:, at].sum() * float(weight @ growth / weight.sum())
    rule = "Taiwan, absent from the sources, moved by its partners' growth"
    notes = [Note("taiwan", rule, f"TWN → {REGIONS[n]}", float(goods[n, at])) for n in np.flatnonzero(others)]
    notes += [Note("taiwan", rule, f"{REGIONS[i]} → TWN", float(goods[at, i])) for i in np.flatnonzero(others)]
    return goods, gdp, [*notes, Note("taiwan", rule, "TWN GDP", float(gdp[at]))]


def check_partners(matrix: Matrix, goods: Array, home: str = "KOR") -> None:
    """Raise DataError if one of home's top partners, by the sum of both flows, trades nothing in one direction."""
    at = matrix.iso3.index(home)
    both = np.nan_to_num(matrix.trade[at]) + np.nan_to_num(matrix.trade[:, at])
    for i in np.argsort(-both)[:TOP_PARTNERS]:
        region, own = REGIONS.index(region_of(matrix.iso3[i])), REGIONS.index(home)
        flows = (matrix.trade[at, i], matrix.trade[i, at], goods[region, own], goods[own, region])
        if not all(np.isfinite(value) and value > 0 for value in flows):
            raise DataError(
                f"{home} and {matrix.iso3[i]}, one of its top {TOP_PARTNERS} partners, trade nothing in one direction.",
                "Add a row to published_fills.csv.",
            )


def build(sources: Path, wiod: Structure) -> tuple[Levels, list[Note]]:
    """Targets of 2023 for goods trade and GDP, with notes on every fill and on Taiwan."""
    raw = read(sources)
    matrix, notes = fill(raw, wiod)
    goods, gdp = to_regions(matrix)
    filled, _ = to_regions(Matrix(raw.iso3, np.where(np.isnan(raw.trade), matrix.trade, 0.0), raw.gdp))
    goods, gdp, more = move_taiwan(goods, gdp, wiod)
    check_partners(matrix, goods)
    blank = np.isnan(raw.trade)
    np.fill_diagonal(blank, False)
    growth = gdp / wiod.value_added.sum(axis=0)
    return Levels(goods, gdp, growth, filled, int(_complete(blank).sum())), notes + more
