"""Export potential: supply × demand × ease of trade, and what of it is not used (Decreux & Spies 2016, ITC).

For exporter i, market j, product k with trade v: potential = ease_ij · supply_ik · demand_jk, where supply is i's share
of world exports of k, demand the imports of j, and ease is i's trade with j over what supply and demand alone would
give. Summed over products the potential is the trade that there is; the indicator spreads it as capability and demand
are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.errors import DataError

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Potential:
    """One exporter's potential by product and market [K, M], in the unit of trade, and what it is made of.

    `supply` [K] or [K, M] share of world exports, `demand` [K, M], `ease` [M], `actual` [K, M].
    """

    supply: Array
    demand: Array
    ease: Array
    actual: Array

    @property
    def value(self) -> Array:
        """Potential [K, M]."""
        return np.asarray(self.ease * _columns(self.supply, self.demand) * self.demand)

    @property
    def unrealised(self) -> Array:
        """Potential beyond actual trade [K, M], zero where trade exceeds it."""
        return np.maximum(self.value - self.actual, 0.0)

    @property
    def unrealised_share(self) -> float:
        """Unrealised potential over all potential."""
        total = float(self.value.sum())
        return float(self.unrealised.sum()) / total if total > 0 else 0.0


def _columns(supply: Array, demand: Array) -> Array:
    return np.broadcast_to(supply[:, None] if supply.ndim == 1 else supply, demand.shape)


def export_potential(actual: Array, supply: Array, demand: Array) -> Potential:
    """Potential of one exporter from its trade [K, M], its share of world exports [K] and markets' imports [K, M].

    Ease is Σ_k actual / Σ_k supply·demand by market, zero where nothing is expected. Raises DataError for negative
    trade or shapes that do not fit.
    """
    if actual.shape != demand.shape or supply.shape != actual.shape[:1]:
        raise DataError(
            f"Trade {actual.shape}, demand {demand.shape} and supply {supply.shape} do not fit.",
            "Give [products, markets] twice, and [products].",
        )
    if min(actual.min(), demand.min(), supply.min()) < 0:
        raise DataError("Trade, demand or supply is negative.", "Values of trade are zero or more.")
    expected = (supply[:, None] * demand).sum(axis=0)
    ease = np.divide(actual.sum(axis=0), expected, out=np.zeros_like(expected), where=expected > 0)
    return Potential(supply, demand, ease, actual)


def leave_one_out_ease(potential: Potential) -> Array:
    """Ease by product and market [K, M] with the product itself left out: how much one product makes its own ease."""
    expected = _columns(potential.supply, potential.demand) * potential.demand
    actual = potential.actual.sum(axis=0) - potential.actual
    others = expected.sum(axis=0) - expected
    ease: Array = np.divide(actual, others, out=np.zeros_like(expected), where=others > 0)
    return ease


def tariff_advantage(own: Array, competitors: Array, substitution: Array) -> Array:
    """((1 + t̄)/(1 + t))^σ: how far home's duty below its competitors' raises demand for it, by product."""
    return np.asarray(((1.0 + competitors) / (1.0 + own)) ** substitution)
