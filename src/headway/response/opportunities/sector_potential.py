"""Export potential by sector in every region of the embedded world, with the spread over three ways to measure it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.response.opportunities.potential import Potential, export_potential, leave_one_out_ease
from headway.world import World

Array = NDArray[np.float64]


@dataclass(frozen=True)
class SectorPotential:
    """Goods sectors × regions [J, N], USD million: the indicator, and `unrealised` by each variant [V, J, N].

    Variants: the indicator as published; ease without the sector itself; supply without the market itself.
    """

    sectors: tuple[str, ...]
    central: Potential
    unrealised: Array


def sector_potential(world: World, region: str) -> SectorPotential:
    """Potential of a region's goods exports by sector and market; own trade is left out."""
    at = world.region(region)
    goods = np.array([world.sector(key) for key in world.goods], dtype=np.int64)
    flow = (world.flow * (1.0 - np.eye(len(world.regions))))[goods]
    actual, trade = flow[:, :, at].copy(), flow.sum(axis=(1, 2))
    demand = flow.sum(axis=2)
    demand[:, at] = 0.0
    supply = np.divide(actual.sum(axis=1), trade, out=np.zeros_like(trade), where=trade > 0)
    central = export_potential(actual, supply, demand)
    variants = [central.value, leave_one_out_ease(central) * supply[:, None] * demand, _supply_elsewhere(flow, at)]
    unrealised = np.array([np.maximum(value - actual, 0.0) for value in variants])
    return SectorPotential(tuple(world.goods), central, unrealised)


def _supply_elsewhere(flow: Array, at: int) -> Array:
    """Potential with supply measured in all other markets than the one in question [J, N]."""
    actual, demand = flow[:, :, at], flow.sum(axis=2)
    trade = demand.sum(axis=1, keepdims=True) - demand
    sold = actual.sum(axis=1, keepdims=True) - actual
    supply = np.divide(sold, trade, out=np.zeros_like(sold), where=trade > 0)
    expected = (supply * demand).sum(axis=0)
    ease = np.divide(actual.sum(axis=0), expected, out=np.zeros_like(expected), where=expected > 0)
    value: Array = ease * supply * demand
    value[:, at] = 0.0
    return value
