"""Helpers of the tariff tests."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal

import polars as pl
import pytest

from headway.errors import HeadwayError
from headway.tariffs import Entry, Provision, Rating, Rulebook, rate_entry
from headway.tariffs.engine import fact_mask
from headway.tariffs.instruments import FOREVER, origins
from headway.tariffs.schedule import codes, facts, programs

Rate = Callable[..., Rating]


@pytest.fixture(scope="session")
def rated() -> Rate:
    """Rate `line, origin, "YYYY-MM-DD"` with claims as keywords."""

    def run(hts10: str, origin: str, day: str, *, book: Rulebook | None = None, **claims: object) -> Rating:
        entry = Entry.model_validate({"hts10": hts10, "origin": origin, "day": day, **claims})
        return rate_entry(entry, book)

    return run


@pytest.fixture(scope="session")
def provision() -> Callable[..., Provision]:
    """A provision that reaches everything at 10 % from 2020 on, changed by keywords."""

    def make(name: str, **changes: object) -> Provision:
        plain: dict[str, object] = {
            "id": name,
            "instrument": name,
            "authority": "test",
            "heading": name,
            "title": name,
            "family": name,
            "group": name,
            "priority": 50,
            "partners": origins(),
            "lists": ("ALL",),
            "codes": (),
            "lists_except": (),
            "codes_except": (),
            "kind": "additive",
            "rate": Decimal("0.10"),
            "compare": "",
            "begins": dt.date(2020, 1, 1),
            "ends": FOREVER,
            "announced": None,
            "published": dt.date(2020, 1, 1),
            "collected": None,
            "end_published": FOREVER,
            "in_transit": None,
            "requires": (),
            "unless": (),
            "asks": (),
            "content": "",
            "affects": None,
            "reason": "",
            "drawback": "unknown",
            "citation": "test",
            "evidence": "",
        }
        return Provision.model_validate(plain | changes)

    return make


MAIN = ("KOR", "CHN", "JPN", "DEU", "CAN", "MEX", "GBR", "BRA", "IND", "RUS", "TWN", "CHE", "VNM", "CUB", "NIC")
SHARES = ("steel_share", "aluminium_share", "copper_share", "us_share")


def random_entry(rng: random.Random) -> Entry:
    """An entry with some of everything: any line, the origins that law names, claims, facts, days, contents."""
    origin = rng.choice(MAIN if rng.random() < 0.8 else sorted(origins()))
    first, days = (dt.date(2018, 1, 1), 3600) if rng.random() < 0.3 else (dt.date(2025, 1, 1), 760)
    day = first + dt.timedelta(days=rng.randrange(days))
    held = frozenset(rng.sample(list(facts()), rng.choice([0, 0, 1, 2, 4])))
    own = [symbol for symbol, program in programs().items() if origin in program.partners]
    chosen: dict[str, object] = {
        "program": rng.choice(own) if own and rng.random() < 0.4 else "",
        "facts": held,
        "denied": frozenset(rng.sample(list(facts()), rng.choice([0, 0, 3]))) - held,
        "loaded": day - dt.timedelta(days=rng.randrange(60)) if rng.random() < 0.3 else None,
        "known_on": day + dt.timedelta(days=rng.randrange(40)) if rng.random() < 0.2 else None,
    }
    if rng.random() < 0.3:
        chosen |= {"value": Decimal(1000), "quantity": Decimal(rng.randrange(1, 500))}
    chosen |= {name: Decimal(rng.randrange(11)) / 20 for name in SHARES if rng.random() < 0.3}
    return Entry.model_validate({"hts10": rng.choice(codes()), "origin": origin, "day": day} | chosen)


def rated_entries(number: int, seed: int, book: Rulebook | None = None) -> list[tuple[Entry, Rating]]:
    """Random entries that the law accepts, with their exact ratings."""
    rng, found = random.Random(seed), []
    while len(found) < number:
        entry = random_entry(rng)
        try:
            found.append((entry, rate_entry(entry, book)))
        except HeadwayError:
            continue
    return found


def as_frame(entries: list[Entry]) -> pl.DataFrame:
    """Entries as the frame that the engine takes."""
    rows = []
    for entry in entries:
        plain = {
            name: getattr(entry, name) for name in ("hts10", "origin", "day", "program", "loaded", "known_on")
        }
        numbers = {name: getattr(entry, name) for name in (*SHARES, "value", "quantity")}
        floats = {name: None if value is None else float(value) for name, value in numbers.items()}
        rows.append(plain | floats | {"facts": fact_mask(entry.facts), "denied": fact_mask(entry.denied)})
    return pl.DataFrame(rows, infer_schema_length=None)


@pytest.fixture(scope="session")
def random_ratings() -> Callable[[int, int], list[tuple[Entry, Rating]]]:
    """`random_ratings(number, seed)`: random entries that the law accepts, with their exact ratings."""
    return rated_entries


@pytest.fixture(scope="session")
def to_frame() -> Callable[[list[Entry]], pl.DataFrame]:
    """Entries as the frame that the engine takes."""
    return as_frame
