"""The running month from the customs flashes of its first 10 or 20 days, joined with the forecast."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

import numpy as np
from scipy import special

from headway.errors import DataError
from headway.outlook import calendar, figures, months
from headway.outlook.engine import conformal
from headway.outlook.forecast import Forecast
from headway.outlook.records import FloatArray

PRIOR_FLASH_SD = {20: 0.045, 10: 0.09}
"""Log deviation of flash-based growth before any is seen, by the last day of the window."""

PRIOR_MODEL_SD = 0.04
LEVEL_80 = conformal.LEVELS.index(0.8)
PRIOR_COUNT = 8
"""How many flashes the prior deviations are worth."""


@dataclasses.dataclass(frozen=True)
class Flash:
    """A customs flash: growth of the first `last_day` days of month `number` on the year before, as a fraction."""

    number: int
    last_day: int
    growth: float
    source: str = ""

    @property
    def known_from(self) -> dt.date:
        """The day on which customs prints it: the first working day after the window."""
        day = months.first_day(self.number) + dt.timedelta(days=self.last_day)
        while calendar.count_days(calendar.KOREA, day, day) < 1:
            day += dt.timedelta(days=1)
        return day


@dataclasses.dataclass(frozen=True, eq=False)
class Nowcast:
    """Growth of the running month on the year before: from the flash with working days, the model, and both.

    `low` and `high` [L] bound `growth`; `weight` is the flash's share; `errors` past flashes stand behind it.
    """

    number: int
    last_day: int
    flash: float
    bridged: float
    model: float
    growth: float
    low: FloatArray
    high: FloatArray
    weight: float
    errors: int


def korean_flashes(as_known_on: dt.date | None = None) -> tuple[Flash, ...]:
    """The shipped customs flashes with a growth rate, printed or from the values of both years, as known on a day."""
    rows = list(figures.flashes().iter_rows(named=True))
    values = {(months.month(row["month"]), row["window"]): row["exports_usd_bn"] for row in rows}
    found = []
    for row in rows:
        number, growth = months.month(row["month"]), row["yoy_pct"]
        before = values.get((number - 12, row["window"]))
        if growth is None and row["exports_usd_bn"] is not None and before is not None:
            growth = 100 * (row["exports_usd_bn"] / before - 1)
        if growth is not None:
            found.append(Flash(number, int(row["window"].split("-")[1]), growth / 100, row["source"]))
    known = [flash for flash in found if as_known_on is None or flash.known_from <= as_known_on]
    return tuple(sorted(known, key=lambda flash: (flash.number, flash.last_day)))


def bridge(flash: Flash, rule: calendar.Rule, known_on: dt.date | None = None) -> float:
    """Log growth of the month that a flash implies: its growth per working day × the month's working-day ratio.

    Holidays of the month that were fixed after `known_on` are left out.
    """
    before = flash.number - 12
    window = calendar.part_days(rule, flash.number, flash.last_day) / calendar.part_days(
        rule, before, flash.last_day
    )
    whole = calendar.working_days(rule, flash.number, known_on) / calendar.working_days(rule, before)
    return float(np.log1p(flash.growth) - np.log(window) + np.log(whole))


def nowcast(total: Forecast, flash: Flash, past: Sequence[Flash] = ()) -> Nowcast:
    """Growth of the flash's month: flash and one-month-ahead forecast, weighted by the variance of their errors.

    `total` is a forecast of the unadjusted total whose data end in the month before, or later (then the forecast
    made at that time is used). `past` flashes of the same window with known outcomes set the weights; with few of
    them the prior deviations dominate. Raises DataError without a calendar or a year-ago month.
    """
    series = total.series
    if series.country is None:
        raise DataError("A nowcast needs a calendar.", "Give the series a country.")
    rule = calendar.rule_for(series.country)
    model = _model_growth(total, flash.number)
    errors = np.array(
        [
            (bridge(old, rule) - outcome, _model_growth(total, old.number) - outcome)
            for old in past
            if old.last_day == flash.last_day and old.number < flash.number
            for outcome in [_outcome(total, old.number)]
            if outcome is not None
        ]
    ).reshape(-1, 2)
    variance = _variance(errors, flash.last_day)
    unrest = _unrest(total, flash.number)
    weight = float(variance[1] / variance.sum())
    bridged = bridge(flash, rule, total.known_on)
    growth = weight * bridged + (1 - weight) * model
    spread = np.sqrt(unrest * _combined_variance(errors, variance, weight))
    width = spread * special.stdtrit(PRIOR_COUNT + len(errors), 0.5 + np.array(conformal.LEVELS) / 2)
    return Nowcast(
        number=flash.number,
        last_day=flash.last_day,
        flash=flash.growth,
        bridged=float(np.expm1(bridged)),
        model=float(np.expm1(model)),
        growth=float(np.expm1(growth)),
        low=np.expm1(growth - width),
        high=np.expm1(growth + width),
        weight=weight,
        errors=len(errors),
    )


def _model_growth(total: Forecast, number: int) -> float:
    """Log growth of a month as forecast one month before."""
    before = np.log(total.series.at(number - 12))
    if number == total.series.end + 1:
        return float(np.log(total.median[0]) - before)
    if number - 1 not in total.origins:
        raise DataError(
            f"No forecast of {months.label(number)} was made a month before.", "Choose a flash of a later month."
        )
    return float(total.past[total.origins.index(number - 1), 0] - before)


def _outcome(total: Forecast, number: int) -> float | None:
    series = total.series
    if not series.has((number, number - 12)) or number - 1 not in total.origins:
        return None
    return float(np.log(series.at(number) / series.at(number - 12)))


def _variance(errors: FloatArray, last_day: int) -> FloatArray:
    """Variances of flash and model errors: prior ones worth eight flashes, joined with what was seen."""
    prior = np.array([PRIOR_FLASH_SD.get(last_day, PRIOR_FLASH_SD[10]), PRIOR_MODEL_SD]) ** 2
    return np.asarray((PRIOR_COUNT * prior + (errors**2).sum(axis=0)) / (PRIOR_COUNT + len(errors)))


def _unrest(total: Forecast, number: int) -> float:
    """Variance of the forecast's one-month band at the time over its usual variance, from one to four."""
    width = total.past_width[LEVEL_80, :, 0]
    at = total.origins.index(number - 1)
    seen = width[: at + 1]
    if not np.isfinite(width[at]):
        return 1.0
    return float(np.clip((width[at] / np.median(seen[np.isfinite(seen)])) ** 2, 1.0, 4.0))


