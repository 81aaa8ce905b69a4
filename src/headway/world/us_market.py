"""US imports by product and origin: the shipped Census tables, and the arrays of the product-level model.

Values are US dollars in tables and USD million in arrays. Imports *for consumption* are the base of duties, so
they are the weights and the values of the market; general imports stand beside them in the table. Home supply is
not among the varieties: the demand elasticity of this market is the *import*-demand elasticity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
import polars as pl
from numpy.typing import NDArray

from headway.codes import items, sectors
from headway.errors import DataError, OutsideDomain
from headway.models.partial import Ints, Market

YEARS = (2024, 2025)

OTHER = "OTHER"
"""Origin that stands for all origins not named in a pooled market."""

RATE_STEP = 0.0005
"""Default grid of baseline rates in a pooled market: origins within a twentieth of a point are taken as equal."""

USD_PER_MILLION = 1e6


def us_imports(year: int = 2024) -> pl.DataFrame:
    """US imports of a year [hts10, iso3, general_usd, consumption_usd, dutiable_usd, duties_usd], sorted.

    Source: US Census Bureau, public domain. Raises DataError for a year that is not shipped.
    """
    return _stored(year).select(
        pl.col("hts10").cast(pl.String).str.zfill(10),
        "iso3",
        general_usd=pl.col("consumption_usd") + pl.col("general_less_consumption_usd"),
        consumption_usd="consumption_usd",
        dutiable_usd=pl.col("consumption_usd") - pl.col("duty_free_usd"),
        duties_usd="duties_usd",
    )


@lru_cache(maxsize=len(YEARS))
def _stored(year: int) -> pl.DataFrame:
    """The table as shipped: codes are integers, two columns are differences."""
    if year not in YEARS:
        raise DataError(f"US imports of {year} are not shipped.", f"Choose one of {YEARS}.")
    file = resources.files("headway.world") / "data" / f"us_imports_{year}.parquet"
    with resources.as_file(file) as path:
        return pl.read_parquet(path)


@dataclass(frozen=True)
class UsMarket:
    """The US import market for the product-level model; G products, M varieties (product × origin × rate).

    `market.value` is imports for consumption in USD million, `market.tariff_rate` the realised baseline rate
    (calculated duties / imports for consumption). `origin` [M] points into `origins`; `OTHER` is the rest.
    `special` [G] marks chapters 98 and 99: US goods returned, repairs, low-value entries. They are assigned to a
    sector and item like all codes, and a caller decides whether a measure reaches them. `members` [hs6, iso3, variety]
    says which variety each product of each country of origin belongs to.
    """

    year: int
    hs6: tuple[str, ...]
    sector: tuple[str, ...]
    item: tuple[str, ...]
    special: NDArray[np.bool_]
    origins: tuple[str, ...]
    origin: Ints
    market: Market
    members: pl.DataFrame

    def rows_of(self, iso3: str) -> NDArray[np.bool_]:
        """Mask [M] of the varieties of one named origin; raises DataError where it was pooled away."""
        if iso3 not in self.origins:
            raise DataError(f"{iso3} is not an origin of this market.", "Name it in `origins`.")
        return np.asarray(self.origin == self.origins.index(iso3))

    def value_of(self, iso3: str, groups: tuple[str, ...]) -> dict[str, float]:
        """Imports from one origin by group, USD million; `groups` [G] is `sector` or `item`."""
        rows = self.rows_of(iso3)
        names, number = np.unique(np.array(groups), return_inverse=True)
        value = np.bincount(number[self.market.product[rows]], self.market.value[rows], len(names))
        return dict(zip(names.tolist(), value.tolist(), strict=True))


def market(
    level: str = "hs6",
    *,
    year: int = 2024,
    origins: tuple[str, ...] | None = None,
    rate_step: float = RATE_STEP,
    rates: pl.DataFrame | None = None,
) -> UsMarket:
    """Arrays of the US market by HS6 × origin.

    With `origins`, those countries stand alone and all others are pooled into `OTHER` by product and baseline
    rate, the rate rounded to `rate_step`: exact for any measure that treats the pooled origins alike, and several
    times faster. Without, every origin stands alone at its own rate. Products without consumption imports are
    dropped. Raises DataError for another level.
    """
    if level != "hs6":
        raise DataError(f"No market at level {level!r}.", "Use 'hs6'.")
    single = _cells(year) if rates is None else _rated_cells(rates)
    cells, members = _varieties(single, origins, rate_step)
    hs6 = cells["hs6"].unique().sort()
    names = tuple(sorted(cells["iso3"].unique())) if origins is None else (*origins, OTHER)
    arrays = Market(
        product=_positions(cells["hs6"], hs6.to_list()),
        value=cells["consumption_usd"].to_numpy() / USD_PER_MILLION,
        tariff_rate=cells["rate"].to_numpy().astype(np.float64),
    )
    return UsMarket(
        year=year,
        hs6=tuple(hs6),
        sector=tuple(sectors.of_hs6(code) for code in hs6),
        item=tuple(items.of_hs6(code) for code in hs6),
        special=hs6.str.slice(0, 2).is_in(["98", "99"]).to_numpy(),
        origins=names,
        origin=_positions(cells["iso3"], list(names)),
        market=arrays,
        members=members,
    )


def effective_rate(
    year: int = 2024,
    *,
    added: float = 0.0,
    added_by_origin: Mapping[str, float] | None = None,
    total_by_origin: Mapping[str, float] | None = None,
) -> float:
    """Average US tariff with additional duties, weights and base fixed: no quantity responds.

    Duties collected in `year` stay, plus `added` on every origin, or `added_by_origin` in its place, or
    `total_by_origin` in place of duties collected and `added` both. Fractions of imports for consumption.
    """
    by_origin = us_imports(year).group_by("iso3").agg(pl.col("consumption_usd", "duties_usd").sum())
    specific, total = added_by_origin or {}, total_by_origin or {}
    unknown = sorted((set(specific) | set(total)) - set(by_origin["iso3"]))
    if unknown:
        raise OutsideDomain(f"The US imported nothing from {', '.join(unknown)} in {year}.", "Give ISO3 codes.")
    duties = 0.0
    for iso3, value, collected in by_origin.iter_rows():
        duties += value * total[iso3] if iso3 in total else collected + value * specific.get(iso3, added)
    return duties / int(by_origin["consumption_usd"].sum())


@lru_cache(maxsize=len(YEARS))
def _cells(year: int) -> pl.DataFrame:
    """Consumption imports and realised rate by HS6 × origin, positive cells only."""
    return (
        _stored(year)
        .group_by(hs6=pl.col("hts10") // 10_000, iso3="iso3")
        .agg(pl.col("consumption_usd", "duties_usd").sum())
        .filter(pl.col("consumption_usd") > 0)
        .with_columns(rate=pl.col("duties_usd") / pl.col("consumption_usd"))
        .sort("hs6", "iso3")
        .with_columns(pl.col("hs6").cast(pl.String).str.zfill(6))
    )


def _rated_cells(rates: pl.DataFrame) -> pl.DataFrame:
    """Imports and average rate by HS6 × origin from lines [hts10, iso3, usd, rate]."""
    usd = pl.col("usd")
    cells = rates.group_by(hs6=pl.col("hts10").str.slice(0, 6), iso3="iso3").agg(
        consumption_usd=usd.sum(), rate=(usd * pl.col("rate")).sum() / usd.sum()
    )
    return cells.sort("hs6", "iso3")


def _varieties(
    cells: pl.DataFrame, origins: tuple[str, ...] | None, rate_step: float
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Varieties [hs6, iso3, rate, consumption_usd], and which of them each product and country belongs to."""
    named = cells.with_columns(country="iso3")
    if origins is not None:
        kept = pl.when(pl.col("iso3").is_in(origins)).then("iso3").otherwise(pl.lit(OTHER))
        named = named.with_columns(iso3=kept, rate=(pl.col("rate") / rate_step).round() * rate_step)
    keys = ["hs6", "iso3", "rate"]
    made = named.group_by(keys).agg(pl.col("consumption_usd").sum()).sort(keys).with_row_index("variety")
    members = named.join(made, on=keys, how="left").select("hs6", iso3="country", variety="variety")
    return made.drop("variety"), members


def _positions(values: pl.Series, names: list[str]) -> Ints:
    table = {name: position for position, name in enumerate(names)}
    return values.replace_strict(table, return_dtype=pl.Int64).to_numpy()
