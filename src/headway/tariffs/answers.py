"""Answers for a desk: one line claimed and unclaimed, its history since 2018, its rivals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from headway.codes.countries import lookup
from headway.errors import HeadwayError, NoEffect, UnknownCode
from headway.tariffs.coverage import reaches
from headway.tariffs.effective import own_program
from headway.tariffs.instruments import FOREVER, Rulebook, rulebook
from headway.tariffs.lookup import rate_entry, reaching
from headway.tariffs.records import Answer, Change, Claims, Entry, Rating, Rival
from headway.tariffs.schedule import FIRST_DAY, line, resolve, retired_before, under

if TYPE_CHECKING:
    import polars as pl

NOTHING_CLAIMED = Claims()


def read_code(text: str, book: Rulebook | None = None) -> tuple[str, str]:
    """(ten-digit line, note) meant by a code. An eight-digit code is rated if all its lines rate alike.

    Raises `UnknownCode` otherwise: a heading lists its lines, a retired code names its successors.
    """
    digits = text.replace(".", "").replace(" ", "").strip()
    lines = under(digits) if digits.isdigit() and len(digits) == 8 else []
    if len(lines) < 2:
        return resolve(text), ""
    provisions = (book or rulebook()).provisions
    reached = {tuple(p.id for p in provisions if reaches(p, code)) for code in lines}
    if len(reached) > 1:
        return resolve(text), ""
    return lines[0], f"all {len(lines)} statistical lines of {digits} rate alike; shown is {lines[0]}"


def read_origin(text: str) -> str:
    """ISO3 of an origin given as ISO code, name or alias; raises `UnknownCode`, also for the United States."""
    iso3 = lookup(text).iso3
    if iso3 == "USA":
        raise UnknownCode("Goods of the United States are no imports of another origin.", "Give another origin.")
    return iso3


def _entry(code: str, origin: str, day: dt.date, claims: Claims) -> Entry:
    return Entry(
        hts10=code, origin=origin, day=day, **{name: getattr(claims, name) for name in Claims.model_fields}
    )


def _own_claim(entry: Entry, book: Rulebook | None) -> Rating | None:
    """The entry with the origin's own programme; None where it has none for this line."""
    symbol = own_program(entry.origin)
    found = line(entry.hts10)
    if not symbol or entry.program or (symbol not in found.special and found.general.form != "free"):
        return None
    try:
        return rate_entry(entry.model_copy(update={"program": symbol}), book)
    except HeadwayError:
        return None


def rate(
    code: str, origin: str, on: dt.date, *, claims: Claims = NOTHING_CLAIMED, book: Rulebook | None = None
) -> Answer:
    """What a line owes on a day: the stack without a claim and, beside it, with the origin's own programme.

    `code` is four to ten digits with or without dots, `origin` ISO3, ISO2 or a name. With a programme in `claims`
    only that claim is rated. Raises `UnknownCode` and `OutsideDomain`.
    """
    hts10, note = read_code(code, book)
    retired = retired_before(hts10, on) if not note else None
    if retired:
        raise retired
    return _answer(_entry(hts10, read_origin(origin), on, claims), note, book)


def _answer(entry: Entry, note: str, book: Rulebook | None) -> Answer:
    unclaimed = rate_entry(entry, book)
    claimed = _own_claim(entry, book)
    return Answer(
        code=entry.hts10,
        description=unclaimed.description,
        origin=entry.origin,
        day=entry.day,
        unclaimed=unclaimed,
        program=claimed.entry.program if claimed else entry.program,
        claimed=claimed,
        complete=unclaimed.complete and (claimed is None or claimed.complete),
        note=note,
    )


def change_days(entry: Entry, until: dt.date, book: Rulebook) -> list[dt.date]:
    """Days from 2018 to `until` on which some provision that reaches the line and origin starts or stops."""
    one = dt.timedelta(days=1)
    days = {FIRST_DAY}
    for provision in reaching(entry, book):
        days |= {provision.begins, provision.ends + one if provision.ends < FOREVER else FIRST_DAY}
        if provision.in_transit:
            days.add(provision.in_transit.entered_before)
    return sorted(day for day in days if FIRST_DAY <= day <= until)


def _change(answer: Answer) -> Change:
    shown = answer.claimed or answer.unclaimed
    both = {layer.heading for layer in (*answer.unclaimed.layers, *shown.layers)}
    return Change(
        day=answer.day,
        unclaimed=answer.unclaimed.total,
        claimed=answer.claimed.total if answer.claimed else None,
        complete=answer.complete,
        headings=tuple(sorted(both)),
    )


def history(
    code: str, origin: str, *, until: dt.date, claims: Claims = NOTHING_CLAIMED, book: Rulebook | None = None
) -> tuple[Change, ...]:
    """Every change of the duty on a line since 2018, first the duty on 2018-01-01, up to and with `until`."""
    law = book or rulebook()
    hts10, _ = read_code(code, law)
    entry = _entry(hts10, read_origin(origin), until, claims)
    changes: list[Change] = []
    for day in change_days(entry, until, law):
        change = _change(_answer(entry.model_copy(update={"day": day}), "", law))
        if not changes or change.model_copy(update={"day": changes[-1].day}) != changes[-1]:
            changes.append(change)
    return tuple(changes)


def rivals(
    code: str, imports: pl.DataFrame, *, on: dt.date, always: Sequence[str] = ("KOR",), number: int = 8
) -> tuple[Rival, ...]:
    """The main suppliers of a line and what each owes, lowest claimed rate first; unknown rates last.

    `imports` has hts10, iso3, consumption_usd; origins in `always` are shown if they supply the line at all.
    Raises `NoEffect` if nobody supplied it.
    """
    import polars as pl

    hts10, _ = read_code(code)
    digits = code.replace(".", "").strip()
    of_line = imports.filter(pl.col("hts10").str.starts_with(digits if len(digits) == 8 else hts10))
    sums = of_line.group_by("iso3").agg(pl.col("consumption_usd").sum()).sort("consumption_usd", descending=True)
    total = int(sums["consumption_usd"].sum())
    if total == 0:
        raise NoEffect(f"The imports hold nothing of {hts10}.", "Give another year or line.")
    shares = dict(sums.filter(pl.col("iso3") != "USA").iter_rows())
    wanted = list(dict.fromkeys([*list(shares)[:number], *(o for o in always if shares.get(o))]))
    found = [_rival(rate(hts10, origin, on), shares[origin], total) for origin in wanted]
    return tuple(sorted(found, key=lambda r: (_best(r) is None, _best(r) or Decimal(0), -r.import_share)))


def _best(rival: Rival) -> Decimal | None:
    return rival.unclaimed if rival.claimed is None else rival.claimed


def _rival(answer: Answer, value: int, total: int) -> Rival:
    return Rival(
        origin=answer.origin,
        import_share=(Decimal(value) / Decimal(total)).quantize(Decimal("0.0001")),
        unclaimed=answer.unclaimed.total,
        claimed=answer.claimed.total if answer.claimed else None,
        program=answer.program,
        complete=answer.complete,
    )
