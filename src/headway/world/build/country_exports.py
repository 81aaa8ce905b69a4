"""Build the table of goods exports by country, 2023: the totals of countries that the world economy pools."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from headway.world.build import levels, wiod
from headway.world.build.report import BuiltTable

FILE = "country_exports.csv"
WIOD_FILE = "wiod2013/wiot_2011.npz"
YEAR = 2023
SOURCES = tuple(f"{levels.FOLDER}/{name}" for name in ("trade_cepii.csv", "gdp.csv", "country_labels.csv"))


def build(sources: Path, target: Path) -> tuple[BuiltTable, ...]:
    """Write `country_exports.csv` [iso3, year, usd_billion, filled]; raises UnreadableInput."""
    raw = levels.read(sources)
    table = totals(raw, levels.fill(raw, wiod.build(sources / WIOD_FILE)[0])[0])
    table.write_csv(target / FILE)
    transforms = (
        "goods exports to all countries, missing pairs filled as for the world economy; `filled` is their share",
    )
    return (BuiltTable(FILE, (*SOURCES, WIOD_FILE), raw.trade.size, table.height, transforms),)


def totals(raw: levels.Matrix, filled: levels.Matrix) -> pl.DataFrame:
    """Exports of every country, USD billion, and the share of them that stands in for missing values."""
    exports = filled.trade.sum(axis=1)
    stated = np.nan_to_num(raw.trade).sum(axis=1) - np.nan_to_num(np.diag(raw.trade))
    share = np.divide(exports - stated, exports, out=np.zeros_like(exports), where=exports > 0)
    return pl.DataFrame(
        {"iso3": raw.iso3, "year": YEAR, "usd_billion": (exports / 1e3).round(3), "filled": share.round(4)}
    ).sort("iso3")
