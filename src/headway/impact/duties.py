"""What US imports owe on a scenario's date, line by line: what the schedule expects, or what was collected.

Three kinds of rate keep their names. *Collected* is what Census calculated over imports for consumption of a year.
*Expected* is the schedule of a day with the shares in which preferences are claimed and metals contained. *Statutory*,
the schedule without claims, is used here for nothing but the instruments that it names.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import polars as pl

from headway.errors import OutsideDomain
from headway.impact import duty_store
from headway.tariffs.compiled import LAST
from headway.tariffs.effective import implied_equivalents, pair_rates, rateable
from headway.world import us_market

LAW_CHANGED = dt.date(2025, 2, 4)
"""First day on which US duties differ from those of 2024 (EO 14195): from then on the schedule is the baseline."""

EQUIVALENTS = 2024
"""Year of the Census-implied equivalents of specific duties: one without general additional duties."""

Basis = Literal["collected", "expected"]


def us_year(on: dt.date) -> int:
    """The year of US imports that is the baseline on a day: the last full one before it that ships."""
    return max([year for year in us_market.YEARS if year < on.year], default=min(us_market.YEARS))


def basis_on(on: dt.date) -> Basis:
    """Which rates are the baseline on a day: collected as long as the law is that of the year collected."""
    return "collected" if on < LAW_CHANGED else "expected"


@dataclass(frozen=True)
class UsDuties:
    """US imports of `year` by line and origin with what they owe, by the schedule of a day or as collected.

    `rows` [hts10, iso3, usd, collected, expected, missing, by_equivalent, stack, rate]: rates are fractions; `rate` is
    the expected one, or where the schedule gives none the collected one; `missing` names instruments in force whose
    lists or facts are not known for the line; `by_equivalent` marks specific duties as Census implies them.
    """

    year: int
    basis: Basis
    rows: pl.DataFrame

    def share(self, which: pl.Expr) -> float:
        """Share of the imports' value in the rows that an expression picks."""
        return float(self.rows.filter(which)["usd"].sum()) / float(self.rows["usd"].sum())

    @property
    def rated(self) -> float:
        """Share of imports whose rate is the schedule's."""
        return self.share(pl.col("expected").is_not_null()) if self.basis == "expected" else 0.0

    @property
    def open(self) -> float:
        """Share of imports rated by the schedule though an instrument in force is not known for their line."""
        return self.share(_OPEN)

    def open_instruments(self, most: int = 3) -> list[tuple[str, float]]:
        """The instruments that keep most trade open, each with its share of all imports."""
        total = self.rows["usd"].sum()
        sums: dict[str, float] = {}
        for missing, usd in self.rows.filter(_OPEN).group_by("missing").agg(pl.col("usd").sum()).iter_rows():
            for instrument in missing.split():
                sums[instrument] = sums.get(instrument, 0.0) + usd / total
        return sorted(sums.items(), key=lambda item: (-item[1], item[0]))[:most]

    def average(self, iso3: str | None = None, *, open_as: Basis = "expected") -> float:
        """Import-weighted rate of an origin or of all; `open_as` "collected" takes last year's rates on open lines."""
        rows = self.rows if iso3 is None else self.rows.filter(pl.col("iso3") == iso3)
        rate = pl.col("rate")
        if open_as == "collected":
            rate = pl.when(_OPEN).then("collected").otherwise(rate)
        paid, value = rows.select((rate * pl.col("usd")).sum(), pl.col("usd").sum()).row(0)
        return float(paid / value) if value else 0.0


_OPEN = pl.col("expected").is_not_null() & (pl.col("missing") != "")


def us_duties(on: dt.date) -> UsDuties:
    """The baseline of US duties on a day: collected before `LAW_CHANGED`, the schedule's expected rates from then on.

    The schedule of a day is rated once and kept in the user's cache folder. Raises OutsideDomain past its last day.
    """
    return collected_duties(us_year(on)) if basis_on(on) == "collected" else schedule_duties(on)


@lru_cache(maxsize=2)
def collected_duties(year: int) -> UsDuties:
    """Duties of a year over its imports for consumption."""
    rows = _imports(year).with_columns(
        expected=pl.lit(None, pl.Float64),
        missing=pl.lit(""),
        by_equivalent=pl.lit(False),
        stack=pl.lit(""),
        rate="collected",
    )
    return UsDuties(year, "collected", rows)


@lru_cache(maxsize=2)
def schedule_duties(on: dt.date) -> UsDuties:
    """Expected rates of the schedule as known on a day, over the imports of the last full year before it."""
    if on > LAST:
        raise OutsideDomain(f"The US schedule on file ends on {LAST}.", "Give an earlier date.")
    year = us_year(on)
    rated = duty_store.kept(on, year, lambda: _rated(on, year))
    rows = _imports(year).hstack(rated.drop("hts10", "iso3"))
    return UsDuties(year, "expected", rows.with_columns(rate=pl.coalesce("expected", "collected")))


def _imports(year: int) -> pl.DataFrame:
    """Imports for consumption [hts10, iso3, usd, collected], rows with trade only."""
    rows = us_market.us_imports(year).filter(pl.col("consumption_usd") > 0)
    return rows.select(
        "hts10",
        "iso3",
        usd=pl.col("consumption_usd").cast(pl.Float64),
        collected=pl.col("duties_usd") / pl.col("consumption_usd"),
    )


def _rated(on: dt.date, year: int) -> pl.DataFrame:
    """What the schedule says of each row of `_imports` [hts10, iso3, expected, missing, by_equivalent, stack].

    A line without column 1 rate and without a Census-implied equivalent is unknown, not free.
    """
    imports = us_market.us_imports(year)
    equivalents = implied_equivalents(us_market.us_imports(EQUIVALENTS))
    _, rates = next(pair_rates(imports, [on], equivalents=equivalents, as_known=True))
    unknown = pl.col("uses_equivalent") & pl.col("implied").is_null()
    rates = rates.select(
        "line",
        "iso3",
        "missing",
        "stack",
        expected=pl.when(~unknown).then("expected"),
        by_equivalent=pl.col("uses_equivalent") & ~unknown,
    )
    rows = rateable(imports).join(rates, on=["line", "iso3"], how="left", maintain_order="left")
    return rows.select(
        "hts10",
        "iso3",
        "expected",
        pl.col("missing", "stack").fill_null("").cast(pl.Categorical),
        pl.col("by_equivalent").fill_null(False),
    )
