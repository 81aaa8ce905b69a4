"""Step 3: move the table of 2011 to the levels of 2023–24, keeping every accounting identity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from headway.errors import DataError
from headway.world.build.balancing import Balanced, balance
from headway.world.build.levels import Levels
from headway.world.build.records import Array, Index, Structure

LEAST_DOMESTIC_SHARE = 0.005
FIRM_SHARE = 0.05
"""Own sales below this share of purchases move less readily, in proportion, so that no sector loses its home market."""
TOLERANCE = 1e-12
"""Largest residual of a constraint, as a share of world GDP."""


@dataclass(frozen=True)
class Targets:
    """What the new table must meet.

    `levels`: goods trade between regions and GDP; `us_imports[goods sector, exporter]`; `tariff[sector, importer,
    exporter]`; `home_exports`: home's exports to all regions by sector where known, USD million.
    """

    levels: Levels
    us_imports: Array
    tariff: Array
    home_exports: dict[str, float]
    home: str = "KOR"


@dataclass(frozen=True)
class Moved:
    """The table at the new levels, its `prior` (2011 scaled, before balancing) and what balancing took.

    `final_prior[sector, region]` and `flow_prior[sector, importer, exporter]` are what the cells started from.
    """

    table: Structure
    flow_prior: Array
    final_prior: Array
    targets: Targets
    goods_totals: Array
    steps: int
    worst_residual: float


@dataclass(frozen=True)
class _Cells:
    """Which cells are free: own sales and final use everywhere, goods imports of all regions but the US."""

    sectors: int
    regions: int
    trade: tuple[Index, Index, Index]

    @property
    def count(self) -> int:
        return 2 * self.sectors * self.regions + len(self.trade[0])

    def own(self, sector: Index, region: Index) -> Index:
        return np.asarray(sector * self.regions + region)

    def final(self, sector: Index, region: Index) -> Index:
        return self.sectors * self.regions + self.own(sector, region)

    @property
    def first_trade(self) -> int:
        return 2 * self.sectors * self.regions


def goods_totals(targets: Targets, us: int) -> Array:
    """Goods trade between regions [importer, exporter]: 2023, the US as an importer at Census 2024."""
    totals = targets.levels.goods.copy()
    totals[us] = targets.us_imports.sum(axis=0)
    np.fill_diagonal(totals, 0.0)
    return totals


def prior_flow(table: Structure, targets: Targets) -> Array:
    """Flows of 2011 scaled: goods to the bilateral totals (the US by sector as observed), services by the geometric
    mean of the partners' GDP growth, own sales so that domestic shares of 2011 are the prior (`own_sales`)."""
    goods, us = len(targets.us_imports), table.region("USA")
    growth = targets.levels.gdp_growth
    flow = table.flow * np.sqrt(growth[:, None] * growth[None, :])[None]
    diagonal = np.eye(len(table.regions), dtype=bool)
    before = np.where(diagonal, 0.0, table.flow[:goods].sum(axis=0))
    scale = np.where(before > 0, goods_totals(targets, us) / np.where(before > 0, before, 1.0), 0.0)
    flow[:goods] = np.where(diagonal[None], flow[:goods], table.flow[:goods] * scale[None])
    flow[:goods, us] = targets.us_imports
    every = np.arange(len(table.regions))
    flow[:, every, every] = own_sales(table, flow, growth)
    return flow


def own_sales(table: Structure, flow: Array, growth: Array) -> Array:
    """Own sales [sector, region] of 2011 times GDP growth^share · import growth^(1 − share), share the domestic one.

    Where own sales are nearly all purchases, purchases grow like GDP; where imports are, like the imports now known:
    either way the domestic share of 2011 is kept.
    """
    outer = ~np.eye(len(table.regions), dtype=bool)
    own = np.einsum("jnn->jn", table.flow)
    share = own / table.expenditure
    before, after = ((np.where(outer, part, 0.0)).sum(axis=2) for part in (table.flow, flow))
    imports = np.where(before > 0, after / np.where(before > 0, before, 1.0), growth)
    return np.asarray(own * growth**share * imports ** (1.0 - share))


def move(table: Structure, targets: Targets) -> Moved:
    """The table at the targets' levels; raises NotConverged or DataError naming what cannot be met.

    Free cells are own sales, final use and goods imports of all regions but the US, closest in information to their
    priors (GRAS). Held exactly: input coefficients, bilateral goods totals, US imports by sector and origin, services
    trade, final use = GDP + deficit, home's exports by sector where known, and the balance of every sector.
    """
    us = table.region("USA")
    totals = goods_totals(targets, us)
    flow = prior_flow(table, targets)
    outer = ~np.eye(len(table.regions), dtype=bool)
    deficit = np.where(outer, flow, 0.0).sum(axis=(0, 2)) - np.where(outer, flow, 0.0).sum(axis=(0, 1))
    final_total = targets.levels.gdp + deficit
    final = table.final_use / table.final_use.sum(axis=0) * final_total
    cells = _free_cells(table, len(targets.us_imports), us)
    matrix, values = _constraints(
        table, flow, cells=cells, targets=targets, totals=totals, final_total=final_total
    )
    diagonal = np.einsum("jnn->jn", flow)
    start = np.concatenate([diagonal.ravel(), final.ravel(), flow[cells.trade]])
    world = float(targets.levels.gdp.sum())
    give = np.ones(cells.count)
    give[: diagonal.size] = np.clip(diagonal / flow.sum(axis=2) / FIRM_SHARE, 0.1, 1.0).ravel()
    result = balance(start, matrix, values, give=give, tolerance=TOLERANCE * world)
    moved = _rebuild(table, flow, cells=cells, result=result, tariff=targets.tariff)
    check_domestic_shares(moved, targets.tariff)
    return Moved(moved, flow, final, targets, totals, result.steps, result.worst_residual)


