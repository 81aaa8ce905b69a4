"""Results as tables: one function per table, each a plain polars frame with units in its docstring."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from headway.outlook import accuracy, adjustment, calendar, growth, months
from headway.outlook.breaks import Break, find_breaks
from headway.outlook.conditional import Conditional
from headway.outlook.engine import conformal
from headway.outlook.forecast import Forecast
from headway.outlook.records import Series
from headway.outlook.spans import Span, span

if TYPE_CHECKING:
    import polars as pl

LEVELS = tuple(f"{round(100 * level)}" for level in conformal.LEVELS)

WIDEST = 2.0
"""Upper over lower end of the 80 % range of a period's level above which nobody can use the forecast."""

Key = tuple[str, str]
Scenario = Mapping[Key, Conditional]


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(rows, infer_schema_length=None)


def forecast_table(forecasts: Sequence[Forecast], scenario: Scenario) -> pl.DataFrame:
    """Levels by month, stated and forecast: value, bounds low50 … high95, growth on the year before (fraction).

    `status` is stated, filled, rebuilt or forecast; `scenario` with its 80 % bounds and `effect` are null without one.
    """
    rows = [row for one in forecasts for row in month_rows(one, scenario.get((one.series.kind, one.series.name)))]
    return _frame(rows)


def month_rows(one: Forecast, given: Conditional | None, past: int = 36) -> list[dict[str, Any]]:
    """The rows of `forecast_table` for one series: its last `past` months and those ahead."""
    first = max(one.series.start, one.series.end - past + 1)
    return [_month_row(one, number, given) for number in range(first, one.numbers[-1] + 1)]


def _month_row(one: Forecast, number: int, given: Conditional | None) -> dict[str, Any]:
    series, ahead = one.series, number > one.series.end
    place = number - series.end - 1
    status = "forecast" if ahead else _status(series, number)
    before = one.level(number - 12) if number - 12 >= series.start else None
    row: dict[str, Any] = {
        "kind": series.kind,
        "name": series.name,
        "month": months.label(number),
        "status": status,
        "value": one.level(number),
        "growth": None if before is None else one.level(number) / before - 1,
    }
    for at, level in enumerate(LEVELS):
        row[f"low{level}"] = float(one.low[at, place]) if ahead else None
        row[f"high{level}"] = float(one.high[at, place]) if ahead else None
    shown = given if ahead else None
    at = LEVELS.index("80")
    return row | {
        "scenario": None if shown is None else float(shown.median[place]),
        "scenario_low80": None if shown is None else float(shown.low[at, place]),
        "scenario_high80": None if shown is None else float(shown.high[at, place]),
        "effect": None if shown is None else float(shown.effect[place]),
    }


def _status(series: Series, number: int) -> str:
    if number in series.filled:
        return "filled"
    return "rebuilt" if number in series.rebuilt else "stated"


def period_table(forecasts: Sequence[Forecast], periods: Sequence[str], scenario: Scenario) -> pl.DataFrame:
    """Sums of periods with growth, bounds and its split: carry_over + within + calendar + cross = growth.

    `base` and `level_gap` split the carry-over; `scenario_growth` and bounds are null without a scenario; fractions.
    `usable` is false where the 80 % range spans more than a factor of two; `estimated` counts the months behind the
    carry-over that no source states; `base_open` says that the trend of the base is not settled yet; `days` are
    working days (null without a calendar).
    """
    return _frame(period_rows(forecasts, periods, scenario))


def period_rows(forecasts: Sequence[Forecast], periods: Sequence[str], scenario: Scenario) -> list[dict[str, Any]]:
    """The rows of `period_table`; periods without a year before are left out."""
    return [
        _period_row(one, period, scenario)
        for one in forecasts
        for period in periods
        if months.period(period)[0] - 12 >= one.series.start
    ]


