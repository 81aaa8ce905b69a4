"""Goods exports by item as a country's own ministry publishes them, and by country, in USD billion."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import polars as pl

TOTAL = "total"
PUBLISHED = "published"
"""The basis of an annual figure that stands in a release as it is; other bases say how the year was estimated."""


@dataclass(frozen=True)
class PublishedExports:
    """A country's goods exports of a year by published item and in total, USD billion, with where they were read.

    `basis` says of each item whether the year is published or estimated from some of its months.
    """

    country: str
    year: int
    total: float
    items: dict[str, float]
    basis: dict[str, str]
    sources: dict[str, str]


@dataclass(frozen=True)
class CountryExports:
    """Goods exports of a country, USD billion; `filled` is the share that stands in for missing partners."""

    iso3: str
    year: int
    usd_billion: float
    filled: float


@lru_cache(maxsize=2)
def _table(name: str) -> pl.DataFrame:
    with resources.as_file(resources.files("headway.world") / "data" / name) as path:
        return pl.read_csv(path)


def published(country: str) -> PublishedExports | None:
    """The published figures of a country (ISO3), or None where the package ships none."""
    rows = _table("item_exports.csv").filter(pl.col("country") == country)
    if rows.is_empty():
        return None
    columns = (dict(zip(rows["item"], rows[name], strict=True)) for name in ("usd_billion", "basis", "source_url"))
    values, basis, sources = columns
    return PublishedExports(country, int(rows["year"][0]), values.pop(TOTAL), values, basis, sources)


def country_total(iso3: str) -> CountryExports | None:
    """Goods exports of a country to all others, 2023, or None where the sources lack it."""
    rows = _table("country_exports.csv").filter(pl.col("iso3") == iso3)
    return CountryExports(**rows.row(0, named=True)) if rows.height else None