def _free_cells(table: Structure, goods: int, us: int) -> _Cells:
    free = np.zeros(table.flow.shape, dtype=bool)
    free[:goods] = ~np.eye(len(table.regions), dtype=bool)[None]
    free[:, us] = False
    free &= table.flow > 0
    sector, importer, exporter = np.nonzero(free)
    return _Cells(len(table.sectors), len(table.regions), (sector, importer, exporter))


def _constraints(
    table: Structure, flow: Array, *, cells: _Cells, targets: Targets, totals: Array, final_total: Array
) -> tuple[sp.csr_matrix, Array]:
    fixed = flow.copy()
    fixed[cells.trade] = 0.0
    every = np.arange(len(table.regions))
    fixed[:, every, every] = 0.0
    blocks = [
        _balance_rows(table, fixed, cells, targets.tariff),
        _final_rows(cells, final_total),
        _pair_rows(cells, totals, table.region("USA")),
        _home_rows(table, fixed, cells, targets),
    ]
    rows = sp.vstack([block for block, _ in blocks]).tocsr()
    return rows, np.concatenate([values for _, values in blocks])


def _balance_rows(table: Structure, fixed: Array, cells: _Cells, tariff: Array) -> tuple[sp.csr_matrix, Array]:
    """Own sales + imports with tariff − input use − final use = 0 for every sector and region."""
    j, n = cells.sectors, cells.regions
    coefficients = table.input_share
    sector, region = (index.ravel() for index in np.indices((j, n)))
    own = cells.own(sector, region)
    entries = [(own, own, np.ones(j * n)), (own, cells.final(sector, region), -np.ones(j * n))]
    inputs, users, places = (index.ravel() for index in np.indices((j, j, n)))
    entries.append((cells.own(inputs, places), cells.own(users, places), -coefficients.ravel()))
    s, importer, exporter = cells.trade
    column = cells.first_trade + np.arange(len(s))
    entries.append((cells.own(s, importer), column, 1.0 + tariff[cells.trade]))
    for k in range(j):
        entries.append((cells.own(np.full(len(s), k), exporter), column, -coefficients[k, s, exporter]))
    row, col, value = (np.concatenate(parts) for parts in zip(*entries, strict=True))
    matrix = sp.csr_matrix((value, (row, col)), shape=(j * n, cells.count))
    bought = ((1.0 + tariff) * fixed).sum(axis=2)
    used = np.einsum("kjn,jn->kn", coefficients, fixed.sum(axis=1))
    return matrix, (used - bought).ravel()


def _final_rows(cells: _Cells, final_total: Array) -> tuple[sp.csr_matrix, Array]:
    sector, region = (index.ravel() for index in np.indices((cells.sectors, cells.regions)))
    ones = np.ones(len(sector))
    matrix = sp.csr_matrix((ones, (region, cells.final(sector, region))), shape=(cells.regions, cells.count))
    return matrix, final_total


def _pair_rows(cells: _Cells, totals: Array, us: int) -> tuple[sp.csr_matrix, Array]:
    _, importer, exporter = cells.trade
    pairs = [(n, i) for n in range(cells.regions) for i in range(cells.regions) if n not in (i, us)]
    position = {pair: row for row, pair in enumerate(pairs)}
    row = [position[n, i] for n, i in zip(importer.tolist(), exporter.tolist(), strict=True)]
    column = cells.first_trade + np.arange(len(importer))
    matrix = sp.csr_matrix((np.ones(len(row)), (row, column)), shape=(len(pairs), cells.count))
    return matrix, np.array([totals[pair] for pair in pairs])


def _home_rows(table: Structure, fixed: Array, cells: _Cells, targets: Targets) -> tuple[sp.csr_matrix, Array]:
    s, _, exporter = cells.trade
    home = table.region(targets.home)
    matrix = sp.lil_matrix((len(targets.home_exports), cells.count))
    values = []
    for row, (key, total) in enumerate(targets.home_exports.items()):
        known = np.flatnonzero((s == table.sector(key)) & (exporter == home))
        matrix[row, cells.first_trade + known] = 1.0
        values.append(total - fixed[table.sector(key), :, home].sum())
    return matrix.tocsr(), np.array(values)


def _rebuild(table: Structure, flow: Array, *, cells: _Cells, result: Balanced, tariff: Array) -> Structure:
    """The full table from the free cells; final use and value added are residuals, so identities are exact."""
    j, n = cells.sectors, cells.regions
    flow = flow.copy()
    every = np.arange(n)
    flow[:, every, every] = result.values[: j * n].reshape(j, n)
    flow[cells.trade] = result.values[cells.first_trade :]
    output = flow.sum(axis=1)
    input_use = table.input_share * output[None]
    final_use = ((1.0 + tariff) * flow).sum(axis=2) - input_use.sum(axis=1)
    value_added = output - input_use.sum(axis=0)
    return Structure(table.regions, table.sectors, flow, input_use, final_use, value_added)


def check_domestic_shares(table: Structure, tariff: Array) -> None:
    """Raise DataError naming every sector and region that buys under 0.5 % from itself though it produces."""
    spent = ((1.0 + tariff) * table.flow).sum(axis=2)
    share = np.einsum("jnn->jn", table.flow) / np.where(spent > 0, spent, 1.0)
    low = (share < LEAST_DOMESTIC_SHARE) & (table.output > 0)
    if low.any():
        names = [
            f"{table.sectors[j]} in {table.regions[n]} ({share[j, n]:.2%})"
            for j, n in zip(*np.nonzero(low), strict=True)
        ]
        raise DataError(
            f"Domestic shares under 0.5 %: {', '.join(names)}.", "Merge the region or sector, or fix a target."
        )
