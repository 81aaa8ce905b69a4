"""Import-weighted rates in three columns that are never mixed: statutory, expected, realised.

Callers pass imports (hts10, iso3, consumption_usd, dutiable_usd, duties_usd): this package holds no trade data.
Statutory is what the line owes without claims. Expected mixes claimed and unclaimed entries with utilisation
shares (USMCA by line, other programmes by chapter) and content shares of metals. Realised is duties collected over
imports for consumption.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from headway.codes.sectors import of_hs6
from headway.errors import DataError, UnknownCode
from headway.tariffs.compiled import METAL_CHAPTERS, compiled
from headway.tariffs.engine import rate_chunks
from headway.tariffs.instruments import Rulebook, origins
from headway.tariffs.schedule import programs, table

if TYPE_CHECKING:
    import polars as pl

GROUPS = ("origin", "sector", "hs2", "hs4", "hs6", "hts10")
"""What rates can be grouped by."""

NEEDED = ("hts10", "iso3", "consumption_usd", "dutiable_usd", "duties_usd")


def own_program(origin: str) -> str:
    """The symbol of an origin's own agreement, or "" if it has none on file."""
    found = sorted(p.symbol for p in programs().values() if origin in p.partners and len(p.partners) < 10)
    return found[0] if found else ""


def _checked(imports: pl.DataFrame) -> pl.DataFrame:
    absent = [name for name in NEEDED if name not in imports.columns]
    if absent:
        raise DataError(f"Imports without {', '.join(absent)}.", "Pass a frame with the columns of us_imports.")
    return imports


def rateable(imports: pl.DataFrame) -> pl.DataFrame:
    """Imports with `line`, the line of the schedule that rates them: null for codes and origins it does not know.

    A retired ten-digit code is rated by the first line of its eight-digit subheading.
    """
    import polars as pl

    lines = table("schedule").select(line="hts10")
    first = lines.with_columns(hts8=pl.col("line").str.slice(0, 8)).group_by("hts8").agg(pl.col("line").min())
    known = pl.when(pl.col("hts10").is_in(lines["line"].implode())).then("hts10").otherwise(pl.col("line"))
    frame = _checked(imports).filter(pl.col("consumption_usd") > 0)
    frame = (
        frame.with_columns(hts8=pl.col("hts10").str.slice(0, 8)).join(first, on="hts8", how="left").drop("hts8")
    )
    rated = pl.col("iso3").is_in(sorted(origins()))
    return frame.with_columns(line=pl.when(rated).then(known))


def implied_equivalents(imports: pl.DataFrame) -> pl.DataFrame:
    """Census-implied ad valorem equivalent by line: duties over dutiable value, goods of China left out.

    Of a year without general additional duties (2024). For *expected* rates of specific duties only.
    """
    import polars as pl

    sums = (
        _checked(imports)
        .filter(pl.col("iso3") != "CHN")
        .group_by("hts10")
        .agg(pl.col("duties_usd", "dutiable_usd").sum())
    )
    known = sums.filter(pl.col("dutiable_usd") > 0)
    return known.select("hts10", implied=(pl.col("duties_usd") / pl.col("dutiable_usd")).clip(0, 5))


USMCA_RELIEF = dt.date(2025, 3, 7)
"""From this day a USMCA claim spares the duties on Canada and Mexico: importers began to claim."""


def _usmca(day: dt.date) -> pl.DataFrame:
    """USMCA shares of a day: line, iso3, usmca. Those of 2024 before the relief of March 2025.

    After it, the share of 2025 without the weeks before, which claimed as in 2024: (s25 − w s24) / (1 − w).
    """
    import polars as pl

    shares = table("usmca_shares").select(pl.col("hts10").alias("line"), "year", iso3="origin", usmca="share")
    before = shares.filter(pl.col("year") == 2024).drop("year")
    if day < USMCA_RELIEF:
        return before
    year = shares.filter(pl.col("year") == 2025).drop("year")
    weight = (USMCA_RELIEF - dt.date(2025, 1, 1)).days / 365
    both = year.join(before, on=["line", "iso3"], how="left", suffix="_2024")
    later = (pl.col("usmca") - weight * pl.col("usmca_2024").fill_null(0.0)) / (1 - weight)
    return both.select("line", "iso3", usmca=later.clip(0, 1))


