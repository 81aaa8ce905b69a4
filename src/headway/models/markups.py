"""One-sector trade with markups earned where goods are sold, elastic labour and scale: the model of Ignatenko,
Lashkaripour, Macedoni & Simonovska (2025), "Making America Great Again? The Economic Impacts of Liberation Day
Tariffs".

Arrays are [importer n, exporter i]; hats are changes. The share ν_n of what importer n spends stays with sellers
there as markup; tariffs pass into prices with power φ_n; fixed costs give scale elasticity ψ; labour supply has
elasticity κ. With ν = 0, φ = 1 and revenue rebated lump-sum it is a case of `headway.models.equilibrium`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from scipy import optimize

from headway.errors import DataError, NotConverged, OutsideDomain
from headway.models.device import float64
from headway.models.equilibrium.records import Array
from headway.models.fixed_point import FixedPoint, anderson

Rebate = Literal["income_tax", "lump_sum"]
# Sales-weighted means of the markup share that the authors match: exporters outside the US, and US sellers.
MARKUPS = (0.12, 0.26)


@dataclass(frozen=True)
class MarkupEconomy:
    """A calibrated base. N countries; values in one unit.

    `sales` X [N importer, N exporter], own sales on the diagonal; `expenditure` E, `income` Y (factors and
    markups) and `transfer` T = E − Y [N]; `markup_share` ν [N]; `pass_through` φ [N]; `trade_elasticity` ε,
    `scale_elasticity` ψ, `labour_supply_elasticity` κ.
    """

    sales: Array
    expenditure: Array
    income: Array
    transfer: Array
    markup_share: Array
    pass_through: Array
    trade_elasticity: float = 4.0
    scale_elasticity: float = 0.67 / 4.0
    labour_supply_elasticity: float = 0.5

    def with_pass_through(self, firm_level: float) -> MarkupEconomy:
        """The same base where a share `firm_level` of a tariff passes into each firm's price (1 complete)."""
        power = pass_through(self.markup_share, self.trade_elasticity, firm_level=firm_level)
        return replace(self, pass_through=power)

    def competitive(self) -> MarkupEconomy:
        """The Eaton–Kortum case: no markups, full pass-through; income is sales alone."""
        income = self.sales.sum(axis=0)
        nothing = np.zeros_like(income)
        return replace(
            self,
            income=income,
            transfer=self.expenditure - income,
            markup_share=nothing,
            pass_through=np.ones_like(income),
        )


@dataclass(frozen=True)
class MarkupOutcome:
    """Changes by country [N], as fractions: 0.01 is 1 %. Nominal ones are relative to mean((P̂ − 1) E) = 0.

    `deficit` is relative to the size of the old one; `exports_share`, `imports_share` are changes of trade over
    income; `revenue` R/E of the base. `tariff` [N importer, N exporter] is what was imposed; `iterations` of the
    solver.
    """

    welfare: Array
    deficit: Array
    exports_share: Array
    imports_share: Array
    employment: Array
    prices: Array
    revenue: Array
    tariff: Array
    iterations: int


def pass_through(markup_share: Array, trade_elasticity: float, *, firm_level: float = 1.0) -> Array:
    """φ = φ̄ + φ̃, φ̃ = (1+θ̃)/((1−ν)θ̃) − 1/θ̃ − 1, θ̃ = ε/0.67, with φ̄ = `firm_level` pass-through (1
    complete).
    """
    shape = trade_elasticity / 0.67
    selection = (1.0 + shape) / ((1.0 - markup_share) * shape) - 1.0 / shape - 1.0
    result: Array = firm_level + selection
    return result


def calibrate(trade: Array, gdp: Array, home: int, *, markups: tuple[float, float] = MARKUPS) -> MarkupEconomy:
    """Base from bilateral trade [N importer, N exporter] with an empty diagonal and GDP [N], in one unit.

    T_n = (1−ν_n)(imports_n − Σ_m (1−ν_m) X_mn); own sales max(0, Y + T − imports); then E, Y and T are
    recomputed so that the accounts close. ν has two values, for `home` and for all others, that give the mean
    `markups`. Raises DataError for a diagonal that is not empty, and where GDP is not positive.
    """
    if np.any(np.diag(trade) != 0.0) or np.any(gdp <= 0.0):
        raise DataError(
            "Trade has own sales on its diagonal, or a GDP is not positive.", "Leave the diagonal zero."
        )
    others, own = _markup_shares(trade, gdp, home, markups)
    share = np.full(len(gdp), others)
    share[home] = own
    spending = gdp + _transfers(trade, share)
    sales = trade + np.diag(np.maximum(spending - trade.sum(axis=1), 0.0))
    expenditure = sales.sum(axis=1)
    income = ((1.0 - share)[:, None] * sales).sum(axis=0) + share * expenditure
    return MarkupEconomy(
        sales=sales,
        expenditure=expenditure,
        income=income,
        transfer=expenditure - income,
        markup_share=share,
        pass_through=pass_through(share, 4.0),
    )


