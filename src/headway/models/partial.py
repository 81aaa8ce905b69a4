"""Product-level partial equilibrium in one import market: nested CES, many products and draws at once.

METHODS section 3. For product g and origins i with value shares s_i (duty-inclusive), in changes x̂ = x'/x:

    p̂^c_i = κ̂_i p̂_i,   p̂_i^ε = q̂_i                    κ̂ = (1 + t')/(1 + t), ε = ∞: full pass-through
    q̂_i = (p̂^c_i)^{−σ} P̂^{σ−η},   P̂ = [Σ_i s_i (p̂^c_i)^{1−σ}]^{1/(1−σ)}

Given P̂, each producer price is closed-form, p̂_i = (κ̂_i^{−σ} P̂^{σ−η})^{1/(ε+σ)}, so that one unknown per
product is left, log P̂. σ (`substitution`) and η (`demand`) are positive numbers. Without home supply among
the varieties η is the *import*-demand elasticity. Arrays end with the variety axis (M) or the product axis (G).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from headway.errors import DataError, NotConverged, OutsideDomain

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TOLERANCE = 1e-12
MAX_STEPS = 60
_COBB_DOUGLAS = 1e-10
"""|1 − σ| below which σ = 1 is approached instead: the error is of the same order, far under any tolerance."""


@dataclass(frozen=True)
class Market:
    """Varieties of many products in one import market, in any row order.

    `product` [M] counts products 0 … G−1, each present; `value` [M] is before duty (customs value), not negative
    and positive for every product; `tariff_rate` [M] is the baseline rate as a fraction. Raises DataError.
    """

    product: Ints
    value: Floats
    tariff_rate: Floats

    def __post_init__(self) -> None:
        if not (self.product.shape == self.value.shape == self.tariff_rate.shape) or self.product.ndim != 1:
            raise DataError("product, value and tariff_rate differ in length.", "Give one entry per variety.")
        if self.product.size == 0 or self.product.min() < 0:
            raise DataError("A market needs at least one variety, with products counted from 0.")
        if (self.value < 0).any() or (self.tariff_rate <= -1).any():
            raise DataError("A trade value is negative or a tariff rate is at or below -100 %.")
        totals = np.bincount(self.product, weights=self.value)
        if (totals <= 0).any():
            raise DataError(f"Product {int(np.argmin(totals))} has no trade.", "Drop products without trade.")

    @property
    def size(self) -> int:
        """Number of varieties, M."""
        return int(self.product.size)

    @cached_property
    def products(self) -> int:
        """Number of products, G."""
        return int(self.product.max()) + 1

    @cached_property
    def order(self) -> Ints:
        """Row numbers sorted by product [M]."""
        return np.argsort(self.product, kind="stable").astype(np.int64)

    @cached_property
    def starts(self) -> Ints:
        """Position of each product's first row in sorted order [G]."""
        return np.searchsorted(self.product[self.order], np.arange(self.products)).astype(np.int64)

    @cached_property
    def share(self) -> Floats:
        """Duty-inclusive value shares s_i within each product, in input order [M]."""
        delivered = self.value * (1 + self.tariff_rate)
        return delivered / np.bincount(self.product, weights=delivered)[self.product]


@dataclass(frozen=True)
class Solution:
    """Changes (x'/x) by variety [..., M] and the price index by product [..., G]; leading axes are draws.

    `residual` is the worst absolute error of log P̂ over products and draws.
    """

    delivered_price: Floats
    producer_price: Floats
    quantity: Floats
    price_index: Floats
    residual: float

    @property
    def export_value(self) -> Floats:
        """Change of the value before duty, p̂ q̂ [..., M]."""
        return self.producer_price * self.quantity


