"""Trade agreements for goods: which two countries had one on a day, since when, and where that is written.

Complete for the United States and Korea as of the end of 2024; for others, the larger ones. An agreement need not
free every product: tariffs of each product and year are another table's matter.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from headway.codes import countries
from headway.codes.tables import day, in_force, parts, rows

Kind = Literal["free_trade", "customs_union", "partial"]

BREXIT_TRANSITION_END = dt.date(2020, 12, 31)
"""Until this day the EU's agreements and customs union went on for the United Kingdom."""


@dataclass(frozen=True)
class Agreement:
    """An agreement between two countries: `since` and `until` (None: still) are those of the pair.

    `kind` is "partial" where it covers few products or gives preferences only.
    """

    key: str
    name: str
    parties: tuple[str, str]
    kind: Kind
    since: dt.date
    until: dt.date | None
    citation: str


@dataclass(frozen=True)
class _Row:
    key: str
    name: str
    side_a: tuple[str, ...]
    side_b: tuple[str, ...]
    kind: Kind
    since: dt.date
    until: dt.date | None
    citation: str


@lru_cache(maxsize=1)
def _rows() -> tuple[_Row, ...]:
    columns = ("key", "name", "side_a", "side_b", "kind", "since", "until", "citation")
    return tuple(
        _Row(
            key=row["key"],
            name=row["name"],
            side_a=parts(row["side_a"]),
            side_b=parts(row["side_b"]),
            kind=cast(Kind, row["kind"]),
            since=dt.date.fromisoformat(row["since"]),
            until=day(row["until"]),
            citation=row["citation"],
        )
        for row in rows("agreements.csv", columns)
    )


@dataclass(frozen=True)
class _Span:
    since: dt.date | None
    until: dt.date | None


@lru_cache(maxsize=4096)
def _spans(party: str, side: tuple[str, ...]) -> tuple[_Span, ...]:
    # When the country stood on that side of an agreement: by its own name, or as a member of a group.
    if party in side:
        return (_Span(None, None),)
    spans = (_Span(m.since, m.until) for m in countries.memberships() if m.iso3 == party and m.group in side)
    if party == "GBR" and "EUU" in side:
        return tuple(_Span(span.since, BREXIT_TRANSITION_END) for span in spans)
    return tuple(spans)


def _pairs(row: _Row, a: str, b: str) -> list[tuple[_Span, _Span]]:
    if not row.side_b:
        return [(one, two) for one in _spans(a, row.side_a) for two in _spans(b, row.side_a)]
    sides = ((row.side_a, row.side_b), (row.side_b, row.side_a))
    return [(one, two) for left, right in sides for one in _spans(a, left) for two in _spans(b, right)]


def _of_pair(row: _Row, a: str, b: str) -> list[Agreement]:
    found = []
    for one, two in _pairs(row, a, b):
        since = max(date for date in (row.since, one.since, two.since) if date is not None)
        ends = [date for date in (row.until, one.until, two.until) if date is not None]
        until = min(ends) if ends else None
        if until is None or since <= until:
            found.append(Agreement(row.key, row.name, (a, b), row.kind, since, until, row.citation))
    return found


def between(a: str, b: str, on: dt.date | None = None) -> tuple[Agreement, ...]:
    """Agreements in force between countries `a` and `b` (ISO3) on a day, the oldest first.

    Without a day, those that the table gives no end. Raises UnknownCode for an unknown country.
    """
    first, second = countries.by_iso3(a).iso3, countries.by_iso3(b).iso3
    if first == second:
        return ()
    found = [
        agreement
        for row in _rows()
        for agreement in _of_pair(row, first, second)
        if in_force(on, agreement.since, agreement.until)
    ]
    return tuple(sorted(found, key=lambda agreement: (agreement.since, agreement.key)))


def partners(country: str, on: dt.date | None = None, *, partial: bool = False) -> dict[str, Agreement]:
    """ISO3 of each country with an agreement with `country` on a day → the oldest; `partial` ones on request."""
    found = {}
    for other in countries.all_countries():
        kept = [one for one in between(country, other.iso3, on) if partial or one.kind != "partial"]
        if kept:
            found[other.iso3] = kept[0]
    return found
