"""The base schedule that ships with the package: lines, special rates, programmes, column 2, product lists."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from headway.errors import DataError, UnknownCode
from headway.tariffs.instruments import DATA, FOREVER, read_yaml, resolve_partners
from headway.tariffs.rates import Duty, parse_duty, parse_special

if TYPE_CHECKING:
    import polars as pl

EDITION = "HTS 2025 basic edition (USITC)"
EDITION_YEAR = 2025
FIRST_DAY = dt.date(2018, 1, 1)
"""Rates before this day are outside the instruments on file."""


@dataclass(frozen=True, slots=True)
class Line:
    """A ten-digit line with its column 1 and column 2 duties; `edition` says which revision printed it first."""

    hts10: str
    description: str
    unit: str
    general: Duty
    column2: Duty
    special: dict[str, Duty]
    edition: str
    retired: str
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """A special programme: symbol of the special column, partners (ISO3), first day and facts that a claim implies."""

    symbol: str
    name: str
    partners: frozenset[str]
    since: dt.date
    facts: tuple[str, ...]


def table(name: str) -> pl.DataFrame:
    """A shipped table (`schedule`, `specials`, `headings`, `changes`, `exclusions`, `*_shares`) as polars."""
    import polars as pl

    path = DATA / f"{name}.parquet"
    if not path.exists():
        raise DataError(f"No table {name}.", "Run python -m headway.tariffs.build --sources DIR.")
    return pl.read_parquet(path)


@lru_cache(maxsize=1)
def _programs_file() -> dict[str, object]:
    return read_yaml(DATA / "programs.yaml")


def _entries(key: str) -> list[dict[str, object]]:
    value = _programs_file().get(key)
    if not isinstance(value, list):
        raise DataError(f"programs.yaml has no list {key}", "Restore the file.")
    return value


@lru_cache(maxsize=1)
def programs() -> dict[str, Program]:
    """Programmes whose partners and term are on file, by symbol."""
    found = {}
    for entry in _entries("programs"):
        symbol, since = str(entry["symbol"]), entry.get("since")
        partners, facts = entry["partners"], entry.get("facts") or []
        if not isinstance(partners, list) or not isinstance(facts, list):
            raise DataError(f"programs.yaml, {symbol}: partners and facts are lists", "Correct the entry.")
        first = since if isinstance(since, dt.date) else FIRST_DAY
        found[symbol] = Program(
            symbol, str(entry["name"]), resolve_partners(partners, {}), first, tuple(map(str, facts))
        )
    return found


@lru_cache(maxsize=1)
def unverified_programs() -> dict[str, str]:
    """Programmes of the special column whose term or beneficiaries are not on file: symbol → why."""
    return {str(entry["symbol"]): str(entry["name"]) for entry in _entries("unverified")}


@lru_cache(maxsize=1)
def column_2() -> tuple[tuple[str, dt.date], ...]:
    """(origin, first day) of countries whose goods pay column 2."""
    pairs = []
    for entry in _entries("column_2"):
        partners, since = entry["partners"], entry["since"]
        if isinstance(partners, list):
            pairs += [
                (str(iso3), since if isinstance(since, dt.date) else dt.date(1900, 1, 1)) for iso3 in partners
            ]
    return tuple(sorted(pairs))


def pays_column_2(origin: str, on: dt.date) -> bool:
    """True if goods of the origin pay column 2 on the day."""
    return any(iso3 == origin and since <= on for iso3, since in column_2())


@lru_cache(maxsize=1)
def facts() -> dict[str, str]:
    """Facts that an importer may declare: name → what it says. The order gives the bit of each in masks."""
    value = _programs_file().get("facts")
    if not isinstance(value, dict) or len(value) > 60:
        raise DataError("programs.yaml: facts must be a mapping of at most 60", "Restore the file.")
    return {str(name): str(text) for name, text in value.items()}


def mask(names: tuple[str, ...] | frozenset[str] | list[str]) -> int:
    """Bits of the named facts. Raises `UnknownCode` for a fact that no table knows."""
    known = list(facts())
    total = 0
    for name in names:
        if name not in known:
            raise UnknownCode(f"Unknown fact {name!r}.", f"Facts are: {', '.join(known)}.")
        total |= 1 << known.index(name)
    return total


@lru_cache(maxsize=1)
def _rows() -> dict[str, dict[str, str]]:
    columns = ["hts10", "description", "unit", "general_text", "special_text", "column2_text", "edition"]
    return {row["hts10"]: row for row in table("schedule").select(columns).iter_rows(named=True)}


REVISION_DAYS = {
    "rev_1": dt.date(2025, 2, 1),
    "rev_16": dt.date(2025, 7, 1),
    "rev_17": dt.date(2025, 8, 1),
    "2026_rev_2": dt.date(2026, 1, 30),
    "2026_rev_3": dt.date(2026, 2, 12),
}
"""First day of the revisions that change statistical lines (the statistical changes of July fall on its first)."""


@lru_cache(maxsize=1)
def _changes() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Retired code → (revision that dropped it, new codes). A code that some revision prints anew is not retired."""
    found: dict[str, tuple[str, list[str]]] = {}
    rows = list(table("changes").iter_rows(named=True))
    printed = {row["new"] for row in rows}
    for row in rows:
        if row["old"] and row["old"] not in printed:
            _, successors = found.setdefault(row["old"], (row["revision"], []))
            if row["new"]:
                successors.append(row["new"])
    return {old: (revision, tuple(dict.fromkeys(new))) for old, (revision, new) in found.items()}


