"""Build the shipped tables of US imports by HTS10 × origin from the Census extracts."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from headway.codes.countries import by_census_code
from headway.errors import DataError, UnreadableInput
from headway.world.build.report import BuiltTable

YEARS = (2024, 2025)

SOURCE_COLUMNS = {
    "htsus10": pl.String,
    "census_cty": pl.Int32,
    "general_imports_usd": pl.Int64,
    "consumption_imports_usd": pl.Int64,
    "dutiable_value_usd": pl.Int64,
    "calculated_duties_usd": pl.Int64,
}

STORED_VALUES = ("consumption_usd", "general_less_consumption_usd", "duty_free_usd", "duties_usd")
"""Differences are stored where columns mostly agree: it halves the files, and integers come back exactly."""


def build(sources: Path, target: Path) -> tuple[BuiltTable, ...]:
    """Write `us_imports_YEAR.parquet` for both years into `target`; raises UnreadableInput, DataError."""
    return tuple(_build_year(sources, target, year) for year in YEARS)


def _build_year(sources: Path, target: Path, year: int) -> BuiltTable:
    name = f"us-imports/us_imports_htsus10_country_{year}.csv.gz"
    raw = read_census(sources / name)
    table = to_iso3(raw)
    file = f"us_imports_{year}.parquet"
    write(table, target / file)
    transforms = (
        "Census country codes to ISO3; codes of one country (West Bank, Gaza) summed",
        "stored as differences, restored exactly by the loader",
    )
    return BuiltTable(file, (name,), raw.height, table.height, transforms)


def read_census(path: Path) -> pl.DataFrame:
    """The Census extract as it is, columns checked; raises UnreadableInput naming file and columns."""
    if not path.is_file():
        raise UnreadableInput(f"{path} does not exist.", "Point --sources to the folder of source data.")
    raw = pl.read_csv(path, schema_overrides=SOURCE_COLUMNS)
    if raw.columns != list(SOURCE_COLUMNS):
        raise UnreadableInput(
            f"{path} has columns {raw.columns}, not {list(SOURCE_COLUMNS)}.", "Update the reader."
        )
    return raw


def to_iso3(raw: pl.DataFrame) -> pl.DataFrame:
    """Rows by HTS10 × ISO3, sorted; raises DataError for codes that are not ten digits."""
    odd = raw.filter(~pl.col("htsus10").str.contains(r"^\d{10}$"))
    if odd.height:
        raise DataError(f"{odd.height} HTS codes are not ten digits, the first is {odd['htsus10'][0]!r}.")
    iso3 = {code: by_census_code(code) for code in raw["census_cty"].unique()}
    return (
        raw.select(
            hts10="htsus10",
            iso3=pl.col("census_cty").replace_strict(iso3, return_dtype=pl.String),
            general_usd="general_imports_usd",
            consumption_usd="consumption_imports_usd",
            dutiable_usd="dutiable_value_usd",
            duties_usd="calculated_duties_usd",
        )
        .group_by("hts10", "iso3")
        .sum()
        .sort("hts10", "iso3")
    )


def write(table: pl.DataFrame, path: Path) -> None:
    """Write compactly: sorted codes as deltas, values split by byte, zstd."""
    stored = table.select(
        pl.col("hts10").cast(pl.Int64),
        "iso3",
        "consumption_usd",
        general_less_consumption_usd=pl.col("general_usd") - pl.col("consumption_usd"),
        duty_free_usd=pl.col("consumption_usd") - pl.col("dutiable_usd"),
        duties_usd="duties_usd",
    )
    pq.write_table(
        stored.to_arrow(),
        path,
        compression="zstd",
        compression_level=19,
        row_group_size=1_000_000,
        use_dictionary=["iso3"],
        column_encoding={"hts10": "DELTA_BINARY_PACKED", **dict.fromkeys(STORED_VALUES, "BYTE_STREAM_SPLIT")},
    )
