"""The miniature world: exact, deterministic, with every feature that the large one has."""

from __future__ import annotations

import numpy as np
import pytest

from headway.models.equilibrium import check_baseline
from headway.world import load, miniature


def test_it_has_links_tariffs_and_deficits() -> None:
    world = miniature()
    assert world.flow.shape == (4, 3, 3)
    assert (world.input_use > 0).all()
    assert (world.value_added > 0).all()
    assert (world.final_use > 0).all()
    assert world.tariff_revenue.min() > 0
    assert np.abs(world.deficit).min() > 0


def test_identities_are_exact() -> None:
    world = miniature()
    assert world.deficit.sum() == pytest.approx(0.0, abs=1e-6)
    income = world.value_added.sum(axis=0) + world.tariff_revenue + world.deficit
    np.testing.assert_allclose(income, world.final_use.sum(axis=0), rtol=1e-14)
    check_baseline(world.baseline(np.full(4, 4.0)), tolerance=1e-14)


def test_it_is_a_part_of_the_real_axes_and_the_same_every_time() -> None:
    world = miniature()
    assert set(world.regions) <= set(load().regions)
    assert set(world.sectors) <= set(load().sectors)
    assert world.goods == ("electronics", "motor_vehicles", "other_manufacturing")
    miniature.cache_clear()
    again = miniature()
    assert again is not world
    np.testing.assert_array_equal(again.input_use, world.input_use)
