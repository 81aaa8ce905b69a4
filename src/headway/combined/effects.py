"""From what measures do within a year to what they do month by month, by item of the outlook."""

from __future__ import annotations

import calendar
import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from headway.codes import items
from headway.errors import UnknownCode
from headway.impact.results import Finding, Result
from headway.outlook import hierarchy, months
from headway.outlook.conditional import PhaseIn, phase_in
from headway.outlook.forecast import Forecast
from headway.outlook.hierarchy import REST
from headway.outlook.records import FloatArray
from headway.policy import Measure

HORIZON = "up_to_a_year"
"""Horizon of the effects: an outlook of a year must not use long-run responses."""

FULL_AFTER = 6.0
"""Months after which the first year's effect is taken to be complete; contracts and stocks delay it."""

TO_80 = 1.2816 / 1.6449
"""From half a 5–95 % interval to half an 80 % interval, the spread taken as normal."""

Key = tuple[str, str]
TOTAL: Key = ("total", "total")

Effect = tuple[float, float, float]
"""Effect with its 80 % bounds, as fractions of exports: (value, low, high)."""


@dataclasses.dataclass(frozen=True, eq=False)
class MonthlyEffect:
    """Effect on the months ahead of a series, as fractions of its exports: `middle` [H] with 80 % bounds."""

    middle: FloatArray
    low: FloatArray
    high: FloatArray

    def on_period(self, one: Forecast, period: str) -> Effect:
        """Effect on a period's exports, months moving together, each weighted by what is forecast for it."""
        numbers = months.period(period)
        places = [number - one.series.end - 1 for number in numbers if number > one.series.end]
        weight = one.median[places]
        whole = one.series.total(number for number in numbers if number <= one.series.end) + float(weight.sum())
        middle, low, high = (
            float((weight * part[places]).sum()) / whole for part in (self.middle, self.low, self.high)
        )
        return middle, low, high


@dataclasses.dataclass(frozen=True, eq=False)
class EffectPath:
    """Effects by series (kind, name), the day from which the measures act, and what was assumed.

    Empty where the measures do nothing within the forecast; else the total is among the series.
    """

    by_series: Mapping[Key, MonthlyEffect]
    start: dt.date | None
    findings: tuple[Finding, ...]

    def rows(self, forecasts: Sequence[Forecast]) -> list[dict[str, Any]]:
        """The path in the form that `headway outlook --effects` reads: kind, name, month, effect, low and high."""
        return [
            {
                "kind": kind,
                "name": name,
                "month": months.label(number),
                "effect": float(found.middle[place]),
                "low": float(found.low[place]),
                "high": float(found.high[place]),
            }
            for one in forecasts
            for kind, name in [(one.series.kind, one.series.name)]
            for found in [self.by_series.get((kind, name))]
            if found is not None
            for place, number in enumerate(one.numbers)
        ]


def effect_path(result: Result, forecasts: Sequence[Forecast]) -> EffectPath:
    """The effects within a year of a result's items, month by month, on the series of an outlook.

    Each item of the outlook moves as the item of that name does in the result; what has no item of its own there
    moves as the value-weighted rest, and the total as its items do. Without items the total moves as the result's
    does. Effects set in with the measures and are complete after six months; what they did before the last known
    month is in the data already.
    """
    effects, unmapped = _effects(result, forecasts)
    if not effects:
        return EffectPath({}, None, (_without_effects(result),))
    start, findings = _start(result)
    findings += _mapping_findings(unmapped, result)
    phase = PhaseIn(start, FULL_AFTER, _end(result))
    found = {
        key: _monthly(one, effects[key], phase)
        for one in forecasts
        for key in [(one.series.kind, one.series.name)]
        if any(effects.get(key, ()))
    }
    if not any(np.any(one.middle) for one in found.values()):
        text = "No effect of the measures falls into the forecast."
        return EffectPath({}, start, (*findings, Finding(id="outlook-no-effect", kind="no_exposure", text=text)))
    return EffectPath(found | _on_total(found, forecasts), start, findings)


def _on_total(found: Mapping[Key, MonthlyEffect], forecasts: Sequence[Forecast]) -> dict[Key, MonthlyEffect]:
    """The effect on the total by its items, weighted by value; bounds move together, as one announced rate does."""
    total = next((one for one in forecasts if one.series.kind == "total"), None)
    if total is None or TOTAL in found:
        return {}
    parts = [(one, found.get((one.series.kind, one.series.name))) for one in forecasts]
    sums = [
        sum(
            hierarchy.shared_months(one.median * getattr(effect, end), one, total)
            for one, effect in parts
            if effect is not None
        )
        / total.median
        for end in ("middle", "low", "high")
    ]
    return {TOTAL: MonthlyEffect(*sums)}


