"""The first year after a shock: wages and nominal final spending stay, quantities and trade balances adjust.

The counterpart of METHODS section 2 for a horizon in which neither wages nor trade balances have had time to move.
With fixed nominal deficits, elasticities below one would demand wage changes that no year brings (and from about
θ = −0.4 on no equilibrium exists), so both are held, as in fixed-price input–output models (Miller & Blair 2009,
ch. 2), while prices still pass tariffs on through the input–output links:

    ĉ_i^j = Π_k (P̂_i^k)^{γ_i^{k,j}} ,  P̂_n^j = [Σ_i π_ni^j (κ̂_ni^j ĉ_i^j)^{−θ^j}]^{−1/θ^j}       wages: ŵ = 1
    π'_ni^j = π_ni^j (κ̂_ni^j ĉ_i^j / P̂_n^j)^{−θ^j} ,  Y_i^j = Σ_n π'_ni^j X'_n^j / (1 + t'_ni^j)
    X'_n^k = Σ_j γ_n^{k,j} Y_n^j + α_n^k (I_n + R'_n − R_n)                  spending: tariff revenue is respent

Index order as in `equilibrium`: [sector, importer, exporter] and [sector, region].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.errors import NotConverged
from headway.models.equilibrium.checks import check_elasticity
from headway.models.equilibrium.records import Baseline

Array = NDArray[np.float64]

TOLERANCE = 1e-11
MAX_ITERATIONS = 500


@dataclass(frozen=True)
class FixedPriceOutcome:
    """Changes are x'/x; values in the baseline's unit. J sectors, N regions.

    `cost_change`, `price_change` P̂ [J, N]; `flow` before tariff [J, N importer, N exporter] in value, at unchanged
    wages; `expenditure`, `output` [J, N]; `consumer_price_change`, `income` (value added, tariff revenue and the
    baseline's deficit) and `income_before` [N]. `state` starts the search of a neighbouring problem.
    `iterations` and `residual` are those of the slower of both loops.
    """

    cost_change: Array
    price_change: Array
    flow: Array
    expenditure: Array
    output: Array
    consumer_price_change: Array
    income: Array
    income_before: Array
    state: tuple[Array, Array]
    iterations: int
    residual: float

    @property
    def flow_volume(self) -> Array:
        """Trade at the baseline's seller prices [J, N importer, N exporter]."""
        return self.flow / self.cost_change[:, None, :]

    @property
    def real_income(self) -> Array:
        """Income over consumer prices, x'/x [N]: factors that lose their sales stay idle."""
        return np.asarray(self.income / self.income_before / self.consumer_price_change)


def solve(baseline: Baseline, tariff: Array, *, start: tuple[Array, Array] | None = None) -> FixedPriceOutcome:
    """The first year after tariffs move to `tariff` [J, N, N]; raises OutsideDomain (θ) or NotConverged.

    `start` is the `state` of a neighbouring outcome.
    """
    check_elasticity(baseline.trade_elasticity)
    wedge = (1 + tariff) / (1 + baseline.tariff)
    theta = baseline.trade_elasticity[:, None, None]
    weight = baseline.trade_share * wedge**-theta
    first = start or (np.zeros(baseline.expenditure.shape), baseline.expenditure)
    log_price, log_cost, price_loop = _prices(baseline, weight, first[0])
    share = weight * np.exp(-theta * log_cost[:, None, :])
    share /= share.sum(axis=2, keepdims=True) + (share.sum(axis=2, keepdims=True) == 0)
    bought = share / (1 + tariff)
    expenditure, output, demand_loop = _demand(baseline, bought, tariff * bought, first[1])
    flow = bought * expenditure[:, :, None]
    earned = (baseline.value_added_share * output).sum(axis=0)
    consumer = np.exp((baseline.final_share * log_price).sum(axis=0))
    return FixedPriceOutcome(
        cost_change=np.exp(log_cost),
        price_change=np.exp(log_price),
        flow=flow,
        expenditure=expenditure,
        output=output,
        consumer_price_change=consumer,
        income=earned + (tariff * flow).sum(axis=(0, 2)) + baseline.deficit,
        income_before=baseline.value_added + _revenue(baseline) + baseline.deficit,
        state=(log_price, expenditure),
        iterations=max(price_loop[0], demand_loop[0]),
        residual=max(price_loop[1], demand_loop[1]),
    )


def _prices(baseline: Baseline, weight: Array, log_price: Array) -> tuple[Array, Array, tuple[int, float]]:
    """log P̂ and log ĉ [J, N] by iterating cost → price; a contraction as long as every cost has value added."""
    theta = baseline.trade_elasticity[:, None]
    empty = weight.sum(axis=2) == 0
    for iteration in range(1, MAX_ITERATIONS + 1):
        log_cost = np.einsum("kjn,kn->jn", baseline.input_share, log_price)
        total = np.einsum("jni,ji->jn", weight, np.exp(-theta * log_cost))
        updated = np.where(empty, log_cost, -np.log(np.where(empty, 1.0, total)) / theta)
        residual = float(np.abs(updated - log_price).max())
        log_price = updated
        if residual < TOLERANCE:
            return log_price, np.einsum("kjn,kn->jn", baseline.input_share, log_price), (iteration, residual)
    raise _not_converged("Prices", residual)


def _demand(
    baseline: Baseline, bought: Array, taxed: Array, expenditure: Array
) -> tuple[Array, Array, tuple[int, float]]:
    """Expenditure and output [J, N] that clear every market at given shares; `taxed` is revenue per expenditure."""
    earned = baseline.value_added + baseline.deficit
    scale = float(baseline.expenditure.max())
    for iteration in range(1, MAX_ITERATIONS + 1):
        output = np.einsum("jni,jn->ji", bought, expenditure)
        revenue = np.einsum("jni,jn->n", taxed, expenditure)
        final = baseline.final_share * (earned + revenue)
        updated = np.einsum("kjn,jn->kn", baseline.input_share, output) + final
        residual = float(np.abs(updated - expenditure).max()) / scale
        expenditure = updated
        if residual < TOLERANCE:
            return expenditure, np.einsum("jni,jn->ji", bought, expenditure), (iteration, residual)
    raise _not_converged("Markets", residual)


def _revenue(baseline: Baseline) -> Array:
    """Tariff revenue before the shock [N]."""
    flow = baseline.trade_share * baseline.expenditure[:, :, None] / (1 + baseline.tariff)
    return np.asarray((baseline.tariff * flow).sum(axis=(0, 2)))


def _not_converged(what: str, residual: float) -> NotConverged:
    return NotConverged(
        f"{what} did not settle in {MAX_ITERATIONS} steps (last change {residual:.2e}).",
        "Check that every sector that sells has value added.",
    )
