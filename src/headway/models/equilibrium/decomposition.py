"""Where a change in real income comes from, to first order: d ln W split into terms that a reader can name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from headway.models.equilibrium.accounts import baseline_subsidy
from headway.models.equilibrium.records import Array
from headway.models.equilibrium.solution import Equilibrium

Change = Literal["relative", "log"]
Difference = Callable[[Array], Array]


@dataclass(frozen=True)
class Decomposition:
    """First-order parts of d ln W by region [N], fractions; `linear` is their sum.

    `terms_of_trade` and `volume_of_trade` are Caliendo & Parro's (2015, eq. 15). `exact` is ln(Î/P̂) and
    `remainder` its gap to `linear`: second order in the shock. Parts that a variant does not have are zero.
    """

    terms_of_trade: Array
    volume_of_trade: Array
    iceberg: Array
    scale: Array
    employment: Array
    subsidy: Array
    deficit: Array
    exact: Array

    @property
    def linear(self) -> Array:
        """Sum of the parts, d ln W [N]."""
        total: Array = (
            self.terms_of_trade
            + self.volume_of_trade
            + self.iceberg
            + self.scale
            + self.employment
            + self.subsidy
            + self.deficit
        )
        return total

    @property
    def remainder(self) -> Array:
        """ln(Î/P̂) − d ln W [N]."""
        return self.exact - self.linear


def decompose(equilibrium: Equilibrium, *, change: Change = "relative") -> Decomposition:
    """Split d ln W at baseline weights, with I baseline income and d ln x = x̂ − 1 ("relative", as Caliendo &
    Parro compute their Table 2) or ln x̂ ("log", whose remainder is smaller for large shocks):

    I d ln W = Σ E d ln p^B − Σ M d ln p^B  (terms of trade)
    + Σ t M (d ln M − d ln p^B − d ln d) + Σ e V (d ln V − d ln p)  (volume of trade: tariffs, export taxes)
    − Σ M d ln d  (iceberg) + Σ ψ K d ln Q  (scale) + Σ wL d ln L  (employment)
    − Σ S d ln q − Σ z F d ln C  (subsidies) + D' − D  (deficit),
    E exports and M imports at border prices p^B = p (1+e), V = flows at seller prices p, K cost, S = sK its
    subsidy, Q input bundle, q output, F final use and C its quantity. Own trade cancels out of the terms of
    trade.
    """
    income = equilibrium.accounts.income
    difference = _relative if change == "relative" else np.log
    terms, tariff_volume, iceberg = _import_terms(equilibrium, difference)
    gains, tax_volume = _export_terms(equilibrium, difference)
    scale, employment, subsidy = _home_terms(equilibrium, difference)
    return Decomposition(
        terms_of_trade=(gains - terms) / income,
        volume_of_trade=(tariff_volume + tax_volume) / income,
        iceberg=iceberg / income,
        scale=scale / income,
        employment=employment / income,
        subsidy=subsidy / income,
        deficit=(equilibrium.deficit - equilibrium.baseline.deficit) / income,
        exact=np.log(equilibrium.welfare),
    )


def _relative(change: Array) -> Array:
    """d ln x ≈ x̂ − 1."""
    return change - 1.0


def _import_terms(equilibrium: Equilibrium, difference: Difference) -> tuple[Array, Array, Array]:
    """Σ M d ln p^B, Σ t M (d ln M − d ln p^B − d ln d) and −Σ M d ln d, by importer."""
    old = equilibrium.baseline_flow * _gross_tax(equilibrium.baseline.export_tax)
    new = equilibrium.flow * _gross_tax(_new_tax(equilibrium))
    price = difference(_border_price_change(equilibrium))
    iceberg = equilibrium.shock.iceberg
    cost = np.zeros_like(old) if iceberg is None else difference(iceberg)
    volume = difference(_ratio(new, old)) - price - cost
    return (
        (old * price).sum(axis=(0, 2)),
        (equilibrium.baseline.tariff * old * volume).sum(axis=(0, 2)),
        -(old * cost).sum(axis=(0, 2)),
    )


def _export_terms(equilibrium: Equilibrium, difference: Difference) -> tuple[Array, Array]:
    """Σ E d ln p^B and Σ e V (d ln V − d ln p), by exporter."""
    flow = equilibrium.baseline_flow
    tax = equilibrium.baseline.export_tax
    border = flow * _gross_tax(tax)
    gains = (border * difference(_border_price_change(equilibrium))).sum(axis=(0, 1))
    if tax is None:
        return gains, np.zeros_like(gains)
    volume = difference(_ratio(equilibrium.flow, flow)) - difference(equilibrium.seller_price_change)[:, None, :]
    return gains, (tax * flow * volume).sum(axis=(0, 1))


def _home_terms(equilibrium: Equilibrium, difference: Difference) -> tuple[Array, Array, Array]:
    """Σ ψ K d ln Q, Σ wL d ln L and −Σ S d ln q − Σ z F d ln C, by region."""
    baseline, accounts = equilibrium.baseline, equilibrium.accounts
    scale = np.broadcast_to(np.asarray(equilibrium.closure.scale_elasticity), baseline.trade_elasticity.shape)
    bundle = difference(_ratio(equilibrium.cost, accounts.cost) / equilibrium.cost_change)
    hours = difference(equilibrium.employment_change)
    paid = baseline.value_added if hours.ndim == 1 else baseline.value_added_share * accounts.cost
    output = difference(_ratio(equilibrium.output, accounts.output) / equilibrium.seller_price_change)
    rate = baseline_subsidy(baseline.consumption_subsidy, accounts.output)
    quantity = difference(_ratio(_final_use(equilibrium), accounts.final_demand) / equilibrium.price_change)
    subsidy = (accounts.cost - accounts.output) * output + rate * accounts.final_demand * quantity
    return (
        (scale[:, None] * accounts.cost * bundle).sum(axis=0),
        (paid * hours).reshape(-1, baseline.regions).sum(axis=0),
        -subsidy.sum(axis=0),
    )


def _border_price_change(equilibrium: Equilibrium) -> Array:
    """p̂^B [J, N importer, N exporter]: seller's price with export tax, before iceberg cost and tariff."""
    change = equilibrium.seller_price_change[:, None, :]
    taxes = _gross_tax(_new_tax(equilibrium)) / _gross_tax(equilibrium.baseline.export_tax)
    return np.broadcast_to(change * taxes, equilibrium.baseline.trade_share.shape)


def _new_tax(equilibrium: Equilibrium) -> Array | None:
    new = equilibrium.shock.export_tax
    return equilibrium.baseline.export_tax if new is None else new


def _gross_tax(tax: Array | None) -> Array:
    """1 + e, one where there is no export tax."""
    return np.ones(1) if tax is None else 1.0 + tax


def _final_use(equilibrium: Equilibrium) -> Array:
    """Final use at market prices αI'/(1−z') [J, N]."""
    rate = equilibrium.shock.consumption_subsidy
    if rate is None:
        rate = baseline_subsidy(equilibrium.baseline.consumption_subsidy, equilibrium.output)
    use: Array = equilibrium.baseline.final_share * equilibrium.income / (1.0 - rate)
    return use


def _ratio(new: Array, old: Array) -> Array:
    """new/old, one where the old value is zero or the sign changed, so that neither difference is defined."""
    valid = (np.abs(old) > 0.0) & (new * old > 0.0)
    ratio: Array = np.where(valid, new, 1.0) / np.where(valid, old, 1.0)
    return ratio
