"""After-action: causes and items add up to the error; shipments brought forward are seen."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import numpy as np
import polars as pl
import pytest

from headway.errors import DataError
from headway.outlook import conditional, figures, hierarchy, months, review
from headway.outlook.forecast import Forecast, Settings, forecast_panel
from headway.outlook.records import Panel

DAY = dt.date(2025, 1, 20)


@pytest.fixture(scope="module")
def made() -> tuple[Forecast, ...]:
    panel = hierarchy.with_rest(figures.korea(DAY))
    return hierarchy.reconciled(forecast_panel(panel, Settings(known_on=DAY)))


def test_causes_and_items_sum_to_the_error(made: tuple[Forecast, ...]) -> None:
    found = review.after_action(made, figures.korea(), "2025-H1")
    assert found.error == pytest.approx(found.outcome / found.forecast - 1)
    assert sum(c.log_points for c in found.causes) == pytest.approx(math.log1p(found.error), abs=1e-12)
    assert sum(found.items.values()) == pytest.approx(found.error, abs=1e-12)
    assert {"semiconductors", "cars", "all else"} <= set(found.items)
    names = [cause.name for cause in found.causes]
    assert names == ["data revised", "working days", "one-offs and shifts", "unexplained"]
    # The election holiday of June 2025 was fixed after the forecast: it cost exports.
    assert found.causes[1].log_points < 0
    assert found.inside_80


def test_the_announced_measure_is_a_cause_of_its_own(made: tuple[Forecast, ...]) -> None:
    path = pl.DataFrame(
        [{"kind": "total", "name": "total", "month": f"2025-{m:02d}", "effect": -0.02} for m in range(4, 7)]
    )
    scenario = conditional.apply_effects(made, path, np.random.default_rng(1))
    found = review.after_action(made, figures.korea(), "2025-H1", scenario=scenario)
    cause = next(c for c in found.causes if c.name == "announced measure")
    assert cause.log_points == pytest.approx(math.log(1 - 0.02 * 0.5), abs=2e-3)
    assert sum(c.log_points for c in found.causes) == pytest.approx(math.log1p(found.error), abs=1e-12)


def test_a_revision_is_named(made: tuple[Forecast, ...]) -> None:
    later = figures.korea()
    total = later.get("total", "total")
    values = total.values.copy()
    values[months.month("2024-12") - total.start] *= 1.02
    changed = Panel((dataclasses.replace(total, values=values), *later.series[1:]))
    found = review.after_action(made, changed, "2025-H1")
    assert found.causes[0].log_points == pytest.approx(math.log(1.02), abs=1e-9)


def test_months_that_have_not_come_are_refused(made: tuple[Forecast, ...]) -> None:
    with pytest.raises(DataError, match="no forecast month with an outcome"):
        review.after_action(made, figures.korea(dt.date(2025, 4, 3)), "2025-H1")
    with pytest.raises(DataError, match="needs a total"):
        review.after_action(made[1:], figures.korea(), "2025-H1")


def test_front_loading_is_seen_where_it_was() -> None:
    series = figures.adjusted_total().until(months.month("2018-12"))
    known = series.until(months.month("2018-06"))
    (one,) = forecast_panel(Panel((known,)))
    start = dt.date(2018, 11, 1)
    window = [months.month("2018-09"), months.month("2018-10")]
    after = [months.month("2018-11"), months.month("2018-12")]
    values = {n: one.level(n) for n in one.numbers}
    path = np.r_[
        known.values, [values[n] * (1.25 if n in window else 0.85 if n in after else 1.0) for n in one.numbers][:6]
    ]
    actual = dataclasses.replace(series, values=path)
    found = review.front_loading_evidence(one, actual, start, months_before=2, months_after=2)
    assert found.excess_before == pytest.approx(0.25, abs=0.01)
    assert found.shortfall_after == pytest.approx(-0.15, abs=0.01)
    assert found.p_value < 0.05
    assert "a sign of front-loading" in found.words
    calm = dataclasses.replace(series, values=np.r_[known.values, [values[n] for n in one.numbers][:6]])
    none = review.front_loading_evidence(one, calm, start, months_before=2, months_after=2)
    assert "no clear sign" in none.words
    with pytest.raises(DataError, match="before the window"):
        review.front_loading_evidence(one, actual, dt.date(2018, 7, 1))