def _transfers(trade: Array, share: Array) -> Array:
    """T_n = (1−ν_n)(imports_n − Σ_m (1−ν_m) X_mn)."""
    result: Array = (1.0 - share) * (trade.sum(axis=1) - ((1.0 - share)[:, None] * trade).sum(axis=0))
    return result


def _markup_shares(trade: Array, gdp: Array, home: int, markups: tuple[float, float]) -> tuple[float, float]:
    """ν of the others and of `home`: each seller's mean of ν over its sales, own sales included, meets
    `markups`.
    """
    others = np.arange(len(gdp)) != home
    group = np.stack([others, ~others]).astype(float)
    total, product = group @ trade @ group.T, group @ gdp

    def gap(share: Array) -> Array:
        own_sales = product + _transfers(total, share) - np.array([total[0, 1], total[1, 0]])
        exports = np.array([total[1, 0], total[0, 1]])
        weight = own_sales / (own_sales + exports)
        mean: Array = weight * share + (1.0 - weight) * share[::-1] - np.asarray(markups)
        return mean

    found = optimize.root(gap, np.asarray(markups), tol=1e-13)
    if not found.success:
        raise DataError("No markup shares meet the mean markups.", "Check units of trade and GDP.")
    first, second = np.maximum(found.x, 0.0)
    return float(first), float(second)


class _Base(NamedTuple):
    """The economy on the device."""

    share: jax.Array
    expenditure: jax.Array
    income: jax.Array
    transfer: jax.Array
    markup: jax.Array
    pass_through: jax.Array
    elasticities: jax.Array


class _State(NamedTuple):
    """One evaluation: hats [N] of wage, spending, employment and price; flows X' [N, N]; revenue R [N]."""

    wage: jax.Array
    spending: jax.Array
    employment: jax.Array
    price: jax.Array
    flow: jax.Array
    revenue: jax.Array


def _evaluate(logs: jax.Array, base: _Base, tariff: jax.Array) -> _State:
    """λ'_ni ∝ λ_ni (ŵ_i/L̂_i^ψ)^{−ε} (1+t_ni)^{−εφ_n};  P̂_n = (Ê_n/ŵ_n)^{1−φ_n} [Σ_i …]^{−1/ε};  X' =
    λ'E'/(1+t).
    """
    log_wage, log_spending, log_employment = logs.reshape(3, -1)
    elasticity, scale, _ = base.elasticities
    cost = jnp.exp(-elasticity * (log_wage - scale * log_employment))
    weight = base.share * cost * (1.0 + tariff) ** (-elasticity * base.pass_through[:, None])
    total = jnp.sum(weight, axis=1)
    spent = base.expenditure * jnp.exp(log_spending)
    flow = weight / total[:, None] * spent[:, None] / (1.0 + tariff)
    log_price = (1.0 - base.pass_through) * (log_spending - log_wage) - jnp.log(total) / elasticity
    return _State(
        wage=jnp.exp(log_wage),
        spending=jnp.exp(log_spending),
        employment=jnp.exp(log_employment),
        price=jnp.exp(log_price),
        flow=flow,
        revenue=jnp.sum(tariff * flow, axis=1),
    )


def _update(logs: jax.Array, base: _Base, tariff: jax.Array, income_tax: bool) -> jax.Array:
    """One pass: ŵL̂Y = Σ_n (1−ν_n)X'_n + ν Σ_i X'; E' = R + ŵL̂Y + T ΣY'/ΣY; L̂ = (τ̂ŵ/P̂)^κ. World income is
    pinned.
    """
    state = _evaluate(logs, base, tariff)
    earned = jnp.sum((1.0 - base.markup)[:, None] * state.flow, axis=0) + base.markup * jnp.sum(state.flow, axis=1)
    earned = earned * jnp.sum(base.income) / jnp.sum(earned)
    income = state.wage * state.employment * base.income
    spending = state.revenue + income + base.transfer * jnp.sum(income) / jnp.sum(base.income)
    relief = -jnp.log(1.0 - state.revenue / income) if income_tax else 0.0
    employment = base.elasticities[2] * (relief + jnp.log(state.wage / state.price))
    wage = jnp.log(earned / base.income) - jnp.log(state.employment)
    return jnp.concatenate([wage, jnp.log(spending / base.expenditure), employment])


@partial(jax.jit, static_argnames=("income_tax",))
def _program(base: _Base, tariff: jax.Array, income_tax: bool) -> tuple[FixedPoint, _State]:
    count = base.income.shape[0]
    found = anderson(
        lambda logs: (_update(logs, base, tariff, income_tax), None),
        jnp.zeros(3 * count),
        mixing=jnp.where(jnp.arange(3 * count) < count, 0.2, 0.5),
        tolerance=jnp.asarray(1e-11),
        max_iterations=jnp.asarray(2000, dtype=jnp.int32),
        memory=10,
    )
    return found, _evaluate(found.point, base, tariff)