def _effects(result: Result, forecasts: Sequence[Forecast]) -> tuple[dict[Key, Effect], tuple[str, ...]]:
    """Effects by series, and the series without an item of their own in the result; empty without figures."""
    base = {
        id.split(".")[1]: figure.value
        for id, figure in result.figures.items()
        if id.startswith("item.") and id.endswith(".base")
    }
    names = [one.series.name for one in forecasts if one.series.kind == "item"]
    if not names or not base:
        total = _of_figure(result, f"exports.total.{HORIZON}")
        return ({TOTAL: total} if total else {}), ()
    if f"exports.total.{HORIZON}" not in result.figures:
        return {}, ()
    keys = {name: key for name in names if (key := _item_key(name)) in base}
    rest = [key for key in base if key not in keys.values()]
    found = {("item", name): _weighted(result, base, [key]) for name, key in keys.items()}
    found |= {("item", name): _weighted(result, base, rest) for name in names if name not in keys}
    return found, tuple(name for name in names if name not in keys and name != REST)


def _item_key(name: str) -> str | None:
    """The key of an item of the outlook, None for what is left over or for a name that no table knows."""
    if name == REST:
        return None
    try:
        return items.lookup(name).key
    except UnknownCode:
        return None


def _of_figure(result: Result, id: str) -> Effect | None:
    figure = result.figures.get(id)
    if figure is None:
        return None
    low, high = figure.low, figure.high
    middle = figure.value
    ends = (middle if end is None else middle + TO_80 * (end - middle) for end in (low, high))
    return (middle / 100, *(end / 100 for end in ends))  # type: ignore[return-value]


def _weighted(result: Result, base: Mapping[str, float], keys: Sequence[str]) -> Effect:
    """Effect on items together, weighted by exports; bounds as if all moved together, items unexposed at zero."""
    whole = sum(base[key] for key in keys)
    moved = [0.0, 0.0, 0.0]
    for key in keys:
        effect = _of_figure(result, f"item.{key}.change.{HORIZON}") or (0.0, 0.0, 0.0)
        moved = [sum_ + base[key] * part for sum_, part in zip(moved, effect, strict=True)]
    return (moved[0] / whole, moved[1] / whole, moved[2] / whole) if whole else (0.0, 0.0, 0.0)


def _monthly(one: Forecast, effect: Effect, phase: PhaseIn) -> MonthlyEffect:
    """The effect on the months ahead of a series, relative to what its last known month holds of it already."""
    series = one.series
    share = phase_in(1.0, phase, [series.end, *one.numbers], country=series.country)
    path = [(1 + share[1:] * part) / (1 + share[0] * part) - 1 for part in effect]
    ordered = np.sort(path[1:], axis=0)
    return MonthlyEffect(path[0], ordered[0], ordered[1])


def _simulated(result: Result) -> list[Measure]:
    """The measures behind the total of the first year."""
    figure = result.figures.get(f"exports.total.{HORIZON}")
    ids = figure.measures if figure else ()
    return [measure for measure in result.scenario.measures if measure.id in ids]


def _start(result: Result) -> tuple[dt.date, tuple[Finding, ...]]:
    """The day from which the measures act: their first date, or a month after the text where they name none."""
    known = [(m.id, m.date_collected or m.date_effective) for m in _simulated(result)]
    dates = [day for _, day in known if day is not None]
    how = f"to work fully after {FULL_AFTER:g} months, in equal steps; effects are those within a year."
    if not dates:
        start = _month_later(result.scenario.date)
        text = (
            "No date is given on which the measures take effect: the outlook takes them to start on "
            f"{start.isoformat()}, a month after the text, and {how}"
        )
        pushes = "a later date means less in the first of the halves"
        return start, (Finding(id="outlook-start", kind="assumption", text=text, pushes=pushes),)
    start = min(dates)
    undated = [id for id, day in known if day is None]
    others = f" Measures without a date are taken to start then too: {', '.join(undated)}." if undated else ""
    text = f"The outlook takes the measures to start on {start.isoformat()} and {how}{others}"
    return start, (Finding(id="outlook-start", kind="assumption", text=text),)


def _end(result: Result) -> dt.date | None:
    """The day on which the last measure ends, None if any has no end."""
    ends = [measure.date_end for measure in _simulated(result)]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def _month_later(day: dt.date) -> dt.date:
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _mapping_findings(unmapped: Sequence[str], result: Result) -> tuple[Finding, ...]:
    found = [
        Finding(
            id="outlook-items",
            kind="data",
            text="The outlook's items are the ministry's or your own, those of the effects sums of HS headings: the "
            "change of one in percent is taken for the other.",
        )
    ]
    if unmapped:
        names = ", ".join(name.replace("_", " ") for name in unmapped)
        text = f"Without an item of that name among the effects, these move as all other goods do: {names}."
        found.append(Finding(id="outlook-unmapped", kind="data", text=text))
    if "subsidy" in result.tables:
        found.append(
            Finding(
                id="outlook-subsidy",
                kind="left_out",
                text="The end of electric-vehicle subsidies is computed apart and is not in the outlook.",
            )
        )
    return tuple(found)


def _without_effects(result: Result) -> Finding:
    why = "nothing was computed for the first year"
    if HORIZON not in result.scenario.horizons:
        why = "the scenario asks for the long run alone, and an outlook of a year must not use its responses"
    elif f"exports.total.{HORIZON}" not in result.figures:
        why = "no tariff was simulated"
    return Finding(
        id="outlook-no-effect", kind="left_out", text=f"The outlook stands without the measures: {why}."
    )
