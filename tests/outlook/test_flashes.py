"""Nowcast of the running month from customs flashes."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from headway.errors import DataError
from headway.outlook import calendar, figures, flashes, months
from headway.outlook.forecast import Forecast, Settings, forecast_panel
from headway.outlook.records import Panel


@pytest.fixture(scope="module")
def total() -> Forecast:
    series = figures.korea().total
    assert series is not None
    return forecast_panel(Panel((series,)))[0]


def test_flashes_are_dated_and_derived_growth_is_filled_in() -> None:
    found = flashes.korean_flashes()
    assert len(found) >= 36
    by_key = {(months.label(f.number), f.last_day): f for f in found}
    assert by_key["2025-09", 20].growth == pytest.approx(0.135)
    assert by_key["2025-09", 20].known_from == dt.date(2025, 9, 22)  # the 21st was a Sunday
    assert by_key["2025-01", 10].known_from == dt.date(2025, 1, 13)  # the 11th a Saturday
    # 35.2 against 30.72 of the year before; the printed growth is missing.
    assert by_key["2025-02", 20].growth == pytest.approx(35.2 / 30.72 - 1)
    assert all(f.known_from <= dt.date(2025, 1, 20) for f in flashes.korean_flashes(dt.date(2025, 1, 20)))


def test_the_bridge_uses_working_days_of_window_and_month() -> None:
    flash = flashes.Flash(months.month("2025-09"), 20, 0.135)
    # Window 16.5 days after 13, month 24 after 20.
    expected = np.log(1.135) - np.log(16.5 / 13) + np.log(24 / 20)
    assert flashes.bridge(flash, calendar.KOREA) == pytest.approx(expected)


def test_the_bridge_knows_only_the_holidays_fixed_by_then() -> None:
    """27 January 2025 became a holiday on the 14th."""
    flash = flashes.Flash(months.month("2025-01"), 10, 0.038)
    before, after = (flashes.bridge(flash, calendar.KOREA, dt.date(2025, 1, day)) for day in (13, 14))
    assert before - after == pytest.approx(np.log(21 / 20))


def test_twenty_day_nowcasts_beat_the_first_try(total: Forecast) -> None:
    """Each as known on its day; the first try (daily average carried over) missed by 3.6 points, raw growth by 6.5."""
    every = flashes.korean_flashes()
    growth = figures.published_growth("total", "total")
    errors, raw = [], []
    for flash in every:
        if flash.last_day != 20 or flash.number < months.month("2024-01"):
            continue
        name = months.label(flash.number)
        if flash.number > total.series.end:
            continue
        came = (
            growth[name] / 100
            if name in growth
            else total.series.at(flash.number) / total.series.at(flash.number - 12) - 1
        )
        past = [f for f in every if f.number < flash.number]
        errors.append(abs(flashes.nowcast(total, flash, past).growth - came))
        raw.append(abs(flash.growth - came))
    assert len(errors) >= 17
    assert 100 * np.mean(raw) > 6
    assert 100 * np.mean(errors) < 3.4


def test_a_nowcast_lies_between_flash_and_model_and_inside_its_bounds(total: Forecast) -> None:
    every = flashes.korean_flashes()
    flash = next(f for f in every if f.number == months.month("2026-08") and f.last_day == 20)
    found = flashes.nowcast(total, flash, every)
    low, high = sorted((found.bridged, found.model))
    assert low <= found.growth <= high
    assert np.all(np.diff(found.low) < 0)
    assert np.all(np.diff(found.high) > 0)
    assert found.low[0] < found.growth < found.high[0]
    assert 0.3 < found.weight < 0.8


def test_an_update_replaces_the_first_month_and_moves_the_rest_less(total: Forecast) -> None:
    every = flashes.korean_flashes()
    flash = next(f for f in every if f.number == months.month("2026-08") and f.last_day == 20)
    running = flashes.nowcast(total, flash, every)
    updated = flashes.update(total, running)
    before = total.series.at(flash.number - 12)
    assert updated.median[0] == pytest.approx(before * (1 + running.growth))
    moved = np.log(updated.median / total.median)
    assert np.sign(moved[1]) == np.sign(moved[0])
    assert np.all(np.abs(moved) <= 1.5 * abs(moved[0]) + 1e-12)
    assert updated.width[1, 0] < total.width[1, 0]
    with pytest.raises(DataError, match="not of the month"):
        flashes.update(
            forecast_panel(Panel((total.series.until(months.month("2026-05")),)), Settings())[0], running
        )


def test_a_series_without_a_calendar_has_no_nowcast() -> None:
    series = figures.korea().total
    assert series is not None
    import dataclasses

    bare = dataclasses.replace(series, country=None)
    made = forecast_panel(Panel((bare,)))[0]
    with pytest.raises(DataError, match="calendar"):
        flashes.nowcast(made, flashes.Flash(series.end + 1, 20, 0.1))
