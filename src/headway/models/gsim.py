"""Global simulation of one industry (GSIM, Francois & Hall 2003): linear as published, and exact beside it.

Exporters r sell in markets v. With η = demand elasticity (negative), σ substitution, ε export supply, θ_rv the
share of r in market v's duty-inclusive spending and φ_rv the share of v in r's sales, log changes satisfy

    q_rv = −σ (p_r + t_rv) + (σ + η) Σ_s θ_sv (p_s + t_sv)          demand for r in v
    ε_r p_r = Σ_v φ_rv q_rv                                          market clearing, linear in p

The exact solution keeps CES demand and isoelastic supply in changes: p̂_r^ε = Σ_v φ_rv q̂_rv.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.errors import NotConverged, OutsideDomain

Floats = NDArray[np.float64]

TOLERANCE = 1e-12
MAX_STEPS = 60


@dataclass(frozen=True)
class Industry:
    """One industry's world market: `trade` [R exporters, V importers] at world prices, elasticities by name.

    `demand` (negative) and `substitution` [V], `supply` [R]. `factor` [R, V] are baseline tariff factors 1 + t.
    """

    trade: Floats
    factor: Floats
    demand: Floats
    supply: Floats
    substitution: Floats

    @property
    def spending_share(self) -> Floats:
        """θ_rv, columns sum to one."""
        spending = self.trade * self.factor
        return np.asarray(spending / spending.sum(axis=0))

    @property
    def sales_share(self) -> Floats:
        """φ_rv, rows sum to one."""
        return np.asarray(self.trade / self.trade.sum(axis=1, keepdims=True))


@dataclass(frozen=True)
class GsimResult:
    """World price changes p [R] and trade quantity changes q [R, V] as fractions, trade at new world prices.

    `tariff_revenue` is the change by market; `residual` the worst error of market clearing.
    """

    price: Floats
    quantity: Floats
    trade: Floats
    tariff_revenue: Floats
    residual: float


def gsim_linear(industry: Industry, factor: Floats) -> GsimResult:
    """Solve the published linear system for new tariff `factor` [R, V]; changes of factors are relative, not logs.

    As in Francois & Hall, new trade is M (1 + p)(1 + q).
    """
    _check(industry, factor)
    wedge = factor / industry.factor - 1
    matrix = np.diag(industry.supply) - _price_response(industry)
    shock = (industry.sales_share * _demand(industry, wedge)).sum(axis=1)
    price = np.linalg.solve(matrix, shock)
    quantity = _demand(industry, wedge + price[:, None])
    residual = np.abs(industry.supply * price - (industry.sales_share * quantity).sum(axis=1)).max()
    return _result(industry, factor, price, quantity, float(residual))


def gsim_exact(industry: Industry, factor: Floats) -> GsimResult:
    """Solve the same market without linearising: Newton in log world prices. Raises NotConverged."""
    _check(industry, factor)
    wedge = np.log(factor / industry.factor)
    log_price = np.zeros(industry.trade.shape[0])
    for _ in range(MAX_STEPS):
        log_quantity, spending = _exact_demand(industry, wedge + log_price[:, None])
        sales = industry.sales_share * np.exp(log_quantity)
        total = sales.sum(axis=1)
        gap = industry.supply * log_price - np.log(total)
        residual = float(np.abs(gap).max())
        if residual < TOLERANCE:
            change = np.expm1(log_quantity)
            return _result(industry, factor, np.expm1(log_price), change, residual)
        weight = sales / total[:, None]
        cross = weight @ ((industry.substitution + industry.demand)[:, None] * spending.T)
        own = np.diag(weight @ industry.substitution)
        log_price = log_price - np.linalg.solve(np.diag(industry.supply) + own - cross, gap)
    raise NotConverged(f"World price of exporter {int(np.abs(gap).argmax())} misses by {residual:.2e}.")


def _check(industry: Industry, factor: Floats) -> None:
    if (factor <= 0).any() or (industry.factor <= 0).any():
        raise OutsideDomain("A tariff factor is zero or negative.", "Give 1 + rate, above zero.")
    if (industry.demand >= 0).any() or (industry.substitution <= 0).any() or (industry.supply <= 0).any():
        raise OutsideDomain("GSIM needs demand below zero, substitution and supply above.", "Check the signs.")


def _demand(industry: Industry, delivered: Floats) -> Floats:
    index = (industry.spending_share * delivered).sum(axis=0)
    return np.asarray(-industry.substitution * delivered + (industry.substitution + industry.demand) * index)


def _price_response(industry: Industry) -> Floats:
    """Derivative of exporters' total sales in world prices [R, R]: Σ_v φ_rv N_v,rs."""
    own = np.diag(industry.sales_share @ industry.substitution)
    pull = (industry.substitution + industry.demand)[:, None] * industry.spending_share.T
    return np.asarray(industry.sales_share @ pull - own)


def _exact_demand(industry: Industry, delivered: Floats) -> tuple[Floats, Floats]:
    """Log quantities and the new spending shares, at log delivered price changes [R, V]."""
    power = 1 - industry.substitution
    raised = industry.spending_share * np.exp(power * delivered)
    total = raised.sum(axis=0)
    index = np.log(total) / power
    quantity = -industry.substitution * delivered + (industry.substitution + industry.demand) * index
    return quantity, np.asarray(raised / total)


def _result(industry: Industry, factor: Floats, price: Floats, quantity: Floats, residual: float) -> GsimResult:
    trade = industry.trade * (1 + price[:, None]) * (1 + quantity)
    revenue = ((factor - 1) * trade - (industry.factor - 1) * industry.trade).sum(axis=0)
    return GsimResult(price, quantity, trade, revenue, residual)
