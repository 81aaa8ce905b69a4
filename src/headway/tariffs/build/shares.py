"""Utilisation and content shares for expected rates: USMCA by line, other programmes by HS2, metal content by line."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from headway.codes.countries import by_census_code
from headway.errors import UnknownCode


def census_iso3(code: str) -> str | None:
    """ISO3 of a Census country code, or None for codes of no country."""
    try:
        return by_census_code(code)
    except UnknownCode:
        return None


def _with_origin(table: pl.DataFrame) -> pl.DataFrame:
    codes = {code: census_iso3(code) for code in table["cty_code"].unique()}
    mapped = pl.col("cty_code").replace_strict(codes, return_dtype=pl.String)
    return table.with_columns(origin=mapped).filter(pl.col("origin").is_not_null()).drop("cty_code")


def usmca(sources: Path) -> pl.DataFrame:
    """Share of imports entered under USMCA: hts10, origin, year, share (0 to 1)."""
    tables = [
        pl.read_csv(
            sources / f"usmca_product_shares_{year}.csv",
            schema_overrides={"hts10": pl.String, "cty_code": pl.String},
        )
        .with_columns(year=pl.lit(year, pl.Int16))
        .rename({"usmca_share": "share"})
        for year in (2024, 2025)
    ]
    table = _with_origin(pl.concat(tables)).filter(pl.col("share") > 0)
    return table.select("hts10", "origin", "year", pl.col("share").cast(pl.Float32)).sort(
        "hts10", "origin", "year"
    )


def preferences(sources: Path) -> pl.DataFrame:
    """Share of column 1 duty that preferences remove, by chapter and origin: hs2, origin, share."""
    table = pl.read_csv(
        sources / "mfn_exemption_shares.csv", schema_overrides={"hs2": pl.String, "cty_code": pl.String}
    )
    table = _with_origin(table.rename({"exemption_share": "share"})).filter(pl.col("share") > 0)
    return table.select("hs2", "origin", pl.col("share").cast(pl.Float32)).sort("hs2", "origin")


def metal_content(sources: Path) -> pl.DataFrame:
    """Metal content of value by line from input–output accounts: hts10, steel, aluminium, copper (0 to 1)."""
    table = pl.read_csv(sources / "metal_content_shares_bea_hs10.csv", schema_overrides={"hs10": pl.String})
    shares = {"steel": "steel_share", "aluminium": "aluminum_share", "copper": "copper_share"}
    return table.select(
        pl.col("hs10").alias("hts10"), **{k: pl.col(v).cast(pl.Float32) for k, v in shares.items()}
    ).sort("hts10")
