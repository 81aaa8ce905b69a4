"""Days in running text, resolved against the anchor day."""

from __future__ import annotations

import datetime as dt

import pytest

from headway.reading.dates import days, nearest

ANCHOR = dt.date(2025, 7, 7)  # a Monday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on August 1", dt.date(2025, 8, 1)),
        ("on Aug. 1, 2026", dt.date(2026, 8, 1)),
        ("on 9 July 2025", dt.date(2025, 7, 9)),
        ("2025-08-01", dt.date(2025, 8, 1)),
        ("on March 5", dt.date(2025, 3, 5)),
        ("today", ANCHOR),
        ("tomorrow", dt.date(2025, 7, 8)),
        ("on Friday", dt.date(2025, 7, 4)),
        ("next Friday", dt.date(2025, 7, 11)),
        ("in 90 days", dt.date(2025, 10, 5)),
        ("120 days after signing", dt.date(2025, 11, 4)),
        ("by the end of the year", dt.date(2025, 12, 31)),
        ("8월 1일부터", dt.date(2025, 8, 1)),
        ("2025년 8월 1일", dt.date(2025, 8, 1)),
        ("’25.8.1", dt.date(2025, 8, 1)),
        ("오늘", ANCHOR),
    ],
)
def test_a_day_is_resolved(text: str, expected: dt.date) -> None:
    assert [day.date for day in days(text, ANCHOR)] == [expected]


@pytest.mark.parametrize("text", ["February 30", "2025-13-45", "a 25 percent tariff", "in May he said", "31 June"])
def test_what_is_no_day(text: str) -> None:
    assert days(text, ANCHOR) == ()


def test_a_year_turns_where_it_is_nearer() -> None:
    assert nearest(1, 3, dt.date(2025, 12, 20)) == dt.date(2026, 1, 3)
    assert nearest(2, 29, dt.date(2025, 3, 1)) == dt.date(2024, 2, 29)