def retirements() -> list[tuple[str, dt.date, tuple[str, ...]]]:
    """(code, first day without it, successors) of every retired line whose revision is dated."""
    dated = ((code, REVISION_DAYS.get(revision), new) for code, (revision, new) in _changes().items())
    return [(code, day, new) for code, day, new in dated if day is not None]


def retired_before(hts10: str, day: dt.date) -> UnknownCode | None:
    """The refusal of a line that was retired by the day, naming its successors; None if it stands."""
    if hts10 not in _changes():
        return None
    revision, successors = _changes()[hts10]
    first = REVISION_DAYS.get(revision)
    if first is None or day < first:
        return None
    return UnknownCode(
        f"{hts10} was retired on {first} ({revision}).",
        f"Use {', '.join(successors) or 'another line of its heading'}.",
    )


def codes() -> list[str]:
    """Every ten-digit code of the table, sorted."""
    return sorted(_rows())


@lru_cache(maxsize=4096)
def line(hts10: str) -> Line:
    """The line of a ten-digit code; raises `UnknownCode` with successors, lines of the heading or near codes."""
    row = _rows().get(hts10)
    if row is None:
        raise _unknown(hts10)
    retired, successors = _changes().get(hts10, ("", ()))
    return Line(
        hts10=hts10,
        description=row["description"],
        unit=row["unit"],
        general=parse_duty(row["general_text"]),
        column2=parse_duty(row["column2_text"]),
        special={symbol: duty for symbol, duty in parse_special(row["special_text"]).items() if symbol},
        edition=row["edition"],
        retired=retired,
        successors=successors,
    )


def under(prefix: str) -> list[str]:
    """Codes of all lines under a prefix of digits, sorted."""
    return [code for code in codes() if code.startswith(prefix)]


def resolve(text: str) -> str:
    """The ten-digit code meant by a code with or without dots: a full code, or a prefix with one line.

    Raises `UnknownCode` for anything else: a heading lists its lines, a retired code names its successors.
    """
    digits = text.replace(".", "").replace(" ", "").strip()
    if not digits.isdigit() or not 4 <= len(digits) <= 10:
        raise UnknownCode(
            f"{text!r} is no HTS code.", "Give four to ten digits, such as 8703.23.01, or use --find WORDS."
        )
    if digits in _rows():
        return digits
    found = under(digits)
    if len(found) == 1:
        return found[0]
    raise _unknown(digits)


def _unknown(digits: str) -> UnknownCode:
    if digits.startswith("99"):
        return UnknownCode(f"{digits} is a heading of chapter 99, not an article.", "Give the article's own code.")
    if digits in _changes():
        revision, successors = _changes()[digits]
        return UnknownCode(
            f"{digits} was retired by {revision}.", f"Use {', '.join(successors) or 'its heading'}."
        )
    found = under(digits)
    if found:
        listed = "; ".join(f"{code} {_rows()[code]['description'].split(' › ')[-1]}" for code in found[:12])
        more = f" … and {len(found) - 12} more" if len(found) > 12 else ""
        return UnknownCode(f"{digits} has {len(found)} lines.", f"Choose one: {listed}{more}.")
    for length in (8, 6, 4):
        near = under(digits[:length]) if len(digits) > length else []
        if near:
            return UnknownCode(
                f"No line {digits} in the schedule.", f"Lines of {digits[:length]}: {', '.join(near[:8])}."
            )
    return UnknownCode(f"No heading {digits[:4]} in the schedule.", "Search the descriptions with --find WORDS.")


def forever(day: dt.date | None) -> dt.date:
    """A day, or the end of time for None."""
    return day or FOREVER


@lru_cache(maxsize=2)
def product_lists(folder: Path = DATA / "lists") -> dict[str, frozenset[str]]:
    """Every product list on file: id → prefixes of 2 to 10 digits. Users add a list by adding a file."""
    return {
        path.stem: frozenset(
            row.strip() for row in path.read_text(encoding="utf-8").splitlines()[1:] if row.strip()
        )
        for path in sorted(folder.glob("*.csv"))
    }