def solve(
    market: Market,
    wedge_change: ArrayLike,
    *,
    substitution: ArrayLike,
    demand: ArrayLike,
    supply: ArrayLike = np.inf,
) -> Solution:
    """Solve the nested CES market exactly.

    `wedge_change` [..., M] is κ̂; `substitution` σ and `demand` η are scalars or [..., G]; `supply` ε is a scalar
    or [..., M], ∞ for full pass-through. Leading axes broadcast. Raises OutsideDomain, NotConverged.
    """
    problem = _prepare(market, wedge_change, substitution, demand, supply)
    log_index, residual = _solve_index(problem)
    producer = problem.producer_slope * (
        (problem.sigma_eta * log_index)[..., problem.group] - problem.sigma[..., problem.group] * problem.wedge
    )
    delivered = problem.wedge + producer
    quantity = -problem.sigma[..., problem.group] * delivered + (problem.sigma_eta * log_index)[..., problem.group]
    back = np.argsort(market.order)
    delivered, producer, quantity = (
        np.exp(x[..., back]) for x in np.broadcast_arrays(delivered, producer, quantity)
    )
    return Solution(delivered, producer, quantity, np.exp(log_index), residual)


def first_order(
    market: Market,
    wedge_change: ArrayLike,
    *,
    substitution: ArrayLike,
    demand: ArrayLike,
    supply: ArrayLike = np.inf,
) -> Solution:
    """Linear approximation in logs; arguments as in `solve`, log changes exponentiated.

    For ε = ∞: log q̂_i = −η τ̄ − σ (τ_i − τ̄) with τ = log κ̂ and τ̄ = Σ s_k τ_k.
    """
    problem = _prepare(market, wedge_change, substitution, demand, supply)
    level, slope = _delivered_line(problem)
    log_index = _group(problem, problem.share * level) / (1 - _group(problem, problem.share * slope))
    return _solution(market, problem, log_index, 0.0)


def crossed_value_change(
    market: Market,
    wedge_change: Floats,
    *,
    substitution: Floats,
    demand: Floats,
    label: Ints,
    shift: Floats | None = None,
) -> Floats:
    """Change of value before duty by label for every policy × parameter pair, ε = ∞: [P, Q, L], in `value` units.

    `wedge_change` [P, M], `substitution` and `demand` [Q, G]; `label` [M] counts from 0, −1 leaves a row out of
    the report (it still competes). `shift` [P, G] multiplies demand for a product. With full pass-through the value
    before duty moves as the quantity. Draw by draw, so that the working set stays in cache and memory does not grow
    with P × Q.
    """
    wedge = np.atleast_2d(np.asarray(wedge_change, dtype=np.float64))
    sigma, eta = (np.atleast_2d(np.asarray(x, dtype=np.float64)) for x in (substitution, demand))
    _check_domain(wedge, sigma, eta, np.float64(np.inf))
    order, starts = market.order, market.starts
    group, share = market.product[order], market.share[order]
    kept = np.flatnonzero(label[order] >= 0)
    kept_label, kept_group, kept_value = label[order][kept], group[kept], market.value[order][kept]
    labels = int(label.max()) + 1
    before = np.bincount(kept_label, weights=kept_value, minlength=labels)
    result = np.empty((wedge.shape[0], sigma.shape[0], labels))
    for policy, row in enumerate(wedge):
        log_wedge = np.log(row[order])
        centre = np.add.reduceat(share * log_wedge, starts)
        deviation = log_wedge - centre[group]
        for draw in range(sigma.shape[0]):
            index = centre + _power_mean(deviation, share, 1 - sigma[draw], group, starts)
            pull = (sigma[draw] - eta[draw]) * index
            quantity = np.exp(pull[kept_group] - sigma[draw][kept_group] * log_wedge[kept])
            if shift is not None:
                quantity *= shift[policy][kept_group]
            result[policy, draw] = (
                np.bincount(kept_label, weights=kept_value * quantity, minlength=labels) - before
            )
    return result


@dataclass(frozen=True)
class Pooled:
    """A market with the varieties of one product and class merged.

    `pool_class` [M'] is the class of each pooled row and `member` [M] the pooled row of each original row.
    """

    market: Market
    pool_class: Ints
    member: Ints


