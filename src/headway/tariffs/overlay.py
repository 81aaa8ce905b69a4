"""A hypothetical measure over the schedule of a day: same rules, same code, one provision more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from headway.errors import NoEffect, OutsideDomain
from headway.policy.records import UNIVERSAL, Measure, RateKind
from headway.tariffs.coverage import reaches
from headway.tariffs.instruments import FOREVER, Kind, Provision, Rulebook, combine, resolve_partners, rulebook
from headway.tariffs.schedule import codes

Point = Literal["low", "high", "middle"]
ENDED = frozenset({"removed", "expired", "struck_down", "withdrawn"})
_KINDS: dict[RateKind, Kind] = {"additive": "additive", "floor_total": "floor_total", "replaces": "replaces"}


def _rate(measure: Measure, at: Point) -> Decimal:
    low, high = measure.rate_low, measure.rate_high
    if low is None and high is None:
        raise NoEffect(f"{measure.id} states no rate.", "Give rate_low or rate_high.")
    low = high if low is None else low
    high = low if high is None else high
    chosen = {"low": low, "high": high, "middle": ((low or 0) + (high or 0)) / 2}[at]
    return Decimal(str(chosen)) / 100


def _prefixes(measure: Measure) -> tuple[str, ...]:
    if not measure.products:
        return ()
    found = tuple(sorted({prefix for match in measure.product_matches for prefix in match.hs}))
    if not found:
        named = ", ".join(measure.products)
        raise NoEffect(f"{measure.id}: no HS code for {named}.", "Resolve the products to HS prefixes first.")
    return found


def provision_of(measure: Measure, day: dt.date, *, at: Point = "middle") -> Provision:
    """The provision that a measure of the United States would be from `day` on, on top of the law in force.

    Without a rate kind the rate is added. It yields to no authority and none yields to it: a text that says so is
    another measure. Raises `NoEffect` (no rate, no product, ended) and `OutsideDomain` (imposer, kind).
    """
    kind = measure.rate_kind or "additive"
    if measure.imposer != "USA":
        raise OutsideDomain(f"{measure.id} is imposed by {measure.imposer}.", "The schedule is that of the USA.")
    if kind not in _KINDS:
        raise OutsideDomain(f"{measure.id}: rate kind {kind} has no ad valorem rate.", "Use additive or a total.")
    if measure.stage in ENDED:
        raise NoEffect(f"{measure.id} is {measure.stage}.", "An ended measure changes nothing.")
    prefixes = _prefixes(measure)
    partners = ["ALL" if partner == UNIVERSAL else partner for partner in measure.partners]
    covered = resolve_partners(partners, {}) - resolve_partners(measure.excluded_partners, {})
    name = f"overlay_{measure.id}"
    found = Provision(
        id=name,
        instrument=name,
        authority="hypothetical",
        heading=f"({measure.id})",
        title=measure.evidence.text if measure.evidence else f"hypothetical measure {measure.id}",
        family=name,
        group=name,
        priority=50,
        partners=covered,
        lists=() if prefixes else ("ALL",),
        codes=prefixes,
        lists_except=(),
        codes_except=(),
        kind=_KINDS[kind],
        rate=_rate(measure, at),
        compare="column_1" if kind == "floor_total" else "",
        begins=day,
        ends=measure.date_end or FOREVER,
        announced=measure.date_announced,
        published=day,
        collected=None,
        end_published=measure.date_end or FOREVER,
        in_transit=None,
        requires=(),
        unless=(),
        asks=(),
        content="",
        affects=None,
        reason="",
        drawback="unknown",
        citation=measure.legal_basis or "hypothetical",
        evidence=f"stage {measure.stage}",
    )
    if not covered or not any(reaches(found, code) for code in codes()):
        raise NoEffect(f"{measure.id} reaches no line of the schedule.", "Check its partners and HS prefixes.")
    return found


def overlay(
    measures: Sequence[Measure], day: dt.date, *, at: Point = "middle", book: Rulebook | None = None
) -> Rulebook:
    """The law with hypothetical measures of the United States in force from `day`: pass it as `book` to rate."""
    added = Rulebook(provisions=tuple(provision_of(m, day, at=at) for m in measures), relations=())
    return combine([book or rulebook(), added])
