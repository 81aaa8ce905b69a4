"""Forecasts of a panel: models, backtest, combination and intervals for each of its series."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from headway.errors import DataError
from headway.outlook import adjustment, calendar, months
from headway.outlook.engine import conformal, effects, pipeline
from headway.outlook.records import FloatArray, Panel, Series

CHUNK = 40
"""Series run in one pass; more would only need more memory."""

SHORT_SEASONAL_PRIOR = 0.05
"""Prior deviation of a short series' seasonal around the total's: short panels are pooled."""

SHORT_DAYS_PRIOR = 0.15

RULE_OF_THUMB = (0.674, 1.282, 1.960)
"""Normal quantiles for 50, 80 and 95 %, used where no forecast error is on file."""

WIDER = 1.5
"""Factor on widths that no backtest supports."""


@dataclasses.dataclass(frozen=True)
class Settings:
    """How far ahead, how often effects are estimated anew, and how many origins the backtest covers (None: all)."""

    horizon: int = 12
    reselect: int = 12
    origins: int | None = None
    known_on: dt.date | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.horizon <= 24:
            raise DataError(f"A horizon of {self.horizon} months is not offered.", "Choose 1 to 24 months.")
        if self.reselect < 1 or (self.origins is not None and self.origins < 1):
            raise DataError("The numbers of origins must be positive.", "Give 1 or more.")


@dataclasses.dataclass(frozen=True, eq=False)
class Forecast:
    """One series ahead: `median` [H] and half-widths in logs `width` [L, H], with the backtest behind them.

    `origins` [O] are month numbers; `past` [O, H] what was forecast then, `actual` what came (NaN unknown), both
    logs; `by_model` [M, O, H]; `past_width` [L, O, H] the bands of the time; `supported` [H] whether errors stand
    behind a width: its own, its group's, or those of `lender`, the total. `shifts` [T + H] are season and calendar.
    """

    series: Series
    median: FloatArray
    width: FloatArray
    models: tuple[str, ...]
    weights: FloatArray
    origins: tuple[int, ...]
    past: FloatArray
    actual: FloatArray
    by_model: FloatArray
    past_width: FloatArray
    scale: FloatArray
    supported: tuple[bool, ...]
    adjusted: Series
    shifts: FloatArray
    effects: FloatArray
    days_elasticity: tuple[float, float] | None
    notes: tuple[str, ...] = ()
    lender: Forecast | None = None
    known_on: dt.date | None = None

    @property
    def horizon(self) -> int:
        """Months ahead."""
        return len(self.median)

    @property
    def numbers(self) -> range:
        """Month numbers of the forecast."""
        return range(self.series.end + 1, self.series.end + 1 + self.horizon)

    @property
    def low(self) -> FloatArray:
        """Lower bounds [L, H], levels of 50, 80 and 95 %."""
        return np.asarray(self.median * np.exp(-self.width))

    @property
    def high(self) -> FloatArray:
        """Upper bounds [L, H]."""
        return np.asarray(self.median * np.exp(self.width))

    @property
    def errors(self) -> FloatArray:
        """Realised log errors [O, H], actual less forecast."""
        return self.actual - self.past

    def level(self, number: int) -> float:
        """The value of a month, stated or forecast; raises DataError outside both."""
        if number <= self.series.end:
            return self.series.at(number)
        if number not in self.numbers:
            raise DataError(f"{months.label(number)} lies beyond the forecast.", "Ask for a longer horizon.")
        return float(self.median[number - self.series.end - 1])

    def adjusted_level(self, number: int) -> float:
        """The value without season and calendar, stated or forecast."""
        if number <= self.adjusted.end:
            return self.adjusted.at(number)
        place = number - self.series.end - 1
        return float(self.median[place] * np.exp(-self.shifts[len(self.series.values) + place]))


def forecast_panel(panel: Panel, settings: Settings | None = None) -> tuple[Forecast, ...]:
    """Forecast every series of a panel, in its order; the total is forecast first and lends short series its season.

    Series with the same months share one pass. Under 60 months a series gets four models, under 24 two, and its
    notes say so. Raises DataError for fewer than twelve months.
    """
    settings = settings or Settings()
    done: dict[tuple[str, str], Forecast] = {}
    total = panel.total
    lender: Forecast | None = None
    if total is not None and len(total.values) >= pipeline.SHORT:
        (lender,) = _run_group([total], settings, None)
        done[total.kind, total.name] = lender
    for group in _groups(one for one in panel.series if (one.kind, one.name) not in done):
        for forecast in _run_group(group, settings, lender):
            done[forecast.series.kind, forecast.series.name] = forecast
    return tuple(done[one.kind, one.name] for one in panel.series)


def _groups(series: Iterable[Series]) -> list[list[Series]]:
    """Series that share months, calendar and kind of adjustment, in chunks."""
    groups: dict[tuple[int, int, bool, str | None], list[Series]] = defaultdict(list)
    for one in series:
        groups[one.start, one.end, one.adjusted, one.country].append(one)
    return [group[at : at + CHUNK] for group in groups.values() for at in range(0, len(group), CHUNK)]


def _run_group(group: list[Series], settings: Settings, lender: Forecast | None) -> list[Forecast]:
    """Forecasts of series over the same months; `lender` gives short ones its season and the size of its errors."""
    head = group[0]
    if len(head.values) >= pipeline.SHORT or (lender is not None and lender.series.end != head.end):
        lender = None
    if len(head.values) < 12:
        raise DataError(
            f"{head.kind} {head.name} has {len(head.values)} months; a forecast needs twelve.",
            "Give a longer history.",
        )
    regressors = _regressors(head, settings)
    prior = _prior(head, regressors.shape[1], lender)
    logs = np.stack([one.logs for one in group])
    backtest = pipeline.run(
        pipeline.Group(logs, regressors, prior),
        settings.horizon,
        reselect=settings.reselect,
        origins=settings.origins,
    )
    bands = _bands(backtest, lender)
    shifts = backtest.effects.coefficients @ regressors.T
    made = [_assemble(one, place, backtest, bands, shifts) for place, one in enumerate(group)]
    return [dataclasses.replace(one, lender=lender, known_on=settings.known_on) for one in made]


def _regressors(series: Series, settings: Settings) -> FloatArray:
    numbers = range(series.start, series.end + 1 + settings.horizon)
    days = None
    if series.country is not None:
        days = calendar.log_days(calendar.rule_for(series.country), numbers, known_on=settings.known_on)
    return effects.design(np.array(numbers) % 12, days, seasonal=not series.adjusted)


def _prior(series: Series, width: int, lender: Forecast | None) -> effects.Prior:
    """Prior of the effects: the lender's for a short series, else the general one."""
    head = 0 if series.country is None else 1
    if lender is not None and len(lender.effects) == width and lender.series.adjusted == series.adjusted:
        sd = np.array([SHORT_DAYS_PRIOR] * head + [SHORT_SEASONAL_PRIOR] * (width - head))
        return effects.Prior(lender.effects, sd)
    mean, deviation = adjustment.days_prior(series)
    return effects.Prior(
        np.array([mean] * head + [0.0] * (width - head)),
        np.array([deviation] * head + [adjustment.SEASONAL_PRIOR] * (width - head)),
    )


