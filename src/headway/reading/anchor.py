"""The day a text speaks from: given, or found in the text, the file name or the file, with how it was found."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from headway.reading.dates import DAY_MONTH, ISO, KOREAN, MONTH_DAY, Day, days
from headway.reading.passage import Passage

URL_MONTH = re.compile(r"/((?:19|20)\d\d)/(\d{1,2})(?:/(\d{1,2}))?/")
NAME_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
DATELINE = re.compile(r"^.{0,60}?(?:\((?:Yonhap|Reuters|AP|AFP|Xinhua|VOA)\)|[—–]|\s--?\s)")
LABEL = re.compile(
    r"^\s*(?:published|posted|updated|issued|released|date|for immediate release|보도일시|배포일시|보도시점|"
    r"배포)\b.*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The anchor day and, in words, where it comes from."""

    date: dt.date
    source: str


def find(passage: Passage, *, given: dt.date | None, name: str, modified: dt.date | None) -> Anchor:
    """The anchor day: given > `SOURCE:` line > dateline or date in the text > file name > month of the address >
    the file's own date; the last resort is today. What was assumed is said in `source`."""
    if given is not None:
        return Anchor(given, "given")
    for attempt in (_source_line, _dateline, lambda p: _file_name(name), _address):
        anchor = attempt(passage)
        if anchor is not None:
            return anchor
    if modified is not None:
        return Anchor(
            modified, "assumed: the day on which the file was last changed, as the text names no day of its own"
        )
    return Anchor(dt.date.today(), "assumed: today, as the text names no day of its own")


def _full_days(text: str) -> list[Day]:
    probe = dt.date(2000, 6, 30)
    return [day for day in days(text, probe) if day.full]


def _source_line(passage: Passage) -> Anchor | None:
    line = next((line for line in passage.lines if line.kind == "source"), None)
    found = _full_days(line.text) if line else []
    if found and line is not None:
        quote = line.text[found[0].start : found[0].end]
        return Anchor(found[0].date, f"the SOURCE line: “{quote}”")
    match = URL_MONTH.search(line.text) if line else None
    if match and match.group(3):
        date = _date(*(int(part) for part in match.groups()))
        return Anchor(date, "the address in the SOURCE line") if date else None
    return None


def _dateline(passage: Passage) -> Anchor | None:
    body = [line for line in passage.lines if line.kind != "source"]
    for line in body[:6]:
        head = DATELINE.match(line.text)
        stretch = (
            head.group(0) if head else line.text if _is_date_line(line.text) or LABEL.match(line.text) else ""
        )
        found = _full_days(stretch)
        if found:
            quote = stretch[found[0].start : found[0].end]
            return Anchor(found[0].date, f"the dateline of the text: “{quote}”")
    for line in body[-4:]:
        found = _full_days(line.text) if _is_date_line(line.text) else []
        if found:
            quote = line.text[found[0].start : found[0].end]
            return Anchor(found[0].date, f"the date under the text: “{quote}”")
    return None


def _is_date_line(text: str) -> bool:
    rest = text
    for pattern in (MONTH_DAY, DAY_MONTH, ISO, KOREAN):
        rest = pattern.sub("", rest)
    return len(rest) < len(text) and len(re.sub(r"\W", "", rest)) <= 12


def _file_name(name: str) -> Anchor | None:
    match = NAME_DAY.search(name)
    date = _date(*(int(part) for part in match.groups())) if match else None
    return Anchor(date, f"assumed from the file name: {name}") if date else None


def _address(passage: Passage) -> Anchor | None:
    line = next((line for line in passage.lines if line.kind == "source"), None)
    match = URL_MONTH.search(line.text) if line else None
    if not match:
        return None
    year, month = int(match.group(1)), int(match.group(2))
    first = _date(year, month, 1)
    if first is None:
        return None
    return Anchor(first, f"assumed: the first day of {first:%B %Y}, the month in the address of the SOURCE line")


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
