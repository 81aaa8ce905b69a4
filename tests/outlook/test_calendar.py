"""Working days: every published count and daily average on file."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from headway.errors import UnknownCode
from headway.outlook import calendar, figures, months


def _published_counts() -> list[tuple[int, int | None, float]]:
    """(month number, last day of the window or None, days) of every count that a source prints."""
    counts: list[tuple[int, int | None, float]] = [
        (months.month(period), None, value)
        for period, value in figures.official()
        .filter(pl.col("kind") == "working_days")
        .select("period", "value")
        .iter_rows()
    ]
    for row in figures.flashes().iter_rows(named=True):
        last = int(row["window"].split("-")[1])
        if row["working_days"] is not None:
            counts.append((months.month(row["month"]), last, row["working_days"]))
        if row["working_days_prev"] is not None:
            counts.append((months.month(row["month"]) - 12, last, row["working_days_prev"]))
    return counts


def test_all_published_working_day_counts_are_reproduced() -> None:
    counts = _published_counts()
    assert len(counts) == 45  # 5 months and 40 windows; 37 of them distinct windows of the years 2021 on
    for number, last, published in counts:
        ours = (
            calendar.working_days(calendar.KOREA, number)
            if last is None
            else calendar.part_days(calendar.KOREA, number, last)
        )
        assert ours == published, (months.label(number), last)


@pytest.mark.parametrize("year", [2000, 2010, 2017, 2020, 2025])
def test_the_shipped_holidays_are_those_of_the_calendar_package(year: int) -> None:
    assert set(calendar.shipped_holidays()[year]) == set(calendar.public_holidays("KOR", year // 10)[year])


def test_years_beyond_the_shipped_ones_and_other_countries_come_from_the_package() -> None:
    assert 2031 not in calendar.shipped_holidays()
    # 23 weekdays in May 2035 less 1 May and Children's Day, 4 Saturdays that count half.
    assert calendar.working_days(calendar.KOREA, months.month("2035-05")) <= 23
    # Japan: 23 weekdays of January 2025 less New Year's Day and Coming of Age Day; Saturdays do not count.
    assert calendar.working_days(calendar.rule_for("JPN"), months.month("2025-01")) == 21


def test_all_published_daily_averages_are_reproduced_to_their_rounding() -> None:
    daily = figures.period_values("daily_average", "total")
    totals = figures.period_values("total", "total")
    checked = 0
    for period, printed in daily.items():
        if period not in totals or len(period) != 7:
            continue
        ours = totals[period] / calendar.working_days(calendar.KOREA, months.month(period))
        rounding = 0.05 if printed == round(printed, 1) and period == "2024-06" else 0.005
        assert abs(ours - printed) <= rounding + 1e-9, period
        checked += 1
    assert checked == 19


def test_the_growth_of_daily_averages_is_reproduced_from_published_growth() -> None:
    growth = figures.published_growth("total", "total")
    daily = figures.published_growth("daily_average", "total")
    shared = [period for period in daily if period in growth and len(period) == 7]
    assert len(shared) >= 14
    for period in shared:
        number = months.month(period)
        now, before = (calendar.working_days(calendar.KOREA, n) for n in (number, number - 12))
        assert ((1 + growth[period] / 100) * before / now - 1) * 100 == pytest.approx(daily[period], abs=0.15), (
            period
        )


def test_the_whole_series_of_working_days_agrees_with_the_source_file(shared_data) -> None:  # type: ignore[no-untyped-def]
    table = pl.read_csv(shared_data / "korea-exports" / "korea_working_days_2010-2027.csv")
    for month, days in table.iter_rows():
        assert calendar.working_days(calendar.KOREA, months.month(month)) == days


def test_a_holiday_fixed_later_is_not_known_before() -> None:
    june = months.month("2025-06")
    assert calendar.working_days(calendar.KOREA, june) == 21.0
    assert calendar.working_days(calendar.KOREA, june, dt.date(2025, 1, 20)) == 22.0
    # The bridge day of 27 January was fixed on the 14th.
    assert calendar.working_days(calendar.KOREA, months.month("2025-01"), dt.date(2025, 1, 20)) == 20.0
    assert calendar.working_days(calendar.KOREA, months.month("2025-01"), dt.date(2025, 1, 2)) == 21.0


def test_log_days_have_no_seasonal_pattern_left() -> None:
    numbers = range(months.month("2000-01"), months.month("2028-01"))
    days = calendar.log_days(calendar.KOREA, numbers)
    for month in range(12):
        assert abs(days[month::12].mean()) < 1e-12


def test_other_countries_work_monday_to_friday() -> None:
    germany = calendar.rule_for("DEU")
    # May 2024: 23 weekdays less Labour Day, Ascension and Whit Monday.
    assert calendar.working_days(germany, months.month("2024-05")) == 20.0


def test_a_country_without_a_calendar_is_named() -> None:
    with pytest.raises(UnknownCode):
        calendar.working_days(calendar.rule_for("XXX"), months.month("2024-05"))
