"""Helpers of the tariff tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from headway.tariffs import Entry, Provision, Rating, Rulebook, rate_entry
from headway.tariffs.instruments import FOREVER, origins

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
