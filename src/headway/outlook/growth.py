"""Identities of growth: three growth rates, base effect, carry-over, contributions. Each adds up exactly.

Growth rates and shares are fractions (0.10 is ten percent); logs where the docstring says so.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence

import numpy as np

from headway.errors import DataError
from headway.outlook import months
from headway.outlook.records import FloatArray, Series

TREND_WINDOW = 6
"""Months on each side of the centred median that stands for the trend a base is judged against."""

LEVEL_MONTHS = 3
"""Months whose adjusted mean is the level that a carry-over carries on, as in the overhang of quarterly accounts.

One month would carry its noise into six: December 2024 alone gives the total +2.5 % by one adjustment and +0.6 % by
another, its last quarter +0.9 and +0.6.
"""


@dataclasses.dataclass(frozen=True)
class Elasticity:
    """Response of monthly exports to working days, in logs: `value` ± `error` from `count` months."""

    value: float
    error: float
    count: int
    method: str


@dataclasses.dataclass(frozen=True)
class ThreeRates:
    """Growth of one month on the year before: as printed, per working day, and adjusted with the elasticity."""

    number: int
    headline: float
    daily_average: float
    adjusted: float
    days: float
    days_before: float


@dataclasses.dataclass(frozen=True)
class GrowthChange:
    """Change of year-on-year growth from a month to the next, in logs: momentum + base_effect = change, exactly.

    `percent_change` is the change of the percent rate and `cross` what the logs do not explain of it.
    """

    number: int
    change: float
    momentum: float
    base_effect: float
    percent_change: float
    cross: float


@dataclasses.dataclass(frozen=True)
class MonthGrowth:
    """Year-on-year growth of one month: working_days + base + momentum + cross = growth, exactly.

    `base` is what last year's departure from its trend adds now, `momentum` today's level against that trend.
    """

    number: int
    growth: float
    working_days: float
    base: float
    momentum: float
    cross: float


@dataclasses.dataclass(frozen=True)
class PeriodGrowth:
    """Growth of a period on the year before: carry_over + within + calendar + cross = growth, exactly.

    `base` and `level_gap` split the carry-over and are never added to it again: base is −(level of the same
    period a year ago − its trend), level_gap the rest. `cross` includes no part of that split.
    """

    period: str
    growth: float
    carry_over: float
    within: float
    calendar: float
    cross: float
    base: float
    level_gap: float


def three_rates(
    number: int, now: float, before: float, days: tuple[float, float], elasticity: float
) -> ThreeRates:
    """The three growth rates of month `number` with value `now` against `before`; `days` are (now, before).

    adjusted = (now/before) / (days/days₋₁₂)^e − 1; the daily average is the case e = 1.
    """
    if min(now, before, *days) <= 0:
        raise DataError(
            f"{months.label(number)} has a value or working days that are not positive.", "Check them."
        )
    ratio, day_ratio = now / before, days[0] / days[1]
    return ThreeRates(
        number=number,
        headline=ratio - 1,
        daily_average=ratio / day_ratio - 1,
        adjusted=ratio / day_ratio**elasticity - 1,
        days=days[0],
        days_before=days[1],
    )


def growth_change(logs: FloatArray, place: int, *, number: int = 0) -> GrowthChange:
    """Why year-on-year growth changed in the month at `place` of adjusted logs [T].

    yoy_t − yoy_{t−1} = Δx_t − Δx_{t−12}, exactly; with m the mean Δx before t, momentum = Δx_t − m and
    base effect = −(Δx_{t−12} − m). Needs fourteen months up to t.
    """
    if not 13 <= place < len(logs):
        raise DataError("The change of yearly growth needs fourteen months.", "Choose a later month.")
    step = np.diff(logs[: place + 1])
    mean = float(step.mean())
    momentum, base = float(step[-1]) - mean, -(float(step[-13]) - mean)
    now, before = (math.expm1(float(logs[at] - logs[at - 12])) for at in (place, place - 1))
    return GrowthChange(number, momentum + base, momentum, base, now - before, now - before - momentum - base)


def trend(logs: FloatArray) -> FloatArray:
    """Centred running median [T] of adjusted logs over thirteen months, fewer at the ends but always symmetric.

    Symmetric windows leave a steady growth path as it is, and a median leaves out a one-month spike.
    """
    length, full = len(logs), 2 * TREND_WINDOW + 1
    smooth = logs.copy()
    if length >= full:
        windows = np.lib.stride_tricks.sliding_window_view(logs, full)
        smooth[TREND_WINDOW : length - TREND_WINDOW] = np.median(windows, axis=1)
    for place in {*range(min(TREND_WINDOW, length)), *range(max(length - TREND_WINDOW, 0), length)}:
        width = min(TREND_WINDOW, place, length - 1 - place)
        smooth[place] = np.median(logs[place - width : place + width + 1])
    return smooth


def month_growth(number: int, adjusted: Series, growth: float, day_effect: float) -> MonthGrowth:
    """Split the growth of a month: `adjusted` is the series without seasonal and calendar, up to that month.

    `day_effect` is e·ln(days/days₋₁₂). In logs ln(1+growth) = day_effect + base + momentum with
    base = −(x₋₁₂ − trend₋₁₂); each part is shown in percent, and the cross term makes them add up.
    """
    place = number - adjusted.start
    if place < 12:
        raise DataError(f"{months.label(number)} has no month a year before.", "Choose a later month.")
    logs = adjusted.logs[: place + 1]
    base = -float(logs[place - 12] - trend(logs)[place - 12])
    momentum = math.log1p(growth) - day_effect - base
    days, based, moved = (math.expm1(part) for part in (day_effect, base, momentum))
    return MonthGrowth(number, growth, days, based, moved, growth - days - based - moved)


def carry_over(adjusted: Series, period: Sequence[int], *, known_until: int | None = None) -> float:
    """Growth of a period on the year before if the adjusted level stays where it is after month `known_until`.

    The level is the mean of the last three months up to `known_until` (default: the last month of `adjusted`), free
    of season and working days; months of the period up to then count as they are.
    """
    last = adjusted.end if known_until is None else min(known_until, adjusted.end)
    level = adjusted.until(last).values[-LEVEL_MONTHS:].mean()
    stays = sum(adjusted.at(number) if number <= last else level for number in period)
    return stays / adjusted.total(number - 12 for number in period) - 1


def period_growth(
    period: str, headline: tuple[float, float], adjusted: Series, *, known_until: int, adjusted_now: float
) -> PeriodGrowth:
    """Split the growth of a period: `headline` are unadjusted sums (now, a year before).

    `adjusted` reaches at least to `known_until`; `adjusted_now` is the adjusted sum of the period, realised or
    forecast. (1 + growth) = (1 + carry_over)(1 + within)(1 + calendar); calendar holds working days and seasonal.
    """
    numbers = months.period(period)
    before = adjusted.total(number - 12 for number in numbers)
    carried = carry_over(adjusted, numbers, known_until=known_until)
    within = adjusted_now / (before * (1 + carried)) - 1
    growth = headline[0] / headline[1] - 1
    calendar = (headline[0] / adjusted_now) / (headline[1] / before) - 1
    base = period_base(adjusted.until(min(known_until, adjusted.end)), numbers)
    return PeriodGrowth(
        period=period,
        growth=growth,
        carry_over=carried,
        within=within,
        calendar=calendar,
        cross=growth - carried - within - calendar,
        base=base,
        level_gap=carried - base,
    )


def period_base(adjusted: Series, numbers: Sequence[int]) -> float:
    """What the base adds to a period's growth: trend sum of the year before over its actual sum, less one.

    Only months of the year before that `adjusted` holds count; zero where it holds none.
    """
    smooth = np.exp(trend(adjusted.logs))
    places = [number - 12 - adjusted.start for number in numbers if number - 12 <= adjusted.end]
    if not places:
        return 0.0
    if min(places) < 0:
        raise DataError(
            f"{adjusted.name} has no months a year before {months.label(numbers[0])}.", "Give a longer history."
        )
    return float(smooth[places].sum() / adjusted.values[places].sum() - 1)


def contributions(
    now: Mapping[str, float], before: Mapping[str, float], total: tuple[float, float], *, rest: str = "other"
) -> dict[str, float]:
    """Contribution of each part to the total's growth: its growth × its share a year ago, the rest included.

    `total` is (now, before). What the parts leave of the total is the part `rest`; contributions sum to
    total growth exactly. Parts of only one year are refused.
    """
    if set(now) != set(before):
        raise DataError(
            f"Parts of one year only: {', '.join(sorted(set(now) ^ set(before)))}.",
            "Give both years of each part.",
        )
    parts = {name: (now[name] - before[name]) / total[1] for name in now}
    parts[rest] = (total[0] - total[1]) / total[1] - math.fsum(parts.values())
    return parts


def price_and_volume_by_month(value: Series, price: Series) -> tuple[dict[str, float | str], ...]:
    """Year-on-year value growth of each month as price + volume + cross, given a price index as a series.

    Months that either series lacks, or lacks a year before, are left out.
    """
    rows: list[dict[str, float | str]] = []
    for number in value.numbers:
        if not (value.has((number - 12,)) and price.has((number, number - 12))):
            continue
        rate, price_rate = (one.at(number) / one.at(number - 12) - 1 for one in (value, price))
        volume, cross = price_and_volume(rate, price_rate)
        rows.append(
            {"month": months.label(number), "value": rate, "price": price_rate, "volume": volume, "cross": cross}
        )
    return tuple(rows)


def price_and_volume(growth: float, price_growth: float) -> tuple[float, float]:
    """Volume growth and cross term of value growth: (1 + value) = (1 + price)(1 + volume), growth = sum + cross."""
    if price_growth <= -1:
        raise DataError("A price index cannot fall by 100 % or more.", "Check the price growth.")
    volume = (1 + growth) / (1 + price_growth) - 1
    return volume, growth - price_growth - volume