def _shares(frame: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """Utilisation (`used`) of the origin's programme and metal contents of the line."""
    import polars as pl

    frame = frame.join(_usmca(day), on=["line", "iso3"], how="left")
    other = table("preference_shares").rename({"origin": "iso3", "share": "other"})
    frame = frame.with_columns(hs2=pl.col("line").str.slice(0, 2)).join(other, on=["hs2", "iso3"], how="left")
    frame = frame.join(table("metal_shares").rename({"hts10": "line"}), on="line", how="left")
    north = pl.col("iso3").is_in(["CAN", "MEX"])
    # In the metals chapters the accounts exceed one: there the full value counts, as the engine assumes undeclared.
    outside = ~pl.col("hs2").is_in(METAL_CHAPTERS)
    metals = ("steel", "aluminium", "copper")
    contents = {
        f"{metal}_share": pl.when(outside).then(pl.col(metal).cast(pl.Float64).clip(0, 1)) for metal in metals
    }
    used = pl.when(north).then(pl.col("usmca")).otherwise(pl.col("other")).cast(pl.Float64).fill_null(0.0)
    return frame.with_columns(used=used, **contents)


SHARES = ("steel_share", "aluminium_share", "copper_share")


def _entries(pairs: pl.DataFrame, day: dt.date, *, as_known: bool) -> pl.DataFrame:
    """Entries of the pairs by `run`: "plain" without claims, and where they make a difference "contents" and "claimed".

    `place` numbers the pairs. Metal contents are declared in the last two; the origin's own programme in the last,
    for pairs that use it.
    """
    import polars as pl

    own = {iso3: own_program(iso3) for iso3 in pairs["iso3"].unique()}
    base = pairs.with_row_index("place").select(
        "place",
        "used",
        *SHARES,
        hts10="line",
        origin="iso3",
        day=pl.lit(day),
        known_on=pl.lit(day if as_known else None, pl.Date),
        program=pl.col("iso3").replace_strict(own, return_dtype=pl.String),
    )
    with_contents = base.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in SHARES))
    claiming = base.filter((pl.col("used") > 0) & (pl.col("program") != ""))
    none, no_shares = pl.lit(""), {name: pl.lit(None, pl.Float64) for name in SHARES}
    runs = {
        "plain": base.with_columns(program=none, **no_shares),
        "contents": with_contents.with_columns(program=none),
        "claimed": claiming,
    }
    return pl.concat(frame.with_columns(run=pl.lit(run)) for run, frame in runs.items()).drop("used")


