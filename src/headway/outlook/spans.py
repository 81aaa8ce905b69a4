"""Sums over months (a half-year, a year) with intervals from the errors that such sums have had."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from headway.outlook import months
from headway.outlook.engine import conformal
from headway.outlook.forecast import Forecast, lent_scores
from headway.outlook.records import FloatArray


@dataclasses.dataclass(frozen=True, eq=False)
class Span:
    """A period's sum: `known` stated months, `ahead` forecast ones with bounds `low`, `high` [L] of the whole sum.

    `width` [L] are half-widths of the forecast part in logs; `errors` how many past sums stand behind them.
    `growth_width` [L] are half-widths of log growth where months of the year before are forecast too, else None.
    """

    period: str
    total: float
    before: float | None
    known: float
    known_months: int
    low: FloatArray
    high: FloatArray
    width: FloatArray
    errors: int
    growth_width: FloatArray | None = None

    @property
    def growth(self) -> float | None:
        """Growth on the same period of the year before, or None where that is not in the series."""
        return None if self.before is None else self.total / self.before - 1

    def growth_bounds(self) -> tuple[FloatArray, FloatArray] | None:
        """Bounds [L] of growth."""
        if self.before is None:
            return None
        if self.growth_width is not None:
            ratio = self.total / self.before
            return ratio * np.exp(-self.growth_width) - 1, ratio * np.exp(self.growth_width) - 1
        return self.low / self.before - 1, self.high / self.before - 1


def span(forecast: Forecast, period: str) -> Span:
    """The sum of a period, stated months and forecast ones together; raises DataError beyond the forecast.

    The year before may hold forecast months too (a year seen from the autumn before); growth then has its own width.
    """
    numbers = months.period(period)
    series = forecast.series
    ahead = [number for number in numbers if number > series.end]
    stated = [number for number in numbers if number <= series.end]
    known = series.total(stated)
    expected = sum(forecast.level(number) for number in ahead)
    width, count = width_of_sum(forecast, ahead)
    before = sum(forecast.level(n - 12) for n in numbers) if numbers[0] - 12 >= series.start else None
    open_base = before is not None and numbers[-1] - 12 > series.end
    return Span(
        period=period,
        total=known + expected,
        before=before,
        known=known,
        known_months=len(stated),
        low=known + expected * np.exp(-width),
        high=known + expected * np.exp(width),
        width=width,
        errors=count,
        growth_width=_growth_width(forecast, numbers) if open_base else None,
    )


def width_of_sum(forecast: Forecast, ahead: list[int]) -> tuple[FloatArray, int]:
    """Half-widths [L] of the log of a sum of forecast months, from past sums at the same distance."""
    if not ahead:
        return np.zeros(len(conformal.LEVELS)), 0
    first, last = ahead[0] - forecast.series.end, ahead[-1] - forecast.series.end
    errors = sum_errors(forecast, first, last)
    lender = forecast.lender
    lent = None
    if lender is not None and last <= lender.horizon:
        lent = lent_scores(lender, forecast.series.end, sum_errors(lender, first, last))
    found = conformal.adaptive_bands((np.abs(errors) / forecast.scale)[None], last, lent=lent)
    width = found.half_width[:, 0, -1] * forecast.scale[-1]
    count = int(np.isfinite(errors).sum())
    if np.isfinite(width).all():
        return np.asarray(width), count
    # Without past sums: the mean width of the months, as if their errors moved together.
    return np.asarray(forecast.width[:, first - 1 : last].mean(axis=1)), 0


def _growth_width(forecast: Forecast, numbers: Sequence[int]) -> FloatArray:
    """Half-widths [L] of log growth of a period whose year before is partly ahead, from past errors of the same."""
    end = forecast.series.end
    errors = np.log(_sums(forecast, [n - end for n in numbers], past=False)) - np.log(
        _sums(forecast, [n - 12 - end for n in numbers], past=False)
    )
    errors -= np.log(_sums(forecast, [n - end for n in numbers], past=True)) - np.log(
        _sums(forecast, [n - 12 - end for n in numbers], past=True)
    )
    last = numbers[-1] - end
    found = conformal.adaptive_bands((np.abs(errors) / forecast.scale)[None], last)
    width = found.half_width[:, 0, -1] * forecast.scale[-1]
    return np.asarray(width if np.isfinite(width).all() else forecast.width[:, last - 1])


def _sums(forecast: Forecast, offsets: Sequence[int], *, past: bool) -> FloatArray:
    """Sums [O] over months at offsets from each origin, as forecast then (`past`) or as they came; NaN if unknown."""
    logs, start = forecast.series.logs, forecast.series.start
    total = np.zeros(len(forecast.origins))
    for offset in offsets:
        if offset > 0:
            values = (forecast.past if past else forecast.actual)[:, offset - 1]
        else:
            places = np.array(forecast.origins) + offset - start
            values = np.where(places >= 0, logs[np.maximum(places, 0)], np.nan)
        total = total + np.exp(values)
    return total


def sum_errors(forecast: Forecast, first: int, last: int) -> FloatArray:
    """Log errors [O] of the sum over `first` to `last` months ahead, NaN where an outcome is unknown."""
    span_of = slice(first - 1, last)
    actual = np.exp(forecast.actual[:, span_of]).sum(axis=1)
    past = np.exp(forecast.past[:, span_of]).sum(axis=1)
    return np.asarray(np.log(actual) - np.log(past))
