"""A user's trade by product: BACI files of CEPII, and a table of tariffs, for export potential in every market.

BACI is bilateral trade by HS6, one file a year with the columns t, i, j, k, v, q (year, exporter, importer, product,
value in thousand USD, quantity in tons) and a table of country codes beside it (releases since 2020; Etalab open
licence 2.0).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from headway.errors import DataError, UnreadableInput
from headway.response.opportunities.potential import Potential, export_potential

Array = NDArray[np.float64]

COLUMNS = ("t", "i", "j", "k", "v", "q")
CODES = ("country_code", "country_iso3")
RATE_COLUMNS = ("importer", "exporter", "hs6", "rate")


@dataclass(frozen=True)
class HomeTrade:
    """One exporter in all markets: products [K], markets [M] (ISO3), and its potential [K, M] in USD million."""

    year: int
    hs6: tuple[str, ...]
    markets: tuple[str, ...]
    potential: Potential


def read_baci(path: Path, home: str) -> HomeTrade:
    """Potential of `home` (ISO3) in every market from one BACI file; country codes are read from the same folder.

    Raises UnreadableInput for a missing file, DataError for another layout, naming file and column, or a home that is
    not in it.
    """
    trade = _trade(path).join(_countries(path), left_on="i", right_on="code").rename({"iso3": "exporter"})
    trade = trade.join(_countries(path), left_on="j", right_on="code").rename({"iso3": "importer"})
    own = trade.filter(pl.col("exporter") == home)
    if own.is_empty():
        raise DataError(f"{path.name} has no exports of {home}.", "Check the country code, or take another year.")
    products, markets = own["k"].unique().sort(), own["importer"].unique().sort()
    kept = trade.filter(pl.col("k").is_in(products.implode()))
    world = kept.group_by("k").agg(pl.col("v").sum()).sort("k")
    supplied = own.group_by("k").agg(pl.col("v").sum()).sort("k")
    supply = supplied["v"].to_numpy() / world["v"].to_numpy()
    foreign = kept.filter((pl.col("importer") != home) & pl.col("importer").is_in(markets.implode()))
    demand = _grid(foreign.group_by("k", "importer").agg(pl.col("v").sum()), products, markets)
    actual = _grid(own.group_by("k", "importer").agg(pl.col("v").sum()), products, markets)
    thousand = 1e3
    found = export_potential(actual / thousand, supply, demand / thousand)
    return HomeTrade(int(trade["t"][0]), tuple(products), tuple(markets), found)


def _trade(path: Path) -> pl.DataFrame:
    header = _header(path)
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise DataError(
            f"{path.name}: BACI files have {', '.join(COLUMNS)}; {', '.join(missing)} is missing.",
            "Take the yearly file of a release since 2020, as CEPII publishes it.",
        )
    types = {"t": pl.Int32, "i": pl.Int32, "j": pl.Int32, "k": pl.String, "v": pl.Float64, "q": pl.String}
    trade = pl.read_csv(path, schema_overrides=types, columns=list(COLUMNS))
    if trade["t"].n_unique() > 1:
        raise DataError(f"{path.name} holds several years.", "Take the file of one year.")
    return trade.with_columns(k=pl.col("k").str.strip_chars().str.zfill(6))


def _countries(path: Path) -> pl.DataFrame:
    """BACI's country codes as (code, iso3), from the table in the same folder."""
    tables = sorted(path.parent.glob("country_codes*.csv"))
    if not tables:
        raise UnreadableInput(
            f"There is no country_codes….csv beside {path.name}.",
            "It comes in the same archive as the trade file.",
        )
    header = _header(tables[0])
    missing = [column for column in CODES if column not in header]
    if missing:
        raise DataError(f"{tables[0].name} lacks {', '.join(missing)}.", f"Columns: {', '.join(CODES)}.")
    codes = pl.read_csv(tables[0], columns=list(CODES), schema_overrides={"country_code": pl.Int32})
    return codes.select(code="country_code", iso3="country_iso3").unique("code")


def _header(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            return [name.strip().strip('"') for name in file.readline().split(",")]
    except FileNotFoundError:
        raise UnreadableInput(f"There is no file {path}.", "Check the path.") from None
    except (IsADirectoryError, UnicodeDecodeError):
        raise UnreadableInput(
            f"{path} is not a CSV file.", "Unpack the archive and name the yearly file."
        ) from None


def _grid(rows: pl.DataFrame, products: pl.Series, markets: pl.Series) -> Array:
    """Values [K, M] from rows (k, importer, v), zero where there is no trade."""
    grid = np.zeros((products.len(), markets.len()))
    at = {code: place for place, code in enumerate(products)}
    to = {code: place for place, code in enumerate(markets)}
    for code, market, value in rows.select("k", "importer", "v").iter_rows():
        if market in to:
            grid[at[code], to[market]] = value
    return grid


def read_rates(path: Path) -> pl.DataFrame:
    """Tariffs [importer, exporter, hs6, rate], rates fractions; raises DataError for columns, repeats or rates ≤ −1."""
    header = _header(path)
    missing = [column for column in RATE_COLUMNS if column not in header]
    if missing:
        raise DataError(f"{path.name} lacks {', '.join(missing)}.", f"Columns: {', '.join(RATE_COLUMNS)}.")
    rates = pl.read_csv(path, schema_overrides={"hs6": pl.String, "rate": pl.Float64}, columns=list(RATE_COLUMNS))
    if rates.select(RATE_COLUMNS[:3]).is_duplicated().any():
        raise DataError(f"{path.name} has two rates for one importer, exporter and product.", "Keep one.")
    lowest = rates["rate"].min()
    if rates["rate"].null_count() or not isinstance(lowest, float) or lowest <= -1:
        raise DataError(f"{path.name}: a rate is missing or −100 % or less.", "Give fractions: 0.1 is 10 %.")
    return rates.with_columns(hs6=pl.col("hs6").str.zfill(6))


def advantage(trade: HomeTrade, rates: pl.DataFrame, home: str, substitution: float) -> Array:
    """((1 + t̄)/(1 + t))^σ of home against the mean of the listed competitors [K, M]; one where no rate is listed."""
    own = rates.filter(pl.col("exporter") == home)
    others = rates.filter(pl.col("exporter") != home).group_by("importer", "hs6").agg(pl.col("rate").mean())
    both = own.join(others, on=("importer", "hs6"), suffix="_others")
    grid = np.ones((len(trade.hs6), len(trade.markets)))
    at = {code: place for place, code in enumerate(trade.hs6)}
    to = {code: place for place, code in enumerate(trade.markets)}
    for importer, hs6, rate, mean in both.select("importer", "hs6", "rate", "rate_others").iter_rows():
        if hs6 in at and importer in to:
            grid[at[hs6], to[importer]] = ((1.0 + mean) / (1.0 + rate)) ** substitution
    return grid
