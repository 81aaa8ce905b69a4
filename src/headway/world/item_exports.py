"""Exports by item as published by a country's own ministry, in USD billion."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import polars as pl

TOTAL = "total"


@dataclass(frozen=True)
class PublishedExports:
    """A country's goods exports of a year by published item and in total, USD billion, with where they were read."""

    country: str
    year: int
    total: float
    items: dict[str, float]
    sources: dict[str, str]


@lru_cache(maxsize=1)
def _table() -> pl.DataFrame:
    file = resources.files("headway.world") / "data" / "item_exports.csv"
    with resources.as_file(file) as path:
        return pl.read_csv(path)


def published(country: str) -> PublishedExports | None:
    """The published figures of a country (ISO3), or None where the package ships none."""
    rows = _table().filter(pl.col("country") == country)
    if rows.is_empty():
        return None
    values = dict(zip(rows["item"], rows["usd_billion"], strict=True))
    sources = dict(zip(rows["item"], rows["source_url"], strict=True))
    total = values.pop(TOTAL)
    return PublishedExports(country, int(rows["year"][0]), total, values, sources)
