"""Effects by month: they start when the measures do, add up to the total, and read as the outlook's own file."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from headway import outlook
from headway.combined import PlainOutlook, effect_path
from headway.combined.effects import TO_80, TOTAL
from headway.impact import Result
from headway.outlook import months
from headway.outlook.forecast import Forecast, forecast_panel
from headway.outlook.records import Panel

CARS, REST = ("item", "cars"), ("item", "other")


def _dated(result: Result, **fields: dt.date) -> Result:
    measures = tuple(one.model_copy(update=fields) for one in result.scenario.measures)
    return result.model_copy(update={"scenario": result.scenario.model_copy(update={"measures": measures})})


def _one(forecasts: tuple[Forecast, ...], key: tuple[str, str]) -> Forecast:
    return next(one for one in forecasts if (one.series.kind, one.series.name) == key)


def test_without_a_date_effects_start_a_month_after_the_text_and_that_is_said(
    main_result: Result, ready: PlainOutlook
) -> None:
    path = effect_path(main_result, ready.forecasts)
    assert path.start == dt.date(2025, 2, 21)
    (finding,) = (one for one in path.findings if one.id == "outlook-start")
    assert finding.kind == "assumption"
    assert "2025-02-21, a month after the text" in finding.text
    cars = path.by_series[CARS]
    numbers = list(_one(ready.forecasts, CARS).numbers)
    assert cars.middle[numbers.index(months.month("2025-01"))] == 0
    full = main_result.figures["item.cars.change.up_to_a_year"]
    after = numbers.index(months.month("2025-09"))
    assert cars.middle[after] == pytest.approx(full.value / 100)
    assert full.low is not None
    assert cars.low[after] == pytest.approx((full.value + TO_80 * (full.low - full.value)) / 100)
    assert (np.diff(cars.middle) <= 1e-12).all()  # a loss that sets in


def test_with_a_date_effects_start_on_it_and_nothing_is_assumed(main_result: Result, ready: PlainOutlook) -> None:
    path = effect_path(_dated(main_result, date_effective=dt.date(2025, 6, 1)), ready.forecasts)
    assert path.start == dt.date(2025, 6, 1)
    assert not any("month after the text" in one.text for one in path.findings)
    numbers = list(ready.total.numbers)
    assert not path.by_series[TOTAL].middle[: numbers.index(months.month("2025-06"))].any()
    first = effect_path(_dated(main_result, date_collected=dt.date(2025, 4, 5)), ready.forecasts)
    assert first.start == dt.date(2025, 4, 5)


def test_what_the_data_hold_already_is_not_counted_again(main_result: Result, ready: PlainOutlook) -> None:
    """In force for a year: the last known month has the whole effect, so nothing is left to come."""
    path = effect_path(_dated(main_result, date_effective=dt.date(2023, 12, 1)), ready.forecasts)
    assert path.by_series == {}
    assert any("No effect of the measures falls into the forecast" in one.text for one in path.findings)
    half = effect_path(_dated(main_result, date_effective=dt.date(2024, 10, 1)), ready.forecasts)
    full = main_result.figures["item.cars.change.up_to_a_year"].value / 100
    assert full < half.by_series[CARS].middle[-1] < 0


def test_an_end_brings_exports_back(main_result: Result, ready: PlainOutlook) -> None:
    ends = {"date_effective": dt.date(2025, 2, 1), "date_end": dt.date(2025, 8, 31)}
    path = effect_path(_dated(main_result, **ends), ready.forecasts)
    numbers = list(ready.total.numbers)
    assert path.by_series[TOTAL].middle[numbers.index(months.month("2025-08"))] < 0
    assert path.by_series[TOTAL].middle[numbers.index(months.month("2025-09"))] == 0


def test_the_total_moves_by_the_value_of_its_items(main_result: Result, ready: PlainOutlook) -> None:
    path = effect_path(main_result, ready.forecasts)
    moved = np.zeros(12)
    for key, effect in path.by_series.items():
        if key != TOTAL:
            one = _one(ready.forecasts, key)
            moved += (one.median * effect.middle)[ready.total.series.end - one.series.end :]
    assert path.by_series[TOTAL].middle * ready.total.median == pytest.approx(moved, rel=1e-9)
    assert (path.by_series[TOTAL].low <= path.by_series[TOTAL].middle).all()


def test_items_without_a_series_of_their_own_move_the_rest(main_result: Result, ready: PlainOutlook) -> None:
    path = effect_path(main_result, ready.forecasts)
    named = {one.series.name for one in ready.forecasts if one.series.kind == "item"} - {"other"}
    figures = main_result.figures
    rest = {
        key: figures[f"item.{key}.base"].value
        for key in (id.split(".")[1] for id in figures if id.startswith("item.") and id.endswith(".base"))
        if key not in named
    }
    changes = {key: figures.get(f"item.{key}.change.up_to_a_year") for key in rest}
    expected = sum(rest[key] * change.value for key, change in changes.items() if change) / sum(rest.values())
    assert path.by_series[REST].middle[-1] == pytest.approx(expected / 100)
    assert ("item", "ships") not in path.by_series  # no measurable exposure


def test_without_items_the_total_moves_as_the_results_does(main_result: Result, ready: PlainOutlook) -> None:
    alone = forecast_panel(Panel((ready.total.series,)), ready.plan.settings)
    path = effect_path(main_result, alone)
    assert path.by_series[TOTAL].middle[-1] == pytest.approx(
        main_result.figures["exports.total.up_to_a_year"].value / 100
    )


def test_long_run_effects_are_not_put_into_an_outlook_of_a_year(main_result: Result, ready: PlainOutlook) -> None:
    scenario = main_result.scenario.model_copy(update={"horizons": ("long_run",)})
    figures = {id: one for id, one in main_result.figures.items() if not id.endswith("up_to_a_year")}
    later = main_result.model_copy(update={"scenario": scenario, "figures": figures})
    path = effect_path(later, ready.forecasts)
    assert path.by_series == {}
    assert "long run alone" in path.findings[0].text


def test_the_rows_are_those_that_the_outlook_reads(main_result: Result, ready: PlainOutlook) -> None:
    path = effect_path(main_result, ready.forecasts)
    request = outlook.Request(as_known_on=main_result.scenario.date, effects=pl.DataFrame(path.rows(ready.shown)))
    found = outlook.outlook(request)
    assert found.scenario[TOTAL].effect == pytest.approx(path.by_series[TOTAL].middle, abs=1e-9)
    assert found.scenario[TOTAL].effect_low == pytest.approx(path.by_series[TOTAL].low, abs=2e-3)
