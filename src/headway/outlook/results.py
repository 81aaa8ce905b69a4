"""Request → plan → run → result: the outlook of a panel of exports, as known on a day."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import headway
from headway.errors import DataError
from headway.outlook import adjustment, figures, flashes, growth, hierarchy, months, sentences, tables
from headway.outlook.conditional import DRAWS, Conditional, apply_effects, read_effects
from headway.outlook.engine import pipeline
from headway.outlook.flashes import Nowcast
from headway.outlook.forecast import Forecast, Settings, forecast_panel
from headway.outlook.records import Panel
from headway.outlook.tracking import Index, Standing, Survey, latest_survey, standing

if TYPE_CHECKING:
    import polars as pl

SEED = 20250121


@dataclasses.dataclass(frozen=True, eq=False)
class Request:
    """What is asked: an outlook of `panel` (None: Korea's shipped figures) as known on a day.

    `effects` is the effect path of a scenario (table or file), named by `scenario`; `indices` are shown beside it;
    `use_flash` lets a customs flash of the running month speak (shipped figures only).
    """

    panel: Panel | None = None
    as_known_on: dt.date | None = None
    horizon: int = 12
    effects: pl.DataFrame | Path | None = None
    scenario: str = "the announced measure"
    indices: tuple[Index, ...] = ()
    use_flash: bool = True
    seed: int = SEED


@dataclasses.dataclass(frozen=True, eq=False)
class Plan:
    """What will be done: the panel as known, the periods, the models of each series, and what will be said of it."""

    request: Request
    panel: Panel
    settings: Settings
    periods: tuple[str, ...]
    models: Mapping[str, tuple[str, ...]]
    flash: flashes.Flash | None
    notes: tuple[str, ...]


@dataclasses.dataclass(frozen=True, eq=False)
class OutlookResult:
    """The outlook as tables (see headway.outlook.tables), sentences, notes and a manifest."""

    plan: Plan
    forecasts: tuple[Forecast, ...]
    scenario: Mapping[tuple[str, str], Conditional]
    elasticity: growth.Elasticity | None
    nowcast: Nowcast | None
    forecast: pl.DataFrame
    periods: pl.DataFrame
    steps: pl.DataFrame
    rates: pl.DataFrame
    drivers: pl.DataFrame
    contributions: pl.DataFrame
    accuracy: pl.DataFrame
    backtest: pl.DataFrame
    weights: pl.DataFrame
    watch: pl.DataFrame
    breaks: pl.DataFrame
    standings: tuple[Standing, ...]
    survey: tuple[Survey, ...]
    sentences: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...]
    manifest: Mapping[str, Any]

    def get(self, kind: str, name: str) -> Forecast:
        """The forecast of one series; raises UnknownCode as Panel.get does."""
        self.plan.panel.get(kind, name)
        return next(one for one in self.forecasts if (one.series.kind, one.series.name) == (kind, name))


def plan(request: Request) -> Plan:
    """Cut the data at the day, add what parts leave of the total, and choose periods and models; solves nothing."""
    panel = _known_panel(request)
    panel = hierarchy.with_rest(panel)
    if not panel.series:
        raise DataError("There is no series to forecast.", "Give a panel with at least one series.")
    last = max(one.end for one in panel.series)
    periods = tuple(
        half
        for half in months.halves(last + 1, last + request.horizon)
        if months.period(half)[-1] <= last + request.horizon
    )
    flash = _flash(request, panel)
    return Plan(
        request=request,
        panel=panel,
        settings=Settings(horizon=request.horizon, known_on=request.as_known_on),
        periods=periods,
        models={f"{one.kind} {one.name}": pipeline.model_names(len(one.values)) for one in panel.series},
        flash=flash,
        notes=(*panel.notes, *_staleness(last, request.as_known_on)),
    )


def _staleness(last: int, day: dt.date | None) -> tuple[str, ...]:
    """That the data end long before the day, if they do."""
    behind = 0 if day is None else months.of_date(day) - last
    return (f"The data end in {months.words(last)}, {behind} months before {day}.",) if behind > 2 else ()


def _known_panel(request: Request) -> Panel:
    if request.panel is None:
        return figures.korea(request.as_known_on)
    if request.as_known_on is None:
        return request.panel
    # A month is taken to be published when the next one begins.
    return request.panel.until(months.of_date(request.as_known_on) - 1)


def _flash(request: Request, panel: Panel) -> flashes.Flash | None:
    """The latest customs flash of the month after the data, if the shipped figures have one on the day."""
    if request.panel is not None or not request.use_flash or panel.total is None:
        return None
    known = [f for f in flashes.korean_flashes(request.as_known_on) if f.number == panel.total.end + 1]
    return known[-1] if known else None


def outlook(request: Request | None = None) -> OutlookResult:
    """The outlook that a request asks for; without one, Korea's with everything on file."""
    return run(plan(request or Request()))


def run(plan: Plan) -> OutlookResult:
    """Forecast, reconcile, apply the scenario, and describe; deterministic given the plan's seed."""
    request = plan.request
    forecasts, running = forecasts_of(plan)
    scenario: Mapping[tuple[str, str], Conditional] = {}
    if request.effects is not None:
        scenario = apply_effects(forecasts, read_effects(request.effects), np.random.default_rng(request.seed))
    return _result(plan, forecasts, scenario, running)


def forecasts_of(plan: Plan) -> tuple[tuple[Forecast, ...], Nowcast | None]:
    """The forecasts of a plan, the running month's flash taken in and parts reconciled; and the nowcast, if any."""
    made = forecast_panel(plan.panel, plan.settings)
    total = next((one for one in made if one.series.kind == "total"), None)
    running = None
    if total is not None and plan.flash is not None:
        running = flashes.nowcast(total, plan.flash, flashes.korean_flashes(plan.request.as_known_on))
        updated = flashes.update(total, running)
        made = tuple(updated if one is total else one for one in made)
    return hierarchy.reconciled(made), running


def _result(
    plan: Plan,
    forecasts: tuple[Forecast, ...],
    scenario: Mapping[tuple[str, str], Conditional],
    running: Nowcast | None,
) -> OutlookResult:
    panel_total = plan.panel.total
    response = _response(panel_total)
    published = figures.published_growth("total", "total") if plan.request.panel is None else {}
    since = max(one.series.end for one in forecasts) - 35
    breaks, by_series = tables.break_table(forecasts, since)
    periods = tables.period_table(forecasts, plan.periods, scenario)
    result = OutlookResult(
        plan=plan,
        forecasts=forecasts,
        scenario=scenario,
        elasticity=response,
        nowcast=running,
        forecast=tables.forecast_table(forecasts, scenario),
        periods=periods,
        steps=tables.step_table(periods),
        rates=tables.rates_table(panel_total, response, published),
        drivers=tables.driver_table(forecasts),
        contributions=tables.contribution_table(forecasts),
        accuracy=tables.accuracy_table(forecasts),
        backtest=tables.backtest_table(forecasts),
        weights=tables.weight_table(forecasts),
        watch=tables.watch_table(forecasts),
        breaks=breaks,
        standings=tuple(standing(index, as_known_on=plan.request.as_known_on) for index in plan.request.indices),
        survey=latest_survey(plan.request.as_known_on) if plan.request.panel is None else (),
        sentences={},
        notes=notes_of(plan, forecasts),
        manifest=manifest_of(plan, forecasts),
    )
    return dataclasses.replace(result, sentences=sentences.describe(result, by_series))


def _response(total: Any) -> growth.Elasticity | None:
    if total is None or total.country is None or total.adjusted or len(total.values) < adjustment.FEWEST:
        return None
    return adjustment.elasticity(total)


def notes_of(plan: Plan, forecasts: tuple[Forecast, ...]) -> tuple[str, ...]:
    """What a reader must know of the data and the series: gaps, short histories, what rests on a rule of thumb."""
    notes = list(plan.notes)
    notes += [note for one in forecasts for note in one.notes]
    if not any(one.series.kind == "total" for one in forecasts):
        notes.append("There is no total: nothing is reconciled and no contribution is computed.")
    unsupported = [one.series.name for one in forecasts if not any(one.supported)]
    if unsupported:
        notes.append(
            f"No forecast error is on file for {', '.join(unsupported)}: their intervals are a rule of thumb from "
            "monthly changes, and no coverage is claimed."
        )
    return tuple(dict.fromkeys(notes))


def manifest_of(plan: Plan, forecasts: tuple[Forecast, ...]) -> dict[str, Any]:
    """Version, inputs with hashes, parameters and diagnostics of a run."""
    return {
        "version": headway.__version__,
        "as_known_on": None if plan.request.as_known_on is None else plan.request.as_known_on.isoformat(),
        "horizon": plan.request.horizon,
        "seed": plan.request.seed,
        "scenario_draws": DRAWS,
        "inputs": [
            {
                "series": f"{one.series.kind} {one.series.name}",
                "source": one.series.source,
                "vintage": one.series.vintage,
                "months": [months.label(one.series.start), months.label(one.series.end)],
                "filled": len(one.series.filled),
                "rebuilt": len(one.series.rebuilt),
                "sha256": hashlib.sha256(one.series.values.tobytes()).hexdigest(),
            }
            for one in forecasts
        ],
        "adjustment": "structural regression: monthly seasonals and working days with IMA(1,1) errors",
        "adding_up": {kind: _residual(kind, forecasts) for kind in ("item", "destination")},
    }


def _residual(kind: str, forecasts: tuple[Forecast, ...]) -> float | None:
    """Largest relative gap between the parts' sum and the total over the horizon; None without parts."""
    total = next((one for one in forecasts if one.series.kind == "total"), None)
    parts = [one for one in forecasts if one.series.kind == kind]
    if total is None or not parts or any(one.series.end > total.series.end for one in parts):
        return None
    whole = sum(hierarchy.shared_months(one.median, one, total) for one in parts)
    return float(np.max(np.abs(whole / total.median - 1)))