def _period_row(one: Forecast, period: str, scenario: Scenario) -> dict[str, Any]:
    found = span(one, period)
    row: dict[str, Any] = {
        "kind": one.series.kind,
        "name": one.series.name,
        "period": period,
        "known_months": found.known_months,
        "total": found.total,
        "before": found.before,
        "growth": found.growth,
    }
    bounds = found.growth_bounds()
    for at, level in enumerate(LEVELS):
        row[f"low{level}"] = None if bounds is None else float(bounds[0][at])
        row[f"high{level}"] = None if bounds is None else float(bounds[1][at])
    row |= dataclasses.asdict(split_period(one, found)) | {"past_sums": found.errors}
    row |= _basis_cells(one, months.period(period))
    row["usable"] = bounds is not None and 1 + row["high80"] <= WIDEST * (1 + row["low80"])
    return row | _scenario_cells(one, found, scenario.get((one.series.kind, one.series.name)))


def _basis_cells(one: Forecast, numbers: Sequence[int]) -> dict[str, Any]:
    """What the split of a period rests on: months without a source, a base still open, working days."""
    series = one.series
    level = range(series.end - growth.LEVEL_MONTHS + 1, series.end + 1)
    behind = {n - 12 for n in numbers} | set(level)
    cells: dict[str, Any] = {
        "estimated": len(behind & set(series.filled)),
        "base_open": numbers[-1] - 12 > series.end - growth.TREND_WINDOW,
        "days": None,
        "days_before": None,
    }
    if series.country is not None:
        rule = calendar.rule_for(series.country)
        for key, shift in (("days", 0), ("days_before", 12)):
            cells[key] = sum(calendar.working_days(rule, n - shift, one.known_on) for n in numbers)
    return cells


def split_period(one: Forecast, found: Span) -> growth.PeriodGrowth:
    """The growth of a period split into carry-over, growth within it, calendar and cross term."""
    numbers = months.period(found.period)
    before = found.before if found.before is not None else float("nan")
    ahead = range(one.series.end + 1, numbers[-1] - 12 + 1)
    known = one.adjusted
    if ahead:
        # Months of the year before that lie ahead themselves: the base is then partly a forecast.
        levels = [one.adjusted_level(number) for number in ahead]
        known = dataclasses.replace(known, values=np.concatenate([known.values, levels]))
    return growth.period_growth(
        found.period,
        (found.total, before),
        known,
        known_until=one.series.end,
        adjusted_now=sum(one.adjusted_level(number) for number in numbers),
    )


def _scenario_cells(one: Forecast, found: Span, given: Conditional | None) -> dict[str, Any]:
    if given is None or found.before is None:
        return {"scenario_growth": None, "scenario_low80": None, "scenario_high80": None, "scenario_effect": None}
    places = [n - one.series.end - 1 for n in months.period(found.period) if n > one.series.end]
    sums = found.known + given.draws[:, places].sum(axis=1)
    middle = found.known + float(given.median[places].sum())
    return {
        "scenario_growth": middle / found.before - 1,
        "scenario_low80": float(np.quantile(sums, 0.1)) / found.before - 1,
        "scenario_high80": float(np.quantile(sums, 0.9)) / found.before - 1,
        "scenario_effect": middle / found.total - 1,
    }


def rates_table(
    total: Series | None, response: growth.Elasticity | None, published: Mapping[str, float], count: int = 24
) -> pl.DataFrame:
    """Headline, official daily-average and elasticity-adjusted growth of the last months (fractions), working days.

    Empty where there is no unadjusted total with a calendar.
    """
    rows: list[dict[str, Any]] = []
    if total is None or response is None:
        return _frame(rows)
    for number in range(max(total.start + 12, total.end - count + 1), total.end + 1):
        printed = published.get(months.label(number))
        found = adjustment.rates(total, number, response, published=None if printed is None else printed / 100)
        rows.append(
            {"month": months.label(number)} | dataclasses.asdict(found) | {"published": printed is not None}
        )
    return _frame(rows).drop("number") if rows else _frame([])