@dataclasses.dataclass(frozen=True, eq=False)
class _Bands:
    """Half-widths in logs [L, S, O, H] and the local scale [S, O]."""

    width: FloatArray
    scale: FloatArray


def _bands(backtest: pipeline.Backtest, lender: Forecast | None) -> _Bands:
    errors = backtest.errors
    start = conformal.typical_change(backtest.adjusted[:, : max(int(backtest.origins[0]) + 1, 12)])
    scale = conformal.local_scale(errors[:, :, 0], start)
    width = np.full((len(conformal.LEVELS), *errors.shape), np.nan)
    for step in range(errors.shape[2]):
        lent = None if lender is None else np.abs(lender.errors[:, step]) / lender.scale
        found = conformal.adaptive_bands(np.abs(errors[:, :, step]) / scale, step + 1, lent=lent)
        width[..., step] = found.half_width * scale[None]
    return _Bands(width, scale)


def _assemble(
    series: Series, place: int, backtest: pipeline.Backtest, bands: _Bands, shifts: FloatArray
) -> Forecast:
    width, supported = _final_width(bands.width[:, place, -1], backtest.adjusted[place])
    has_days = series.country is not None
    return Forecast(
        series=series,
        median=np.exp(backtest.combined[place, -1]),
        width=width,
        models=backtest.models,
        weights=backtest.weights[:, place, -1],
        origins=tuple(int(series.start + at) for at in backtest.origins),
        past=backtest.combined[place],
        actual=backtest.actual[place],
        by_model=backtest.forecasts[:, place],
        past_width=bands.width[:, place],
        scale=bands.scale[place],
        supported=supported,
        adjusted=dataclasses.replace(series, values=np.exp(backtest.adjusted[place]), adjusted=True),
        shifts=shifts[place],
        effects=backtest.effects.coefficients[place],
        days_elasticity=(
            (float(backtest.effects.coefficients[place, 0]), float(backtest.effects.errors[place, 0]))
            if has_days
            else None
        ),
        notes=series.notes + _length_notes(series, backtest.models),
    )


def _final_width(width: FloatArray, adjusted: FloatArray) -> tuple[FloatArray, tuple[bool, ...]]:
    """Half-widths [L, H] for every horizon, those without errors on file by rule; widths never shrink with it."""
    steps = np.arange(1, width.shape[1] + 1)
    supported = np.isfinite(width[0])
    filled = width.copy()
    if supported.any():
        last = int(np.flatnonzero(supported)[-1])
        growth = WIDER * np.sqrt(steps / steps[last])
        filled[:, ~supported] = (width[:, last][:, None] * growth[None])[:, ~supported]
    else:
        spread = float(np.std(np.diff(adjusted))) if len(adjusted) > 2 else 0.1
        filled = WIDER * np.array(RULE_OF_THUMB)[:, None] * spread * np.sqrt(steps)[None]
    return np.maximum.accumulate(filled, axis=1), tuple(bool(flag) for flag in supported)


def _length_notes(series: Series, models: tuple[str, ...]) -> tuple[str, ...]:
    count = len(series.values)
    stated = count - len(series.filled)
    notes = []
    if count < pipeline.SHORT:
        notes.append(
            f"{series.kind} {series.name}: {count} months ({stated} stated) bear {len(models)} models "
            f"({', '.join(models)}); season and working days lean on the total, intervals on the whole panel."
        )
    return tuple(notes)
