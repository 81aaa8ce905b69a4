"""Months and periods."""

from __future__ import annotations

import datetime as dt

import pytest

from headway.errors import DataError
from headway.outlook import months


def test_a_month_and_its_text_are_each_others_inverse() -> None:
    assert months.label(months.month("2025-01")) == "2025-01"
    assert months.month("2025-01") - months.month("2024-12") == 1
    assert months.of_date(dt.date(2025, 1, 20)) == months.month("2025-01")
    assert months.last_day(months.month("2024-02")) == dt.date(2024, 2, 29)
    assert months.words(months.month("2025-07")) == "July 2025"


@pytest.mark.parametrize(
    ("text", "first", "count"),
    [
        ("2025-03", "2025-03", 1),
        ("2025-H1", "2025-01", 6),
        ("2025-H2", "2025-07", 6),
        ("2025-Q4", "2025-10", 3),
        ("2025", "2025-01", 12),
        ("2025-Jan-Nov", "2025-01", 11),
    ],
)
def test_periods_are_read(text: str, first: str, count: int) -> None:
    numbers = months.period(text)
    assert months.label(numbers[0]) == first
    assert numbers == tuple(range(numbers[0], numbers[0] + count))


@pytest.mark.parametrize("text", ["2025-13", "2025-1", "January", "2025-H3", "2025-Jan-Foo", ""])
def test_anything_else_is_refused_with_the_form_to_write(text: str) -> None:
    with pytest.raises(DataError, match="is not a"):
        months.period(text)


def test_the_halves_a_forecast_reaches() -> None:
    halves = months.halves(months.month("2025-05"), months.month("2026-02"))
    assert halves == ("2025-H1", "2025-H2", "2026-H1")