def driver_table(forecasts: Sequence[Forecast], count: int = 13) -> pl.DataFrame:
    """Why each of the last months grew: working_days + base + momentum + cross = growth (fractions), by series.

    `share` is the series' share of the total a year ago, so that share × each column is its contribution.
    """
    total = next((one for one in forecasts if one.series.kind == "total"), None)
    rows = []
    for one in forecasts:
        series = one.series
        for number in range(max(series.start + 12, series.end - count + 1), series.end + 1):
            rate = series.at(number) / series.at(number - 12) - 1
            found = growth.month_growth(number, one.adjusted, rate, _day_effect(one, number))
            share = None if total is None else series.at(number - 12) / total.series.at(number - 12)
            row = {"kind": series.kind, "name": series.name, "month": months.label(number)}
            rows.append(
                row | {k: v for k, v in dataclasses.asdict(found).items() if k != "number"} | {"share": share}
            )
    return _frame(rows)


def _day_effect(one: Forecast, number: int) -> float:
    """e·ln(days/days a year before), zero without a calendar."""
    if one.series.country is None or one.days_elasticity is None:
        return 0.0
    rule = calendar.rule_for(one.series.country)
    now, before = (calendar.working_days(rule, n) for n in (number, number - 12))
    return one.days_elasticity[0] * float(np.log(now / before))


def contribution_table(forecasts: Sequence[Forecast], kind: str = "item", past: int = 12) -> pl.DataFrame:
    """Contribution of each part of a kind to the total's growth by month (fractions); months sum to total growth.

    `stated` is true where sources state the part in that month and a year before.
    """
    total = next((one for one in forecasts if one.series.kind == "total"), None)
    parts = [one for one in forecasts if one.series.kind == kind]
    if total is None or not parts:
        return _frame([])
    first = max(max(one.series.start for one in (*parts, total)) + 12, total.series.end - past + 1)
    rows = []
    for number in range(first, total.numbers[-1] + 1):
        now = {one.series.name: one.level(number) for one in parts}
        before = {one.series.name: one.level(number - 12) for one in parts}
        sums = (total.level(number), total.level(number - 12))
        status = "stated" if number <= total.series.end else "forecast"
        for name, value in growth.contributions(now, before, sums, rest="rounding").items():
            if name != "rounding" or abs(value) > 1e-9:
                row = {"name": name, "month": months.label(number), "contribution": value, "status": status}
                rows.append(row | {"stated": name in _stated_parts(parts, number)})
    return _frame(rows)


def _stated_parts(parts: Sequence[Forecast], number: int) -> set[str]:
    """Names of the parts whose month and month a year before both have a source."""
    both = (number, number - 12)
    return {
        one.series.name for one in parts if number <= one.series.end and not set(both) & set(one.series.filled)
    }


def accuracy_table(forecasts: Sequence[Forecast], since: int | None = None) -> pl.DataFrame:
    """Backtest of every series at 1, 3, 6 and 12 months: errors, MASE, skill, test and coverage where claimed."""
    rows = []
    for one in forecasts:
        for found in accuracy.accuracy(one, since=since):
            cells = dataclasses.asdict(found)
            covered = cells.pop("coverage")
            rows.append(cells | {f"coverage{level}": share for level, share in zip(LEVELS, covered, strict=True)})
    return _frame(rows)


def weight_table(forecasts: Sequence[Forecast]) -> pl.DataFrame:
    """Weight of each model in each series' combination."""
    return _frame(
        [
            {"kind": one.series.kind, "name": one.series.name, "model": model, "weight": float(weight)}
            for one in forecasts
            for model, weight in zip(one.models, one.weights, strict=True)
        ]
    )


def watch_table(forecasts: Sequence[Forecast]) -> pl.DataFrame:
    """Whether each series' one-month 80 % bands have held lately, and how wide they are against their usual width."""
    return _frame([watch_row(one) for one in forecasts])


