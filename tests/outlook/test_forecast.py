"""Forecasts of panels: pooling, thin series, sums, accuracy claims, reconciliation, synthetic truth."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest

from headway.errors import DataError, UnknownCode
from headway.outlook import accuracy, calendar, figures, hierarchy, months
from headway.outlook.forecast import Forecast, Settings, forecast_panel
from headway.outlook.records import Panel, Series
from headway.outlook.spans import span

START = months.month("2006-01")


def simulated(count: int, length: int, seed: int = 1, *, response: float = 0.5) -> Panel:
    """Series with trend, season, working days, a random walk and noise; the total is their sum."""
    rng = np.random.default_rng(seed)
    days = calendar.log_days(calendar.KOREA, range(START, START + length))
    season = 0.08 * rng.standard_normal((count, 12))
    walk = np.cumsum(0.02 * rng.standard_normal((count, length)), axis=1)
    noise = 0.02 * rng.standard_normal((count, length))
    logs = walk + noise + season[:, np.arange(length) % 12] + response * days + 0.003 * np.arange(length)
    parts = [Series("item", f"item_{at}", START, np.exp(row)) for at, row in enumerate(logs)]
    return Panel((Series("total", "total", START, np.exp(logs).sum(axis=0)), *parts))


@pytest.fixture(scope="module")
def long_panel() -> tuple[Forecast, ...]:
    return forecast_panel(simulated(6, 240))


def test_working_days_and_skill_are_found_on_known_truth(long_panel: tuple[Forecast, ...]) -> None:
    total = long_panel[0]
    assert total.days_elasticity is not None
    assert total.days_elasticity[0] == pytest.approx(0.5, abs=3 * total.days_elasticity[1])
    for one in long_panel:
        first, *_ = accuracy.accuracy(one)
        assert first.claimed
        assert first.mase < 0.6
        assert first.skill > 0.5
        assert first.p_value < 0.01


def test_bands_cover_on_known_truth(long_panel: tuple[Forecast, ...]) -> None:
    for step in range(4):
        found = [accuracy.accuracy(one)[step].coverage for one in long_panel]
        middle = np.mean(found, axis=0)
        assert middle[1] == pytest.approx(0.80, abs=0.05)
        assert middle[2] == pytest.approx(0.95, abs=0.04)


def test_the_combination_is_close_to_the_best_model(long_panel: tuple[Forecast, ...]) -> None:
    for one in long_panel:
        known = np.isfinite(one.actual)
        ours = np.abs(one.errors[known]).mean()
        best = min(np.abs((one.actual - path)[known]).mean() for path in one.by_model)
        assert ours <= 1.05 * best


def test_nothing_depends_on_the_order_of_series() -> None:
    panel = simulated(3, 80)
    turned = Panel(tuple(reversed(panel.series)))
    one = {f.series.name: f.median for f in forecast_panel(panel)}
    other = {f.series.name: f.median for f in forecast_panel(turned)}
    for name, median in one.items():
        assert other[name] == pytest.approx(median, rel=1e-12)


@pytest.mark.parametrize(("length", "models"), [(14, 2), (23, 2), (24, 4), (59, 4), (60, 6)])
def test_short_series_get_fewer_models_and_say_so(length: int, models: int) -> None:
    panel = simulated(2, 120)
    cut = Panel(
        (
            panel.series[0],
            *(
                dataclasses.replace(one, start=one.end - length + 1, values=one.values[-length:])
                for one in panel.series[1:]
            ),
        )
    )
    short = forecast_panel(cut)[1]
    assert len(short.models) == models
    assert bool(short.notes) == (length < 60)
    assert np.isfinite(short.width).all()
    assert all(short.supported)  # the total's errors stand behind the widths
    if length < 40:
        assert not any(found.claimed for found in accuracy.accuracy(short))


def test_a_short_series_is_less_sure_than_the_same_series_long() -> None:
    panel = simulated(8, 120, 2)
    last = [dataclasses.replace(s, start=s.end - 29, values=s.values[-30:]) for s in panel.series[1:]]
    whole, cut = forecast_panel(panel), forecast_panel(Panel((panel.series[0], *last)))
    ratios = [short.width[1, 5] / full.width[1, 5] for full, short in zip(whole[1:], cut[1:], strict=True)]
    assert np.median(ratios) > 1.3
    assert min(ratios) >= 0.99


def test_a_lone_thin_series_has_a_rule_of_thumb_and_no_claim() -> None:
    series = simulated(1, 14).series[1]
    (made,) = forecast_panel(Panel((series,)))
    assert not any(made.supported)
    assert np.all(np.diff(made.width, axis=1) >= 0)
    assert np.isfinite(made.median).all()


def test_eleven_months_are_refused() -> None:
    series = simulated(1, 11).series[1]
    with pytest.raises(DataError, match="11 months"):
        forecast_panel(Panel((series,)))


def test_a_horizon_out_of_range_is_refused() -> None:
    with pytest.raises(DataError, match="horizon of 30"):
        Settings(horizon=30)


def test_sums_join_known_and_forecast_months(long_panel: tuple[Forecast, ...]) -> None:
    total = long_panel[0]  # ends in December 2025
    whole = span(total, "2026-H1")
    assert whole.known_months == 0
    assert whole.total == pytest.approx(total.median[:6].sum())
    assert whole.growth == pytest.approx(whole.total / total.series.total(months.period("2025-H1")) - 1)
    assert np.all(np.diff(whole.low) < 0)
    assert whole.low[0] < whole.total < whole.high[0]
    earlier = forecast_panel(Panel((total.series.until(months.month("2025-03")),)))[0]
    part = span(earlier, "2025-H1")
    assert part.known_months == 3
    assert part.total == pytest.approx(part.known + earlier.median[:3].sum())
    known = span(total, "2025-H2")
    assert known.low == pytest.approx([known.total] * 3)
    with pytest.raises(DataError, match="beyond the forecast"):
        span(total, "2027-H2")


def test_the_sum_is_surer_than_its_months(long_panel: tuple[Forecast, ...]) -> None:
    half = span(long_panel[0], "2026-H1")
    assert half.width[1] < long_panel[0].width[1, 5]


def test_a_year_seen_from_the_autumn_before_has_its_own_width() -> None:
    total = simulated(4, 238).series[0]
    made = forecast_panel(Panel((total,)), Settings(horizon=14))[0]
    found = span(made, "2026")
    assert found.growth_width is not None
    low, high = found.growth_bounds() or (None, None)
    assert low is not None
    assert high is not None
    assert found.growth is not None
    assert low[1] < found.growth < high[1]


def test_forecasts_add_up_and_the_rest_is_named() -> None:
    panel = simulated(4, 120)
    incomplete = Panel(panel.series[:-1])
    whole = hierarchy.with_rest(incomplete)
    assert whole.get("item", hierarchy.REST).values == pytest.approx(panel.series[-1].values)
    made = hierarchy.reconciled(forecast_panel(whole))
    total = made[0].median
    parts = sum(one.median for one in made[1:])
    assert parts == pytest.approx(total, rel=1e-9)


def test_complete_items_get_no_rest_and_overlapping_ones_are_left_alone() -> None:
    panel = simulated(3, 80)
    assert len(hierarchy.with_rest(panel).series) == 4
    double = Panel((*panel.series, dataclasses.replace(panel.series[1], name="again")))
    kept = hierarchy.with_rest(double)
    assert len(kept.series) == 5
    assert any("overlap" in note for note in kept.notes)
    made = forecast_panel(kept)
    assert all(np.array_equal(a.median, b.median) for a, b in zip(made, hierarchy.reconciled(made), strict=True))


def test_koreas_total_meets_the_targets_since_2015() -> None:
    """The adjusted total, origins 2015-07 to 2025-10: better than Theta, the random walk and another program."""
    series = figures.adjusted_total()
    made = forecast_panel(Panel((series,)))[0]
    chosen = [months.month("2015-07") <= origin <= months.month("2025-10") for origin in made.origins]
    assert sum(chosen) == 124
    error = np.abs(np.expm1(made.past - made.actual))[chosen]
    assert 100 * error[:, 0].mean() < 3.0  # Theta 3.4, naive 3.6
    assert 100 * error[:, 5].mean() < 7.3  # Theta 7.4, naive 7.6
    single = {
        model: np.abs(np.expm1(path - made.actual))[chosen][:, :6].mean()
        for model, path in zip(made.models, made.by_model, strict=True)
    }
    assert error[:, :6].mean() <= 1.05 * min(single.values())
    inside = (np.abs(made.errors)[None] <= made.past_width)[1][chosen]
    for step in range(6):
        assert 0.75 <= inside[:, step].mean() <= 0.85


def test_the_break_of_2026_is_noticed() -> None:
    total = figures.korea().total
    assert total is not None
    found = accuracy.watch(forecast_panel(Panel((total,)))[0])
    assert found.failing
    assert found.widening > 1.5
    before = accuracy.watch(forecast_panel(Panel((total.until(months.month("2025-10")),)))[0])
    assert not before.failing
    assert before.widening < found.widening


def test_vintages_do_not_leak() -> None:
    """A forecast as known on a day is the same whether the later months are on file or not."""
    day = dt.date(2025, 1, 20)
    known = figures.korea(day).get("total", "total")
    made = forecast_panel(Panel((known,)), Settings(known_on=day))[0]
    assert months.label(made.series.end) == "2024-12"
    again = forecast_panel(Panel((known.until(months.month("2024-12")),)), Settings(known_on=day))[0]
    assert np.array_equal(made.median, again.median)


def test_a_panel_refuses_doubles_and_names_what_it_has() -> None:
    panel = simulated(2, 30)
    with pytest.raises(DataError, match="given twice"):
        Panel((panel.series[0], panel.series[0]))
    with pytest.raises(UnknownCode, match="item_0, item_1"):
        panel.get("item", "cars")
    assert Panel(panel.series[1:]).total is None


def test_a_series_checks_itself() -> None:
    with pytest.raises(DataError, match="not positive"):
        Series("item", "x", START, np.array([1.0, 0.0]))
    with pytest.raises(DataError, match="no months"):
        Series("item", "x", START, np.array([]))
    series = Series("item", "x", START, np.array([1.0, 2.0]))
    with pytest.raises(DataError, match="no value for 2007-01"):
        series.at(START + 12)
    with pytest.raises(DataError, match="starts in 2006-01"):
        series.until(START - 1)
