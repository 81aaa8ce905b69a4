"""Rolling-origin backtest and forecast of a group of series that cover the same months."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from headway.outlook.engine import combine, effects
from headway.outlook.engine.arima import arima
from headway.outlook.engine.smoothing import exponential_smoothing, theta
from headway.outlook.engine.structural import local_level, naive, seasonal_naive

FloatArray = NDArray[np.float64]
Origins = NDArray[np.int64]
Model = Callable[[FloatArray, Origins, int], FloatArray]

MODELS: dict[str, Model] = {
    "seasonal naive": seasonal_naive,
    "naive": naive,
    "ets": exponential_smoothing,
    "theta": theta,
    "arima": arima,
    "structural": local_level,
}

SHORT = 60
"""Months below which a series gets the four models with few parameters."""

THIN = 24
"""Months below which a series gets the two naive models."""


@dataclasses.dataclass(frozen=True)
class Group:
    """Logs [S, T] of series over the same months; regressors [T + H, K] reach to the forecast's end.

    `prior` is that of the effects of the regressors.
    """

    logs: FloatArray
    regressors: FloatArray
    prior: effects.Prior


@dataclasses.dataclass(frozen=True)
class Backtest:
    """Forecasts made at each origin with what was known then, all in logs; outcomes are NaN where unknown.

    forecasts [M, S, O, H], combined [S, O, H], actual [S, O, H], weights [M, S, O]; `effects` are those of the
    last selection, `adjusted` [S, T] the logs without them.
    """

    models: tuple[str, ...]
    origins: Origins
    forecasts: FloatArray
    combined: FloatArray
    actual: FloatArray
    weights: FloatArray
    effects: effects.Effects
    adjusted: FloatArray

    @property
    def errors(self) -> FloatArray:
        """Actual less combined [S, O, H], in logs."""
        return self.actual - self.combined


def model_names(length: int) -> tuple[str, ...]:
    """The models that a series of so many months can bear."""
    if length < THIN:
        return ("seasonal naive", "naive")
    if length < SHORT:
        return ("seasonal naive", "naive", "ets", "theta")
    return tuple(MODELS)


def first_origin(length: int) -> int:
    """Index of the first month from which a forecast is made and judged."""
    return min(max(18, length // 4), 47, length - 1) if length >= THIN else length - 1


def run(group: Group, horizon: int, *, reselect: int = 12, origins: int | None = None) -> Backtest:
    """Forecast from every origin, or from the last `origins` of them; effects are estimated anew every `reselect`.

    Smoothing parameters and autoregressions are re-estimated at every origin. No forecast uses a later month.
    """
    length = group.logs.shape[1]
    names = model_names(length)
    first = first_origin(length)
    if origins is not None:
        first = max(first, length - origins)
    places = np.arange(first, length)
    forecasts, last = _by_block(group, names, _blocks(first, length, reselect), horizon)
    actual = outcomes(group.logs, places, horizon)
    weights = combine.weights(actual[None] - forecasts)
    return Backtest(
        models=names,
        origins=places,
        forecasts=forecasts,
        combined=np.einsum("mso,msoh->soh", weights, forecasts),
        actual=actual,
        weights=weights,
        effects=last,
        adjusted=group.logs - (last.coefficients @ group.regressors.T)[:, :length],
    )


def _blocks(first: int, length: int, reselect: int) -> list[Origins]:
    """Origins in runs that share one estimate of the effects, the last origin by itself so that it uses every month."""
    starts = [*range(first, length - 1, reselect), length - 1]
    stops = [*starts[1:], length]
    return [np.arange(start, stop) for start, stop in zip(starts, stops, strict=True)]


def _by_block(
    group: Group, names: tuple[str, ...], blocks: list[Origins], horizon: int
) -> tuple[FloatArray, effects.Effects]:
    """Forecasts [M, S, O, H] of all origins, and the effects estimated last.

    Every block has its own effects and so its own adjusted series; the models run over all of them as rows of one
    array, since their loops over months cost the same for one row and for many. They look only backwards from an
    origin, so a row may go on beyond its block.
    """
    length = group.logs.shape[1]
    estimates = [
        effects.estimate(group.logs[:, : own[0] + 1], group.regressors[: own[0] + 1], group.prior)
        for own in blocks
    ]
    shifts = np.stack([one.coefficients @ group.regressors.T for one in estimates])
    adjusted = (group.logs[None] - shifts[..., :length]).reshape(-1, length)
    widest = max(len(own) for own in blocks)
    padded = np.stack([np.pad(own, (0, widest - len(own)), mode="edge") for own in blocks])
    origins = np.repeat(padded, len(group.logs), axis=0)
    made = np.stack([MODELS[name](adjusted, origins, horizon) for name in names])
    made = made.reshape(len(names), len(blocks), len(group.logs), widest, horizon)
    ahead = padded[:, :, None] + np.arange(1, horizon + 1)
    made += np.stack([shift[:, of_block] for shift, of_block in zip(shifts, ahead, strict=True)])
    kept = [made[:, at, :, : len(own)] for at, own in enumerate(blocks)]
    return np.concatenate(kept, axis=2), estimates[-1]


def outcomes(logs: FloatArray, origins: Origins, horizon: int) -> FloatArray:
    """Logs [S, O, H] of the months after each origin, NaN beyond the data."""
    padded = np.concatenate([logs, np.full((len(logs), horizon), np.nan)], axis=1)
    return padded[:, origins[:, None] + np.arange(1, horizon + 1)[None]]
