"""What changed between two days: lines, trade and the headings behind it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from headway.errors import NoEffect, OutsideDomain
from headway.tariffs.effective import rateable
from headway.tariffs.engine import rate_frame
from headway.tariffs.instruments import Rulebook

if TYPE_CHECKING:
    import polars as pl


def changes(imports: pl.DataFrame, first: dt.date, last: dt.date, *, book: Rulebook | None = None) -> pl.DataFrame:
    """Lines × origins with trade whose statutory duty differs between two days.

    Columns hts10, origin, imports_usd, before, after, change (fractions; null where a rate is unknown on a day),
    causes (headings that came, went or changed). `imports` as in `effective`. Raises `NoEffect` if nothing changed.
    """
    import polars as pl

    if first >= last:
        raise OutsideDomain(f"{first} is not before {last}.", "Give the earlier day first.")
    pairs = rateable(imports).filter(pl.col("line").is_not_null())
    pairs = pairs.group_by("line", "iso3").agg(imports_usd=pl.col("consumption_usd").sum()).sort("line", "iso3")
    entries = pairs.rename({"line": "hts10", "iso3": "origin"})
    before = rate_frame(entries.with_columns(day=pl.lit(first)), book)
    after = rate_frame(entries.with_columns(day=pl.lit(last)), book)
    frame = entries.with_columns(
        before=before["total"], after=after["total"], old=before["stack"], new=after["stack"]
    ).filter(pl.col("old") != pl.col("new"))
    if frame.is_empty():
        raise NoEffect(f"No duty changed between {first} and {last}.", "Choose days around a change of law.")
    moved = pl.col("old").str.split("; ").list.set_symmetric_difference(pl.col("new").str.split("; "))
    heads = moved.list.eval(pl.element().str.split("=").list.first()).list.unique().list.sort()
    named = heads.list.eval(pl.element().filter(pl.element() != ""))
    return frame.with_columns(change=pl.col("after") - pl.col("before"), causes=named.list.join(", ")).drop(
        "old", "new"
    )


def by_cause(changed: pl.DataFrame) -> pl.DataFrame:
    """Changes summed by the headings behind them: lines, origins, imports_usd, mean change weighted by imports."""
    import polars as pl

    known = pl.col("imports_usd").filter(pl.col("change").is_not_null())
    return (
        changed.group_by("causes")
        .agg(
            lines=pl.col("hts10").n_unique(),
            origins=pl.col("origin").n_unique(),
            imports_usd=pl.col("imports_usd").sum(),
            mean_change=(pl.col("imports_usd") * pl.col("change")).sum() / known.sum(),
        )
        .sort("imports_usd", descending=True)
    )
