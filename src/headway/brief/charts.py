"""Charts of a result, as Vega-Lite from Altair and as SVG. They read figures; they compute nothing."""

from __future__ import annotations

from collections.abc import Iterable

import altair as alt

from headway.brief import rendering
from headway.brief.numbers import number
from headway.impact.results import Figure, Result
from headway.impact.tables import HORIZON_NAMES

INK, MUTED, LOSS, GAIN, SHORT, LONG = "#1d2733", "#64707d", "#b3402e", "#2f7d5b", "#d08a2c", "#1f4e79"
WIDTH = 560
MOST_ITEMS, MOST_RIVALS = 12, 14
"""Items and economies drawn in a chart; the table beside it has them all."""

PARTS = {
    "direct_usd": "US: its own tariff",
    "diversion_usd": "US: rivals' tariffs",
    "elsewhere_usd": "Other markets",
}
"""Parts of an item's change that add up to it, and their names in the chart."""

Point = dict[str, str | float]
Chart = alt.LayerChart | alt.FacetChart


def draw_all(result: Result) -> dict[str, str]:
    """Every chart that the result has figures for, as SVG text under the chart's name."""
    makers = {"items": items, "channels": channels, "rivals": rivals, "us_rates": us_rates}
    charts = {name: make(result) for name, make in makers.items()}
    return {name: to_svg(chart) for name, chart in charts.items() if chart is not None}


def to_svg(chart: Chart) -> str:
    """SVG of a chart, drawn offline."""
    configured = (
        chart.configure(font="Noto Sans, Segoe UI, Helvetica, Arial, sans-serif", background="white")
        .configure_view(stroke=None)
        .configure_axis(labelColor=INK, titleColor=MUTED, gridColor="#e6e9ec", labelFontSize=12, titleFontSize=12)
        .configure_axisY(labelLimit=260)
        .configure_legend(labelFontSize=12, titleFontSize=12, orient="top", title=None)
    )
    return rendering.to_svg(configured.to_json(validate=False))  # each part was checked when it was made


def items(result: Result) -> Chart | None:
    """Change of exports by item, percent, a dot with its interval for each horizon; largest loss in dollars first."""
    points = _horizon_points(result, _largest_items(result), "item.{key}.change")
    return _intervals(points, "Change in exports of the item, percent (5–95 % interval)") if points else None


def channels(result: Result) -> Chart | None:
    """What home's own tariff, rivals' tariffs and other markets do, bn USD, at the last horizon of the scenario."""
    horizon = result.scenario.horizons[-1]
    rows: list[Point] = []
    for key in _largest_items(result):
        label = _item_label(result, key)
        for part, name in PARTS.items():
            figure = result.figures.get(f"item.{key}.{part}.{horizon}")
            if figure is not None:
                rows.append({"row": label, "part": name, "value": figure.value})
        rows.append({"row": label, "part": "Net", "value": result.figures[f"item.{key}.usd.{horizon}"].value})
    if not rows:
        return None
    order = list(dict.fromkeys(str(row["row"]) for row in rows))
    axis = alt.Y("row:N", sort=order, title=None)
    title = f"Change in exports, bn USD a year, {HORIZON_NAMES[horizon]} (black line: net)"
    colour = alt.Color(
        "part:N", scale=alt.Scale(domain=list(PARTS.values()), range=[LOSS, GAIN, MUTED]), sort=None
    )
    value = alt.X("value:Q", title=title)
    bars = [row for row in rows if row["part"] != "Net"]
    nets = [row for row in rows if row["part"] == "Net"]
    layers = alt.layer(
        alt.Chart(alt.InlineData(values=bars)).mark_bar(height=13).encode(y=axis, x=value, color=colour),
        alt.Chart(alt.InlineData(values=nets)).mark_tick(color=INK, thickness=3, size=18).encode(y=axis, x=value),
    )
    return layers.properties(width=WIDTH, height=alt.Step(24))


