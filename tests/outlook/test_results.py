"""The outlook from request to result: tables add up, sentences say what the numbers say, nothing moves between runs."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import polars as pl
import pytest

from headway import outlook
from headway.errors import DataError, UnknownCode
from headway.outlook import export, months, sentences, tables
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
    assert "survey for 2025Q1" in january.sentences["tracking"][1]


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
        (0.04, -0.01, "so the expected rise comes in spite of it"),
        (-0.04, 0.01, "so the expected fall comes in spite of it"),
        (-0.04, 0.0, "neither high nor low"),
    ],
)
def test_the_base_sentence_follows_sign_and_share(growth: float, base: float, expected: str) -> None:
    assert expected in sentences.base_sentence({"growth": growth, "base": base, "period": "2025-H1"})


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
