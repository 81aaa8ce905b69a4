"""How far the builder moved the numbers: margins before and after, and every cell of weight that moved a lot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.world.build.economy import Economy
from headway.world.build.records import Array, Structure

FACTOR = 2.0
WEIGHT = 1000.0
"""USD million: a cell is named if its larger value reaches this and it moved by more than FACTOR."""


@dataclass(frozen=True)
class Margin:
    """One margin of a region and sector: of 2011, the prior (2011 scaled) and as balanced; USD million."""

    region: str
    sector: str
    margin: str
    value_2011: float
    prior: float
    value: float


@dataclass(frozen=True)
class Move:
    """One cell that moved: `kind` own_sales, final_use, trade or us_import; USD million."""

    kind: str
    sector: str
    importer: str
    exporter: str
    prior: float
    value: float


def _goods_services(table: Structure, goods: int) -> list[tuple[str, slice]]:
    return [("goods", slice(0, goods)), ("services", slice(goods, len(table.sectors)))]


def _abroad(flow: Array) -> Array:
    return np.where(np.eye(flow.shape[1], dtype=bool)[None], 0.0, flow)


def margins(economy: Economy) -> list[Margin]:
    """Output, own sales, imports, exports and final use by region and sector, then by region for goods and services."""
    before, after, prior = economy.before, economy.moved.table, economy.moved.flow_prior
    flows = (before.flow, prior, after.flow)
    finals = (before.final_use, economy.moved.final_prior, after.final_use)
    found = {
        "output": [flow.sum(axis=1) for flow in flows],
        "own_sales": [np.einsum("jnn->jn", flow) for flow in flows],
        "imports": [_abroad(flow).sum(axis=2) for flow in flows],
        "exports": [_abroad(flow).sum(axis=1) for flow in flows],
        "final_use": list(finals),
    }
    rows = []
    for name, values in found.items():
        for n, region in enumerate(after.regions):
            for j, sector in enumerate(after.sectors):
                rows.append(Margin(region, sector, name, *(float(v[j, n]) for v in values)))
            for label, part in _goods_services(after, len(economy.moved.targets.us_imports)):
                rows.append(Margin(region, label, name, *(float(v[part, n].sum()) for v in values)))
    return rows


def _moved(prior: Array, value: Array) -> NDArray[np.bool_]:
    weighty = np.maximum(prior, value) >= WEIGHT
    ratio = value / np.where(prior > 0, prior, np.inf)
    return np.asarray(weighty & ((prior <= 0) | (ratio > FACTOR) | (ratio < 1.0 / FACTOR)))


def us_prior(economy: Economy) -> Array:
    """US goods imports [sector, exporter] had 2011's composition been kept at the totals of 2024."""
    us, goods = economy.before.region("USA"), len(economy.moved.targets.us_imports)
    before = economy.before.flow[:goods, us].copy()
    before[:, us] = 0.0
    total = before.sum(axis=0)
    scale = np.where(total > 0, economy.moved.goods_totals[us] / np.where(total > 0, total, 1.0), 0.0)
    return np.asarray(before * scale[None])


def moves(economy: Economy) -> list[Move]:
    """Cells of weight that moved by more than a factor of two, largest first.

    `us_import` compares the Census value with 2011's composition; the other kinds compare the balanced value with the
    prior, which already has the new totals.
    """
    table, prior = economy.moved.table, economy.moved.flow_prior
    regions, sectors = table.regions, table.sectors
    goods, us = len(economy.moved.targets.us_imports), table.region("USA")
    own = (np.einsum("jnn->jn", prior), np.einsum("jnn->jn", table.flow))
    final = (economy.moved.final_prior, table.final_use)
    rows = []
    for kind, (was, now) in (("own_sales", own), ("final_use", final)):
        rows += [
            Move(kind, sectors[j], regions[n], regions[n], float(was[j, n]), float(now[j, n]))
            for j, n in zip(*np.nonzero(_moved(was, now)), strict=True)
        ]
    was, now = _abroad(prior), _abroad(table.flow)
    for j, n, i in zip(*np.nonzero(_moved(was, now)), strict=True):
        rows.append(Move("trade", sectors[j], regions[n], regions[i], float(was[j, n, i]), float(now[j, n, i])))
    expected, observed = us_prior(economy), _abroad(table.flow)[:goods, us]
    for j, i in zip(*np.nonzero(_moved(expected, observed)), strict=True):
        rows.append(Move("us_import", sectors[j], "USA", regions[i], float(expected[j, i]), float(observed[j, i])))
    return sorted(
        rows, key=lambda row: (-max(row.prior, row.value), row.kind, row.sector, row.importer, row.exporter)
    )
