"""Seams to national customs and UN Comtrade: a URL goes out, bytes come back, monthly series come of them.

What these services give stays with the user; nothing fetched is shipped.
"""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Sequence
from xml.etree import ElementTree

import numpy as np

from headway.codes.countries import lookup
from headway.errors import DataError, UnknownCode, UnreadableInput
from headway.outlook import months
from headway.outlook.records import Panel, Series

Fetch = Callable[[str], bytes]
"""Gets the bytes behind a URL; tests and users may put anything that does so in its place."""

CUSTOMS_URL = "https://apis.data.go.kr/1220000/nitemtrade/getNitemtradeList"
COMTRADE_URL = "https://comtradeapi.un.org/data/v1/get/C/M/HS"

CUSTOMS_FIELDS = ("year", "statCd", "hsCd", "expDlr")
COMTRADE_FIELDS = ("period", "partnerISO", "cmdCode", "flowCode", "primaryValue")

_TIMEOUT_S = 60
_TOTALS = ("총계", "합계")


def over_http(url: str) -> bytes:
    """The default fetcher; raises UnreadableInput with the host where nothing comes back."""
    host = urllib.parse.urlsplit(url).netloc
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as answer:
            content: bytes = answer.read()
            return content
    except OSError as error:
        raise UnreadableInput(f"{host} gave no answer ({error}).", "Check the connection and the key.") from None


def customs_exports(
    hs: str, first: str, last: str, *, key: str, fetch: Fetch = over_http, country: str = ""
) -> Panel:
    """Korea's exports of an HS heading by destination and month, USD bn, from the customs service's open API.

    `first` to `last` are months; the API answers for at most a year, so longer spans are asked in parts. `country`
    (ISO2) narrows to one destination. Raises UnreadableInput for an answer of another layout or a refusal.
    """
    start, stop = months.month(first), months.month(last)
    rows: dict[str, dict[int, float]] = defaultdict(dict)
    for begin in range(start, stop + 1, 12):
        end = min(begin + 11, stop)
        query = {
            "serviceKey": key,
            "strtYymm": months.label(begin).replace("-", ""),
            "endYymm": months.label(end).replace("-", ""),
            "hsSgn": hs,
        } | ({"cntyCd": country} if country else {})
        _add_customs(fetch(f"{CUSTOMS_URL}?{urllib.parse.urlencode(query)}"), rows)
    return _panel(rows, f"HS {hs}", "Korea Customs Service open API")


def _add_customs(answer: bytes, rows: dict[str, dict[int, float]]) -> None:
    try:
        root = ElementTree.fromstring(answer)
    except ElementTree.ParseError as error:
        raise UnreadableInput(
            f"The customs API answered with something other than XML ({error}).", "Check the key."
        ) from None
    code = (root.findtext(".//resultCode") or root.findtext(".//returnReasonCode") or "").strip()
    if code not in ("00", "0"):
        said = root.findtext(".//resultMsg") or root.findtext(".//returnAuthMsg") or "no reason given"
        raise UnreadableInput(
            f"The customs API refused ({code or 'no code'}): {said}", "Check the key and the dates."
        )
    for item in root.iter("item"):
        cells = {field: (item.findtext(field) or "").strip() for field in CUSTOMS_FIELDS}
        missing = [field for field in CUSTOMS_FIELDS if item.find(field) is None]
        if missing:
            raise UnreadableInput(
                f"An item of the customs API has no {', '.join(missing)}.", "The layout has changed: report it."
            )
        if cells["year"] in _TOTALS or cells["statCd"] in ("", "-"):
            continue
        place = _iso3(cells["statCd"])
        number = months.month(cells["year"].replace(".", "-"))
        # Ten-digit codes of one heading come as rows of their own: their sum is the heading.
        rows[place][number] = rows[place].get(number, 0.0) + float(cells["expDlr"]) / 1e9