def _merged(plain: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Ratings by `place`: those of another run where it has one."""
    return plain.update(other, on="place", how="left", include_nulls=True)


def _mixed(pairs: pl.DataFrame, rated: pl.DataFrame) -> pl.DataFrame:
    """Statutory and expected rates of pairs on one day, from the ratings of their entries.

    A programme without a claimable rate takes off the chapter's share of column 1 and leaves additional duties.
    """
    import polars as pl

    answers = rated.select("run", "place", "program", "base_rate", *MEASURED)
    plain, contents, claimed = (answers.filter(pl.col("run") == run) for run in ("plain", "contents", "claimed"))
    unclaimed = _merged(plain, contents)
    with_claim = _merged(unclaimed, claimed)
    frame = pairs.select("line", "iso3", "used", "implied").with_columns(
        statutory=plain["total"],
        complete=plain["complete"],
        missing=unclaimed["missing"],
        stack=plain["stack"],
        base=unclaimed["base_rate"],
        added=unclaimed["additional"],
        base_claimed=with_claim["base_rate"],
        added_claimed=with_claim["additional"],
        without_program=with_claim["refused"] | (with_claim["program"] == ""),
    )
    base = pl.coalesce("base", "implied").fill_null(0.0)
    lower = pl.when("without_program").then(0.0).otherwise(pl.coalesce("base_claimed", pl.lit(0.0)))
    added, added_claimed = pl.col("added"), pl.coalesce("added_claimed", "added")
    used = pl.col("used")
    expected = (1 - used) * (base + added) + used * (lower + added_claimed)
    return frame.with_columns(expected=expected, uses_equivalent=pl.col("base").is_null())


MEASURED = ("additional", "total", "complete", "refused", "missing", "stack")
"""Answers of a rating that the mix uses, column 1 or 2 apart."""


def pair_rates(
    imports: pl.DataFrame,
    days: Sequence[dt.date],
    *,
    equivalents: pl.DataFrame | None = None,
    book: Rulebook | None = None,
    as_known: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Iterator[tuple[dt.date, pl.DataFrame]]:
    """Rates of every line × origin pair of the imports, day by day: statutory, expected, complete, uses_equivalent.

    `complete` and `stack` (headings with amounts) are those of the statutory rate; `missing` names the instruments
    that the expected rate still lacks.
    With `as_known` the law is that known on the day, without what was published later with effect from before.
    """
    import polars as pl

    pairs = (
        rateable(imports).filter(pl.col("line").is_not_null()).select("line", "iso3").unique(maintain_order=True)
    )
    implied = (
        equivalents
        if equivalents is not None
        else pl.DataFrame(schema={"hts10": pl.String, "implied": pl.Float64})
    )
    pairs = pairs.join(implied.rename({"hts10": "line"}), on="line", how="left", maintain_order="left")
    runs = rate_chunks((_entries(_shares(pairs, day), day, as_known=as_known) for day in days), book)
    for number, day in enumerate(days):
        yield day, _mixed(_shares(pairs, day), next(runs))
        if progress:
            progress(number + 1)


def days_in_force(first: dt.date, last: dt.date, book: Rulebook | None = None) -> list[tuple[dt.date, int]]:
    """First day of every era between two days, with its number of days in the period."""
    import polars as pl

    days = compiled(book).tables["days"].filter(pl.col("day").is_between(first, last))
    counted = days.group_by("era").agg(first=pl.col("day").min(), number=pl.len()).sort("first")
    return [(row["first"], row["number"]) for row in counted.iter_rows(named=True)]


def _grouped(frame: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Add the grouping columns: origin, hs2, hs4, hs6, hts10, sector."""
    import polars as pl

    unknown = [name for name in by if name not in GROUPS]
    if unknown:
        raise UnknownCode(f"Cannot group by {', '.join(unknown)}.", f"Use {', '.join(GROUPS)}.")
    frame = frame.with_columns(
        origin=pl.col("iso3"), **{f"hs{n}": pl.col("hts10").str.slice(0, n) for n in (2, 4, 6)}
    )
    if "sector" in by:
        names = {code: of_hs6(code) for code in frame["hs6"].unique()}
        frame = frame.with_columns(sector=pl.col("hs6").replace_strict(names, return_dtype=pl.String))
    return frame


def _weighted(frame: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Group sums and import-weighted rates; rates are over the imports whose rate is known."""
    import polars as pl

    value = pl.col("consumption_usd")

    def mean(rate: str) -> pl.Expr:
        known = value.filter(pl.col(rate).is_not_null()).sum()
        return pl.when(known > 0).then((value * pl.col(rate)).sum() / known)

    aggregates = {
        "imports_usd": value.sum(),
        "statutory": mean("statutory"),
        "expected": mean("expected"),
        "realised": pl.col("duties_usd").sum() / value.sum(),
        "statutory_known": value.filter(pl.col("statutory").is_not_null()).sum() / value.sum(),
        "expected_known": value.filter(pl.col("expected").is_not_null()).sum() / value.sum(),
        "complete": (value * pl.col("complete_share").fill_null(0.0)).sum() / value.sum(),
        "equivalents": (value * pl.col("equivalent_share").fill_null(0.0)).sum() / value.sum(),
    }
    return frame.group_by(*by).agg(**aggregates) if by else frame.select(**aggregates)


def effective(
    imports: pl.DataFrame,
    periods: Sequence[tuple[dt.date, int]],
    *,
    by: Sequence[str] = ("origin",),
    equivalents: pl.DataFrame | None = None,
    book: Rulebook | None = None,
    progress: Callable[[int], None] | None = None,
) -> pl.DataFrame:
    """Import-weighted rates by group over days in force: `periods` is [(day, days)], one pair for a single day.

    Columns: the groups, imports_usd, statutory, expected, realised (fractions; realised is that of the imports'
    own year), shares of value whose rate is known or complete, and rated with a Census-implied equivalent.
    """
    import polars as pl

    days = [day for day, _ in periods]
    weight = dict(periods)
    sums: pl.DataFrame | None = None
    for day, rates in pair_rates(imports, days, equivalents=equivalents, book=book, progress=progress):
        part = rates.select(
            "line",
            "iso3",
            statutory=pl.col("statutory") * weight[day],
            expected=pl.col("expected") * weight[day],
            complete_share=pl.col("complete").cast(pl.Float64) * weight[day],
            equivalent_share=pl.col("uses_equivalent").cast(pl.Float64) * weight[day],
        )
        sums = part if sums is None else _plus(sums, part)
    if sums is None:
        raise DataError("No day to rate.", "Give at least one.")
    total = sum(weight.values())
    measures = ("statutory", "expected", "complete_share", "equivalent_share")
    sums = sums.with_columns(pl.col(name) / total for name in measures)
    frame = rateable(imports).join(sums, on=["line", "iso3"], how="left")
    return _weighted(_grouped(frame, by), by).sort(*by) if by else _weighted(_grouped(frame, by), by)


def _plus(sums: pl.DataFrame, part: pl.DataFrame) -> pl.DataFrame:
    """Sum of two frames of the same pairs in the same order; unknown on any day stays unknown."""
    keys = ("line", "iso3")
    return sums.with_columns(sums[name] + part[name] for name in part.columns if name not in keys)
