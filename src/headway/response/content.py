"""Whose value is in a good: value added by country of origin in every sector's output, from the input–output links."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lu_factor, lu_solve

from headway.world import World

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Content:
    """Shares of a dollar of output at basic prices: `value_added` [origin, sector, maker] by country of origin, and
    `duties` [sector, maker] paid on inputs along the way. Over origins and duties they add to one."""

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    value_added: Array
    duties: Array

    def of(self, origin: str, maker: str) -> Array:
        """The share of `origin` in the output of `maker` by sector [J]."""
        return self.value_added[self.regions.index(origin), :, self.regions.index(maker)]


def value_added_content(world: World) -> Content:
    """Leontief content of output by origin: v'(I − A)^{-1}, A over sector × region.

    A[(k,s),(j,i)] is what a dollar of (j, i) buys of sector k from s, at the price before tariff; a user's suppliers
    are those of its country's whole purchases of k, the proportionality that world input–output tables rest on.
    Koopman, Wang & Wei (2014), AER 104:459–494.
    """
    technology, own, duty = _coefficients(world)
    count = len(world.regions)
    factors = lu_factor(np.eye(technology.shape[0]) - technology.T)
    # Column r holds the value added of region r alone, so one solve gives the content by origin.
    by_origin = np.zeros((own.size, count + 1))
    region = np.arange(own.size) % count
    by_origin[np.arange(own.size), region] = own
    by_origin[:, count] = duty
    content = lu_solve(factors, by_origin).reshape(len(world.sectors), count, count + 1)
    return Content(
        world.regions, world.sectors, np.moveaxis(content[..., :count], 2, 0).copy(), content[..., count].copy()
    )


def _coefficients(world: World) -> tuple[Array, Array, Array]:
    """A [JN, JN] before tariff, value added and duties on inputs per dollar of output [JN]; index sector × region."""
    sold = np.where(world.output > 0, world.output, 1.0)
    bought = np.where(world.expenditure > 0, world.expenditure, 1.0)
    per_output = world.input_use / sold[None]
    basic = world.flow / bought[:, :, None]
    duty = (world.tariff * world.flow).sum(axis=2) / bought
    technology = np.einsum("kis,kji->ksji", basic, per_output)
    size = technology.shape[0] * technology.shape[1]
    duties = np.einsum("ki,kji->ji", duty, per_output)
    return technology.reshape(size, size), (world.value_added / sold).ravel(), duties.ravel()
