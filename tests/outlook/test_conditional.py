"""The outlook given a measure: phase-in, front-loading, effect paths, both uncertainties."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from headway.errors import DataError, NoEffect, OutsideDomain, UnknownCode, UnreadableInput
from headway.outlook import conditional, figures, hierarchy, months
from headway.outlook.forecast import Forecast, Settings, forecast_panel

AUGUST = months.month("2025-08")


@pytest.fixture(scope="module")
def made() -> tuple[Forecast, ...]:
    panel = hierarchy.with_rest(figures.korea(dt.date(2025, 1, 20)))
    return hierarchy.reconciled(forecast_panel(panel, Settings(known_on=dt.date(2025, 1, 20))))


def test_an_effect_starts_with_its_date_and_is_complete_in_the_end() -> None:
    phase = conditional.PhaseIn(dt.date(2025, 8, 7), full_after=6)
    path = conditional.phase_in(-0.12, phase, range(AUGUST - 2, AUGUST + 10))
    assert path[:2] == pytest.approx([0, 0])
    assert -0.12 < path[2] < 0
    assert np.all(np.diff(path[1:9]) < 0)
    assert path[9:] == pytest.approx(-0.12)


def test_an_immediate_effect_counts_the_days_in_force() -> None:
    phase = conditional.PhaseIn(dt.date(2025, 8, 7), full_after=0, end=dt.date(2025, 9, 15))
    path = conditional.phase_in(-0.31, phase, range(AUGUST, AUGUST + 3))
    assert path == pytest.approx([-0.31 * 25 / 31, -0.31 * 15 / 30, 0.0])
    working = conditional.phase_in(-0.31, phase, range(AUGUST, AUGUST + 1), country="KOR")
    # 22.5 working days in August 2025, of which 18 from the 7th on: 1st, 2nd (half), 4th, 5th, 6th lie before.
    assert working[0] == pytest.approx(-0.31 * 18 / 22.5)


def test_front_loading_sums_to_zero_and_needs_evidence() -> None:
    option = conditional.FrontLoading(
        dt.date(2025, 8, 7), 0.06, "excess of March 2025", months_before=2, payback=4
    )
    path = conditional.front_loading(option, range(AUGUST - 4, AUGUST + 8))
    assert path.sum() == pytest.approx(0, abs=1e-12)
    assert path[2:4] == pytest.approx(0.06)
    assert path[4:8] == pytest.approx(-0.03)
    with pytest.raises(DataError, match="guess"):
        conditional.FrontLoading(dt.date(2025, 8, 7), 0.06, " ")
    with pytest.raises(OutsideDomain):
        conditional.FrontLoading(dt.date(2025, 8, 7), 1.2, "none")


def _path(effect: float, spread: float = 0.0, name: str = "cars", kind: str = "item") -> pl.DataFrame:
    rows = [
        {
            "kind": kind,
            "name": name,
            "month": months.label(months.month("2025-01") + n),
            "effect": effect,
            "low": effect - spread,
            "high": effect + spread,
        }
        for n in range(12)
    ]
    return pl.DataFrame(rows)


def test_a_certain_effect_scales_the_baseline(made: tuple[Forecast, ...]) -> None:
    found = conditional.apply_effects(made, _path(-0.1), np.random.default_rng(1))
    cars = found["item", "cars"]
    assert cars.median == pytest.approx(cars.forecast.median * 0.9)
    assert cars.low[1] == pytest.approx(cars.forecast.low[1] * 0.9, rel=0.03)
    assert cars.high[1] == pytest.approx(cars.forecast.high[1] * 0.9, rel=0.03)


def test_the_total_moves_by_the_value_of_its_items(made: tuple[Forecast, ...]) -> None:
    found = conditional.apply_effects(made, _path(-0.1), np.random.default_rng(1))
    cars, total = found["item", "cars"], found["total", "total"]
    assert total.forecast.median - total.median == pytest.approx(0.1 * cars.forecast.median, rel=1e-9)


def test_an_uncertain_effect_widens_the_band(made: tuple[Forecast, ...]) -> None:
    certain = conditional.apply_effects(made, _path(-0.1), np.random.default_rng(1))["item", "cars"]
    unsure = conditional.apply_effects(made, _path(-0.1, 0.1), np.random.default_rng(1))["item", "cars"]
    assert np.all((unsure.high - unsure.low)[1] > (certain.high - certain.low)[1])
    assert unsure.effect_low == pytest.approx(-0.2, abs=0.01)
    assert unsure.effect_high == pytest.approx(0.0, abs=0.01)


def test_draws_of_the_effect_are_resampled(made: tuple[Forecast, ...]) -> None:
    drawn = pl.concat(
        [_path(e).drop("low", "high").with_columns(draw=pl.lit(n)) for n, e in enumerate((-0.2, 0.0))]
    )
    found = conditional.apply_effects(made, drawn, np.random.default_rng(3))["item", "cars"]
    assert found.effect_low == pytest.approx(-0.2)
    assert found.effect_high == pytest.approx(0.0)


def test_baseline_draws_have_the_bands_quantiles(made: tuple[Forecast, ...]) -> None:
    one = made[0]
    draws = conditional.baseline_draws(one, np.random.default_rng(5))
    assert np.quantile(draws, 0.1, axis=0) == pytest.approx(one.low[1], rel=0.02)
    assert np.quantile(draws, 0.975, axis=0) == pytest.approx(one.high[2], rel=0.04)


@pytest.mark.parametrize(
    ("table", "error", "message"),
    [
        (_path(-0.1).drop("effect"), UnreadableInput, "no column effect"),
        (_path(-1.0), OutsideDomain, "−100 %"),
        (_path(0.0), NoEffect, "changes nothing"),
        (pl.concat([_path(-0.1), _path(-0.1)]), DataError, "twice"),
        (_path(-0.1).with_columns(effect=pl.lit(None, dtype=pl.Float64)), DataError, "missing"),
    ],
)
def test_bad_effect_paths_are_refused(table: pl.DataFrame, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        conditional.read_effects(table)


def test_effects_on_unknown_series_or_months_are_refused(made: tuple[Forecast, ...]) -> None:
    with pytest.raises(UnknownCode, match="item chocolate"):
        conditional.apply_effects(made, _path(-0.1, name="chocolate"), np.random.default_rng(1))
    late = _path(-0.1).with_columns(month=pl.lit("2031-01")).head(1)
    with pytest.raises(NoEffect, match="No month"):
        conditional.apply_effects(made, late, np.random.default_rng(1))


def test_effect_paths_are_read_from_files(tmp_path: Path) -> None:
    path = tmp_path / "effects.csv"
    _path(-0.1, 0.05).write_csv(path)
    assert conditional.read_effects(path).equals(_path(-0.1, 0.05))
    with pytest.raises(UnreadableInput, match="no file"):
        conditional.read_effects(tmp_path / "none.csv")
