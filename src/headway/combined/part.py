"""The outlook as part of a result: figures, a table, months for the chart, and what was assumed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np

from headway.codes import countries
from headway.combined import told
from headway.combined.effects import TOTAL, EffectPath, Key, effect_path
from headway.errors import DataError, HeadwayError
from headway.impact.results import Figure, Finding, OutlookMonth, OutlookPart, Result, Row, Table, Unit
from headway.outlook import accuracy, figures, months, results, spans, store, tables
from headway.outlook.conditional import Conditional, apply_effects
from headway.outlook.flashes import Nowcast
from headway.outlook.forecast import Forecast
from headway.outlook.records import Panel
from headway.outlook.sentences import title
from headway.policy import Scenario

SHIPPED = "KOR"
"""The country whose export figures the package ships."""

AUTO, NONE = "auto", "none"
"""Choices of data: the home country's if there are any, or no outlook."""

DOLLARS = "USD bn"
"""Unit of a panel whose values a figure can state."""

PAST = 24
"""Known months that the chart shows."""


@dataclasses.dataclass(frozen=True, eq=False)
class PlainOutlook:
    """The outlook without any measure, as known on the scenario's day: its plan, forecasts, nowcast and source."""

    plan: results.Plan
    forecasts: tuple[Forecast, ...]
    nowcast: Nowcast | None
    data: str
    sources: tuple[dict[str, str], ...]

    @property
    def total(self) -> Forecast:
        """The forecast of the total; raises DataError without one."""
        for one in self.forecasts:
            if one.series.kind == "total":
                return one
        raise DataError("The data hold no total, which the brief's outlook is about.", "Add rows without an item.")

    @property
    def shown(self) -> tuple[Forecast, ...]:
        """The total and its items, the largest first, the rest last."""
        parts = [one for one in self.forecasts if one.series.kind == "item"]
        parts.sort(key=lambda one: (one.series.name == "other", -float(one.series.values[-12:].sum())))
        return (self.total, *parts)


Ready = PlainOutlook | HeadwayError | None
"""A baseline, why there is none, or None where none is wanted."""


def start(scenario: Scenario, data: str = AUTO) -> Future[Ready]:
    """`baseline` of a scenario in a thread of its own, to run beside the simulation; its errors come as values.

    Raises UnreadableInput at once for a named data set that is not stored.
    """
    if data not in (AUTO, NONE):
        _panel(scenario, data)
    pool = ThreadPoolExecutor(max_workers=1)
    pending = pool.submit(_try_baseline, scenario, data)
    pool.shutdown(wait=False)
    return pending


def _try_baseline(scenario: Scenario, data: str) -> Ready:
    try:
        return baseline(scenario, data)
    except HeadwayError as error:
        return error


def baseline(scenario: Scenario, data: str = AUTO) -> PlainOutlook | None:
    """The outlook of the home country without the measures, as known on the scenario's date.

    `data` is "auto" (Korea's shipped figures, else a stored data set of the home country), "none", or the name of a
    stored data set. None for "none"; raises DataError where there are no figures, and as the outlook does.
    """
    if data == NONE:
        return None
    panel, words, sources = _panel(scenario, data)
    plan = results.plan(results.Request(panel=panel, as_known_on=scenario.date))
    if not plan.periods or months.period(plan.periods[-1])[-1] < months.of_date(scenario.date):
        raise DataError(
            f"The figures on file end too early for an outlook on {scenario.date}.",
            "Add later ones with headway data add.",
        )
    forecasts, nowcast = results.forecasts_of(plan)
    return PlainOutlook(plan, forecasts, nowcast, words, sources)


def _panel(scenario: Scenario, data: str) -> tuple[Panel | None, str, tuple[dict[str, str], ...]]:
    """The panel (None: the shipped figures), what it is in words, and its sources."""
    if data == AUTO and scenario.home == SHIPPED:
        rows = tuple({k: str(v) for k, v in figures.catalogue_row(s).items()} for s in figures.SOURCES)
        return None, "official figures as shipped", rows
    if data == AUTO:
        own = [record for record in store.stored() if record.country == scenario.home]
        if not own:
            raise DataError(
                f"No export figures of {countries.name(scenario.home)} are on file.",
                "Add your own with headway data add.",
            )
        data = max(own, key=lambda record: (record.vintage, record.name)).name
    panel, record = store.load(data, as_known_on=scenario.date)
    source = {
        "id": f"own.{record.name}",
        "title": f"Your own series {record.name}",
        "citation": f"sha256 {record.sha256}",
        "licence": "yours",
        "vintage": record.vintage.isoformat(),
    }
    return panel, f"your own series {record.name}, vintage {record.vintage.isoformat()}", (source,)