def pool(market: Market, pool_class: Ints) -> Pooled:
    """Merge rows of the same product and class [M]: exact for ε = ∞ while they face the same wedge change.

    Rows of one class and product must share their baseline rate, else DataError: (1 + t')/(1 + t) would differ.
    """
    width = int(pool_class.max()) + 1
    key, first, member = np.unique(market.product * width + pool_class, return_index=True, return_inverse=True)
    rate = market.tariff_rate[np.asarray(first)]
    if not np.array_equal(rate[member], market.tariff_rate):
        raise DataError("Pooled rows differ in their baseline rate.", "Make the rate part of the class.")
    value = np.asarray(np.bincount(member, weights=market.value), dtype=np.float64)
    merged = Market(np.asarray(key // width, dtype=np.int64), value, rate)
    return Pooled(merged, np.asarray(key % width, dtype=np.int64), np.asarray(member, dtype=np.int64))


def smart_creation(
    imports: ArrayLike,
    *,
    demand: ArrayLike,
    base_rate: ArrayLike,
    rate_change: ArrayLike,
    supply: ArrayLike = np.inf,
) -> Floats:
    """Trade creation of WITS–SMART (Laird & Yeats 1986), M E dt / [(1 + t0)(1 − E/S)], E = −`demand`."""
    elasticity = -np.asarray(demand, dtype=np.float64)
    damping = 1 - elasticity / np.asarray(supply, dtype=np.float64)
    return np.asarray(
        np.asarray(imports) * elasticity * np.asarray(rate_change) / ((1 + np.asarray(base_rate)) * damping)
    )


def smart_diversion(
    imports: ArrayLike, others: ArrayLike, *, substitution: ArrayLike, price_change: ArrayLike
) -> Floats:
    """Trade diverted to one partner from `others` (Laird & Yeats 1986), capped at what either side has.

    Mk Mn s / (Mk + Mn + Mk s) with s = σ × fall of the partner's relative price: −`price_change`, a fraction.
    Positive: gained. A comparator only: its split over partners differs from the nested CES.
    """
    own, rest = np.asarray(imports, dtype=np.float64), np.asarray(others, dtype=np.float64)
    gain = -np.asarray(substitution) * np.asarray(price_change)
    return np.asarray(np.clip(own * rest * gain / (own + rest + own * gain), -own, rest))


def smart_diversion_by_origin(market: Market, wedge_change: Floats, *, substitution: Floats) -> Floats:
    """SMART's diversion for many origins [M]: each origin whose price moves gains from all the others.

    The relative price is the origin's own κ̂ (WITS), the others pay in proportion to their trade; `substitution`
    [G]. Sums to zero within each product; to first order an origin gains −σ v_i (τ_i − τ̄).
    """
    rest = np.bincount(market.product, weights=market.value)[market.product] - market.value
    sigma = substitution[market.product]
    with np.errstate(invalid="ignore", divide="ignore"):
        gain = smart_diversion(market.value, rest, substitution=sigma, price_change=wedge_change - 1)
        per_rest = np.where(rest > 0, gain / rest, 0.0)
    paid = np.bincount(market.product, weights=per_rest)[market.product] - per_rest
    return np.asarray(np.where(rest > 0, gain, 0.0) - market.value * paid)


@dataclass(frozen=True)
class _Problem:
    """Arguments in sorted row order, logs taken, with the slopes that do not depend on the unknown."""

    group: Ints
    starts: Ints
    share: Floats
    wedge: Floats
    sigma: Floats
    sigma_eta: Floats
    producer_slope: Floats


def _prepare(
    market: Market, wedge_change: ArrayLike, substitution: ArrayLike, demand: ArrayLike, supply: ArrayLike
) -> _Problem:
    wedge, sigma, eta, epsilon = (
        np.asarray(x, dtype=np.float64) for x in (wedge_change, substitution, demand, supply)
    )
    _check_domain(wedge, sigma, eta, epsilon)
    sigma = np.broadcast_to(sigma, (*sigma.shape[:-1], market.products))
    eta = np.broadcast_to(eta, (*eta.shape[:-1], market.products))
    epsilon = np.broadcast_to(epsilon, (*epsilon.shape[:-1], market.size))[..., market.order]
    log_wedge = np.log(np.broadcast_to(wedge, (*wedge.shape[:-1], market.size))[..., market.order])
    group = market.product[market.order]
    return _Problem(
        group=group,
        starts=market.starts,
        share=market.share[market.order],
        wedge=log_wedge,
        sigma=sigma,
        sigma_eta=sigma - eta,
        producer_slope=1 / (epsilon + sigma[..., group]),
    )


def _check_domain(wedge: Floats, sigma: Floats, eta: Floats, epsilon: Floats | np.float64) -> None:
    for name, values, allowed in (
        ("wedge change", wedge, (wedge > 0).all() and np.isfinite(wedge).all()),
        ("substitution elasticity", sigma, (sigma > 0).all() and np.isfinite(sigma).all()),
        ("demand elasticity", eta, (eta >= 0).all() and np.isfinite(eta).all()),
        ("supply elasticity", epsilon, bool(np.all(epsilon > 0))),
    ):
        if not allowed:
            worst = float(np.min(values))
            raise OutsideDomain(
                f"The {name} is outside its domain (lowest value {worst:g}).", "Give positive numbers."
            )


def _delivered_line(problem: _Problem) -> tuple[Floats, Floats]:
    """Level and slope of log p̂^c_i as a line in log P̂ [..., M]."""
    level = problem.wedge * (1 - problem.sigma[..., problem.group] * problem.producer_slope)
    return level, problem.sigma_eta[..., problem.group] * problem.producer_slope


def _solve_index(problem: _Problem) -> tuple[Floats, float]:
    """Newton steps on x − log P̂(x) = 0: increasing, convex or concave, so it converges from anywhere."""
    level, slope = _delivered_line(problem)
    log_index = _group(problem, problem.share * level) / (1 - _group(problem, problem.share * slope))
    for _ in range(MAX_STEPS):
        price = level + slope * log_index[..., problem.group]
        centre = _group(problem, problem.share * price)
        deviation = price - centre[..., problem.group]
        mean = _power_mean(deviation, problem.share, 1 - problem.sigma, problem.group, problem.starts)
        gap = log_index - centre - mean
        residual = float(np.abs(gap).max())
        if residual < TOLERANCE:
            return log_index, residual
        weight = problem.share * np.exp(
            ((1 - problem.sigma)[..., problem.group]) * (deviation - mean[..., problem.group])
        )
        log_index = log_index - gap / (1 - _group(problem, weight * slope))
    worst = np.unravel_index(int(np.abs(gap).argmax()), gap.shape)[-1]
    raise NotConverged(f"Price index of product {worst} misses by {residual:.2e} after {MAX_STEPS} steps.")


def _solution(market: Market, problem: _Problem, log_index: Floats, residual: float) -> Solution:
    """Prices and quantities at a price index, back in input order."""
    pull = (problem.sigma_eta * log_index)[..., problem.group]
    sigma = problem.sigma[..., problem.group]
    producer = problem.producer_slope * (pull - sigma * problem.wedge)
    delivered = problem.wedge + producer
    back = np.argsort(market.order)
    parts = np.broadcast_arrays(delivered, producer, pull - sigma * delivered)
    prices, producers, quantities = (np.exp(part[..., back]) for part in parts)
    return Solution(prices, producers, quantities, np.exp(log_index), residual)


def _group(problem: _Problem, values: Floats) -> Floats:
    return np.add.reduceat(values, problem.starts, axis=-1)


def _power_mean(deviation: Floats, share: Floats, power: Floats, group: Ints, starts: Ints) -> Floats:
    """(1/δ) log Σ s e^{δ y} by product for deviations y with Σ s y = 0, δ = 1 − σ [..., G].

    By Jensen's inequality Σ s e^{δy} ≥ 1, so log1p of Σ s expm1(δy) is stable for every σ, near 1 included.
    """
    power = np.where(np.abs(power) < _COBB_DOUGLAS, _COBB_DOUGLAS, power)
    excess = np.add.reduceat(share * np.expm1(power[..., group] * deviation), starts, axis=-1)
    return np.asarray(np.log1p(np.maximum(excess, 0.0)) / power)
