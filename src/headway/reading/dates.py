"""Dates in running text, resolved against an anchor day."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",), ("june", "jun"),
            ("july", "jul"), ("august", "aug"), ("september", "sep", "sept"), ("october", "oct"),
            ("november", "nov"), ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

MONTH_DAY = re.compile(
    rf"\b(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!%|\spercent)(?:,?\s+(?P<year>(?:19|"
    rf"20)\d\d))?",
    re.IGNORECASE,
)
DAY_MONTH = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<month>{_MONTH})(?:,?\s+(?P<year>(?:19|20)\d\d))?",
    re.IGNORECASE,
)
ISO = re.compile(r"\b(?P<year>(?:19|20)\d\d)[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})\b")
KOREAN = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d|[’'‘]\d\d)\s*년\s*)?(?P<month>\d{1,2})\s*월\s*(?P<day>\d{1,2})\s*일"
    r"|(?P<year2>(?:19|20)\d\d|[’'‘]\d\d)\s*[.]\s*(?P<month2>\d{1,2})\s*[.]\s*(?P<day2>\d{1,2})\b"
)
KOREAN_DAY = re.compile(r"(?<![\d월]\s)(?<![\d월.])(?P<day>\d{1,2})일(?!\s?간|\s?이내|\s?후|\s?동안|\s?만)")
RELATIVE = re.compile(
    r"\b(?P<word>today|tomorrow|yesterday|immediately)\b"
    r"|\b(?:in|within|after)\s+(?P<count>\d{1,3})\s+(?P<unit>days?|weeks?|months?)\b"
    r"|\b(?P<count2>\d{1,3})\s+(?P<unit2>days?|weeks?|months?)\s+(?:after|from|following)\b"
    r"|\b(?P<next>next|last|this|coming)\s+(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|"
    r"sunday)\b"
    r"|\b(?:on\s+)?(?P<weekday2>monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b",
    re.IGNORECASE,
)
END_OF = re.compile(
    r"\bend of (?:the\s+)?(?P<what>this year|the year|year|this month|the month|month|(?P<year>20\d\d))\b",
    re.IGNORECASE,
)
KOREAN_RELATIVE = re.compile(r"(?P<word>오늘|금일|내일|어제|즉시)")
DAYS = {
    "today": 0,
    "immediately": 0,
    "tomorrow": 1,
    "yesterday": -1,
    "오늘": 0,
    "금일": 0,
    "즉시": 0,
    "내일": 1,
    "어제": -1,
}
UNIT_DAYS = {"day": 1, "week": 7}


@dataclass(frozen=True, slots=True)
class Day:
    """A day named in a text; `full` if the text gives its year."""

    date: dt.date
    start: int
    end: int
    full: bool


def days(text: str, anchor: dt.date) -> tuple[Day, ...]:
    """Every day that a text names, in order; a day without a year is the one nearest to `anchor`."""
    found: list[Day] = []
    for pattern in (MONTH_DAY, DAY_MONTH, ISO, KOREAN):
        for match in pattern.finditer(text):
            day = _calendar_day(match, anchor)
            if day and not any(day.start < other.end and other.start < day.end for other in found):
                found.append(day)
    for match in (*RELATIVE.finditer(text), *KOREAN_RELATIVE.finditer(text)):
        day = _relative_day(match, anchor)
        if day and not any(day.start < other.end + 12 and other.start < day.end + 3 for other in found):
            found.append(day)
    for match in END_OF.finditer(text):
        found.append(Day(_end_of(match, anchor), match.start(), match.end(), bool(match.group("year"))))
    for match in KOREAN_DAY.finditer(text):
        found += _korean_day_of_month(match, anchor, found)
    return tuple(sorted(found, key=lambda day: day.start))


def nearest(month: int, day: int, anchor: dt.date) -> dt.date | None:
    """The day of that month and day number that lies nearest to the anchor, or None where no year has it."""
    candidates = []
    for year in (anchor.year - 1, anchor.year, anchor.year + 1):
        try:
            candidates.append(dt.date(year, month, day))
        except ValueError:
            continue
    return min(candidates, key=lambda one: abs((one - anchor).days), default=None)


def _calendar_day(match: re.Match[str], anchor: dt.date) -> Day | None:
    parts = {key.rstrip("2"): value for key, value in match.groupdict().items() if value}
    month_text = parts["month"].lower().rstrip(".")
    month = MONTHS.get(month_text) or (int(month_text) if month_text.isdigit() else 0)
    day = int(parts["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    year = parts.get("year")
    if not year:
        date = nearest(month, day, anchor)
        return Day(date, match.start(), match.end(), False) if date else None
    number = int(year[1:]) + 2000 if len(year) == 3 else int(year)
    try:
        return Day(dt.date(number, month, day), match.start(), match.end(), True)
    except ValueError:
        return None


def _relative_day(match: re.Match[str], anchor: dt.date) -> Day | None:
    groups = match.groupdict()
    if groups.get("word"):
        shift = DAYS[groups["word"].lower()]
    elif groups.get("count") or groups.get("count2"):
        unit = (groups["unit"] or groups["unit2"]).lower().rstrip("s")
        count = int(groups["count"] or groups["count2"])
        if unit == "month":
            return Day(add_months(anchor, count), match.start(), match.end(), False)
        shift = count * UNIT_DAYS[unit]
    else:
        weekday = WEEKDAYS.index((groups["weekday"] or groups["weekday2"]).lower())
        shift = _weekday_shift(weekday, anchor, (groups["next"] or "").lower())
    return Day(anchor + dt.timedelta(days=shift), match.start(), match.end(), False)


def _weekday_shift(weekday: int, anchor: dt.date, word: str) -> int:
    ahead = (weekday - anchor.weekday()) % 7
    if word in ("next", "coming"):
        return ahead or 7
    return ahead - 7 if ahead and word != "this" else ahead


def add_months(day: dt.date, count: int) -> dt.date:
    """The same day of the month `count` months later, or the last day of that month."""
    month = day.month - 1 + count
    year, month = day.year + month // 12, month % 12 + 1
    last = (dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month, min(day.day, last))


def _end_of(match: re.Match[str], anchor: dt.date) -> dt.date:
    if match.group("year"):
        return dt.date(int(match.group("year")), 12, 31)
    if "month" in match.group("what").lower():
        return add_months(anchor.replace(day=1), 1) - dt.timedelta(days=1)
    return dt.date(anchor.year, 12, 31)


def _korean_day_of_month(match: re.Match[str], anchor: dt.date, found: list[Day]) -> list[Day]:
    if any(match.start() < other.end and other.start < match.end() for other in found):
        return []
    day = int(match.group("day"))
    try:
        return [Day(anchor.replace(day=day), match.start(), match.end(), False)]
    except ValueError:
        return []
