"""The outlook from request to result: tables add up, sentences say what the numbers say, nothing moves between runs."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import polars as pl
import pytest

from headway import outlook
from headway.errors import DataError, UnknownCode
from headway.outlook import adjustment, export, figures, growth, months, sentences, tables
from headway.outlook.forecast import Settings, forecast_panel
from headway.outlook.records import Panel, Series
from headway.outlook.tracking import Index

DAY = dt.date(2025, 1, 20)


def _effects() -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"kind": "item", "name": "cars", "month": f"2025-{m:02d}", "effect": -0.1, "low": -0.15, "high": -0.05}
            for m in range(4, 13)
        ]
    )


@pytest.fixture(scope="module")
def january() -> outlook.OutlookResult:
    index = Index("TPU", "Trade policy uncertainty", months.month("2023-01"), np.arange(1.0, 31.0))
    return outlook.outlook(
        outlook.Request(as_known_on=DAY, effects=_effects(), scenario="a tariff on cars", indices=(index,))
    )


@pytest.fixture(scope="module")
def latest() -> outlook.OutlookResult:
    return outlook.outlook()


def test_the_carry_over_does_not_hang_on_one_month_or_one_adjustment() -> None:
    """December 2024 alone says +0.6 to +3.0 by three adjustments; its last quarter lies within a point."""
    period = months.period("2025-H1")
    total, adjusted = figures.korea(DAY).total, figures.adjusted_total(DAY)
    assert total is not None
    panels = (Panel((total,)), Panel((adjusted,)))
    engine = [forecast_panel(panel, Settings(known_on=DAY))[0].adjusted for panel in panels]
    series = [adjusted, *engine, adjustment.adjust(total, "structural").series]
    carried = [growth.carry_over(one, period) for one in series]
    december = [6 * one.at(one.end) / one.total(n - 12 for n in period) - 1 for one in series]
    assert max(carried) - min(carried) < 0.01 < 0.02 < max(december) - min(december)
    assert all(0 < one < 0.02 for one in carried)


def test_the_plan_is_made_without_forecasting() -> None:
    plan = outlook.plan(outlook.Request(as_known_on=DAY))
    assert plan.periods == ("2025-H1", "2025-H2")
    assert plan.models["total total"] == ("seasonal naive", "naive", "ets", "theta", "arima", "structural")
    assert plan.models["item semiconductors"] == ("seasonal naive", "naive", "ets", "theta")
    assert plan.flash is not None
    assert (plan.flash.last_day, months.label(plan.flash.number)) == (10, "2025-01")
    assert any("No long history by item" in note for note in plan.notes)


def test_the_trigger_case(january: outlook.OutlookResult) -> None:
    """First half of 2025 as known on 20 January: outcomes −0.03 %, semiconductors +11.4 %, cars about −2 %."""
    rows = {
        (r["kind"], r["name"]): r
        for r in january.periods.filter(pl.col("period") == "2025-H1").iter_rows(named=True)
    }
    total = rows["total", "total"]
    assert total["low80"] < -0.0003 < total["high80"]
    assert abs(total["growth"]) < 0.03
    assert total["base"] < 0  # the base was high
    # Season and working days out of the last quarter: +0.6 by the OECD's own adjustment, a little more by ours.
    assert total["carry_over"] * 100 == pytest.approx(0.6, abs=0.5)
    assert total["calendar"] * 100 == pytest.approx(-0.77, abs=0.1)  # the holiday of 3 June was fixed in April
    assert (total["days"], total["days_before"]) == (131.5, 133.5)
    first, base = january.sentences["waterfall"][:2]
    assert f"comes out at {sentences.percent(total['carry_over'])} on the year before" in first
    assert "Working days (131.5 after 133.5)" in first
    assert "high (−0.8 points)" in base
    chips, cars = rows["item", "semiconductors"], rows["item", "cars"]
    assert chips["low80"] < 0.114 < chips["high80"]
    assert cars["low80"] < -0.02 < cars["high80"]


def test_periods_and_steps_add_up(january: outlook.OutlookResult) -> None:
    for row in january.periods.iter_rows(named=True):
        parts = row["carry_over"] + row["within"] + row["calendar"] + row["cross"]
        assert parts == pytest.approx(row["growth"], abs=1e-9)
        assert row["base"] + row["level_gap"] == pytest.approx(row["carry_over"], abs=1e-9)
        assert row["low95"] <= row["low80"] <= row["low50"] <= row["growth"] <= row["high50"] <= row["high80"]
    for key, steps in january.steps.group_by("kind", "name", "period"):
        ordered = steps.sort("order")
        final = ordered.row(-1, named=True)
        assert final["end"] == pytest.approx(ordered["value"][:-1].sum(), abs=1e-9), key
        assert ordered["start"][1:-1].to_list() == pytest.approx(ordered["end"][:-2].to_list())


def test_drivers_and_contributions_add_up(january: outlook.OutlookResult) -> None:
    for row in january.drivers.iter_rows(named=True):
        parts = row["working_days"] + row["base"] + row["momentum"] + row["cross"]
        assert parts == pytest.approx(row["growth"], abs=1e-9)
    total = january.forecast.filter(pl.col("kind") == "total")
    by_month = january.contributions.group_by("month").agg(pl.col("contribution").sum())
    joined = by_month.join(total.select("month", "growth"), on="month")
    assert joined.height >= 20
    assert (joined["contribution"] - joined["growth"]).abs().max() < 1e-9


def test_items_and_destinations_add_up_to_the_total(january: outlook.OutlookResult) -> None:
    assert january.manifest["adding_up"]["item"] < 1e-12
    assert january.manifest["adding_up"]["destination"] < 1e-12


def test_the_scenario_moves_what_it_names(january: outlook.OutlookResult) -> None:
    assert set(january.scenario) == {("item", "cars"), ("total", "total")}
    row = january.periods.filter((pl.col("name") == "cars") & (pl.col("period") == "2025-H2")).row(0, named=True)
    assert row["scenario_effect"] == pytest.approx(-0.1, abs=1e-6)
    assert row["scenario_low80"] < row["scenario_growth"] < row["scenario_high80"]
    assert any("a tariff on cars" in line for line in january.sentences["scenario"])


def test_the_same_request_gives_the_same_result(january: outlook.OutlookResult) -> None:
    request = january.plan.request
    assert export.to_json(outlook.outlook(request)) == export.to_json(january)


def test_json_holds_every_table_and_no_missing_marks(january: outlook.OutlookResult) -> None:
    text = export.to_json(january)
    assert "NaN" not in text
    content = json.loads(text)
    assert set(export.TABLES) <= set(content)
    assert content["manifest"]["as_known_on"] == "2025-01-20"
    assert all(len(entry["sha256"]) == 64 for entry in content["manifest"]["inputs"])
    assert content["nowcast"]["last_day"] == 10


def test_every_chart_has_its_sentence(january: outlook.OutlookResult) -> None:
    for part in (
        "headline",
        "fan",
        "waterfall",
        "heatmap",
        "rates",
        "nowcast",
        "scenario",
        "accuracy",
        "tracking",
    ):
        assert january.sentences[part], part
    assert "+6.6 % as printed" in january.sentences["rates"][0]
    assert "December 2024" in january.sentences["tracking"][0]
    assert "survey, last on file 2025-Q1" in january.sentences["tracking"][1]


def test_what_cannot_be_forecast_is_said_in_words(january: outlook.OutlookResult) -> None:
    rows = {(r["name"], r["period"]): r for r in january.periods.iter_rows(named=True) if r["kind"] == "item"}
    for (name, period), row in rows.items():
        assert row["usable"] == ((1 + row["high80"]) / (1 + row["low80"]) <= 2), (name, period)
    assert not rows["ships", "2025-H1"]["usable"]
    assert rows["semiconductors", "2025-H1"]["usable"]
    said = [line for line in january.sentences["fan"] if line.startswith("Ships")]
    assert all("cannot be forecast" in line for line in said)


def test_contributions_are_claimed_only_where_both_years_have_a_source(
    january: outlook.OutlookResult, latest: outlook.OutlookResult
) -> None:
    """December 2023 is on file for no item: filling semiconductors would claim 8.1 points where 6.1 were true."""
    assert "nothing is claimed for December 2024" in january.sentences["heatmap"][0]
    filled = {
        (one.series.name, number)
        for one in latest.forecasts
        if one.series.kind == "item"
        for number in one.series.filled
    }
    for row in latest.contributions.iter_rows(named=True):
        number = months.month(row["month"])
        open_months = (row["name"], number) in filled or (row["name"], number - 12) in filled
        assert row["stated"] == (row["status"] == "stated" and not open_months)


def test_estimates_behind_a_carry_over_are_counted(january: outlook.OutlookResult) -> None:
    rows = {r["name"]: r for r in january.periods.filter(pl.col("period") == "2025-H1").iter_rows(named=True)}
    assert rows["total"]["estimated"] == rows["cars"]["estimated"] == rows["semiconductors"]["estimated"] == 0
    ships = january.get("item", "ships").series
    behind = {*months.period("2024-H1"), *months.period("2024-Q4")}
    assert rows["ships"]["estimated"] == len(behind & set(ships.filled)) > 0
    assert not rows["total"]["base_open"]


def test_the_break_of_2026_is_said_in_words(latest: outlook.OutlookResult) -> None:
    said = [line for line in latest.sentences["watch"] if line.startswith("Total exports")]
    assert said
    assert "the intervals have failed" in said[0]
    assert "times their usual width" in said[0]
    row = latest.rates.row(-1, named=True)
    assert (row["month"], round(100 * row["headline"], 1)) == ("2026-07", 62.8)
    assert "semiconductors contributed +43" in latest.sentences["heatmap"][0]


@pytest.mark.parametrize(
    ("growth", "base", "expected"),
    [
        (-0.04, -0.02, "Half of the expected fall"),
        (-0.04, -0.05, "More than all of the expected fall"),
        (0.04, 0.01, "A quarter of the expected rise"),
        (0.024, 0.001, "plays next to no part in the expected rise"),
        (0.0, -0.008, "is high (−0.8 points): without it exports would change by +0.8 %."),
        (0.04, -0.01, "so the expected rise comes in spite of it"),
        (-0.04, 0.01, "so the expected fall comes in spite of it"),
        (-0.04, 0.0, "neither high nor low"),
    ],
)
def test_the_base_sentence_follows_sign_and_share(growth: float, base: float, expected: str) -> None:
    row = {"growth": growth, "base": base, "period": "2025-H1", "base_open": False}
    assert expected in sentences.base_sentence(row)
    assert "not settled" in sentences.base_sentence(row | {"base_open": True})


def test_numbers_are_printed_plainly() -> None:
    assert sentences.percent(-0.0274) == "−2.7 %"
    assert sentences.percent(-0.0001) == "0.0 %"
    assert sentences.points(0.013) == "+1.3 points"
    assert sentences.title("destination", "USA") == "United States"
    assert sentences.title("destination", "middle_east") == "middle east"
    assert sentences.title("item", "other") == "Other items"


def _own(names: tuple[str, ...] = ("total",), length: int = 96) -> Panel:
    rng = np.random.default_rng(1)
    start = months.month("2018-01")
    kinds = ["total" if name == "total" else "item" for name in names]
    logs = np.cumsum(0.03 * rng.standard_normal((len(names), length)), axis=1)
    return Panel(
        tuple(
            Series(kind, name, start, np.exp(row), country="JPN")
            for kind, name, row in zip(kinds, names, logs, strict=True)
        )
    )


def test_a_users_panel_of_another_country_runs_without_korean_figures() -> None:
    found = outlook.outlook(outlook.Request(panel=_own()))
    assert found.nowcast is None
    assert found.rates.height == 24
    assert not found.rates["published"].any()
    assert found.contributions.is_empty()


def test_a_panel_without_a_total_says_what_it_leaves_out() -> None:
    found = outlook.outlook(outlook.Request(panel=_own(("cars", "steel"))))
    assert any("no total" in note for note in found.notes)
    assert found.rates.is_empty()
    assert found.periods.height == 4


def test_a_day_cuts_a_users_panel() -> None:
    found = outlook.outlook(outlook.Request(panel=_own(), as_known_on=dt.date(2024, 6, 15)))
    assert months.label(found.forecasts[0].series.end) == "2024-05"
    with pytest.raises(DataError, match="no series"):
        outlook.outlook(outlook.Request(panel=_own(), as_known_on=dt.date(2017, 6, 15)))


def test_one_series_is_found_by_name(january: outlook.OutlookResult) -> None:
    assert january.get("item", "cars").series.name == "cars"
    with pytest.raises(UnknownCode, match="chocolate"):
        january.get("item", "chocolate")


def test_the_horizon_decides_the_halves() -> None:
    assert outlook.plan(outlook.Request(panel=_own(), horizon=5)).periods == ()
    assert outlook.plan(outlook.Request(panel=_own(), horizon=6)).periods == ("2026-H1",)


def test_steps_name_every_part() -> None:
    assert [column for column, _ in tables.STEPS] == ["base", "level_gap", "within", "calendar", "cross"]
