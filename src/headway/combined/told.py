"""The outlook of a result in plain sentences. Numbers stand as the ids of figures in braces: {outlook.total…}."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from headway.outlook import months, tables
from headway.outlook.flashes import Nowcast
from headway.outlook.forecast import Forecast
from headway.outlook.sentences import period_words, title, watch_sentence, waterfall

Row = Mapping[str, Any]


def sentences(
    total: Forecast, rows: Sequence[Row], ids: frozenset[str], *, nowcast: Nowcast | None, on: dt.date
) -> dict[str, tuple[str, ...]]:
    """Sentences by what they explain; `rows` are rows of the period table, `ids` the figures that exist."""
    whole = [row for row in rows if row["kind"] == "total"]
    told = {
        "watch": (watch_sentence(tables.watch_row(total)),),
        "lead": tuple(_lead(row, ids, total, on if row is whole[0] else None) for row in whole),
        "nowcast": () if nowcast is None else (_nowcast(nowcast),),
        "waterfall": tuple(line for row in whole if row["usable"] for line in waterfall(row, _ids(row))),
        "measures": tuple(_measures(row) for row in whole if row["scenario_growth"] is not None),
        "error": tuple(_error(row["period"]) for row in whole if f"outlook.error.{row['period']}" in ids),
        "unusable": _unusable(rows),
    }
    kept = {name: tuple(line for line in lines if line) for name, lines in told.items()}
    return {name: lines for name, lines in kept.items() if lines}


def _ids(row: Row) -> Any:
    return lambda column: f"{{outlook.{row['name']}.{row['period']}.{column}}}"


def _lead(row: Row, ids: frozenset[str], total: Forecast, on: dt.date | None) -> str:
    period, count = period_words(row["period"]), len(months.period(row["period"]))
    known = f" ({row['known_months']} of its {count} months known)" if row["known_months"] else ""
    if f"outlook.total.{row['period']}.growth" not in ids:
        return f"Total exports cannot be forecast for {period}: the range is too wide to use."
    if on is None:
        return f"For {period}{known} it is {_ids(row)('growth')}."
    level = f", or {_ids(row)('level')}" if f"outlook.total.{row['period']}.level" in ids else ""
    day = f"{on.day} {on:%B %Y}"
    return (
        f"As known on {day}, with data to {months.words(total.series.end)} and without any new measure, exports of "
        f"{period}{known} are expected at {_ids(row)('growth')} on the year before{level}."
    )


def _nowcast(found: Nowcast) -> str:
    return (
        f"The first {found.last_day} days of {months.words(found.number)} ran {{outlook.nowcast.flash}} on the year "
        "before; with its working days and the models the whole month points to {outlook.nowcast.month}."
    )


def _measures(row: Row) -> str:
    period, say = period_words(row["period"]), _ids(row)
    if row["scenario_effect"] == 0:
        return f"No effect of the measures falls into {period}."
    effect = f"they change exports of that half by {say('measure')}"
    if not row["usable"]:
        return f"With the announced measures, {period}: {effect}."
    return f"With the announced measures {period} comes out at {say('with_measure')} instead: {effect}."


def _error(period: str) -> str:
    return (
        f"How good such forecasts are: made as early, those of half-years like {period_words(period)} were off by "
        f"{{outlook.error.{period}}} on average over {{outlook.tried.{period}}} cases."
    )


def _unusable(rows: Sequence[Row]) -> tuple[str, ...]:
    """Which items cannot be forecast for which half."""
    by_period: dict[str, list[str]] = {row["period"]: [] for row in rows if row["kind"] == "total"}
    for row in rows:
        if not row["usable"] and row["kind"] != "total" and row["period"] in by_period:
            by_period[row["period"]].append(title(row["kind"], row["name"]).lower())
    return tuple(
        f"Not to be forecast for {period_words(period)} from the history on file: {', '.join(names)}."
        for period, names in by_period.items()
        if names
    )
