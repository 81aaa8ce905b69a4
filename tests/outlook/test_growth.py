"""Identities: everything adds up, and the cases whose answer is known."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.errors import DataError
from headway.outlook import adjustment, calendar, figures, growth, months
from headway.outlook.records import Series

START = months.month("2020-01")
positive = st.floats(min_value=0.1, max_value=1e6, allow_nan=False)


def _series(values: np.ndarray, **kinds: object) -> Series:
    return Series("total", "total", START, np.asarray(values, dtype=float), **kinds)  # type: ignore[arg-type]


@given(st.lists(positive, min_size=26, max_size=40), st.floats(-0.1, 0.1))
def test_month_growth_sums_to_growth(values: list[float], day_effect: float) -> None:
    series = _series(np.array(values))
    rate = values[25] / values[13] - 1
    parts = growth.month_growth(START + 25, series, rate, day_effect)
    total = parts.working_days + parts.base + parts.momentum + parts.cross
    assert total == pytest.approx(rate, rel=1e-9, abs=1e-9)
    logs = sum(np.log1p(part) for part in (parts.working_days, parts.base, parts.momentum))
    assert logs == pytest.approx(np.log1p(rate), abs=1e-9)


@given(st.lists(positive, min_size=20, max_size=40))
def test_the_change_of_growth_is_momentum_and_base_effect(values: list[float]) -> None:
    logs = np.log(values)
    change = growth.growth_change(logs, 19)
    yoy = logs[12:] - logs[:-12]
    assert change.momentum + change.base_effect == pytest.approx(yoy[7] - yoy[6], abs=1e-9)
    percent = np.expm1(yoy)
    assert change.percent_change == pytest.approx(percent[7] - percent[6], rel=1e-9, abs=1e-9)
    explained = change.momentum + change.base_effect + change.cross
    assert explained == pytest.approx(change.percent_change, rel=1e-9, abs=1e-9)


def test_no_growth_has_no_base_effect() -> None:
    flat = _series(np.full(40, 5.0))
    parts = growth.month_growth(flat.end, flat, 0.0, 0.0)
    assert (parts.base, parts.momentum, parts.cross) == pytest.approx((0, 0, 0), abs=1e-12)
    change = growth.growth_change(flat.logs, 30)
    assert (change.momentum, change.base_effect) == pytest.approx((0, 0), abs=1e-12)


def test_steady_growth_has_no_base_effect() -> None:
    steady = _series(5.0 * 1.01 ** np.arange(40))
    parts = growth.month_growth(steady.end, steady, 1.01**12 - 1, 0.0)
    assert parts.base == pytest.approx(0, abs=1e-12)
    assert growth.growth_change(steady.logs, 30).base_effect == pytest.approx(0, abs=1e-12)
    assert growth.period_base(steady, months.period("2022-H1")) == pytest.approx(0, abs=1e-12)


@given(st.floats(min_value=0.01, max_value=5.0))
def test_a_spike_gives_x_now_and_its_inverse_a_year_later(x: float) -> None:
    values = np.full(48, 3.0)
    values[24] *= 1 + x
    series = _series(values)
    now = growth.month_growth(START + 24, series, x, 0.0)
    assert (now.momentum, now.base) == pytest.approx((x, 0), abs=1e-9)
    later = growth.month_growth(START + 36, series, -x / (1 + x), 0.0)
    assert later.base == pytest.approx(-x / (1 + x), abs=1e-9)
    assert later.momentum == pytest.approx(0, abs=1e-9)


@given(
    st.lists(st.floats(1.0, 100.0), min_size=30, max_size=30),
    st.lists(st.floats(0.8, 1.25), min_size=30, max_size=30),
    st.integers(min_value=17, max_value=29),
)
def test_period_growth_sums_to_growth(values: list[float], factors: list[float], known: int) -> None:
    adjusted = _series(np.array(values))
    raw = np.array(values) * np.array(factors)
    numbers = months.period("2022-H1")
    headline = (raw[24:30].sum(), raw[12:18].sum())
    parts = growth.period_growth(
        "2022-H1",
        headline,
        adjusted,
        known_until=START + max(known, 23),
        adjusted_now=adjusted.total(numbers),
    )
    total = parts.carry_over + parts.within + parts.calendar + parts.cross
    assert total == pytest.approx(parts.growth, rel=1e-9, abs=1e-9)
    product = (1 + parts.carry_over) * (1 + parts.within) * (1 + parts.calendar)
    assert product == pytest.approx(1 + parts.growth, rel=1e-9)
    assert parts.base + parts.level_gap == pytest.approx(parts.carry_over, abs=1e-12)


@given(st.dictionaries(st.sampled_from("abcdef"), st.tuples(positive, positive)), positive, positive)
def test_contributions_sum_to_total_growth(
    parts: dict[str, tuple[float, float]], now: float, before: float
) -> None:
    result = growth.contributions(
        {k: v[0] for k, v in parts.items()}, {k: v[1] for k, v in parts.items()}, (now, before)
    )
    assert sum(result.values()) == pytest.approx(
        now / before - 1, rel=1e-9, abs=1e-9 * (1 + max([v[0] for v in parts.values()] or [1]) / before)
    )
    for name, (one, other) in parts.items():
        assert result[name] == pytest.approx((one / other - 1) * other / before, rel=1e-6, abs=1e-9)


def test_contributions_refuse_a_part_of_one_year() -> None:
    with pytest.raises(DataError, match="cars"):
        growth.contributions({"cars": 1.0}, {}, (2.0, 1.0))


def test_the_ministrys_check_of_january_to_november_2025() -> None:
    """Total +2.9, without semiconductors −1.5: printed sums and rates, so contributions follow."""
    values = figures.period_values("total", "total") | {
        "ex": figures.period_values("total_ex_semiconductors", "total")["2025-Jan-Nov"]
    }
    chips = figures.period_values("item", "semiconductors")["2025-Jan-Nov"]
    total = values["2025-Jan-Nov"]
    assert total - chips == pytest.approx(values["ex"], abs=0.05)
    total_before, rest_before = total / 1.029, values["ex"] / 0.985
    parts = growth.contributions(
        {"semiconductors": chips}, {"semiconductors": total_before - rest_before}, (total, total_before)
    )
    assert sum(parts.values()) == pytest.approx(0.029, abs=1e-12)
    assert parts["other"] == pytest.approx(-0.015 * rest_before / total_before, abs=2e-4)
    assert parts["semiconductors"] == pytest.approx(0.041, abs=1e-3)


def test_price_and_volume_of_may_2018() -> None:
    volume, cross = growth.price_and_volume(0.135, 0.114)
    assert volume == pytest.approx(0.019, abs=5e-4)
    assert 0.114 + volume + cross == pytest.approx(0.135, abs=1e-12)


def test_price_and_volume_by_month_add_up() -> None:
    value, price = _series(np.linspace(5, 8, 30)), _series(np.linspace(1, 1.2, 28))
    rows = growth.price_and_volume_by_month(value, price)
    assert len(rows) == 16
    for row in rows:
        assert float(row["price"]) + float(row["volume"]) + float(row["cross"]) == pytest.approx(
            float(row["value"])
        )
    with pytest.raises(DataError, match="100 %"):
        growth.price_and_volume(0.1, -1.0)


def test_september_2025_at_three_speeds() -> None:
    total = figures.korea().total
    assert total is not None
    response = adjustment.elasticity(total)
    assert response.value == pytest.approx(0.51, abs=0.04)
    assert response.error < 0.04
    published = figures.published_growth("total", "total")["2025-09"] / 100
    rates = adjustment.rates(total, months.month("2025-09"), response, published=published)
    assert rates.headline * 100 == pytest.approx(12.7, abs=0.05)
    assert rates.daily_average * 100 == pytest.approx(-6.1, abs=0.05)
    assert rates.adjusted * 100 == pytest.approx(2.8, abs=0.3)


def test_the_first_half_of_2025_as_known_on_20_january() -> None:
    """Carry-over +0.6 % and calendar −1.2 % give −0.6 %; it came out at −0.03 % (334.7 against 334.8)."""
    known = dt.date(2025, 1, 20)
    adjusted = figures.adjusted_total(known)
    assert months.label(adjusted.end) == "2024-12"
    carried = growth.carry_over(adjusted, months.period("2025-H1"))
    assert carried * 100 == pytest.approx(0.6, abs=0.05)
    assert growth.period_base(adjusted, months.period("2025-H1")) < 0  # the base is high

    def days(on: dt.date | None) -> float:
        first = sum(calendar.working_days(calendar.KOREA, n, on) for n in months.period("2025-H1"))
        return first / sum(calendar.working_days(calendar.KOREA, n) for n in months.period("2024-H1"))

    effect = days(None) ** 0.51 - 1
    assert effect * 100 == pytest.approx(-1.2, abs=0.05)
    assert ((1 + carried) * (1 + effect) - 1) * 100 == pytest.approx(-0.6, abs=0.1)
    # The election holiday of 3 June was fixed in April: on 20 January the calendar cost less.
    assert (days(known) ** 0.51 - 1) * 100 == pytest.approx(-0.77, abs=0.05)
    printed = figures.period_values("total", "total")
    assert (printed["2025-H1"] / printed["2024-H1"] - 1) * 100 == pytest.approx(-0.03, abs=0.005)


def test_carry_over_counts_known_months_of_the_period() -> None:
    series = _series(np.r_[np.full(12, 10.0), [12.0, 8.0, 10.0, 9.0]])
    period = months.period("2021-H1")
    assert growth.carry_over(series, period) == pytest.approx((12 + 8 + 10 + 9 + 9 * 2) / 60 - 1)
    first = growth.carry_over(series, period, known_until=START + 12)
    assert first == pytest.approx((12 + (10 + 10 + 12) / 3 * 5) / 60 - 1)


def test_one_noisy_month_moves_the_carry_over_by_a_third_of_itself() -> None:
    calm, noisy = (_series(np.r_[np.full(11, 10.0), [last]]) for last in (10.0, 11.0))
    period = months.period("2021-H1")
    assert growth.carry_over(calm, period) == pytest.approx(0.0, abs=1e-12)
    assert growth.carry_over(noisy, period) == pytest.approx(0.1 / 3)


def test_rates_of_values_that_are_not_positive_are_refused() -> None:
    with pytest.raises(DataError, match="not positive"):
        growth.three_rates(START, 0.0, 1.0, (20.0, 20.0), 0.5)
