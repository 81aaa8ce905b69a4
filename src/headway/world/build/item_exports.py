"""Build the table of published annual exports by item from the ministry's first releases (Korea)."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from headway.errors import DataError, UnreadableInput
from headway.world.build.report import BuiltTable

SOURCE = "korea-exports/korea_exports_press_releases.csv"
COLUMNS = ("period", "kind", "name", "value", "yoy_pct", "source_url")
YEAR = "2024"
ITEM_KEYS = {"automobiles": "cars", "wireless_devices": "wireless"}
"""Names of the releases that differ from Headway's item keys."""


def build(sources: Path, target: Path) -> tuple[BuiltTable, ...]:
    """Write `item_exports.csv` [country, item, year, usd_billion, source_url]; raises UnreadableInput, DataError."""
    path = sources / SOURCE
    if not path.is_file():
        raise UnreadableInput(f"{path} does not exist.", "Point --sources to the folder of source data.")
    raw = pl.read_csv(path, infer_schema=False)
    if tuple(raw.columns) != COLUMNS:
        raise UnreadableInput(f"{path} has columns {raw.columns}, not {list(COLUMNS)}.", "Update the reader.")
    table = items_of(raw)
    table.write_csv(target / "item_exports.csv")
    transforms = (f"annual values of {YEAR} by item and in total, first print, as published",)
    return (BuiltTable("item_exports.csv", (SOURCE,), raw.height, table.height, transforms),)


def items_of(raw: pl.DataFrame) -> pl.DataFrame:
    """Annual values by item, the total last; raises DataError where the items exceed the total."""
    year = raw.filter(
        (pl.col("period") == YEAR) & pl.col("kind").is_in(["item", "total"]) & pl.col("value").is_not_null()
    )
    table = year.select(
        country=pl.lit("KOR"),
        item=pl.col("name").replace(ITEM_KEYS),
        year="period",
        usd_billion=pl.col("value").cast(pl.Float64),
        source_url="source_url",
    ).sort("usd_billion", descending=True)
    total = float(table.filter(pl.col("item") == "total")["usd_billion"].sum())
    if float(table["usd_billion"].sum()) - total > total:
        raise DataError("The items published add up to more than the total.", "Check the source table.")
    return table
