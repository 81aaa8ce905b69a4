"""One-sector structural gravity: trade that fits given outputs and spending, and its response with both held fixed.

Arrays are [importer n, exporter i]. Equations (2-35) to (2-39) of Yotov, Piermartini, Monteiro & Larch (2016), "An
Advanced Guide to Trade Policy Analysis". The full general equilibrium of the same model, in which outputs and
spending adjust, is `headway.models.equilibrium` with one sector and Closure(trade_balance="own_income").
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from headway.errors import DataError, NotConverged, OutsideDomain
from headway.models.equilibrium.records import Array

TOLERANCE = 1e-13
MOST_ITERATIONS = 20_000


class ConditionalResponse(NamedTuple):
    """Changes with nominal outputs and spending fixed, by country [N] and pair [N importer, N exporter].

    `seller_price` p̂ = 1/Π̂ (outward multilateral resistance), `consumer_price` P̂ (inward), both relative to the
    consumer price of the reference country; `real_income` p̂/P̂; `trade` π̂.
    """

    seller_price: Array
    consumer_price: Array
    real_income: Array
    trade: Array


def gravity_trade(output: Array, expenditure: Array, trade_cost: Array) -> Array:
    """Flows X = Y_i E_n/Y · φ_ni/(Π_i P_n) with Σ_n X = Y_i and Σ_i X = E_n, for φ = cost^{−θ} [N importer, N
    exporter].

    Spending is scaled to the sum of output, as in tables of goods trade the two differ. Raises DataError for
    values ≤ 0.
    """
    if np.any(output <= 0.0) or np.any(expenditure <= 0.0) or np.any(trade_cost <= 0.0):
        raise DataError(
            "Output, spending and trade costs must be above zero.", "Leave countries without trade out."
        )
    spending = expenditure * output.sum() / expenditure.sum()
    power = _price_powers(trade_cost, output, spending)
    flows: Array = trade_cost * power * (spending / (trade_cost @ power))[:, None]
    return flows


def conditional_response(
    trade: Array, cost_effect: Array, trade_elasticity: float, *, reference: int
) -> ConditionalResponse:
    """Response of prices and trade to φ̂ = `cost_effect` (the factor on trade at given prices) with Y and E fixed.

    p̂_i solves Σ_n E_n π_ni φ̂_ni p̂_i^{−θ}/P̂_n^{−θ} = Y_i. gegravity 0.3 reports these prices as its full
    equilibrium: it holds output shares at their base inside the system. Raises OutsideDomain for θ ≤ 0 and factors
    ≤ 0.
    """
    if trade_elasticity <= 0.0 or np.any(cost_effect <= 0.0):
        raise OutsideDomain(
            "The elasticity and the factors on trade must be above zero.", "A factor of 1 is no change."
        )
    spending, output = trade.sum(axis=1), trade.sum(axis=0)
    weight = trade / spending[:, None] * cost_effect
    power = _price_powers(weight, output, spending)
    price, total = power ** (-1.0 / trade_elasticity), weight @ power
    inward = total ** (-1.0 / trade_elasticity)
    price, inward = price / inward[reference], inward / inward[reference]
    return ConditionalResponse(price, inward, price / inward, cost_effect * power / total[:, None])


def _price_powers(weight: Array, output: Array, spending: Array) -> Array:
    """p̂^{−θ} [N] such that Σ_n E_n w_ni p̂_i^{−θ} / Σ_k w_nk p̂_k^{−θ} = Y_i."""
    power = np.ones_like(output)
    for _ in range(MOST_ITERATIONS):
        following = output / ((spending / (weight @ power)) @ weight)
        following /= following.mean()
        if np.max(np.abs(following / power - 1.0)) < TOLERANCE:
            return following
        power = following
    raise NotConverged("No seller prices clear the markets.", "Check that every country trades with some other.")
