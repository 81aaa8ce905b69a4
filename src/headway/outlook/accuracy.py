"""How good a forecast has been, and whether its intervals still hold: claimed only where it can be estimated."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from headway.outlook import months
from headway.outlook.engine import conformal, scores
from headway.outlook.forecast import Forecast
from headway.outlook.records import FloatArray

ENOUGH = 24
"""Realised forecasts at a horizon below which no MASE, skill or coverage is claimed."""

RECENT = 6
"""Months over which the intervals are watched."""

USUAL = 36
"""Origins with a band below which no usual width is known."""

WIDENED = 1.5
"""Width relative to the usual width from which the page says that bands have widened."""


@dataclasses.dataclass(frozen=True)
class Accuracy:
    """Backtest of one series at one horizon; fractions. Numbers are NaN and `claimed` False where too few are known.

    `skill` is 1 − error/error of the seasonal naive forecast; `p_value` is that of the Diebold–Mariano test of the
    two absolute percentage errors. `coverage` holds the shares of outcomes inside the 50, 80 and 95 % bands.
    """

    kind: str
    name: str
    horizon: int
    origins: int
    claimed: bool
    mape: float
    mape_seasonal_naive: float
    mape_naive: float
    mase: float
    skill: float
    p_value: float
    coverage: tuple[float, float, float]
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Watch:
    """Whether the one-month 80 % bands have held lately: `missed` of `watched`, and width relative to the usual."""

    watched: int
    missed: int
    widening: float

    @property
    def failing(self) -> bool:
        """True if more months missed than the band allows: two expected misses or more beyond the nominal share."""
        return self.watched >= 3 and self.missed >= max(2, 0.2 * self.watched + 1.5)

    @property
    def widened(self) -> bool:
        """True if bands are much wider than usual."""
        return self.widening >= WIDENED


def accuracy(
    forecast: Forecast, horizons: tuple[int, ...] = (1, 3, 6, 12), *, since: int | None = None
) -> tuple[Accuracy, ...]:
    """Backtest measures of a series at some horizons, over origins from month number `since` on."""
    wanted = [step for step in horizons if step <= forecast.horizon]
    return tuple(_at(forecast, step, since) for step in wanted)


def _at(forecast: Forecast, step: int, since: int | None) -> Accuracy:
    name = (forecast.series.kind, forecast.series.name, step)
    origins = np.array(forecast.origins)
    actual = forecast.actual[:, step - 1]
    chosen = outcome_known(forecast, step) & (origins >= (since if since is not None else origins[0]))
    count = int(chosen.sum())
    if count < ENOUGH:
        return _not_claimed(name, count)
    error = scores.percentage_error(forecast.past[:, step - 1], actual)
    seasonal = scores.percentage_error(_plain(forecast, origins, step, seasonal=True), actual)
    plain = scores.percentage_error(_plain(forecast, origins, step, seasonal=False), actual)
    test = scores.diebold_mariano(error[chosen], seasonal[chosen], step)
    inside = np.abs(forecast.errors[:, step - 1])[None] <= forecast.past_width[:, :, step - 1]
    # A band counts once the errors behind it are as many as a claim needs.
    calibrated = np.arange(len(origins)) - step + 1 >= ENOUGH
    covered = chosen & (calibrated if calibrated[chosen].any() else True)
    return Accuracy(
        *name,
        origins=count,
        claimed=True,
        mape=float(error[chosen].mean()),
        mape_seasonal_naive=float(np.nanmean(seasonal[chosen])),
        mape_naive=float(plain[chosen].mean()),
        mase=_mase(forecast, step, chosen),
        skill=1 - float(error[chosen].mean() / np.nanmean(seasonal[chosen])),
        p_value=test.p_value,
        coverage=(
            float(inside[0, covered].mean()),
            float(inside[1, covered].mean()),
            float(inside[2, covered].mean()),
        ),
    )


def outcome_known(forecast: Forecast, step: int) -> NDArray[np.bool_]:
    """Origins [O] whose outcome at a horizon has come and is stated by a source: a filled month is no outcome."""
    filled = set(forecast.series.filled)
    stated = np.array([origin + step not in filled for origin in forecast.origins])
    return np.asarray(np.isfinite(forecast.actual[:, step - 1]) & stated)


def _not_claimed(name: tuple[str, str, int], count: int) -> Accuracy:
    nan = float("nan")
    note = f"{count} realised forecasts: too few to judge by" if count else "no forecast has come due"
    return Accuracy(*name, count, False, nan, nan, nan, nan, nan, nan, (nan, nan, nan), note)


def _plain(forecast: Forecast, origins: NDArray[np.int64], step: int, *, seasonal: bool) -> FloatArray:
    """Logs [O] of the two bare benchmarks: the same month a year before, or the last month."""
    logs = forecast.series.logs
    back = origins - forecast.series.start
    if seasonal:
        back = back + step - 12 * int(np.ceil(step / 12))
    return np.where(back >= 0, logs[np.maximum(back, 0)], np.nan)


def _mase(forecast: Forecast, step: int, chosen: NDArray[np.bool_]) -> float:
    """Mean absolute error over the mean absolute seasonal change known at each origin."""
    actual, past = (np.exp(values[:, step - 1]) for values in (forecast.actual, forecast.past))
    values = forecast.series.values
    scale = np.array(
        [scores.seasonal_scale(values, origin - forecast.series.start) for origin in forecast.origins]
    )
    return float(np.nanmean((np.abs(actual - past) / scale)[chosen]))


def watch(forecast: Forecast) -> Watch:
    """How the one-month 80 % band has held over the last six outcomes, and how wide it is now."""
    level = conformal.LEVELS.index(0.8)
    width = forecast.past_width[level, :, 0]
    known = np.flatnonzero(outcome_known(forecast, 1) & np.isfinite(width))[-RECENT:]
    missed = int((np.abs(forecast.errors[known, 0]) > width[known]).sum())
    usual = width[np.isfinite(width)]
    widening = float(width[-1] / np.median(usual)) if len(usual) >= USUAL else float("nan")
    return Watch(len(known), missed, widening)


def misses(forecast: Forecast, last: int = RECENT) -> tuple[str, ...]:
    """The months among the last outcomes that fell outside the 80 % band made a month before."""
    level = conformal.LEVELS.index(0.8)
    width = forecast.past_width[level, :, 0]
    known = np.flatnonzero(outcome_known(forecast, 1) & np.isfinite(width))[-last:]
    return tuple(months.label(forecast.origins[at] + 1) for at in known if abs(forecast.errors[at, 0]) > width[at])
