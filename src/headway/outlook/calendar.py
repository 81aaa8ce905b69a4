"""Working days by the customs convention, for months and parts of months, as known on a day."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from headway.codes.countries import lookup
from headway.errors import UnknownCode
from headway.outlook import months
from headway.outlook.records import FloatArray


@dataclasses.dataclass(frozen=True)
class Rule:
    """What a day counts: a weekday 1, a Saturday `saturday`, Sundays and public holidays 0.

    `closed` lists (month, day) pairs closed by custom that the calendar does not call a public holiday.
    """

    country: str
    saturday: float = 0.0
    closed: tuple[tuple[int, int], ...] = ()


KOREA = Rule("KOR", saturday=0.5, closed=((5, 1),))
"""Korea Customs Service: Saturdays half, 1 May closed; reproduces every published count on file."""

LATE_HOLIDAYS: dict[str, tuple[tuple[dt.date, dt.date], ...]] = {
    "KOR": (
        (dt.date(2015, 8, 14), dt.date(2015, 8, 4)),
        (dt.date(2016, 5, 6), dt.date(2016, 4, 28)),
        (dt.date(2017, 5, 9), dt.date(2017, 3, 15)),
        (dt.date(2017, 10, 2), dt.date(2017, 9, 5)),
        (dt.date(2020, 8, 17), dt.date(2020, 7, 21)),
        (dt.date(2023, 10, 2), dt.date(2023, 9, 5)),
        (dt.date(2024, 10, 1), dt.date(2024, 9, 3)),
        (dt.date(2025, 1, 27), dt.date(2025, 1, 14)),
        (dt.date(2025, 6, 3), dt.date(2025, 4, 8)),
    ),
}
"""Temporary and snap-election holidays with the day on which the government fixed them, by country."""


def rule_for(country: str) -> Rule:
    """The working-day rule of a country (ISO3): Korea's customs rule, Monday to Friday elsewhere."""
    return KOREA if country == "KOR" else Rule(country)


@functools.lru_cache(maxsize=1)
def shipped_holidays() -> dict[int, tuple[dt.date, ...]]:
    """Korea's public holidays by year as the builder took them from `holidays`, which is slow to load."""
    lines = (Path(__file__).parent / "data" / "holidays_korea.csv").read_text("utf-8").split()[1:]
    by_year: dict[int, list[dt.date]] = {}
    for line in lines:
        by_year.setdefault(int(line[:4]), []).append(dt.date.fromisoformat(line))
    return {year: tuple(days) for year, days in by_year.items()}


@functools.lru_cache(maxsize=64)
def public_holidays(country: str, decade: int) -> dict[int, tuple[dt.date, ...]]:
    """Public holidays of the years 10 × decade to 10 × decade + 9, by year; raises UnknownCode without a calendar."""
    import holidays

    years = range(10 * decade, 10 * decade + 10)
    try:
        found = holidays.country_holidays(lookup(country).iso2, years=years)
    except NotImplementedError:
        raise UnknownCode(
            f"No calendar of public holidays is known for {country}.", "Run without a calendar: --country none."
        ) from None
    return {year: tuple(day for day in found if day.year == year) for year in years}


@functools.lru_cache(maxsize=256)
def _closed_days(rule: Rule, year: int) -> frozenset[dt.date]:
    """Days of a year on which customs is closed, Sundays apart."""
    by_custom = (dt.date(year, month, day) for month, day in rule.closed)
    shipped = shipped_holidays() if rule.country == KOREA.country else {}
    public = shipped[year] if year in shipped else public_holidays(rule.country, year // 10)[year]
    return frozenset((*public, *by_custom))


def _unknown_then(country: str, known_on: dt.date | None) -> frozenset[dt.date]:
    if known_on is None:
        return frozenset()
    return frozenset(day for day, fixed in LATE_HOLIDAYS.get(country, ()) if fixed > known_on)


def count_days(rule: Rule, first: dt.date, last: dt.date, *, known_on: dt.date | None = None) -> float:
    """Working days from `first` to `last`, both included; holidays fixed after `known_on` are left out."""
    weight = (1.0,) * 5 + (rule.saturday, 0.0)
    whole, left = divmod((last - first).days + 1, 7)
    total = whole * sum(weight) + sum(weight[(first.weekday() + extra) % 7] for extra in range(left))
    closed = {day for year in range(first.year, last.year + 1) for day in _closed_days(rule, year)}
    closed -= _unknown_then(rule.country, known_on)
    return total - sum(weight[day.weekday()] for day in closed if first <= day <= last)


@functools.lru_cache(maxsize=8192)
def working_days(rule: Rule, number: int, known_on: dt.date | None = None) -> float:
    """Working days of a month number by `rule`, as known on a day."""
    return count_days(rule, months.first_day(number), months.last_day(number), known_on=known_on)


def part_days(rule: Rule, number: int, last: int) -> float:
    """Working days from the 1st to day `last` of a month number: the window of a customs flash."""
    first = months.first_day(number)
    return count_days(rule, first, first.replace(day=last))


def log_days(rule: Rule, numbers: Iterable[int], *, known_on: dt.date | None = None) -> FloatArray:
    """Log working days of month numbers less the usual log of the same calendar month.

    The usual level is the mean over the 28 years 2000–2027, one full cycle of weekdays, so that what is left is
    what a seasonal pattern cannot hold.
    """
    usual = _usual_log_days(rule)
    return np.array([np.log(working_days(rule, n, known_on)) - usual[n % 12] for n in numbers])


@functools.lru_cache(maxsize=64)
def _usual_log_days(rule: Rule) -> tuple[float, ...]:
    years = range(2000, 2028)
    return tuple(
        float(np.mean([np.log(working_days(rule, 12 * year + month)) for year in years])) for month in range(12)
    )
