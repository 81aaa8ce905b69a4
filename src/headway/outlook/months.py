"""Months as integers (12 × year + month − 1), and the periods that reports speak of."""

from __future__ import annotations

import datetime as dt
import re

from headway.errors import DataError

_MONTH = re.compile(r"^(\d{4})-(\d{2})$")
_HALF = re.compile(r"^(\d{4})-H([12])$")
_QUARTER = re.compile(r"^(\d{4})-Q([1-4])$")
_YEAR = re.compile(r"^(\d{4})$")
_YEAR_TO_DATE = re.compile(r"^(\d{4})-Jan-([A-Z][a-z]{2})$")
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def month(text: str) -> int:
    """Month number of "2025-01"; raises DataError for anything else."""
    found = _MONTH.match(text.strip())
    if not found or not 1 <= int(found[2]) <= 12:
        raise DataError(f"{text!r} is not a month.", "Write months as YYYY-MM, such as 2025-01.")
    return 12 * int(found[1]) + int(found[2]) - 1


def is_month(text: str) -> bool:
    """Whether a text has the form of a month, such as 2025-01."""
    return _MONTH.match(text) is not None


def of_date(day: dt.date) -> int:
    """Month number of a day."""
    return 12 * day.year + day.month - 1


def label(number: int) -> str:
    """The text of a month number: 24300 is "2025-01"."""
    return f"{number // 12}-{number % 12 + 1:02d}"


def words(number: int) -> str:
    """A month for a sentence: "January 2025"."""
    return dt.date(number // 12, number % 12 + 1, 1).strftime("%B %Y")


def first_day(number: int) -> dt.date:
    """The first day of a month number."""
    return dt.date(number // 12, number % 12 + 1, 1)


def last_day(number: int) -> dt.date:
    """The last day of a month number."""
    return first_day(number + 1) - dt.timedelta(days=1)


def period(text: str) -> tuple[int, ...]:
    """Month numbers of a period: "2025-03", "2025-H1", "2025-Q2", "2025", "2025-Jan-Nov".

    Raises DataError for a text of another form.
    """
    text = text.strip()
    if _MONTH.match(text):
        return (month(text),)
    if found := _HALF.match(text):
        return _span(int(found[1]), 6 * (int(found[2]) - 1), 6)
    if found := _QUARTER.match(text):
        return _span(int(found[1]), 3 * (int(found[2]) - 1), 3)
    if found := _YEAR.match(text):
        return _span(int(found[1]), 0, 12)
    if (found := _YEAR_TO_DATE.match(text)) and found[2] in _NAMES:
        return _span(int(found[1]), 0, _NAMES.index(found[2]) + 1)
    raise DataError(f"{text!r} is not a period.", "Write 2025-03, 2025-H1, 2025-Q2, 2025 or 2025-Jan-Nov.")


def halves(first: int, last: int) -> tuple[str, ...]:
    """The half-years that lie wholly or partly in the months `first` to `last`, as "2025-H1"."""
    return tuple(dict.fromkeys(half_of(number) for number in range(first, last + 1)))


def half_of(number: int) -> str:
    """The half-year that a month lies in."""
    return f"{number // 12}-H{1 if number % 12 < 6 else 2}"


def _span(year: int, offset: int, count: int) -> tuple[int, ...]:
    start = 12 * year + offset
    return tuple(range(start, start + count))