def _combined_variance(errors: FloatArray, variance: FloatArray, weight: float) -> float:
    prior = weight**2 * variance[0] + (1 - weight) ** 2 * variance[1]
    seen = weight * errors[:, 0] + (1 - weight) * errors[:, 1]
    return float((PRIOR_COUNT * prior + (seen**2).sum()) / (PRIOR_COUNT + len(errors)))


def update(total: Forecast, running: Nowcast) -> Forecast:
    """The forecast with its first month replaced by the nowcast, and later months moved as past errors did.

    If the first month's log error was ε, later months erred by b_h ε on average (least squares over the backtest),
    so they move by b_h times the surprise. Widths of later months are kept.
    """
    if running.number != total.series.end + 1:
        raise DataError(
            "The nowcast is not of the month after the data.", "Cut the series, or take a later flash."
        )
    before = total.series.at(running.number - 12)
    surprise = float(np.log(before * (1 + running.growth)) - np.log(total.median[0]))
    errors = total.errors
    slopes = np.ones(total.horizon)
    for step in range(1, total.horizon):
        both = np.isfinite(errors[:, 0]) & np.isfinite(errors[:, step])
        first, later = errors[both, 0], errors[both, step]
        # Shrunk towards a level that stays, as if twelve months of it had been seen.
        pull = 12 * float(np.mean(first**2)) if both.any() else 1.0
        slopes[step] = (float(first @ later) + pull) / (float(first @ first) + pull)
    width = total.width.copy()
    width[:, 0] = (np.log1p(running.high) - np.log1p(running.low)) / 2
    return dataclasses.replace(
        total, median=total.median * np.exp(np.clip(slopes, 0.0, 1.5) * surprise), width=width
    )