def rivals(result: Result) -> Chart | None:
    """Change of goods exports by country in the world economy, home first named."""
    keys = [row.key for row in result.tables["rivals"].rows] if "rivals" in result.tables else []
    shown = [
        key for key in keys if any(f"rival.{key}.exports.{h}" in result.figures for h in result.scenario.horizons)
    ]
    points = _horizon_points(result, shown[:MOST_RIVALS], "rival.{key}.exports")
    return _intervals(points, "Change in goods exports, percent (5–95 % interval)") if points else None


def us_rates(result: Result) -> Chart | None:
    """Average US tariff by origin before and after, with the announced range."""
    if "us_rates" not in result.tables:
        return None
    rows: list[Point] = []
    for row in result.tables["us_rates"].rows:
        before, after = (result.figures[row.cells[when]] for when in ("before", "after"))
        shared: Point = {"row": row.label, "before": before.value, "after": after.value}
        rows.append(shared | {"low": _end(after, "low"), "high": _end(after, "high")})
    order = [str(row["row"]) for row in sorted(rows, key=lambda row: -float(row["after"]))]
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=alt.Y("row:N", sort=order, title=None))
    title = "Average US tariff, percent: before (hollow), after the measures (full, with the announced range)"
    layers = alt.layer(
        base.mark_rule(color="#c9d0d6").encode(x=alt.X("before:Q", title=title), x2="after:Q"),
        base.mark_rule(color=LOSS, strokeWidth=4, opacity=0.45).encode(x="low:Q", x2="high:Q"),
        base.mark_point(color=MUTED, size=55, strokeWidth=2).encode(x="before:Q"),
        base.mark_circle(color=LOSS, size=75, opacity=1).encode(x="after:Q"),
    )
    return layers.properties(width=WIDTH, height=alt.Step(22))


def _intervals(points: list[Point], title: str) -> Chart:
    order = list(dict.fromkeys(str(point["row"]) for point in points))
    names = list(dict.fromkeys(str(point["horizon"]) for point in points))
    colour = alt.Color("horizon:N", scale=alt.Scale(domain=names, range=[SHORT, LONG][: len(names)]), sort=None)
    offset = alt.YOffset("horizon:N", sort=names)
    base = alt.Chart(alt.InlineData(values=points)).encode(
        y=alt.Y("row:N", sort=order, title=None), yOffset=offset
    )
    zero = alt.Chart(alt.InlineData(values=[{"x": 0}])).mark_rule(color=INK).encode(x="x:Q")
    layers = alt.layer(
        zero,
        base.mark_rule(strokeWidth=2.5).encode(x=alt.X("low:Q", title=title), x2="high:Q", color=colour),
        base.mark_circle(size=60, opacity=1).encode(x="value:Q", color=colour),
    )
    return layers.properties(width=WIDTH, height=alt.Step(15))


def _horizon_points(result: Result, keys: Iterable[str], name: str) -> list[Point]:
    points: list[Point] = []
    for key in keys:
        for horizon in result.scenario.horizons:
            figure = result.figures.get(f"{name.format(key=key)}.{horizon}")
            if figure is None:
                continue
            points.append(
                {
                    "row": figure.label.split(":")[0],
                    "horizon": HORIZON_NAMES[horizon],
                    "value": figure.value,
                    "low": _end(figure, "low"),
                    "high": _end(figure, "high"),
                    "text": number(figure.value, figure.unit),
                }
            )
    return points


def _largest_items(result: Result) -> list[str]:
    """Keys of the items with the largest change in dollars at the last horizon."""
    name = "item.{}.usd." + result.scenario.horizons[-1]
    rows = result.tables["items"].rows if "items" in result.tables else ()
    moved = [row.key for row in rows if name.format(row.key) in result.figures]
    return sorted(moved, key=lambda key: -abs(result.figures[name.format(key)].value))[:MOST_ITEMS]


def _item_label(result: Result, key: str) -> str:
    return result.figures[f"item.{key}.base"].label.split(":")[0]


def _end(figure: Figure, end: str) -> float:
    value = figure.low if end == "low" else figure.high
    return figure.value if value is None else value