def with_outlook(result: Result, ready: Ready | str = AUTO) -> Result:
    """The result with the outlook of its home country, without its measures and with them.

    `ready` is what `start` gave for the same scenario, or which data to use, as in `baseline`. Where there are no
    data, or they do not allow an outlook on that day, a finding says so and the result stands without.
    """
    made = _try_baseline(result.scenario, ready) if isinstance(ready, str) else ready
    if made is None:
        return result
    try:
        if isinstance(made, HeadwayError):
            raise made
        return result.model_copy(update={"outlook": _part(result, made)})
    except HeadwayError as error:
        text = f"No outlook of exports in the coming halves: {error.message} {error.fix}".strip()
        finding = Finding(id="no-outlook", kind="left_out", text=text)
        return result.model_copy(update={"findings": (*result.findings, finding)})


def _part(result: Result, made: PlainOutlook) -> OutlookPart:
    path = effect_path(result, made.forecasts)
    scenario = _with_measures(path, made.total, seed=result.scenario.sampling.seed)
    rows = tables.period_rows(made.shown, made.plan.periods, scenario)
    context = _Context(made, path, tuple(source["id"] for source in made.sources), _measures(result))
    found = [figure for row in rows for figure in context.of_period(row)]
    found += [*context.of_nowcast(), *context.of_accuracy()]
    by_id = {figure.id: figure for figure in found}
    return OutlookPart(
        as_known_on=result.scenario.date,
        data=made.data,
        unit=made.total.series.unit,
        periods=made.plan.periods,
        effects_from=path.start if path.by_series else None,
        figures=by_id,
        tables={table.id: table for table in (_items(rows, made.plan.periods, by_id), _steps(made, by_id))},
        months=_months(made.total, scenario.get(TOTAL)),
        sentences=told.sentences(
            made.total, rows, frozenset(by_id), nowcast=made.nowcast, on=result.scenario.date
        ),
        findings=(*path.findings, *_data_findings(made, rows)),
        sources=made.sources,
        manifest=results.manifest_of(made.plan, made.forecasts)
        | {"effects_from": path.start and path.start.isoformat(), "effects": path.rows(made.shown)},
    )


def _with_measures(path: EffectPath, total: Forecast, *, seed: int) -> dict[Key, Conditional]:
    """The total under the measures, both uncertainties in it; empty where they do nothing within the forecast."""
    if TOTAL not in path.by_series:
        return {}
    import polars as pl

    return apply_effects((total,), pl.DataFrame(path.rows((total,))), np.random.default_rng(seed))


def _measures(result: Result) -> tuple[str, ...]:
    figure = result.figures.get("exports.total.up_to_a_year")
    return figure.measures if figure else ()


@dataclasses.dataclass(frozen=True, eq=False)
class _Context:
    """What the figures share: the baseline, the effects by series, sources and measures."""

    made: PlainOutlook
    path: EffectPath
    sources: tuple[str, ...]
    measures: tuple[str, ...]

    def figure(
        self, id: str, label: str, value: float, *, unit: Unit = "percent", ends: tuple[float, float] | None = None
    ) -> Figure:
        """A figure of the outlook; fractions become percent, `ends` are the four-in-five range."""
        factor = 1.0 if unit in ("USD billion level", "count", "share") else 100.0
        return Figure(
            id=f"outlook.{id}",
            label=label,
            value=factor * value,
            low=None if ends is None else factor * ends[0],
            high=None if ends is None else factor * ends[1],
            unit=unit,
            model="outlook",
            measures=self.measures if "measure" in id else (),
            sources=self.sources,
            note=None if ends is None else "interval: four in five",
        )

    def of_period(self, row: Mapping[str, Any]) -> list[Figure]:
        """Growth, its parts and what the measures do to it; growth is left out where its range cannot be used."""
        key, label = f"{row['name']}.{row['period']}", f"{title(row['kind'], row['name'])}, {row['period']}"
        found = [
            self.figure(f"{key}.carry_over", f"{label}: carry-over", row["carry_over"]),
            self.figure(f"{key}.base", f"{label}: of it base effect", row["base"], unit="percentage points"),
        ]
        if row["usable"]:
            ends = (row["low80"], row["high80"])
            found.append(
                self.figure(f"{key}.growth", f"{label}: growth on the year before", row["growth"], ends=ends)
            )
        if row["kind"] == "total":
            found += self._of_total(key, label, row)
        return [*found, *self._with_measures(key, label, row)]

    def _of_total(self, key: str, label: str, row: Mapping[str, Any]) -> list[Figure]:
        parts = {
            "level_gap": ("carry-over but for the base", row["level_gap"]),
            "calendar": ("working days and season", row["calendar"]),
            "movement": ("movement from here on", row["within"] + row["cross"]),
        }
        if row["scenario_growth"] is not None:
            parts["measure_points"] = ("the measures, in points", row["scenario_growth"] - row["growth"])
        found = [
            self.figure(f"{key}.{part}", f"{label}: {words}", value, unit="percentage points")
            for part, (words, value) in parts.items()
        ]
        words = f"{label}: growth if the base were neither high nor low"
        found.append(self.figure(f"{key}.without_base", words, row["growth"] - row["base"]))
        if self.made.total.series.unit == DOLLARS and row["usable"]:
            ends = (row["before"] * (1 + row["low80"]), row["before"] * (1 + row["high80"]))
            found.append(
                self.figure(f"{key}.level", f"{label}: value", row["total"], unit="USD billion level", ends=ends)
            )
        return found

    def _with_measures(self, key: str, label: str, row: Mapping[str, Any]) -> list[Figure]:
        effect = self.path.by_series.get((row["kind"], row["name"]))
        if effect is None:
            return []
        one = next(one for one in self.made.shown if one.series.name == row["name"])
        middle, *ends = effect.on_period(one, row["period"])
        found = [self.figure(f"{key}.measure", f"{label}: by the measures", middle, ends=(ends[0], ends[1]))]
        if row["usable"] and row["scenario_growth"] is not None:
            words = f"{label}: growth with the measures"
            given = (row["scenario_low80"], row["scenario_high80"])
            found.append(self.figure(f"{key}.with_measure", words, row["scenario_growth"], ends=given))
        return found

    def of_nowcast(self) -> list[Figure]:
        """The running month from the customs flash of its first days."""
        found = self.made.nowcast
        if found is None:
            return []
        month = months.words(found.number)
        ends = (float(found.low[1]), float(found.high[1]))
        return [
            self.figure("nowcast.flash", f"First {found.last_day} days of {month}: growth", found.flash),
            self.figure("nowcast.month", f"{month}: growth expected from them", found.growth, ends=ends),
        ]

    def of_accuracy(self) -> list[Figure]:
        """How far such sums of the total have been off at the same distance, and how many of them there were."""
        total, found = self.made.total, []
        for period in self.made.plan.periods:
            ahead = [n - total.series.end for n in months.period(period) if n > total.series.end]
            errors = spans.sum_errors(total, ahead[0], ahead[-1])
            errors = errors[np.isfinite(errors)]
            if len(errors) < accuracy.ENOUGH:
                continue
            label = f"Forecasts made as early as this one for {period}"
            off = float(np.abs(np.expm1(errors)).mean())
            found += [
                self.figure(f"error.{period}", f"{label}: mean error", off, unit="share"),
                self.figure(f"tried.{period}", f"{label}: how many", float(len(errors)), unit="count"),
            ]
        return found


