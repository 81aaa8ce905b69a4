"""Charts of an outlook: fans, the base-effect waterfall, contributions by item and month, forecast against actual.

They read the tables of a result and compute nothing. Lightness carries the message, so they print in grey.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import altair as alt

from headway.brief.charts import GAIN, INK, LONG, LOSS, MUTED, to_svg
from headway.outlook.sentences import title

if TYPE_CHECKING:
    import polars as pl

    from headway.impact.results import OutlookPart
    from headway.outlook import OutlookResult

WIDTH, HEIGHT = 620, 240
SMALL_WIDTH, SMALL_HEIGHT = 270, 130
BANDS = (("95", "#d9e2ec"), ("80", "#b3c5d7"), ("50", "#8ba8c4"))
"""Bands from the widest to the narrowest, light to dark."""

Chart = alt.LayerChart | alt.FacetChart
Row = dict[str, Any]


def draw_all(result: OutlookResult) -> dict[str, str]:
    """Every chart that the result has data for, as SVG text under its name."""
    charts: dict[str, Chart | alt.ConcatChart | None] = {
        "fan_total": fan(result, "total", "total"),
        "fans_items": fans(result, "item"),
        "fans_destinations": fans(result, "destination"),
        "contributions": heatmap(result),
        "forecast_actual": forecast_actual(result, "total", "total"),
    }
    for period in result.plan.periods:
        charts[f"waterfall_{period}"] = waterfall(result, "total", "total", period=period)
    return {name: to_svg(cast(Chart, chart)) for name, chart in charts.items() if chart is not None}


def _rows(table: pl.DataFrame, **wanted: str | int) -> list[Row]:
    return [
        row for row in table.iter_rows(named=True) if all(row[column] == value for column, value in wanted.items())
    ]


def _data(rows: list[Row]) -> alt.InlineData:
    return alt.InlineData(values=rows)


def draw_part(part: OutlookPart) -> dict[str, str]:
    """The charts of an outlook inside a result: fan of the total, waterfall of the next half, as SVG text."""
    rows = [month.model_dump() for month in part.months]
    heading = f"Total exports, {part.unit} a month; bands of 50, 80 and 95 %"
    if part.effects_from is not None:
        heading += "; dashed: with the measures"
    layers = _fan_layers(rows, part.unit).properties(width=WIDTH, height=HEIGHT, title=_heading(heading))
    charts = {"outlook_fan": to_svg(layers)}
    steps = _part_steps(part, part.periods[0]) if part.periods else []
    if steps:
        heading = f"Total exports: where the growth of {part.periods[0]} comes from"
        charts["outlook_waterfall"] = to_svg(_waterfall(steps, heading))
    return charts


def _part_steps(part: OutlookPart, period: str) -> list[Row]:
    """Bars of a half: its parts one after another, then their sum."""
    values = {
        row.label: part.figures[row.cells[period]].value / 100
        for row in part.tables["outlook_steps"].rows
        if period in row.cells
    }
    sums = [label for label in values if label.startswith("growth")]
    if not sums:
        return []
    rows: list[Row] = []
    level = 0.0
    for label in (*(label for label in values if label not in sums), sums[-1]):
        start = 0.0 if label in sums else level
        level = start + values[label]
        step = "growth" if label in sums else label
        rows.append({"step": step, "start": start, "end": level, "top": max(start, level), "value": values[label]})
    return rows


def _month_axis(title_text: str | None = None) -> alt.X:
    return alt.X("month:T", title=title_text, axis=alt.Axis(format="%b %y", tickCount="year", labelAngle=0))


def fan(result: OutlookResult, kind: str, name: str) -> Chart | None:
    """One series with its past, the middle of the forecast and its 50, 80 and 95 % bands; a scenario is dashed."""
    rows = _rows(result.forecast, kind=kind, name=name)
    if not rows:
        return None
    unit = result.get(kind, name).series.unit
    heading = f"{title(kind, name)}, {unit} a month; bands of 50, 80 and 95 %"
    return _fan_layers(rows, unit).properties(width=WIDTH, height=HEIGHT, title=_heading(heading))


def _heading(text: str) -> alt.TitleParams:
    return alt.TitleParams(text, anchor="start", fontSize=13, fontWeight="normal", color=INK)


def _fan_layers(rows: list[Row], unit: str, bands: tuple[tuple[str, str], ...] = BANDS) -> Chart:
    past = [row for row in rows if row["status"] != "forecast"]
    # The bands open from the last stated month, so that past and future join.
    joint = past[-1] | {f"{side}{band}": past[-1]["value"] for band, _ in BANDS for side in ("low", "high")}
    ahead = [joint, *(row for row in rows if row["status"] == "forecast")]
    base = alt.Chart(_data(ahead)).encode(x=_month_axis())
    layers: list[alt.Chart] = [
        base.mark_area(color=shade).encode(
            y=alt.Y(f"low{band}:Q", title=unit, scale=alt.Scale(zero=False)), y2=f"high{band}:Q"
        )
        for band, shade in bands
    ]
    layers.append(base.mark_line(color=LONG, strokeWidth=1.6).encode(y="value:Q"))
    history = alt.Chart(_data(past)).encode(x=_month_axis(), y="value:Q")
    layers.append(history.mark_line(color=INK, strokeWidth=1.4))
    filled = [row for row in past if row["status"] == "filled"]
    if filled:
        marks = alt.Chart(_data(filled)).encode(x=_month_axis(), y="value:Q")
        layers.append(marks.mark_point(shape="circle", size=20, fill="white", stroke=MUTED, strokeWidth=1))
    given = [row | {"scenario": row["value"]} if row is joint else row for row in ahead]
    if any(row["scenario"] is not None for row in ahead):
        line = alt.Chart(_data(given)).encode(x=_month_axis(), y="scenario:Q")
        layers.append(line.mark_line(color=LOSS, strokeDash=[5, 3], strokeWidth=1.8))
    return alt.layer(*layers)


def fans(result: OutlookResult, kind: str, columns: int = 2) -> alt.ConcatChart | None:
    """A small fan with 50 and 80 % bands for every series of a kind, largest first.

    Open circles are months that no source states. The 95 % bands of short panels would dwarf the rest; the table
    has them.
    """
    series = [one for one in result.forecasts if one.series.kind == kind]
    if not series:
        return None
    ordered = sorted(series, key=lambda one: -float(one.series.values[-1]))
    charts = []
    for one in ordered:
        rows = _rows(result.forecast, kind=kind, name=one.series.name)
        heading = _heading(title(kind, one.series.name))
        layers = _fan_layers(rows, one.series.unit, BANDS[1:])
        charts.append(layers.properties(width=SMALL_WIDTH, height=SMALL_HEIGHT, title=heading))
    return alt.concat(*charts, columns=columns)


def waterfall(result: OutlookResult, kind: str, name: str, *, period: str) -> Chart | None:
    """How the growth of a period comes about, from zero: base effect, rest of carry-over, movement, calendar."""
    rows = _rows(result.steps, kind=kind, name=name, period=period)
    if not rows:
        return None
    return _waterfall(rows, f"{title(kind, name)}: where the growth of {period} comes from")


def _waterfall(rows: list[Row], heading: str) -> Chart:
    order = [row["step"] for row in rows]
    data = _data([row | {"sign": _sign(row)} for row in rows])
    x = alt.X("step:N", sort=order, title=None, axis=alt.Axis(labelAngle=0, labelExpr="split(datum.label, ' ')"))
    bars = (
        alt.Chart(data)
        .mark_bar(size=46)
        .encode(
            x=x,
            y=alt.Y("start:Q", title="growth on the year before", axis=alt.Axis(format="+.1%")),
            y2="end:Q",
            color=alt.Color(
                "sign:N",
                scale=alt.Scale(domain=["up", "down", "sum"], range=[GAIN, LOSS, LONG]),
                legend=None,
            ),
        )
    )
    labels = (
        alt.Chart(data)
        .mark_text(dy=-7, color=INK, fontSize=11)
        .encode(x=x, y="top:Q", text=alt.Text("value:Q", format="+.1%"))
    )
    zero = alt.Chart(_data([{"zero": 0}])).mark_rule(color=MUTED).encode(y="zero:Q")
    return alt.layer(bars, zero, labels).properties(width=WIDTH, height=HEIGHT, title=_heading(heading))


def _sign(row: Row) -> str:
    if row["step"] == "growth":
        return "sum"
    return "up" if row["value"] >= 0 else "down"


def heatmap(result: OutlookResult) -> Chart | None:
    """Contribution of each item to total growth by month, points.

    Months of the forecast are framed; numbers are grey where a source lacks the month or the same one a year before.
    """
    if result.contributions.is_empty():
        return None
    rows = [
        row | {"label": title("item", row["name"]), "points": 100 * row["contribution"]}
        for row in result.contributions.iter_rows(named=True)
    ]
    data = _data(rows)
    x = alt.X("month:O", title=None, axis=alt.Axis(labelAngle=-90))
    y = alt.Y("label:N", title=None)
    extent = max(abs(row["points"]) for row in rows)
    cells = (
        alt.Chart(data)
        .mark_rect(stroke="white")
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "points:Q",
                scale=alt.Scale(scheme="blueorange", reverse=True, domain=[-extent, extent]),
                legend=alt.Legend(title="points of growth"),
            ),
        )
    )
    texts = (
        alt.Chart(data)
        .mark_text(fontSize=8)
        .encode(
            x=x,
            y=y,
            text=alt.Text("points:Q", format="+.1f"),
            color=alt.condition(
                alt.datum.stated | (alt.datum.status == "forecast"), alt.value(INK), alt.value("#8a949e")
            ),
        )
    )
    ahead = [row for row in rows if row["status"] == "forecast"]
    frame = alt.Chart(_data(ahead)).mark_rect(fill=None, stroke=INK, strokeWidth=0.6).encode(x=x, y=y)
    heading = "Contributions to export growth, points; framed: forecast, grey: rests on filled months"
    return alt.layer(cells, frame, texts).properties(
        width=alt.Step(26), height=alt.Step(22), title=_heading(heading)
    )


def forecast_actual(result: OutlookResult, kind: str, name: str, horizon: int = 1) -> Chart | None:
    """What was forecast a month before with its 80 % band, and what came; outcomes outside the band are ringed."""
    rows = _rows(result.backtest, kind=kind, name=name, horizon=horizon)
    if not rows:
        return None
    unit = result.get(kind, name).series.unit
    base = alt.Chart(_data(rows)).encode(x=_month_axis())
    band = base.mark_area(color=BANDS[1][1]).encode(
        y=alt.Y("low80:Q", title=unit, scale=alt.Scale(zero=False)), y2="high80:Q"
    )
    expected = base.mark_line(color=LONG, strokeDash=[4, 2], strokeWidth=1.4).encode(y="forecast:Q")
    came = base.mark_line(color=INK, strokeWidth=1.6).encode(y="actual:Q")
    outside = [row for row in rows if row["inside80"] is False]
    rings = (
        alt.Chart(_data(outside))
        .mark_point(size=70, color=LOSS, strokeWidth=2, filled=False)
        .encode(x=_month_axis(), y="actual:Q")
    )
    ahead = "a month" if horizon == 1 else f"{horizon} months"
    heading = f"{title(kind, name)}: forecast {ahead} before (dashed, 80 % band) and outcome; misses ringed"
    layers = [band, expected, came, *([rings] if outside else [])]
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT, title=_heading(heading))