def comtrade_exports(
    reporter: int,
    hs: str,
    first: str,
    last: str,
    *,
    key: str,
    partners: Sequence[int] = (0,),
    fetch: Fetch = over_http,
) -> Panel:
    """A country's exports of an HS code by partner and month, USD bn, from UN Comtrade (M49 codes; 0 is the world).

    Twelve months are asked at a time. Raises UnreadableInput for an answer of another layout or an error.
    """
    start, stop = months.month(first), months.month(last)
    rows: dict[str, dict[int, float]] = defaultdict(dict)
    for begin in range(start, stop + 1, 12):
        span = range(begin, min(begin + 11, stop) + 1)
        query = {
            "reporterCode": str(reporter),
            "period": ",".join(months.label(number).replace("-", "") for number in span),
            "partnerCode": ",".join(str(partner) for partner in partners),
            "cmdCode": hs,
            "flowCode": "X",
            "partner2Code": "0",
            "motCode": "0",
            "customsCode": "C00",
            "subscription-key": key,
        }
        _add_comtrade(fetch(f"{COMTRADE_URL}?{urllib.parse.urlencode(query)}"), rows)
    return _panel(rows, f"HS {hs}", "UN Comtrade")


def _add_comtrade(answer: bytes, rows: dict[str, dict[int, float]]) -> None:
    try:
        content = json.loads(answer)
    except json.JSONDecodeError as error:
        raise UnreadableInput(
            f"UN Comtrade answered with something other than JSON ({error}).", "Check the key."
        ) from None
    if not isinstance(content, dict) or "data" not in content:
        said = content.get("message") or content.get("error") if isinstance(content, dict) else None
        raise UnreadableInput(
            f"UN Comtrade gave no data: {said or 'unknown layout'}", "Check key, codes and months."
        )
    for record in content["data"]:
        missing = [field for field in COMTRADE_FIELDS if field not in record]
        if missing:
            raise UnreadableInput(f"A row of UN Comtrade has no {', '.join(missing)}.", "The layout has changed.")
        if record["flowCode"] != "X":
            continue
        period = str(record["period"])
        number = months.month(f"{period[:4]}-{period[4:]}")
        place = "total" if record["partnerISO"] in ("W00", "WLD") else str(record["partnerISO"])
        if number in rows[place]:
            raise DataError(f"UN Comtrade gives {place} {months.label(number)} twice.", "Narrow the query.")
        rows[place][number] = float(record["primaryValue"]) / 1e9


def _iso3(code: str) -> str:
    """ISO3 of a customs code; codes that are no country keep their name."""
    try:
        return lookup(code).iso3
    except UnknownCode:
        return code


def _panel(rows: dict[str, dict[int, float]], what: str, source: str) -> Panel:
    """Series of the destinations whose months have no gap up to the last month; others are named in the notes."""
    if not rows:
        raise DataError(f"{source} has no exports of {what} in those months.", "Check the code and the months.")
    last = max(max(values) for values in rows.values())
    series, left_out = [], []
    for place, values in sorted(rows.items()):
        start = min(values)
        history = [values.get(number, 0.0) for number in range(start, last + 1)]
        if min(history) <= 0:
            left_out.append(place)
            continue
        kind = "total" if place == "total" else "destination"
        series.append(Series(kind, place, start, np.array(history), source=f"{source}, {what}"))
    if not series:
        raise DataError(f"No destination of {what} has exports in every month.", "Ask for a wider code.")
    if not any(one.kind == "total" for one in series) and not left_out:
        series.insert(0, _sum_of(series, last))
    notes = (f"Without exports in some month and left out: {', '.join(left_out)}.",) if left_out else ()
    return Panel(tuple(series), notes)


def _sum_of(parts: list[Series], last: int) -> Series:
    first = max(part.start for part in parts)
    values = np.array([sum(part.at(number) for part in parts) for number in range(first, last + 1)])
    return Series("total", "total", first, values, source=parts[0].source, notes=("Sum of all destinations.",))
