"""Value-added content against a hand-worked case and its adding-up law."""

from __future__ import annotations

import numpy as np
import pytest

from headway.response.content import value_added_content
from headway.world import World, load, miniature


def _two_regions() -> World:
    """One sector, two regions: A buys 20 of B's goods, on which a duty of 10 % is paid; B buys no inputs."""
    flow = np.array([[[70.0, 20.0], [30.0, 180.0]]])
    tariff = np.array([[[0.0, 0.1], [0.0, 0.0]]])
    # A buys 70 of its own and 22 of B's at its border; inputs take their suppliers in that proportion.
    input_use = np.array([[[46.0, 0.0]]])
    final_use = np.array([[46.0, 210.0]])
    value_added = np.array([[54.0, 200.0]])
    return World(("KOR", "USA"), ("machinery",), flow, tariff, value_added, input_use, final_use)


def test_content_by_hand() -> None:
    content = value_added_content(_two_regions())
    own, bought, duty = 0.46 * 70 / 92, 0.46 * 20 / 92, 0.46 * 2 / 92
    korea = np.array([0.54, bought, duty]) / (1 - own)
    assert content.value_added[0, 0, 0] == pytest.approx(korea[0], abs=1e-14)
    assert content.value_added[1, 0, 0] == pytest.approx(korea[1], abs=1e-14)
    assert content.duties[0, 0] == pytest.approx(korea[2], abs=1e-14)
    assert content.of("USA", "USA") == pytest.approx([1.0])


@pytest.mark.parametrize("world", [load(), miniature()], ids=["embedded", "miniature"])
def test_content_adds_to_one(world: World) -> None:
    content = value_added_content(world)
    total = content.value_added.sum(axis=0) + content.duties
    assert total[world.output > 0] == pytest.approx(np.ones(int((world.output > 0).sum())), abs=1e-9)
    assert content.value_added.min() >= 0


def test_world_value_added_is_all_value_added() -> None:
    """Value added in final goods everywhere is the value added of every region: nothing is lost on the way."""
    world = load()
    content = value_added_content(world)
    spent = np.where(world.expenditure > 0, world.expenditure, 1.0)
    final = world.flow * (world.final_use / spent)[:, :, None]
    inside = np.einsum("rji,jni->r", content.value_added, final)
    assert inside == pytest.approx(world.value_added.sum(axis=0), rel=1e-9)
