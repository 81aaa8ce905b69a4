"""Records that state a general-equilibrium problem: the baseline economy, the shock and the closure.

Index order is [sector, importer, exporter] for bilateral arrays and [sector, region] for regional ones; j, k are
sectors, n importers, i exporters. Rates are fractions. Values share one unit of account (USD million in `world`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
TradeBalance = Literal["fixed", "world_income", "own_income", "balanced"]
Labour = Literal["mobile", "specific"]


@dataclass(frozen=True)
class Baseline:
    """A world economy in equilibrium, as plain float64 arrays. J sectors, N regions.

    `expenditure` [J, N] at purchaser value including tariffs; `trade_share` [J, N importer, N exporter], of
    expenditure, rows summing to one; `tariff` [J, N importer, N exporter]; `value_added_share` γ [J, N] and
    `input_share` [J input, J user, N], of the cost of the user, summing to one over value added and inputs
    (either may be negative); `final_share` α [J, N]; `value_added` [N] > 0; `deficit` [N], summing to zero;
    `trade_elasticity` θ [J]. Wedges that are in place already, None for none: `export_tax` [J, N importer, N
    exporter], `production_subsidy` and `consumption_subsidy` [J, N].
    """

    expenditure: Array
    trade_share: Array
    tariff: Array
    value_added_share: Array
    input_share: Array
    final_share: Array
    value_added: Array
    deficit: Array
    trade_elasticity: Array
    export_tax: Array | None = None
    production_subsidy: Array | None = None
    consumption_subsidy: Array | None = None

    @property
    def sectors(self) -> int:
        """J, the number of sectors."""
        return int(self.expenditure.shape[0])

    @property
    def regions(self) -> int:
        """N, the number of regions."""
        return int(self.expenditure.shape[1])

    def with_elasticity(self, trade_elasticity: Array) -> Baseline:
        """The same economy with other trade elasticities θ [J]; shares are data and do not move."""
        return replace(self, trade_elasticity=np.asarray(trade_elasticity, dtype=np.float64))


@dataclass(frozen=True)
class Shock:
    """What changes. Each field is a new level, None where the baseline's stays; `iceberg` is the change d̂ itself.

    `tariff`, `export_tax`, `iceberg`: [J, N importer, N exporter]; `production_subsidy` s and
    `consumption_subsidy` z: [J, N], fractions of the price before subsidy, below one.
    """

    tariff: Array | None = None
    iceberg: Array | None = None
    export_tax: Array | None = None
    production_subsidy: Array | None = None
    consumption_subsidy: Array | None = None


@dataclass(frozen=True)
class Closure:
    """What is fixed and what adjusts; the default is Caliendo & Parro (2015).

    - `trade_balance`: "fixed" keeps each deficit as a share of world value added (the numeraire), "world_income" as a
      share of world income before transfers, "own_income" as a share of own income, rescaled so that the world adds
      up; "balanced" sets deficits to zero.
    - `labour`: "mobile" across sectors, or "specific" to each (the short run: each sector its own wage).
    - `wage_floor` δ: wages cannot fall below δ times the baseline in units of the numeraire, as if all currencies were
      pegged, and employment gives way (Rodríguez-Clare, Ulate & Vásquez 2020); 1 is full rigidity, None no floor.
    - `labour_supply_elasticity` κ: L̂ = (ŵ/P̂)^κ, 0 for fixed supply.
    - `scale_elasticity` ψ [J] or one number: unit cost falls with the sector's input bundle as Q̂^{−ψ} (Costinot &
      Rodríguez-Clare 2014, ch. 4; Kucheryavyy, Lyn & Rodríguez-Clare 2023). Uniqueness needs θψ < 1, and less where
      inputs pass the savings on.
    """

    trade_balance: TradeBalance = "fixed"
    labour: Labour = "mobile"
    wage_floor: float | None = None
    labour_supply_elasticity: float = 0.0
    scale_elasticity: float | Array = field(default=0.0)

    @property
    def has_scale(self) -> bool:
        """Whether any sector has economies or diseconomies of scale."""
        return bool(np.any(np.asarray(self.scale_elasticity) != 0.0))
