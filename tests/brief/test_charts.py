"""Charts read figures and compute nothing: every point of theirs is a figure of the result."""

from __future__ import annotations

import json
from typing import Any

import pytest

from headway.brief import charts
from headway.impact import Result


def points(chart: charts.Chart | None) -> list[dict[str, Any]]:
    """Every row of data in a chart's specification, in the order of its layers."""
    assert chart is not None
    specification = json.loads(chart.to_json())
    named = specification.get("datasets", {})
    found: list[dict[str, Any]] = []

    def visit(node: Any) -> None:
        if isinstance(node, dict):
            data = node.get("data", {})
            found.extend(
                data["values"] if isinstance(data.get("values"), list) else named.get(data.get("name"), [])
            )
            for key, value in node.items():
                if key not in ("data", "datasets"):
                    visit(value)
        elif isinstance(node, list):
            for value in node:
                visit(value)

    visit(specification)
    return found


def test_items_show_value_and_interval_for_each_horizon(main_result: Result) -> None:
    rows = [point for point in points(charts.items(main_result)) if "horizon" in point]
    figure = main_result.figures["item.cars.change.long_run"]
    one = next(
        row for row in rows if row["row"] == "Cars and other motor vehicles" and row["horizon"] == "long run"
    )
    assert (one["value"], one["low"], one["high"]) == (figure.value, figure.low, figure.high)
    assert len({row["row"] for row in rows}) == charts.MOST_ITEMS


def test_parts_add_up_to_the_net(main_result: Result) -> None:
    rows = points(charts.channels(main_result))
    for item in {row["row"] for row in rows}:
        parts = {row["part"]: row["value"] for row in rows if row["row"] == item}
        assert set(parts) == {*charts.PARTS.values(), "Net"}
        assert parts.pop("Net") == pytest.approx(sum(parts.values()), abs=1e-9)


def test_rivals_start_with_home_and_are_no_more_than_fit(main_result: Result) -> None:
    names = list(dict.fromkeys(row["row"] for row in points(charts.rivals(main_result)) if "row" in row))
    assert names[0] == "South Korea"
    assert len(names) == charts.MOST_RIVALS


def test_average_tariffs_before_and_after(main_result: Result) -> None:
    rows = {row["row"]: row for row in points(charts.us_rates(main_result)) if "row" in row}
    after = main_result.figures["us_rate.WORLD.after"]
    assert (rows["All origins"]["after"], rows["All origins"]["low"]) == (after.value, after.low)
    assert rows["China"]["before"] == main_result.figures["us_rate.CHN.before"].value


def test_every_chart_is_drawn_offline_as_svg(main_result: Result) -> None:
    drawn = charts.draw_all(main_result)
    assert set(drawn) == {"items", "channels", "rivals", "us_rates"}
    for svg in drawn.values():
        assert svg.startswith("<svg")
        assert "<image" not in svg
        assert "href" not in svg


def test_without_figures_there_is_no_chart(main_result: Result) -> None:
    bare = main_result.model_copy(update={"figures": {}, "tables": {}})
    assert charts.draw_all(bare) == {}
