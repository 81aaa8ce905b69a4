"""Build the table of annual exports by item from the ministry's first releases (Korea).

Items whose annual figure the releases give are taken as published. For others the months of the year that the
releases give, or that follow from the next year's value and growth, stand for the year: their mean times twelve.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from headway.errors import DataError, UnreadableInput
from headway.world.build.report import BuiltTable

SOURCE = "korea-exports/korea_exports_press_releases.csv"
COLUMNS = ("period", "kind", "name", "value", "yoy_pct", "source_url")
YEAR, NEXT_YEAR = "2024", "2025"
ITEM_KEYS = {
    "agrifood": "agri_food",
    "automobiles": "cars",
    "secondary_batteries": "batteries",
    "wireless_devices": "wireless",
}
"""Names of the releases that differ from Headway's item keys."""


def build(sources: Path, target: Path) -> tuple[BuiltTable, ...]:
    """Write `item_exports.csv` [country, item, year, usd_billion, basis, source_url].

    Raises UnreadableInput, DataError.
    """
    path = sources / SOURCE
    if not path.is_file():
        raise UnreadableInput(f"{path} does not exist.", "Point --sources to the folder of source data.")
    raw = pl.read_csv(path, infer_schema=False)
    if tuple(raw.columns) != COLUMNS:
        raise UnreadableInput(f"{path} has columns {raw.columns}, not {list(COLUMNS)}.", "Update the reader.")
    table = items_of(raw)
    table.write_csv(target / "item_exports.csv")
    transforms = (
        f"annual values of {YEAR} by item and in total, first print, as published",
        f"other items: twelve times the mean of the months of {YEAR} that are published or implied by {NEXT_YEAR}",
    )
    return (BuiltTable("item_exports.csv", (SOURCE,), raw.height, table.height, transforms),)


def items_of(raw: pl.DataFrame) -> pl.DataFrame:
    """Annual values by item, the total first; raises DataError where the items exceed the total."""
    rows = raw.with_columns(
        item=pl.col("name").replace(ITEM_KEYS),
        value=pl.col("value").cast(pl.Float64),
        growth=pl.col("yoy_pct").cast(pl.Float64) / 100,
    )
    annual = rows.filter(
        (pl.col("period") == YEAR) & pl.col("kind").is_in(["item", "total"]) & pl.col("value").is_not_null()
    ).select("item", usd_billion="value", basis=pl.lit("published"), source_url="source_url")
    table = pl.concat([annual, _from_months(rows).join(annual, on="item", how="anti")])
    table = table.select(pl.lit("KOR").alias("country"), "item", pl.lit(YEAR).alias("year"), pl.exclude("item"))
    total = float(table.filter(pl.col("item") == "total")["usd_billion"].sum())
    if float(table["usd_billion"].sum()) - total > total:
        raise DataError("The items published add up to more than the total.", "Check the source table.")
    return table.sort("usd_billion", "item", descending=[True, False])


def _from_months(rows: pl.DataFrame) -> pl.DataFrame:
    """Twelve times the mean month by item [item, usd_billion, basis, source_url], months given before implied ones."""
    monthly = rows.filter((pl.col("kind") == "item") & pl.col("value").is_not_null())
    given = monthly.filter(pl.col("period").str.contains(rf"^{YEAR}-\d\d$")).with_columns(rank=pl.lit(0))
    implied = monthly.filter(
        pl.col("period").str.contains(rf"^{NEXT_YEAR}-\d\d$") & pl.col("growth").is_not_null()
    ).with_columns(
        period=pl.col("period").str.replace(NEXT_YEAR, YEAR),
        value=pl.col("value") / (1 + pl.col("growth")),
        rank=pl.lit(1),
    )
    months = pl.concat([given, implied]).sort("rank", "period", "source_url")
    months = months.unique(["item", "period"], keep="first", maintain_order=True)
    counted = pl.format("estimated: twelve times the mean of the months known ({})", pl.len())
    return months.group_by("item").agg(
        usd_billion=(12 * pl.col("value").mean()).round(2), basis=counted, source_url=pl.col("source_url").first()
    )
