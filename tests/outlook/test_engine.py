"""Forecast numerics: against another program, against algebra, and no origin sees a later month."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter

from headway.outlook import figures, months
from headway.outlook.engine import (
    arima,
    combine,
    conformal,
    effects,
    filters,
    pipeline,
    scores,
    smoothing,
    structural,
)
from headway.outlook.engine.reconcile import reconcile

OTHER_PROGRAM = json.loads((Path(__file__).parent / "fixtures" / "statsmodels.json").read_text(encoding="utf-8"))


def _adjusted(origin: str) -> np.ndarray:
    return figures.adjusted_total().until(months.month(origin)).logs[None]


@pytest.mark.parametrize("origin", sorted(OTHER_PROGRAM["theta"]))
def test_theta_agrees_with_statsmodels(origin: str) -> None:
    logs = _adjusted(origin)
    ours = smoothing.theta(logs, np.array([logs.shape[1] - 1]), 12)[0, 0]
    # α is searched on a grid of 0.05 here and continuously there.
    assert ours == pytest.approx(OTHER_PROGRAM["theta"][origin], abs=3e-3)


@pytest.mark.parametrize("origin", sorted(OTHER_PROGRAM["fixed"]))
def test_smoothing_with_given_parameters_is_statsmodels(origin: str) -> None:
    logs = _adjusted(origin)
    ours = smoothing.exponential_smoothing(
        logs, np.array([logs.shape[1] - 1]), 12, grid=np.array([[0.6, 0.12, 0.9]])
    )
    assert ours[0, 0] == pytest.approx(OTHER_PROGRAM["fixed"][origin], abs=2e-6)


@pytest.mark.parametrize("origin", sorted(OTHER_PROGRAM["ses"]))
def test_smoothing_lies_with_statsmodels_level_and_damped_trend(origin: str) -> None:
    logs = _adjusted(origin)
    ours = smoothing.exponential_smoothing(logs, np.array([logs.shape[1] - 1]), 12)[0, 0]
    theirs = np.array([OTHER_PROGRAM[name][origin] for name in ("ses", "damped")])
    # Ours averages over both models' parameters by likelihood.
    assert np.all(ours >= theirs.min(axis=0) - 0.03)
    assert np.all(ours <= theirs.max(axis=0) + 0.03)


@pytest.mark.parametrize("origin", sorted(OTHER_PROGRAM["arima_fixed"]))
def test_arima_with_given_coefficients_is_statsmodels(origin: str) -> None:
    logs = _adjusted(origin)
    filtered = lfilter([1.0], [1.0, -0.6], np.diff(logs, axis=1), axis=1)
    recent = arima._recent(filtered, np.array([[logs.shape[1] - 1]]))
    changes = arima._project(recent, np.array([[[0.5, 0.2]]]), -0.6, 12)[0, 0]
    assert logs[0, -1] + np.cumsum(changes) == pytest.approx(OTHER_PROGRAM["arima_fixed"][origin], abs=2e-6)


@pytest.mark.parametrize("origin", sorted(OTHER_PROGRAM["arima_211"]))
def test_arima_stays_close_to_statsmodels(origin: str) -> None:
    logs = _adjusted(origin)
    ours = arima.arima(logs, np.array([logs.shape[1] - 1]), 12)[0, 0]
    drift = 0.5 * np.diff(logs[0]).mean() * np.arange(1, 13)
    assert ours[0] == pytest.approx(OTHER_PROGRAM["arima_211"][origin][0] + drift[0], abs=0.03)
    assert ours[11] == pytest.approx(OTHER_PROGRAM["arima_211"][origin][11] + drift[11], abs=0.06)


def test_autoregression_is_least_squares() -> None:
    rng = np.random.default_rng(3)
    filtered = rng.standard_normal((1, 80))
    origin = np.array([[80]])
    coefficients, squares = arima._autoregression(arima._moments(filtered, origin), 2)
    y = filtered[0, 4:]
    x = np.column_stack([filtered[0, 3:-1], filtered[0, 2:-2]])
    expected, residual, *_ = np.linalg.lstsq(x, y, rcond=None)
    assert coefficients[0, 0] == pytest.approx(expected, rel=1e-4)
    assert squares[0, 0] == pytest.approx(residual[0], rel=1e-4)


def test_an_autoregression_of_changes_is_recovered() -> None:
    rng = np.random.default_rng(5)
    change = np.zeros(1500)
    for t in range(1, 1500):
        change[t] = 0.6 * change[t - 1] + 0.01 * rng.standard_normal()
    logs = np.cumsum(change)[None]
    path = arima.arima(logs, np.array([1499]), 6)[0, 0]
    expected = logs[0, -1] + np.cumsum(change[-1] * 0.6 ** np.arange(1, 7))
    assert path == pytest.approx(expected, abs=0.004)


def _group(logs: np.ndarray, horizon: int = 12) -> pipeline.Group:
    length = logs.shape[1] + horizon
    days = 0.05 * np.sin(np.arange(length) * 1.7)
    regressors = effects.design(np.arange(length) % 12, days, seasonal=True)
    prior = effects.Prior(np.r_[0.5, np.zeros(11)], np.r_[0.25, np.full(11, 0.1)])
    return pipeline.Group(logs, regressors, prior)


@pytest.mark.parametrize("length", [20, 40, 90])
def test_no_forecast_sees_a_later_month(length: int) -> None:
    rng = np.random.default_rng(11)
    logs = np.cumsum(0.05 * rng.standard_normal((3, length)), axis=1)
    whole = pipeline.run(_group(logs), 12)
    changed = logs.copy()
    cut = length - 3
    changed[:, cut + 1 :] += rng.standard_normal((3, length - cut - 1))
    again = pipeline.run(_group(changed), 12)
    before = whole.origins <= cut - 12  # blocks whose first origin lies before the change
    same = whole.origins[before]
    keep = [i for i, origin in enumerate(whole.origins) if origin in same]
    assert np.array_equal(whole.forecasts[:, :, keep], again.forecasts[:, :, keep])
    assert np.array_equal(whole.combined[:, keep], again.combined[:, keep])
    # Cutting the data at the change gives the same forecasts as having it.
    short = pipeline.run(_group(logs[:, : cut + 1]), 12)
    for place, origin in enumerate(short.origins[:-1]):
        if origin in whole.origins:
            at = int(np.flatnonzero(whole.origins == origin)[0])
            assert short.combined[:, place] == pytest.approx(whole.combined[:, at], abs=1e-10)


def test_the_recursive_filter_is_that_of_a_signal_library() -> None:
    values = np.random.default_rng(4).standard_normal((2, 3, 77))
    for coefficient in (0.0, 0.2, 0.8, -0.6, 1.0):
        expected = lfilter([1.0], [1.0, -coefficient], values, axis=-1)
        assert filters.autoregress(values, coefficient) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("name", pipeline.MODELS)
def test_rows_with_origins_of_their_own_are_forecast_as_if_alone(name: str) -> None:
    logs = np.cumsum(0.05 * np.random.default_rng(6).standard_normal((3, 70)), axis=1)
    own = np.array([[40, 41, 42], [50, 51, 51], [69, 69, 69]])
    together = pipeline.MODELS[name](logs, own, 5)
    for row in range(3):
        alone = pipeline.MODELS[name](logs[row : row + 1], np.unique(own[row]), 5)[0]
        kept = np.unique(own[row], return_index=True)[1]
        assert together[row, kept] == pytest.approx(alone, abs=1e-12)


def test_many_bands_are_those_of_each_alone() -> None:
    rng = np.random.default_rng(9)
    scores, lent = np.abs(rng.standard_normal((3, 2, 60))), np.abs(rng.standard_normal(90))
    scores[1, :, -4:] = np.nan
    lags = np.array([1, 4, 30])
    found = conformal.many_bands(scores, lags, lent=[None, lent, lent])
    for at, gift in enumerate((None, lent, lent)):
        alone = conformal.adaptive_bands(scores[at], int(lags[at]), lent=gift)
        for name in ("half_width", "aimed", "hit"):
            assert np.array_equal(getattr(found, name)[:, at], getattr(alone, name), equal_nan=True)


def test_series_do_not_disturb_each_other() -> None:
    rng = np.random.default_rng(2)
    logs = np.cumsum(0.05 * rng.standard_normal((4, 100)), axis=1)
    together = pipeline.run(_group(logs), 6)
    alone = pipeline.run(_group(logs[2:3]), 6)
    assert together.combined[2:3] == pytest.approx(alone.combined, abs=1e-9)


def test_known_components_are_recovered() -> None:
    """A random walk with noise, seasons and working days of weight 0.5: within two standard errors."""
    rng = np.random.default_rng(7)
    length = 240
    days = 0.05 * rng.standard_normal(length)
    season = 0.1 * rng.standard_normal(12)
    season -= season.mean()
    month = np.arange(length) % 12
    logs = np.cumsum(0.02 * rng.standard_normal(length)) + 0.02 * rng.standard_normal(length)
    logs = logs + 0.5 * days + season[month]
    regressors = effects.design(month, days, seasonal=True)
    prior = effects.Prior(np.zeros(12), np.r_[0.5, np.full(11, 0.2)])
    fit = effects.estimate(logs[None], regressors, prior, forgetting=1.0)
    assert fit.coefficients[0, 0] == pytest.approx(0.5, abs=3 * fit.errors[0, 0])
    assert fit.errors[0, 0] < 0.06
    found = np.r_[fit.coefficients[0, 1:], -fit.coefficients[0, 1:].sum()]
    assert found == pytest.approx(season, abs=0.02)


def test_a_crisis_month_does_not_become_a_seasonal() -> None:
    rng = np.random.default_rng(8)
    logs = 0.01 * rng.standard_normal(120).cumsum()
    logs[100] -= 0.6
    month = np.arange(120) % 12
    prior = effects.Prior(np.zeros(11), np.full(11, 0.1))
    fit = effects.estimate(logs[None], effects.design(month, None, seasonal=True), prior)
    assert np.abs(fit.coefficients).max() < 0.03


def test_a_one_off_is_not_carried_forward_but_a_shift_is() -> None:
    rng = np.random.default_rng(9)
    calm = 0.01 * rng.standard_normal((1, 100))
    spike, shift = calm.copy(), calm.copy()
    spike[0, 98] += 0.5
    shift[0, 97:] += 0.5
    origin = np.array([98])
    assert structural.local_level(spike, origin, 1)[0, 0, 0] < 0.1
    assert structural.local_level(shift, origin, 1)[0, 0, 0] > 0.4


def test_weights_follow_past_errors_and_sum_to_one() -> None:
    rng = np.random.default_rng(4)
    errors = np.stack([scale * np.abs(rng.standard_normal((1, 60, 3))) for scale in (0.01, 0.012, 0.05)])
    found = combine.weights(errors)
    assert found.sum(axis=0) == pytest.approx(1.0)
    assert np.all(found >= 0)
    assert found[0, 0, -1] > found[1, 0, -1] > 0
    assert found[2, 0, -1] == 0  # five times the best: trimmed
    assert found[:, 0, 0] == pytest.approx(1 / 3)  # nothing known yet


def test_weights_use_only_realised_errors() -> None:
    rng = np.random.default_rng(6)
    errors = np.abs(rng.standard_normal((2, 1, 50, 4)))
    later = errors.copy()
    later[:, :, 30:] *= 100
    # The error of origin 30 at one month is known at origin 31.
    assert np.array_equal(combine.weights(errors)[:, :, :31], combine.weights(later)[:, :, :31])


def test_bands_cover_at_their_level() -> None:
    rng = np.random.default_rng(12)
    errors = 0.03 * rng.standard_normal((8, 400))
    scale = conformal.local_scale(errors, np.full(8, 0.024))
    bands = conformal.adaptive_bands(np.abs(errors) / scale, 1)
    for level, hits in zip(conformal.LEVELS, bands.hit, strict=True):
        assert np.nanmean(hits[:, 60:]) == pytest.approx(level, abs=0.02)


def test_bands_notice_a_break_and_widen() -> None:
    rng = np.random.default_rng(13)
    errors = 0.02 * rng.standard_normal((20, 240))
    errors[:, 200:] *= 4
    scale = conformal.local_scale(errors, np.full(20, 0.016))
    bands = conformal.adaptive_bands(np.abs(errors) / scale, 1)
    width = bands.half_width[1] * scale
    assert np.nanmean(bands.hit[1, :, 200:205]) < 0.6  # they fail at first
    assert np.median(width[:, 225:]) > 2.5 * np.median(width[:, 190:200])  # and widen within two years
    assert np.nanmean(bands.hit[1, :, 220:]) > 0.72


def test_bands_use_only_settled_scores() -> None:
    rng = np.random.default_rng(14)
    scores_now = np.abs(rng.standard_normal((2, 80)))
    later = scores_now.copy()
    later[:, 60:] *= 50
    first, second = (conformal.adaptive_bands(s, 3) for s in (scores_now, later))
    # Score 60 is settled at origin 63.
    assert np.array_equal(first.half_width[:, :, :63], second.half_width[:, :, :63], equal_nan=True)
    assert not np.array_equal(first.half_width[:, :, 63:], second.half_width[:, :, 63:])


def test_a_young_series_borrows_scores_of_its_group_and_of_a_longer_one() -> None:
    few = np.abs(np.random.default_rng(15).standard_normal((2, 6)))
    alone = conformal.adaptive_bands(few, 5)
    assert np.isnan(alone.half_width[0, 0, -2])
    lent = np.abs(np.random.default_rng(16).standard_normal(200))
    helped = conformal.adaptive_bands(few, 5, lent=lent)
    assert np.isfinite(helped.half_width).all()
    assert helped.half_width[1, 0, -1] == pytest.approx(1.28 * conformal.BORROWED, abs=0.3)


@given(st.integers(2, 30), st.floats(0.01, 0.9))
@settings(max_examples=50)
def test_conformal_quantile_is_an_order_statistic(count: int, miss: float) -> None:
    past = np.arange(1.0, count + 1)[None]
    found = float(conformal.conformal_quantile(past, np.array([[miss]]))[0, 0])
    rank = int(np.ceil((count + 1) * (1 - miss)))
    assert found == (pytest.approx(rank) if rank <= count else pytest.approx(1.1 * count))


def test_diebold_mariano_by_hand_and_in_direction() -> None:
    rng = np.random.default_rng(17)
    first, second = np.abs(rng.standard_normal(200)), np.abs(rng.standard_normal(200)) + 0.5
    test = scores.diebold_mariano(first, second, 1)
    difference = first - second
    plain = difference.mean() / np.sqrt(difference.var() / 200) * np.sqrt(199 / 200)
    assert test.statistic == pytest.approx(plain, rel=1e-9)
    assert test.p_value < 0.01
    assert scores.diebold_mariano(second, first, 1).statistic == pytest.approx(-test.statistic)
    assert np.isnan(scores.diebold_mariano(first, first, 1).p_value)
    assert np.isnan(scores.diebold_mariano(first[:5], second[:5], 1).p_value)


def test_reconciliation_adds_up_and_moves_the_least_certain_most() -> None:
    forecasts = np.array([[10.0, 11.0], [20.0, 19.0], [33.0, 33.0]])
    variances = np.array([[1.0, 1.0], [4.0, 4.0], [1.0, 1.0]])
    moved = reconcile(forecasts, variances, np.array([[1.0, 1.0, -1.0]]))
    assert moved[0] + moved[1] == pytest.approx(moved[2])
    assert moved[:, 0] == pytest.approx([10.5, 22.0, 32.5])
    assert np.array_equal(reconcile(forecasts, variances, np.zeros((0, 3))), forecasts)


def test_forecasts_do_not_depend_on_the_unit() -> None:
    rng = np.random.default_rng(18)
    logs = np.cumsum(0.05 * rng.standard_normal((2, 100)), axis=1)
    one, other = (pipeline.run(_group(logs + shift), 6).combined for shift in (0.0, 7.0))
    assert other - 7.0 == pytest.approx(one, abs=1e-8)
