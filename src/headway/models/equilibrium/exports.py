"""What moves one region's exports: own delivered price, rivals' prices and the size of the market."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.models.equilibrium.records import Array
from headway.models.equilibrium.solution import Equilibrium


@dataclass(frozen=True)
class ExportParts:
    """Log changes of one exporter's volumes by sector and importer [J, N] that add up to `volume`, exactly.

    `own_price` −(1+θ) ln(κ̂p̂) + ln d̂: delivered price with tariffs, taxes and iceberg costs; `competition` θ ln
    P̂: the prices of everyone who sells there; `demand` ln X̂: what the market spends.
    """

    own_price: Array
    competition: Array
    demand: Array

    @property
    def volume(self) -> Array:
        """ln V̂ of exports at baseline prices [J, N]."""
        total: Array = self.own_price + self.competition + self.demand
        return total


def export_parts(equilibrium: Equilibrium, exporter: int) -> ExportParts:
    """Split ln V̂ = −(1+θ) ln(κ̂p̂) + ln d̂ + θ ln P̂ + ln X̂, which follows from X' = π'X'/markup and V = X/p.

    Sectors that a market does not buy get zero demand change.
    """
    theta = equilibrium.baseline.trade_elasticity[:, None]
    iceberg = equilibrium.shock.iceberg
    melted = 0.0 if iceberg is None else np.log(iceberg[:, :, exporter])
    delivered = np.log(equilibrium.wedge_change(exporter) * equilibrium.seller_price_change[:, exporter, None])
    old, new = equilibrium.baseline.expenditure, equilibrium.expenditure
    bought = (old > 0.0) & (new > 0.0)
    return ExportParts(
        own_price=-(1.0 + theta) * delivered + melted,
        competition=theta * np.log(equilibrium.price_change),
        demand=np.log(np.where(bought, new, 1.0) / np.where(bought, old, 1.0)),
    )
