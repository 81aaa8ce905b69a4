"""Months that no source states: filled from a related series, never silently."""

from __future__ import annotations

import dataclasses

import numpy as np

from headway.errors import DataError
from headway.outlook import calendar, months
from headway.outlook.records import FloatArray, Series

STABLE_RATIO = 0.08
"""Standard deviation of the log ratio to an indicator up to which the indicator may carry a gap."""


def fill_by_indicators(
    values: FloatArray, indicators: list[FloatArray], *, shape: Series | None = None, first: int = 0
) -> FloatArray:
    """Fill the NaN of `values` [T] from the first indicator that covers the month and moves with the series.

    log(value/indicator) is interpolated linearly between stated months and held flat outside them, so stated
    months are untouched. The last indicator is used whatever its ratio does. `shape` and `first` are for the
    message when nothing is stated.
    """
    known = np.isfinite(values)
    if not known.any():
        name = shape.name if shape is not None else "the series"
        raise DataError(f"No month of {name} from {months.label(first)} on is stated.", "Give at least one value.")
    filled = values.copy()
    for position, indicator in enumerate(indicators):
        usable = np.isfinite(indicator)
        both = known & usable
        last = position == len(indicators) - 1
        if both.sum() < (1 if last else 4):
            continue
        ratio = np.log(values[both] / indicator[both])
        if not last and np.std(ratio) > STABLE_RATIO:
            continue
        places = np.arange(len(values))
        bridge = np.interp(places, places[both], ratio)
        gaps = ~np.isfinite(filled) & usable
        filled[gaps] = np.exp(bridge[gaps]) * indicator[gaps]
    return filled


def extend_with_adjusted(unadjusted: Series, adjusted: Series) -> Series:
    """Give a short unadjusted series the past of its seasonally adjusted counterpart.

    Over the months that both state, log(unadjusted/adjusted) = seasonal of the calendar month + b × log working
    days (as a departure from the month's usual level). Earlier months are adjusted × exp(that fit) and are listed
    in `rebuilt`: a reconstruction, with seasonals held fixed.
    """
    shared = [n for n in unadjusted.numbers if adjusted.start <= n <= adjusted.end]
    if not shared or adjusted.start >= unadjusted.start:
        return unadjusted
    ratio = np.array([np.log(unadjusted.at(n) / adjusted.at(n)) for n in shared])
    days = _log_days(unadjusted, shared)
    seasonal, slope = fit_ratio(ratio, np.array(shared) % 12, days)
    past = range(adjusted.start, unadjusted.start)
    past_days = _log_days(unadjusted, past)
    rebuilt = [adjusted.at(n) * np.exp(seasonal[n % 12] + slope * d) for n, d in zip(past, past_days, strict=True)]
    note = (
        f"Before {months.label(unadjusted.start)} the total is rebuilt from the adjusted total with the seasonal "
        f"pattern of {months.label(shared[0])} to {months.label(shared[-1])}."
    )
    return dataclasses.replace(
        unadjusted,
        start=adjusted.start,
        values=np.concatenate([rebuilt, unadjusted.values]),
        rebuilt=tuple(past),
        notes=(*unadjusted.notes, *adjusted.notes, note),
    )


def fit_ratio(ratio: FloatArray, month: FloatArray, days: FloatArray) -> tuple[FloatArray, float]:
    """Seasonal factors [12] and slope on log working days of a log ratio [T], by ridge regression.

    The ridge on the slope (prior 0 ± 0.2 against a residual of 0.01) matters only when a single year is shared;
    a calendar month never seen gets the mean of the others.
    """
    seen = np.unique(month)
    dummies = (month[:, None] == seen[None, :]).astype(float)
    design = np.column_stack([dummies, days])
    penalty = np.zeros(design.shape[1])
    penalty[-1] = (0.01 / 0.2) ** 2
    coefficients = np.linalg.solve(design.T @ design + np.diag(penalty + 1e-12), design.T @ ratio)
    seasonal = np.full(12, coefficients[:-1].mean())
    seasonal[seen.astype(int)] = coefficients[:-1]
    return seasonal, float(coefficients[-1])


def _log_days(series: Series, numbers: range | list[int]) -> FloatArray:
    if series.country is None:
        return np.zeros(len(numbers))
    return calendar.log_days(calendar.rule_for(series.country), numbers)
