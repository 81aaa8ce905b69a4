"""Forecasts of a panel: models, backtest, combination and intervals for each of its series."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from headway.errors import DataError
from headway.outlook import adjustment, calendar, months
from headway.outlook.engine import conformal, effects, pipeline
from headway.outlook.records import FloatArray, Panel, Series

LONGEST = 24
"""Months ahead at most."""

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
        if not 1 <= self.horizon <= LONGEST:
            raise DataError(
                f"A horizon of {self.horizon} months is not offered.", f"Choose 1 to {LONGEST} months."
            )
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
    last = max((one.end for one in panel.series), default=0)
    if total is not None and len(total.values) >= pipeline.SHORT:
        (lender,) = _run_group([total], _reaching(total, last, settings), None)
        done[total.kind, total.name] = lender
    for group in _groups(one for one in panel.series if (one.kind, one.name) not in done):
        for forecast in _run_group(group, _reaching(group[0], last, settings), lender):
            done[forecast.series.kind, forecast.series.name] = forecast
    return tuple(done[one.kind, one.name] for one in panel.series)


def _reaching(series: Series, last: int, settings: Settings) -> Settings:
    """Settings whose horizon carries a series that ends early as far as the others; raises DataError if it is stale."""
    behind = last - series.end
    if settings.horizon + behind > LONGEST:
        raise DataError(
            f"{series.kind} {series.name} ends in {months.label(series.end)}, {behind} months before the others.",
            "Update it, leave it out, or shorten the horizon.",
        )
    return dataclasses.replace(settings, horizon=settings.horizon + behind)


def lent_scores(lender: Forecast, end: int, errors: FloatArray) -> FloatArray:
    """Scaled absolute errors [N] of a lender, cut so that the last belongs to the origin `end`."""
    found = np.abs(errors) / lender.scale
    return found[: len(found) - max(lender.series.end - end, 0)]


def _groups(series: Iterable[Series]) -> list[list[Series]]:
    """Series that share months, calendar and kind of adjustment, in chunks."""
    groups: dict[tuple[int, int, bool, str | None], list[Series]] = defaultdict(list)
    for one in series:
        groups[one.start, one.end, one.adjusted, one.country].append(one)
    return [group[at : at + CHUNK] for group in groups.values() for at in range(0, len(group), CHUNK)]


def _run_group(group: list[Series], settings: Settings, lender: Forecast | None) -> list[Forecast]:
    """Forecasts of series over the same months; `lender` gives short ones its season and the size of its errors."""
    head = group[0]
    if len(head.values) >= pipeline.SHORT or (lender is not None and lender.series.end < head.end):
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
    stated = np.array([[number not in one.filled for number in one.numbers] for one in group])
    behind = 0 if lender is None else lender.series.end - head.end
    bands = _bands(backtest, lender, stated, behind)
    shifts = backtest.effects.coefficients @ regressors.T
    made = [_assemble(one, place, backtest, bands, shifts) for place, one in enumerate(group)]
    return [
        dataclasses.replace(
            one,
            lender=lender,
            known_on=settings.known_on,
            notes=one.notes + _length_notes(one, lender is not None),
        )
        for one in made
    ]


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


def _bands(backtest: pipeline.Backtest, lender: Forecast | None, stated: NDArray[np.bool_], behind: int) -> _Bands:
    errors = backtest.errors
    seen = max(int(backtest.origins[0]) + 1, 12)
    start = conformal.typical_change(backtest.adjusted[:, :seen], stated[:, :seen])
    scale = conformal.local_scale(errors[:, :, 0], start)
    steps = range(errors.shape[2])
    lent: list[FloatArray | None] = [None] * len(steps)
    if lender is not None:
        end = lender.series.end - behind
        lent = [lent_scores(lender, end, lender.errors[:, min(step, lender.horizon - 1)]) for step in steps]
    scores = np.moveaxis(np.abs(errors) / scale[..., None], 2, 0)
    found = conformal.many_bands(scores, np.array(steps) + 1, lent=lent)
    return _Bands(np.moveaxis(found.half_width * scale, 1, -1), scale)


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
        notes=series.notes,
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


def _length_notes(one: Forecast, leans: bool) -> tuple[str, ...]:
    """What a short series is told about itself; empty for a long one."""
    series, count = one.series, len(one.series.values)
    if count >= pipeline.SHORT:
        return ()
    stated = count - len(series.filled)
    support = "season and working days lean on the total, intervals on the errors of the total and of its like"
    if not leans:
        support = "there is no longer series to lean on"
    return (
        f"{series.kind} {series.name}: {count} months ({stated} stated) bear {len(one.models)} models "
        f"({', '.join(one.models)}); {support}.",
    )