def watch_row(one: Forecast) -> dict[str, Any]:
    """The row of `watch_table` for one series."""
    found = accuracy.watch(one)
    cells = dataclasses.asdict(found) | {"failing": found.failing, "widened": found.widened}
    missed = ", ".join(accuracy.misses(one))
    return {"kind": one.series.kind, "name": one.series.name} | cells | {"missed_months": missed}


def _last_decade(series: Series) -> Series:
    kept = min(len(series.values), 120)
    return dataclasses.replace(series, start=series.end - kept + 1, values=series.values[-kept:])


def break_table(forecasts: Sequence[Forecast], since: int) -> tuple[pl.DataFrame, dict[Key, tuple[Break, ...]]]:
    """One-offs and level shifts from month number `since` on, with their sentences; also by series."""
    found = {
        (one.series.kind, one.series.name): tuple(
            b for b in find_breaks(_last_decade(one.adjusted)) if b.number >= since
        )
        for one in forecasts
    }
    rows = [
        {"kind": kind, "name": name, "month": months.label(b.number), "what": b.kind, "effect": b.effect, "t": b.t}
        for (kind, name), breaks in found.items()
        for b in breaks
    ]
    return _frame(rows), found


STEPS = (
    ("base", "base effect"),
    ("level_gap", "rest of carry-over"),
    ("within", "movement from here"),
    ("calendar", "working days, season"),
    ("cross", "interplay"),
)
"""Columns of the period table that add up to growth, in the order of the waterfall."""


def step_table(periods: pl.DataFrame) -> pl.DataFrame:
    """The growth of each period as steps from zero: each starts where the last ended, the final bar is growth.

    Where a scenario is given its effect is one more step and the final bar includes it; fractions. `top` is the
    upper end of the bar.
    """
    rows = []
    for row in periods.iter_rows(named=True):
        steps = [(label, row[column]) for column, label in STEPS]
        final = row["growth"]
        if row["scenario_growth"] is not None:
            steps.append(("announced measure", row["scenario_growth"] - row["growth"]))
            final = row["scenario_growth"]
        level = 0.0
        key = {"kind": row["kind"], "name": row["name"], "period": row["period"]}
        for order, (label, value) in enumerate(steps):
            rows.append(key | _step(order, label, level, level + value, value))
            level += value
        rows.append(key | _step(len(steps), "growth", 0.0, final, final))
    return _frame(rows)


def _step(order: int, label: str, start: float, end: float, value: float) -> dict[str, Any]:
    return {"order": order, "step": label, "start": start, "end": end, "top": max(start, end), "value": value}


def backtest_table(forecasts: Sequence[Forecast], steps: Sequence[int] = (1, 6), last: int = 36) -> pl.DataFrame:
    """What was forecast some months before and what came, by month, with the 80 % band of the time, in levels."""
    at = LEVELS.index("80")
    rows = []
    for one in forecasts:
        for step in (s for s in steps if s <= one.horizon):
            for place, origin in enumerate(one.origins):
                width = one.past_width[at, place, step - 1]
                if origin + step <= one.series.end - last or not np.isfinite(one.actual[place, step - 1]):
                    continue
                middle, came = one.past[place, step - 1], one.actual[place, step - 1]
                rows.append(
                    {
                        "kind": one.series.kind,
                        "name": one.series.name,
                        "month": months.label(origin + step),
                        "horizon": step,
                        "actual": float(np.exp(came)),
                        "forecast": float(np.exp(middle)),
                        "low80": float(np.exp(middle - width)) if np.isfinite(width) else None,
                        "high80": float(np.exp(middle + width)) if np.isfinite(width) else None,
                        "inside80": bool(abs(came - middle) <= width) if np.isfinite(width) else None,
                    }
                )
    return _frame(rows)
