"""The baseline is the law of the year before the text: 2024 as built, 2025 from what was collected then."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from headway.impact import baseline
from headway.world import load


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (dt.date(2024, 6, 1), 2024),
        (dt.date(2025, 1, 21), 2024),
        (dt.date(2025, 12, 31), 2024),
        (dt.date(2026, 1, 1), 2025),
        (dt.date(2031, 1, 1), 2025),
    ],
)
def test_the_last_full_year_before_the_text(day: dt.date, year: int) -> None:
    assert baseline.us_year(day) == year


def test_rates_collected_in_2024_are_those_of_the_built_world() -> None:
    """Two programs, one from Census files and one from the shipped table, give the same rates."""
    world = load()
    us = world.region("USA")
    goods = [world.sector(key) for key in world.goods]
    others = [at for at in range(len(world.regions)) if at != us]
    rates = baseline.collected_rates(world, 2024)
    np.testing.assert_allclose(
        rates[np.ix_(goods, others)], world.tariff[goods, us][:, others], rtol=1e-5, atol=5e-6
    )


def test_a_text_of_2025_stands_on_the_world_as_built() -> None:
    assert baseline.world_on(dt.date(2025, 1, 21)) is load()


def test_a_text_of_2026_stands_on_the_duties_of_2025() -> None:
    before, after = load(), baseline.world_on(dt.date(2026, 3, 1))
    us = before.region("USA")
    cars, korea = before.sector("motor_vehicles"), before.region("KOR")
    assert after.tariff[cars, us, korea] > before.tariff[cars, us, korea] + 0.1
    assert after.tariff_revenue[us] > 2 * before.tariff_revenue[us]
    np.testing.assert_array_equal(after.flow, before.flow)
    others = [at for at in range(len(before.regions)) if at != us]
    np.testing.assert_array_equal(after.tariff[:, others], before.tariff[:, others])
    assert not after.tariff[:, us, us].any()
    assert "US 2025" in after.tariff_vintage
