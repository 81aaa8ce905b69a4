"""Moves: named if they are large and of weight, and margins that add up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headway.world import miniature
from headway.world.build import moves
from headway.world.build.economy import Economy
from headway.world.build.levels import Levels
from headway.world.build.rebalancing import Targets, move
from headway.world.build.records import Structure


def economy(factor: float) -> Economy:
    """The miniature world with US imports of electronics from Korea times `factor`."""
    world = miniature()
    table = Structure(
        world.regions, world.sectors, world.flow, world.input_use, world.final_use, world.value_added
    )
    us = world.flow[:3, 1].copy()
    us[:, 1] = 0.0
    us[0, 0] *= factor
    goods = world.flow[:3].sum(axis=0)
    np.fill_diagonal(goods, 0.0)
    levels = Levels(goods, world.gdp, np.ones(3), np.zeros((3, 3)), 0)
    return Economy("default", table, move(table, Targets(levels, us, world.tariff, {})), ())


def test_a_world_that_stays_names_no_cell() -> None:
    assert moves.moves(economy(1.0)) == []


def test_a_large_move_is_named() -> None:
    found = {row.sector: row for row in moves.moves(economy(8.0)) if row.kind == "us_import"}
    assert set(found) == {"electronics", "motor_vehicles", "other_manufacturing"}
    # Had the composition stayed, electronics would have grown like Korea's total, from 180 to 670 bn.
    assert found["electronics"].prior == pytest.approx(70e3 * 670 / 180)
    assert found["electronics"].value == pytest.approx(560e3)


def test_a_cell_that_balancing_moves_is_named() -> None:
    changed = economy(1.0)
    flow = changed.moved.table.flow.copy()
    flow[0, 0, 2] *= 2.5
    moved = replace(changed, moved=replace(changed.moved, table=replace(changed.moved.table, flow=flow)))
    (row,) = moves.moves(moved)
    assert (row.kind, row.sector, row.importer, row.exporter) == ("trade", "electronics", "KOR", "ROW")
    assert row.value == 2.5 * row.prior


def test_small_cells_are_not_named() -> None:
    changed = economy(1.0)
    flow = changed.moved.table.flow / 1e6
    prior = changed.moved.flow_prior / 1e6
    table = replace(changed.moved.table, flow=4.0 * flow, final_use=changed.moved.final_prior)
    small = replace(changed, moved=replace(changed.moved, table=table, flow_prior=prior))
    assert not [row for row in moves.moves(small) if row.kind in ("trade", "own_sales")]


def test_margins_of_sectors_add_up_to_goods_and_services() -> None:
    rows = moves.margins(economy(1.5))
    exports = [row for row in rows if row.region == "KOR" and row.margin == "exports"]
    parts = {row.sector: row.value for row in exports}
    goods = sum(parts[key] for key in ("electronics", "motor_vehicles", "other_manufacturing"))
    assert abs(parts["goods"] - goods) < 1e-6
    assert parts["services"] == parts["business_services"]
