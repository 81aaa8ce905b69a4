"""Seasonal and calendar adjustment: known truth, X-13 beside the structural regression."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from headway.errors import DataError
from headway.outlook import adjustment, calendar, figures, months, x13
from headway.outlook.records import Series

START = months.month("2010-01")


def _known() -> tuple[Series, np.ndarray]:
    rng = np.random.default_rng(1)
    length = 144
    clean = 3 + 0.004 * np.arange(length) + np.cumsum(0.015 * rng.standard_normal(length))
    season = 0.1 * rng.standard_normal(12)
    season -= season.mean()
    days = calendar.log_days(calendar.KOREA, range(START, START + length))
    raw = clean + season[np.arange(length) % 12] + 0.5 * days
    return Series("total", "total", START, np.exp(raw)), clean


def test_the_structural_adjustment_recovers_the_clean_series() -> None:
    series, clean = _known()
    found = adjustment.adjust(series, "structural")
    assert "structural" in found.method
    gap = found.series.logs - clean
    assert np.std(gap) < 0.015
    assert found.elasticity is not None
    assert found.elasticity.value == pytest.approx(0.5, abs=3 * found.elasticity.error)
    parts = found.series.logs + found.seasonal + found.calendar
    assert parts == pytest.approx(series.logs, abs=1e-12)


@pytest.mark.skipif(not adjustment.x13_available(), reason="needs the extra headway[x13]")
def test_x13_and_the_structural_adjustment_agree() -> None:
    series, clean = _known()
    by_x13, own = (adjustment.adjust(series, method) for method in ("x13", "structural"))
    assert by_x13.method.startswith("X-13ARIMA-SEATS")
    assert by_x13.elasticity is not None
    assert own.elasticity is not None
    assert by_x13.elasticity.value == pytest.approx(own.elasticity.value, abs=0.06)
    assert np.std(by_x13.series.logs - own.series.logs) < 0.02
    assert np.std(by_x13.series.logs - clean) < 0.02
    assert adjustment.adjust(series).method == by_x13.method  # "auto" takes it where it is installed


@pytest.mark.skipif(not adjustment.x13_available(), reason="needs the extra headway[x13]")
def test_x13_measures_koreas_elasticity_alike() -> None:
    found = adjustment.adjust(figures.published_total(), "x13").elasticity
    assert found is not None
    assert found.value == pytest.approx(0.51, abs=0.06)


def test_the_specification_holds_the_days_and_asks_for_the_adjusted_table() -> None:
    text = x13.specification(np.ones(40), "2020-03", np.zeros(52))
    assert "start=2020.3" in text
    assert "user=(days)" in text
    assert "save=d11" in text
    assert "regression" not in x13.specification(np.ones(40), "2020-03", None)


def test_an_adjusted_series_loses_only_its_calendar() -> None:
    found = adjustment.adjust(figures.adjusted_total(), "structural")
    assert np.all(found.seasonal == 0)
    assert found.elasticity is not None
    # The OECD's adjustment leaves most of the effect of working days in.
    assert found.elasticity.value == pytest.approx(0.4, abs=0.08)


def test_without_a_calendar_only_the_season_goes() -> None:
    series, _ = _known()
    found = adjustment.adjust(dataclasses.replace(series, country=None), "structural")
    assert found.elasticity is None
    assert np.all(found.calendar == 0)
    with pytest.raises(DataError, match="No calendar"):
        adjustment.elasticity(dataclasses.replace(series, country=None))


def test_a_window_narrows_the_months_used() -> None:
    series, _ = _known()
    assert adjustment.elasticity(series, window=60).count == 60
    assert adjustment.elasticity(series).count == 144


def test_bad_requests_are_refused() -> None:
    series, _ = _known()
    with pytest.raises(DataError, match="not a method"):
        adjustment.adjust(series, "magic")
    with pytest.raises(DataError, match="needs 24"):
        adjustment.adjust(series.until(START + 10))
    with pytest.raises(DataError, match="X-13 cannot"):
        adjustment.adjust(series.until(START + 30), "x13")
