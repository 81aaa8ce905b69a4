"""The economics, as one map u = F(u) in JAX. Single capitals follow METHODS section 2; hats are changes.

Inside the loop there is no power over the [J, N, N] arrays: A = π κ̂^{−θ} and its deflated versions are fixed
for one shock, and one evaluation is a few batched matrix–vector products over (j, n, i) and two input–output
contractions.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp


class Structure(NamedTuple):
    """The closed list of switches that change the compiled program; every other closure is data in `Parameters`."""

    labour: str
    scale: bool
    memory: int


class Economy(NamedTuple):
    """The baseline on the device. `earnings` is [N], or [J, N] where labour is specific to sectors.

    `input_share` is [N, J user, J input] here: with the region first, its contractions run over contiguous memory.
    """

    trade_share: jax.Array
    tariff: jax.Array
    export_tax: jax.Array | None
    value_added_share: jax.Array
    input_share: jax.Array
    final_share: jax.Array
    earnings: jax.Array
    expenditure: jax.Array
    cost: jax.Array
    gross_income: jax.Array
    deficit: jax.Array
    production_subsidy: jax.Array
    consumption_subsidy: jax.Array


class Policy(NamedTuple):
    """New levels of the wedges, and the iceberg change d̂; None where a wedge is absent before and after."""

    tariff: jax.Array
    export_tax: jax.Array | None
    iceberg: jax.Array | None
    production_subsidy: jax.Array
    consumption_subsidy: jax.Array


class Parameters(NamedTuple):
    """θ [J], scale elasticity ψ [J], labour supply elasticity κ, log of the wage floor δ (−∞ for none), and the
    trade-balance rule as weights [3] on "fixed", "world_income" and "own_income" (all zero for "balanced").
    """

    trade_elasticity: jax.Array
    scale_elasticity: jax.Array
    labour_supply_elasticity: jax.Array
    log_wage_floor: jax.Array
    balance_rule: jax.Array


class Wedges(NamedTuple):
    """What the shock fixes before the loop: A = π κ̂^{−θ}, B = A/(1+t'), C = B/(1+e'), and log changes of 1 − s,
    1 − z.
    """

    weight: jax.Array
    border: jax.Array
    net: jax.Array
    producer: jax.Array
    consumer: jax.Array


class Unknowns(NamedTuple):
    """Logs of changes: earnings [N] or [J, N], prices P̂ and expenditure X̂ [J, N], sales Ŷ [J, N] with scale
    effects.
    """

    earnings: jax.Array
    price: jax.Array
    expenditure: jax.Array
    sales: jax.Array | None


class Outcome(NamedTuple):
    """Everything that one evaluation finds; values in the baseline's unit, `log_*` are log changes.

    `spending` is expenditure at the unknowns, `expenditure` what demand makes of it: equal at the fixed point.
    """

    log_wage: jax.Array
    log_employment: jax.Array
    log_unit_cost: jax.Array
    log_seller_price: jax.Array
    log_price: jax.Array
    log_consumer_price: jax.Array
    share_sum: jax.Array
    output: jax.Array
    cost: jax.Array
    earnings: jax.Array
    tariff_revenue: jax.Array
    export_tax_revenue: jax.Array
    deficit: jax.Array
    income: jax.Array
    spending: jax.Array
    expenditure: jax.Array


def wedges(economy: Economy, policy: Policy, parameters: Parameters) -> Wedges:
    """κ̂ = (1+t')/(1+t) · (1+e')/(1+e) · d̂, and what follows from it; the only powers over [J, N, N]."""
    log_change = jnp.log((1.0 + policy.tariff) / (1.0 + economy.tariff))
    if policy.iceberg is not None:
        log_change = log_change + jnp.log(policy.iceberg)
    if policy.export_tax is not None and economy.export_tax is not None:
        log_change = log_change + jnp.log((1.0 + policy.export_tax) / (1.0 + economy.export_tax))
    weight = economy.trade_share * jnp.exp(-parameters.trade_elasticity[:, None, None] * log_change)
    border = weight / (1.0 + policy.tariff)
    return Wedges(
        weight=weight,
        border=border,
        net=border if policy.export_tax is None else border / (1.0 + policy.export_tax),
        producer=jnp.log((1.0 - policy.production_subsidy) / (1.0 - economy.production_subsidy)),
        consumer=jnp.log((1.0 - policy.consumption_subsidy) / (1.0 - economy.consumption_subsidy)),
    )


def labour_market(
    log_earnings: jax.Array, log_consumer_price: jax.Array, parameters: Parameters
) -> tuple[jax.Array, jax.Array]:
    """Split earnings b̂ = ŵL̂ into wage and employment: L̂ = (ŵ/P̂)^κ, then ŵ ≥ δ with L̂ = b̂/ŵ where it binds."""
    supply = parameters.labour_supply_elasticity
    log_wage = (log_earnings + supply * log_consumer_price) / (1.0 + supply)
    log_wage = jnp.maximum(log_wage, parameters.log_wage_floor)
    return log_wage, log_earnings - log_wage


def unit_cost(economy: Economy, log_wage: jax.Array, log_price: jax.Array) -> jax.Array:
    """log ĉ_i^j = γ_i^j log ŵ_i + Σ_k γ_i^{k,j} log P̂_i^k  [J, N]."""
    inputs = jnp.einsum("ijk,ki->ji", economy.input_share, log_price)
    return economy.value_added_share * log_wage + inputs


def seller_price(
    economy: Economy, unknowns: Unknowns, log_cost: jax.Array, wedge: Wedges, parameters: Parameters
) -> jax.Array:
    """log p̂ = log ĉ − ψ log Q̂ + log (1−s')/(1−s), with Q̂ the sector's input bundle, (Ŷ/(1−s))̂ / ĉ  [J, N]."""
    if unknowns.sales is None:
        return log_cost + wedge.producer
    bundle = jnp.where(economy.cost > 0.0, unknowns.sales - wedge.producer - log_cost, 0.0)
    return log_cost - parameters.scale_elasticity[:, None] * bundle + wedge.producer


def trade_deficit(economy: Economy, gross: jax.Array, parameters: Parameters) -> jax.Array:
    """D' under each rule: D; D·ΣG'/ΣG; spending in proportion to own G' less G', adding up for the world; zero.  [N]"""
    world = jnp.sum(gross)
    spent = (1.0 + economy.deficit / economy.gross_income) * gross
    rules = jnp.stack(
        [
            economy.deficit,
            economy.deficit * world / jnp.sum(economy.gross_income),
            spent * world / jnp.sum(spent) - gross,
        ]
    )
    return parameters.balance_rule @ rules


def evaluate(
    unknowns: Unknowns,
    economy: Economy,
    policy: Policy,
    wedge: Wedges,
    parameters: Parameters,
) -> Outcome:
    """One pass through the equations of METHODS section 2 at given unknowns."""
    theta = parameters.trade_elasticity[:, None]
    subsidy, consumption = policy.production_subsidy, policy.consumption_subsidy
    final_price = jnp.sum(economy.final_share * (unknowns.price + wedge.consumer), axis=0)
    log_wage, log_employment = labour_market(unknowns.earnings, final_price, parameters)
    log_cost = unit_cost(economy, log_wage, unknowns.price)
    log_seller = seller_price(economy, unknowns, log_cost, wedge, parameters)
    power = jnp.exp(-theta * log_seller)
    share_sum = jnp.einsum("jni,ji->jn", wedge.weight, power)
    before_tariff = jnp.einsum("jni,ji->jn", wedge.border, power)
    spending = economy.expenditure * jnp.exp(unknowns.expenditure)
    per_share = spending / share_sum
    output = power * jnp.einsum("jni,jn->ji", wedge.net, per_share)
    tariff_revenue = jnp.sum(spending - per_share * before_tariff, axis=0)
    export_tax_revenue = jnp.zeros_like(tariff_revenue)
    if policy.export_tax is not None:
        at_border = power * jnp.einsum("jni,jn->ji", wedge.border, per_share)
        export_tax_revenue = jnp.sum(at_border - output, axis=0)
    cost = output / (1.0 - subsidy)
    earnings = economy.earnings * jnp.exp(unknowns.earnings)
    gross = _by_region(earnings) + tariff_revenue + export_tax_revenue - jnp.sum(cost - output, axis=0)
    deficit = trade_deficit(economy, gross, parameters)
    subsidised = jnp.sum(economy.final_share * consumption / (1.0 - consumption), axis=0)
    income = (gross + deficit) / (1.0 + subsidised)
    final = economy.final_share * income / (1.0 - consumption)
    return Outcome(
        log_wage=log_wage,
        log_employment=log_employment,
        log_unit_cost=log_cost,
        log_seller_price=log_seller,
        log_price=-jnp.log(share_sum) / theta,
        log_consumer_price=final_price,
        share_sum=share_sum,
        output=output,
        cost=cost,
        earnings=earnings,
        tariff_revenue=tariff_revenue,
        export_tax_revenue=export_tax_revenue,
        deficit=deficit,
        income=income,
        spending=spending,
        expenditure=jnp.einsum("njk,jn->kn", economy.input_share, cost) + final,
    )


def update(unknowns: Unknowns, outcome: Outcome, economy: Economy, structure: Structure) -> Unknowns:
    """F(u): factor-market clearing, price index, goods demand and sales, from one evaluation.

    Earnings are scaled so that world value added keeps its baseline value: that is the numeraire, and it takes the
    place of one market-clearing equation, so that I − ∂F/∂u is regular.
    """
    factor_payments = economy.value_added_share * outcome.cost
    if structure.labour == "mobile":
        change = jnp.sum(factor_payments, axis=0) / economy.earnings
    else:
        change = _ratio(outcome.cost, economy.cost)
    scale = jnp.sum(economy.earnings * change) / jnp.sum(economy.earnings)
    return Unknowns(
        earnings=jnp.log(change / scale),
        price=outcome.log_price,
        expenditure=jnp.log(_ratio(outcome.expenditure, economy.expenditure)),
        sales=None
        if unknowns.sales is None
        else jnp.log(_ratio(outcome.output, economy.cost * (1.0 - economy.production_subsidy))),
    )


def _ratio(new: jax.Array, old: jax.Array) -> jax.Array:
    """new/old, one where old is zero: what was absent stays absent."""
    present = old > 0.0
    return jnp.where(present, new, 1.0) / jnp.where(present, old, 1.0)


def _by_region(earnings: jax.Array) -> jax.Array:
    """Total earnings by region [N] from [N] or [J, N]."""
    return earnings if earnings.ndim == 1 else jnp.sum(earnings, axis=0)
