"""The official figures that the package ships, and the panel of series that they make."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from headway.errors import DataError
from headway.outlook import fill, months
from headway.outlook.records import FloatArray, Panel, Series

if TYPE_CHECKING:
    import polars as pl

DATA = Path(__file__).parent / "data"

MINISTRY = "motie_releases"
CUSTOMS = "kcs_open_api"
ADJUSTED = "oecd_mei"

FEWEST_MONTHS = 12
"""Months of an item or destination that sources must state before the shipped panel includes it."""


STALE_MONTHS = 6
"""Months without a stated value at the end of a series after which the shipped panel leaves it out."""


@dataclasses.dataclass(frozen=True)
class Source:
    """Where shipped figures are from and on which terms."""

    id: str
    title: str
    licence: str
    url: str
    vintage: str
    note: str


SOURCES = (
    Source(
        MINISTRY,
        "Monthly export releases of Korea's trade ministry (MOTIR, once MOTIE), as printed there or in the press",
        "facts from official releases; each row cites where it was read, no text is copied",
        "https://english.motir.go.kr",
        "first prints",
        "first prints: later revisions are not carried back",
    ),
    Source(
        CUSTOMS,
        "Korea Customs Service, exports by HS heading and country (open data portal data.go.kr)",
        "public data of the Korean government, free to use with the source named",
        "https://www.data.go.kr",
        "revised",
        "items are sums of HS headings and differ from the ministry's items",
    ),
    Source(
        ADJUSTED,
        "OECD, Main Economic Indicators, Korea, exports of goods, seasonally adjusted (XTEXVA01KRM667S)",
        "OECD terms: copy and share with credit to the OECD (open by default, CC BY 4.0)",
        "https://www.oecd.org/en/about/terms-conditions.html",
        "mid-2026",
        "one vintage of mid-2026: as known on an earlier day it is known with hindsight",
    ),
)


@functools.lru_cache(maxsize=1)
def official() -> pl.DataFrame:
    """Every shipped figure: kind, name, period, value, unit, yoy_pct, definition, basis, dates and source."""
    import polars as pl

    return pl.read_csv(DATA / "official_figures.csv", schema_overrides={"period": pl.String}).with_columns(
        pl.col("known_from", "on_file_from").str.to_date()
    )


def catalogue_row(source: Source) -> dict[str, str | int]:
    """A source as a row of the data catalogue: id, kind, title, citation, licence, vintage, rows in and out."""
    rows = official().filter(official()["source_id"] == source.id).height
    return {
        "id": source.id,
        "kind": "source",
        "title": source.title,
        "citation": f"{source.url} ({source.note})",
        "licence": source.licence,
        "vintage": source.vintage,
        "rows_in": rows,
        "rows_out": rows,
    }


def flashes() -> pl.DataFrame:
    """Customs flashes for the first 10 and 20 days of a month: exports, growth, printed working days, source."""
    import polars as pl

    return pl.read_csv(DATA / "customs_flashes.csv", schema_overrides={"working_days": pl.Float64})


def institutional_forecasts() -> pl.DataFrame:
    """Published forecasts of institutions with publication day, target period and outcome where known."""
    import polars as pl

    return pl.read_csv(DATA / "institutional_forecasts.csv", schema_overrides={"target": pl.String})


def survey_index() -> pl.DataFrame:
    """The trade association's quarterly survey index (0–200, 100 = unchanged) by item."""
    import polars as pl

    return pl.read_csv(DATA / "survey_index.csv")


def stated(
    kind: str, name: str, *, source_id: str = MINISTRY, as_known_on: dt.date | None = None, strict: bool = False
) -> dict[int, float]:
    """Month number → value of one series as far as its figures were public on a day.

    A month that was public but stands on file only through a later release counts, unless `strict`.
    """
    return {
        number: value
        for number, value, known_from, on_file_from in _monthly().get((kind, name, source_id), ())
        if as_known_on is None or (on_file_from if strict else known_from) <= as_known_on
    }


Month = tuple[int, float, dt.date, dt.date]


@functools.lru_cache(maxsize=1)
def _monthly() -> dict[tuple[str, str, str], tuple[Month, ...]]:
    """Months with a value by kind, name and source: number, value, day public and day on file."""
    found: dict[tuple[str, str, str], list[Month]] = {}
    columns = ("kind", "name", "source_id", "period", "value", "known_from", "on_file_from")
    for kind, name, source, period, value, known_from, on_file_from in official().select(columns).iter_rows():
        if value is not None and months.is_month(period):
            key = (kind, name, source)
            found.setdefault(key, []).append((months.month(period), value, known_from, on_file_from))
    return {key: tuple(rows) for key, rows in found.items()}


def published_growth(kind: str, name: str) -> dict[str, float]:
    """Period → growth on a year before as the ministry printed it, in percent."""
    import polars as pl

    rows = official().filter((pl.col("kind") == kind) & (pl.col("name") == name) & pl.col("yoy_pct").is_not_null())
    return dict(rows.select("period", "yoy_pct").iter_rows())


