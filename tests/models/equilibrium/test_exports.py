"""The parts of an export change add up to it, and each part is what its name says."""

from __future__ import annotations

import numpy as np
import pytest

from headway.models.equilibrium import Closure, Shock, export_parts, solve


@pytest.fixture
def world(random_world):
    return random_world(4, 3, seed=50)


def test_parts_add_up_with_every_wedge(world):
    rng = np.random.default_rng(0)
    off = 1.0 - np.eye(4)
    shock = Shock(
        tariff=world.tariff + 0.1 * rng.random((3, 4, 4)) * off,
        iceberg=1.0 + 0.1 * rng.random((3, 4, 4)) * off,
        export_tax=0.1 * rng.random((3, 4, 4)) * off,
    )
    equilibrium = solve(world, shock)
    for exporter in range(4):
        change = np.log(equilibrium.exports_volume(exporter) / equilibrium.baseline_flow[:, :, exporter])
        np.testing.assert_allclose(export_parts(equilibrium, exporter).volume, change, atol=1e-9)


def test_a_tariff_on_rivals_alone_raises_competition_not_own_price(world):
    tariff = world.tariff.copy()
    tariff[:, 0, 2:] += 0.3
    parts = export_parts(solve(world, Shock(tariff=tariff)), 1)
    assert np.all(parts.competition[:, 0] > 0.0)
    assert np.all(np.abs(parts.own_price[:, 0]) < parts.competition[:, 0])


@pytest.mark.parametrize("labour", ["mobile", "specific"])
def test_labour_by_sector_adds_up_to_employment(world, labour):
    tariff = world.tariff.copy()
    tariff[:, 0, 1:] += 0.3
    equilibrium = solve(world, Shock(tariff=tariff), Closure(labour=labour, labour_supply_elasticity=0.5))
    paid = world.value_added_share * equilibrium.accounts.cost
    total = (paid * equilibrium.labour_change).sum(axis=0)
    if labour == "mobile":
        np.testing.assert_allclose(total / world.value_added, equilibrium.employment_change, rtol=1e-9)
    else:
        np.testing.assert_allclose(equilibrium.labour_change, equilibrium.employment_change, rtol=1e-9)