def solve_tariffs(economy: MarkupEconomy, tariff: Array, *, rebate: Rebate = "income_tax") -> MarkupOutcome:
    """Counterfactual for tariffs [N importer, N exporter] from a base without; revenue relieves income tax or is
    a lump sum.

    Raises OutsideDomain for tariffs ≤ −100 % or on own sales, NotConverged otherwise.
    """
    if np.any(tariff <= -1.0) or np.any(np.diag(tariff) != 0.0):
        raise OutsideDomain("Tariffs must be above −100 %, and zero on own sales.", "Rates are fractions.")
    found, state = _program(_device(economy), float64(tariff), rebate == "income_tax")
    if not float(found.error) <= 1e-10:
        raise NotConverged(
            f"No equilibrium after {int(found.iterations)} evaluations, off by {float(found.error):.3g}.",
            "Try smaller tariffs.",
        )
    solved = {name: np.asarray(part) for name, part in state._asdict().items()}
    return _outcome(economy, tariff, solved, int(found.iterations), rebate)


def _device(economy: MarkupEconomy) -> _Base:
    """The economy's arrays on the device."""
    elasticities = (economy.trade_elasticity, economy.scale_elasticity, economy.labour_supply_elasticity)
    return _Base(
        share=float64(economy.sales / economy.expenditure[:, None]),
        expenditure=float64(economy.expenditure),
        income=float64(economy.income),
        transfer=float64(economy.transfer),
        markup=float64(economy.markup_share),
        pass_through=float64(economy.pass_through),
        elasticities=float64(elasticities),
    )


def _outcome(
    economy: MarkupEconomy, tariff: Array, state: dict[str, Array], iterations: int, rebate: Rebate
) -> MarkupOutcome:
    """Changes that the article reports; δ = E/(E − κ(1−τ)Y/(1+κ)), Ŵ = δ Ê/P̂ + (1−δ) ŵL̂/P̂."""
    old, supply = economy.expenditure, economy.labour_supply_elasticity
    level = float(old.sum() / (state["price"] * old).sum())
    earned = state["wage"] * state["employment"]
    income = earned * economy.income
    rate = state["revenue"] / income if rebate == "income_tax" else np.zeros_like(income)
    weight = old / (old - supply * (1.0 - rate) * economy.income / (1.0 + supply))
    per_income = economy.income / income
    return MarkupOutcome(
        welfare=(weight * state["spending"] + (1.0 - weight) * earned) / state["price"] - 1.0,
        deficit=_deficit_change(economy.sales, state["flow"] * level),
        exports_share=_trade_ratio(economy.sales, state["flow"], axis=0) * per_income - 1.0,
        imports_share=_trade_ratio(economy.sales, state["flow"], axis=1) * per_income - 1.0,
        employment=state["employment"] - 1.0,
        prices=state["price"] * level - 1.0,
        revenue=state["revenue"] * level / old,
        tariff=tariff,
        iterations=iterations,
    )


def _deficit_change(old: Array, new: Array) -> Array:
    """(D' − D)/|D| with D imports less exports before tariff."""
    before = old.sum(axis=1) - old.sum(axis=0)
    after = new.sum(axis=1) - new.sum(axis=0)
    change: Array = (after - before) / np.abs(before)
    return change


def _trade_ratio(old: Array, new: Array, *, axis: int) -> Array:
    """Foreign trade after over before, summed over `axis` (0 gives exports, 1 imports)."""
    foreign = 1.0 - np.eye(len(old))
    ratio: Array = (new * foreign).sum(axis=axis) / (old * foreign).sum(axis=axis)
    return ratio


def optimal_tariff(
    economy: MarkupEconomy, home: int, *, share_of: Literal["imports", "exports"] = "imports"
) -> float:
    """t* = 1/((1+δε)φ − 1), δ = Σ_n (1−ν_n) X_n,home (1−λ_n,home) / ((1−ν_home) M), n abroad.

    M is home's imports (E − own sales), or with "exports" its income less own sales: the two that the article
    uses, 21.8 and 18.5 % for the US of 2023. Neither is the maximum of welfare over uniform tariffs, which lies
    near 25 %.
    """
    flow = economy.sales[:, home]
    share = flow / economy.expenditure
    abroad = np.arange(len(flow)) != home
    received = ((1.0 - economy.markup_share) * flow * (1.0 - share))[abroad].sum()
    scope = economy.expenditure if share_of == "imports" else economy.income
    weight = received / ((1.0 - economy.markup_share[home]) * (scope[home] - flow[home]))
    return float(1.0 / ((1.0 + weight * economy.trade_elasticity) * economy.pass_through[home] - 1.0))


def optimal_retaliation(economy: MarkupEconomy, home: int) -> Array:
    """Tariffs [N] of all others on `home`, by the same formula on the aggregate of them and home, each with its
    own φ.
    """
    others = np.arange(len(economy.income)) != home
    group = np.stack([others, ~others]).astype(float)
    sales, income = group @ economy.sales @ group.T, group @ economy.income
    markup = np.array([economy.markup_share[others][0], economy.markup_share[home]])
    share_abroad = sales[1, 0] / sales[1].sum()
    weight = (
        (1.0 - markup[1]) * sales[1, 0] * (1.0 - share_abroad) / ((1.0 - markup[0]) * (income[0] - sales[0, 0]))
    )
    rates: Array = 1.0 / ((1.0 + weight * economy.trade_elasticity) * economy.pass_through - 1.0)
    rates[home] = 0.0
    return rates
