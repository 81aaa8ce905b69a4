"""Moving a table to new levels: targets met exactly, coefficients kept, nothing moves without a reason."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headway.errors import DataError
from headway.world import miniature
from headway.world.build.levels import Levels
from headway.world.build.rebalancing import Targets, check_domestic_shares, move
from headway.world.build.records import Structure

GOODS = 3


def table() -> Structure:
    world = miniature()
    return Structure(world.regions, world.sectors, world.flow, world.input_use, world.final_use, world.value_added)


def targets(growth: float = 1.0) -> Targets:
    """Targets of the miniature world itself, everything times `growth`."""
    world = miniature()
    goods = world.flow[:GOODS].sum(axis=0) * growth
    np.fill_diagonal(goods, 0.0)
    us = world.flow[:GOODS, 1] * growth
    us[:, 1] = 0.0
    levels = Levels(goods, world.gdp * growth, np.full(3, growth), np.zeros((3, 3)), 0)
    return Targets(levels, us, world.tariff, {})


def test_targets_that_the_table_meets_leave_it_as_it_is() -> None:
    moved = move(table(), targets())
    np.testing.assert_allclose(moved.table.flow, table().flow, rtol=1e-9)
    np.testing.assert_allclose(moved.table.final_use, table().final_use, rtol=1e-8)
    assert moved.steps == 0


def test_growth_of_everything_scales_everything() -> None:
    moved = move(table(), targets(1.7))
    np.testing.assert_allclose(moved.table.flow, 1.7 * table().flow, rtol=1e-9)


def test_targets_are_met_and_coefficients_stay() -> None:
    base = targets()
    goods, us = base.levels.goods.copy(), base.us_imports.copy()
    goods[0, 2] *= 1.4
    goods[2, 0] *= 0.8
    us[1, 0] *= 1.5
    gdp = base.levels.gdp * np.array([1.1, 1.3, 1.2])
    levels = replace(base.levels, goods=goods, gdp=gdp, gdp_growth=np.array([1.1, 1.3, 1.2]))
    exports = {"electronics": 190e3}
    moved = move(table(), Targets(levels, us, base.tariff, exports)).table
    value = moved.flow[:GOODS].sum(axis=0)
    for importer, exporter in ((0, 1), (0, 2), (2, 0), (2, 1)):
        assert value[importer, exporter] == pytest.approx(goods[importer, exporter], rel=1e-10)
    np.testing.assert_allclose(moved.flow[:GOODS, 1, [0, 2]], us[:, [0, 2]], rtol=1e-12)
    assert moved.flow[0, 1:, 0].sum() == pytest.approx(190e3, rel=1e-10)
    np.testing.assert_allclose(moved.input_share, table().input_share, rtol=1e-12)
    revenue = (base.tariff * moved.flow).sum(axis=(0, 2))
    np.testing.assert_allclose(moved.value_added.sum(axis=0) + revenue, gdp, rtol=1e-10)
    services = table().flow[3, 0, 1] * np.sqrt(1.1 * 1.3)
    assert moved.flow[3, 0, 1] == pytest.approx(services, rel=1e-12)
    assert min(moved.final_use.min(), moved.value_added.min()) > 0


def test_a_lost_home_market_fails_by_name() -> None:
    base = table()
    flow = base.flow.copy()
    flow[1, 0, 0] = 0.1
    with pytest.raises(DataError, match=r"motor_vehicles in KOR \(0.00%\)"):
        check_domestic_shares(replace(base, flow=flow), miniature().tariff)
    check_domestic_shares(base, miniature().tariff)