def period_values(kind: str, name: str) -> dict[str, float]:
    """Period → printed value, for months and for the half-years and years that sources sum themselves."""
    import polars as pl

    rows = official().filter(
        (pl.col("kind") == kind)
        & (pl.col("name") == name)
        & (pl.col("source_id") == MINISTRY)
        & (pl.col("basis") == "published")
        & pl.col("value").is_not_null()
    )
    return dict(rows.select("period", "value").iter_rows())


def adjusted_total(as_known_on: dt.date | None = None) -> Series:
    """The OECD's adjusted total, USD bn, 2000-01 on; one vintage, so its past is known with hindsight."""
    values = _adjusted_values(as_known_on)
    return Series(
        "total",
        "total",
        min(values),
        np.array([values[n] for n in sorted(values)]),
        adjusted=True,
        vintage="one vintage, mid-2026",
        source="OECD Main Economic Indicators",
        notes=(
            "The adjusted total is one vintage of mid-2026: what it says of the past is known with hindsight.",
        ),
    )


def _adjusted_values(as_known_on: dt.date | None) -> dict[int, float]:
    return stated("total", "total", source_id=ADJUSTED, as_known_on=as_known_on)


def published_total(as_known_on: dt.date | None = None) -> Series:
    """The unadjusted total of the months that sources state without a gap: 2023-01 on, USD bn.

    Raises DataError for a day before the first figure on file.
    """
    values = _unadjusted_values(as_known_on)
    if not values:
        first_day = min(known for rows in _monthly().values() for number, value, known, _ in rows)
        raise DataError(
            f"No figure of Korea's exports on file was public on {as_known_on}.",
            f"Choose a later day: figures begin in {first_day:%B %Y}, and the unadjusted total in 2018.",
        )
    last = max(values)
    first = next(n for n in range(last, -1, -1) if n - 1 not in values)
    return Series(
        "total", "total", first, np.array([values[n] for n in range(first, last + 1)]), vintage="first prints"
    )


def _unadjusted_values(as_known_on: dt.date | None) -> dict[int, float]:
    later = stated("total", "total", source_id=CUSTOMS, as_known_on=as_known_on)
    return later | stated("total", "total", as_known_on=as_known_on)


def korea(as_known_on: dt.date | None = None, *, strict: bool = False) -> Panel:
    """Korea's exports as the shipped figures give them on a day: total, items and destinations, USD bn.

    The total before 2023 is rebuilt from the adjusted total; months that no source states are filled in items and
    destinations and listed in `filled`. `strict` leaves out what was public on the day but stands on file only
    through a later release; otherwise it counts, and the notes say how much of it there is.
    """
    total = fill.extend_with_adjusted(published_total(as_known_on), adjusted_total(as_known_on))
    panel = [total]
    for kind in ("item", "destination"):
        for name in _names(kind):
            series = _filled(kind, name, total, as_known_on, strict=strict)
            if series is not None:
                panel.append(series)
    notes: tuple[str, ...] = (
        "No long history by item or destination is open: items are short panels, read with wide intervals.",
        "First prints where they are on file; a month that no source states is filled and marked.",
    )
    if as_known_on is not None and not strict:
        notes += _later_prints(panel, as_known_on)
    return Panel(tuple(panel), notes)


def _later_prints(panel: list[Series], day: dt.date) -> tuple[str, ...]:
    """Which months of a panel were public on a day but stand on file only through a later release."""
    late: list[str] = []
    for one in panel:
        known = stated(one.kind, one.name, as_known_on=day)
        on_file = stated(one.kind, one.name, as_known_on=day, strict=True)
        count = sum(number >= one.start for number in set(known) - set(on_file))
        late += [f"{one.name.replace('_', ' ')} {count}"] if count else []
    if not late:
        return ()
    return (
        f"Months that were public on {day.isoformat()} but stand on file only as a later release implies them, later "
        f"revisions included: {', '.join(late)}.",
    )


def _names(kind: str) -> list[str]:
    return sorted({name for of_kind, name, source in _monthly() if (of_kind, source) == (kind, MINISTRY)})


def _filled(
    kind: str, name: str, total: Series, as_known_on: dt.date | None, *, strict: bool = False
) -> Series | None:
    """One short series without gaps, or None where sources state fewer than twelve of its months."""
    public = stated(kind, name, as_known_on=as_known_on, strict=strict)
    since = {n: v for n, v in public.items() if n >= months.month("2023-01")}
    if len(since) < FEWEST_MONTHS:
        return None
    customs = stated(kind, name, source_id=CUSTOMS, as_known_on=as_known_on)
    first, last = min(since), total.end
    if last - max(*since, *customs) > STALE_MONTHS:
        return None
    indicator = np.array([total.at(n) for n in range(first, last + 1)])
    values: FloatArray = fill.fill_by_indicators(
        _aligned(since, first, last), [_aligned(customs, first, last), indicator], shape=total, first=first
    )
    gaps = tuple(n for n in range(first, last + 1) if n not in since)
    return Series(kind, name, first, values, filled=gaps, vintage="first prints", source=MINISTRY)


def _aligned(values: dict[int, float], first: int, last: int) -> FloatArray:
    return np.array([values.get(n, np.nan) for n in range(first, last + 1)])