def _items(rows: Sequence[Mapping[str, Any]], periods: Sequence[str], found: Mapping[str, Figure]) -> Table:
    """The total and its items: growth expected, how it comes about, and what the measures change."""
    headings = {"growth": "growth", "carry_over": "carry-over", "base": "of it base", "measure": "by the measures"}
    columns = {f"{part}.{p}": f"{p}: {words}" for p in periods for part, words in headings.items()}
    made: dict[str, Row] = {}
    for row in rows:
        cells = {f"{part}.{row['period']}": f"outlook.{row['name']}.{row['period']}.{part}" for part in headings}
        cells = {column: id for column, id in cells.items() if id in found}
        words = {} if row["usable"] else {f"growth.{row['period']}": "no forecast"}
        before = made.get(row["name"])
        made[row["name"]] = Row(
            key=row["name"],
            label=title(row["kind"], row["name"]),
            cells=(before.cells if before else {}) | cells,
            words=(before.words if before else {}) | words,
        )
    shown = {key: words for key, words in columns.items() if any(key in row.cells for row in made.values())}
    return Table(
        id="outlook_items",
        title="Growth expected on the same half of the year before",
        columns=shown,
        rows=tuple(made.values()),
        note="No forecast: the upper end of the four-in-five range would be more than twice the lower.",
    )


STEPS = {
    "base": "base effect",
    "level_gap": "rest of carry-over",
    "calendar": "working days, season",
    "movement": "movement from here",
    "measure_points": "announced measures",
}
"""Parts of the growth of a half that add up to it, in the order of the waterfall, and their names there."""


def _steps(made: PlainOutlook, found: Mapping[str, Figure]) -> Table:
    """How the growth of each half comes about, as rows from top to bottom; the last is their sum."""
    rows = []
    for part, words in (STEPS | {"growth": "growth", "with_measure": "growth with the measures"}).items():
        cells = {period: f"outlook.total.{period}.{part}" for period in made.plan.periods}
        rows.append(Row(key=part, label=words, cells={p: id for p, id in cells.items() if id in found}))
    return Table(
        id="outlook_steps",
        title="Where the growth of total exports comes from",
        columns={period: period for period in made.plan.periods},
        rows=tuple(row for row in rows if row.cells),
    )


def _months(total: Forecast, given: Conditional | None) -> tuple[OutlookMonth, ...]:
    rows = tables.month_rows(total, given, past=PAST)
    return tuple(OutlookMonth(**{key: row[key] for key in OutlookMonth.model_fields}) for row in rows)


def _data_findings(made: PlainOutlook, rows: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """What the data behind the outlook lack, a finding for each note that concerns the total or the items."""
    notes = [*made.plan.notes, *made.total.notes]
    filled = sorted({title(row["kind"], row["name"]) for row in rows if row["estimated"]})
    if filled:
        notes.append(f"Carry-over and base rest partly on months that no source states: {', '.join(filled)}.")
    return tuple(
        Finding(id=f"outlook-data-{number}", kind="data", text=note)
        for number, note in enumerate(dict.fromkeys(notes), start=1)
    )
