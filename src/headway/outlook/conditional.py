"""The outlook given a measure: baseline × (1 + effect path), with both uncertainties."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from headway.errors import DataError, NoEffect, OutsideDomain, UnknownCode, UnreadableInput
from headway.outlook import calendar, months
from headway.outlook.engine import conformal
from headway.outlook.forecast import Forecast
from headway.outlook.records import FloatArray

if TYPE_CHECKING:
    import polars as pl

DRAWS = 4000
NORMAL_80 = 1.2816

COLUMNS = ("kind", "name", "month", "effect")
"""Columns of an effect path: series, month (YYYY-MM) and effect as a fraction; `low`, `high` (80 %) or `draw`."""


@dataclasses.dataclass(frozen=True)
class PhaseIn:
    """When an effect sets in: from `start`, full after `full_after` months of adjustment, gone after `end`."""

    start: dt.date
    full_after: float = 6.0
    end: dt.date | None = None


@dataclasses.dataclass(frozen=True)
class FrontLoading:
    """Shipments brought forward before a date: `extra` of a month's exports in each of `months_before`, taken back
    in equal parts over `payback` months after it. `evidence` says where the size comes from and is shown."""

    start: dt.date
    extra: float
    evidence: str
    months_before: int = 2
    payback: int = 3

    def __post_init__(self) -> None:
        if not self.evidence.strip():
            raise DataError(
                "Front-loading without evidence is a guess.", "Say where its size comes from, in `evidence`."
            )
        if not 0 <= self.extra < 1 or self.months_before < 1 or self.payback < 1:
            raise OutsideDomain(f"Front-loading of {self.extra} is out of range.", "Give a fraction from 0 to 1.")


@dataclasses.dataclass(frozen=True, eq=False)
class Conditional:
    """One series under a scenario: `median` [H], bounds `low`, `high` [L, H], `effect` [H] as a fraction.

    `effect_low`, `effect_high` [H] bound the effect alone at 80 %; `draws` [D, H] are levels under the scenario.
    """

    forecast: Forecast
    median: FloatArray
    low: FloatArray
    high: FloatArray
    effect: FloatArray
    effect_low: FloatArray
    effect_high: FloatArray
    draws: FloatArray


def phase_in(effect: float, phase: PhaseIn, numbers: Sequence[int], *, country: str | None = None) -> FloatArray:
    """Monthly path [H] of an effect that is `effect` when complete: days in force × share of adjustment done.

    The share of a month's days on or after the start (working days of `country` where given) times a linear ramp
    that is one after `full_after` months: contracts and stocks delay the response.
    """
    if effect <= -1:
        raise OutsideDomain(f"An effect of {effect:.0%} would leave no exports.", "Give a fraction above −1.")
    path = np.zeros(len(numbers))
    for place, number in enumerate(numbers):
        in_force = _share_in_force(number, phase, country)
        middle = max((months.last_day(number) - phase.start).days / 30.44 - 0.5 * in_force, 0.0)
        ramp = 1.0 if phase.full_after <= 0 else min(1.0, middle / phase.full_after)
        path[place] = effect * in_force * ramp
    return path


def _share_in_force(number: int, phase: PhaseIn, country: str | None) -> float:
    first, last = months.first_day(number), months.last_day(number)
    begin = max(first, phase.start)
    finish = last if phase.end is None else min(last, phase.end)
    if begin > finish:
        return 0.0
    if country is None:
        return ((finish - begin).days + 1) / ((last - first).days + 1)
    rule = calendar.rule_for(country)
    return calendar.count_days(rule, begin, finish) / calendar.count_days(rule, first, last)


def front_loading(option: FrontLoading, numbers: Sequence[int]) -> FloatArray:
    """Monthly path [H] of shipments brought forward, as fractions of the baseline; sums to zero over the whole."""
    event = months.of_date(option.start)
    path = np.zeros(len(numbers))
    taken_back = option.extra * option.months_before / option.payback
    for place, number in enumerate(numbers):
        if event - option.months_before <= number < event:
            path[place] = option.extra
        elif event <= number < event + option.payback:
            path[place] = -taken_back
    return path


def read_effects(source: Path | pl.DataFrame) -> pl.DataFrame:
    """An effect path from a CSV or Parquet file, or a table, checked; raises naming the column or row at fault."""
    import polars as pl

    table, name = (
        (source, "the effect table") if isinstance(source, pl.DataFrame) else (_load(source), source.name)
    )
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing:
        raise UnreadableInput(
            f"{name} has no column {', '.join(missing)} (it has {', '.join(table.columns)}).",
            f"An effect path has {', '.join(COLUMNS)} and either low and high, or draw.",
        )
    table = table.with_columns(pl.col("effect").cast(pl.Float64), pl.col("month").cast(pl.String))
    if table["effect"].is_null().any() or not table["effect"].is_finite().all():
        raise DataError(f"{name} has effects that are missing or not finite.", "Fill or remove those rows.")
    if (table["effect"] <= -1).any():
        raise OutsideDomain(f"{name} has an effect of −100 % or less.", "Effects are fractions above −1.")
    if (table["effect"] == 0).all():
        raise NoEffect(f"{name} changes nothing: every effect is zero.", "Check the scenario behind it.")
    keys = ["kind", "name", "month"] + (["draw"] if "draw" in table.columns else [])
    if table.select(keys).is_duplicated().any():
        raise DataError(f"{name} gives an effect twice for one series and month.", "Keep one row each.")
    return table


def _load(path: Path) -> pl.DataFrame:
    import polars as pl

    if not path.is_file():
        raise UnreadableInput(f"There is no file {path}.", "Check the path.")
    return pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path)


def apply_effects(
    forecasts: Sequence[Forecast], effects: pl.DataFrame, rng: np.random.Generator
) -> dict[tuple[str, str], Conditional]:
    """The conditional outlook of every series that the effect path names; the total follows from its items.

    Where the path names items (or destinations) but not the total, the total moves by their sum in value. Raises
    UnknownCode for a series without a forecast and NoEffect if no month of the path lies in the horizon.
    """
    by_key = {(one.series.kind, one.series.name): one for one in forecasts}
    named = set(effects.select("kind", "name").unique().iter_rows())
    unknown = sorted(f"{kind} {name}" for kind, name in named - set(by_key))
    if unknown:
        known = ", ".join(f"{kind} {name}" for kind, name in by_key)
        raise UnknownCode(f"No forecast of {', '.join(unknown)} to apply an effect to.", f"Forecast: {known}.")
    paths = {key: _effect_draws(by_key[key], effects, key, rng) for key in sorted(named)}
    if not any(np.any(path) for path in paths.values()):
        raise NoEffect("No month of the effect path lies in the forecast.", "Check its months and the horizon.")
    total = ("total", "total")
    if total in by_key and total not in paths:
        paths[total] = _total_effect(by_key, paths, total)
    return {key: _conditional(by_key[key], path, rng) for key, path in paths.items()}


def _effect_draws(
    forecast: Forecast, effects: pl.DataFrame, key: tuple[str, str], rng: np.random.Generator
) -> FloatArray:
    """Draws [D, H] of the effect on one series: resampled, or normal through low and high, one draw for all months."""
    import polars as pl

    rows = effects.filter((pl.col("kind") == key[0]) & (pl.col("name") == key[1]))
    place = {months.label(number): index for index, number in enumerate(forecast.numbers)}
    if "draw" in rows.columns:
        drawn = sorted(rows["draw"].unique().to_list())
        matrix = np.zeros((len(drawn), forecast.horizon))
        for draw, month, effect in rows.select("draw", "month", "effect").iter_rows():
            if month in place:
                matrix[drawn.index(draw), place[month]] = effect
        return matrix[rng.integers(len(drawn), size=DRAWS)]
    # Each draw has its mirror image, so that the middle of the draws is the stated effect.
    half = rng.standard_normal(DRAWS // 2)
    shock = np.concatenate([half, -half])[:, None]
    centre, spread = np.zeros(forecast.horizon), np.zeros(forecast.horizon)
    for row in rows.iter_rows(named=True):
        if row["month"] in place:
            centre[place[row["month"]]] = row["effect"]
            if row.get("low") is not None and row.get("high") is not None:
                spread[place[row["month"]]] = (row["high"] - row["low"]) / (2 * NORMAL_80)
    return np.maximum(centre[None] + shock * spread[None], -0.999)


def _total_effect(
    by_key: dict[tuple[str, str], Forecast], paths: dict[tuple[str, str], FloatArray], total: tuple[str, str]
) -> FloatArray:
    """Effect draws [D, H] on the total: items where the path names any, else destinations, weighted by value."""
    kinds = {kind for kind, _ in paths}
    kind = "item" if "item" in kinds else "destination"
    whole = by_key[total]
    moved = np.zeros((DRAWS, whole.horizon))
    for key, path in paths.items():
        if key[0] == kind:
            # A series that ends before the total has the months in between ahead of it too.
            late = whole.series.end - by_key[key].series.end
            value = path * by_key[key].median[None]
            moved += value[:, late : late + whole.horizon]
    return np.asarray(moved / whole.median[None])


def _conditional(forecast: Forecast, effect: FloatArray, rng: np.random.Generator) -> Conditional:
    draws = baseline_draws(forecast, rng) * (1 + effect)
    median = forecast.median * (1 + np.median(effect, axis=0))
    tails = [(0.5 - level / 2, 0.5 + level / 2) for level in conformal.LEVELS]
    return Conditional(
        forecast=forecast,
        median=median,
        low=np.stack([np.quantile(draws, tail[0], axis=0) for tail in tails]),
        high=np.stack([np.quantile(draws, tail[1], axis=0) for tail in tails]),
        effect=np.median(effect, axis=0),
        effect_low=np.quantile(effect, 0.1, axis=0),
        effect_high=np.quantile(effect, 0.9, axis=0),
        draws=draws,
    )


def baseline_draws(forecast: Forecast, rng: np.random.Generator) -> FloatArray:
    """Draws [D, H] of the baseline whose quantiles are the conformal bands: one rank per draw for all months.

    Errors of a path are strongly alike over months, so one rank for a path is close, and wide for sums.
    """
    rank = rng.uniform(-1.0, 1.0, DRAWS)
    knots = np.array([0.0, *conformal.LEVELS, 1.0])
    draws = np.empty((DRAWS, forecast.horizon))
    for step in range(forecast.horizon):
        width = np.array([0.0, *forecast.width[:, step], 1.3 * forecast.width[-1, step]])
        draws[:, step] = forecast.median[step] * np.exp(np.sign(rank) * np.interp(np.abs(rank), knots, width))
    return draws
