"""Consumer subsidies as price wedges in a nested demand system: makers, powertrains, channels (METHODS section 3).

Cars i of maker g and powertrain k come in leaves l, sub-varieties by channel and eligibility. Four CES levels:
leaves of one car (`leaf`), cars within a powertrain (`within`), powertrains within cars (`between`), cars against
everything else (`market`). In log changes, with P the CES index of each level,

    q_gkl = −σ_leaf (p_gkl − P_gk) − σ_k (P_gk − P_k) − σ_between (P_k − P) − η P

A subsidy of s per unit on price p makes the consumer's price p − s; removing it raises that by 1/(1 − s/p) on
eligible leaves only: eligibility is never averaged. Arrays: D draws × G makers × K powertrains × L leaves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.errors import OutsideDomain

Floats = NDArray[np.float64]

CHANNELS = ("purchase_eligible", "purchase_other", "lease_eligible", "lease_other")
"""The four leaves of a subsidised car."""

_COBB_DOUGLAS = 1e-10


@dataclass(frozen=True)
class NestElasticities:
    """Substitution elasticities by level, per draw: `leaf`, `between` and `market` [D], `within` [D, K]."""

    leaf: Floats
    within: Floats
    between: Floats
    market: Floats


@dataclass(frozen=True)
class SubsidisedMarket:
    """A market before the subsidy is removed, per draw.

    `units` [D, G, K] and `price` [D, G, K] before any credit; of the subsidised powertrain (index 0):
    `lease_share`, `eligible_purchase`, `eligible_lease` [D, G], shares in 0…1 of sales, purchases and leases.
    """

    units: Floats
    price: Floats
    lease_share: Floats
    eligible_purchase: Floats
    eligible_lease: Floats


@dataclass(frozen=True)
class Credits:
    """Credits per unit as the consumer feels them [D], and the share of each that is removed [D].

    `purchase` and `lease` lower the price of eligible leaves; `production` [D, G] lowers the maker's price of all
    leaves of the subsidised powertrain.
    """

    purchase: Floats
    lease: Floats
    production: Floats
    purchase_removed: Floats
    lease_removed: Floats
    production_removed: Floats


@dataclass(frozen=True)
class RemovalResult:
    """Relative changes: `quantity` [D, G, K] of units, `price` [D, G, K] of the consumer's index, `market` [D] price.

    `leaf_quantity` [D, G, L] of the subsidised powertrain by channel and eligibility.
    """

    quantity: Floats
    price: Floats
    market: Floats
    leaf_quantity: Floats


def nested_demand(
    value: Floats, log_price: Floats, elasticities: NestElasticities
) -> tuple[Floats, Floats, Floats]:
    """Log quantity changes [D, G, K, L], log price index of cars [D, G, K] and of the market [D].

    `value` is spending at consumers' prices before the change, `log_price` the log change of those prices, both
    [D, G, K, L]; leaves without spending follow the formula but weigh nothing.
    """
    _check(value, elasticities)
    leaf = elasticities.leaf[:, None, None]
    by_car = value.sum(axis=3)
    car = _index(value, log_price, leaf, axis=3)
    by_nest = by_car.sum(axis=1)
    nest = _index(by_car, car, elasticities.within, axis=1)
    between = elasticities.between
    market = _index(by_nest, nest, between, axis=1)
    quantity = (
        -leaf[..., None] * (log_price - car[..., None])
        - (elasticities.within[:, None, :] * (car - nest[:, None, :]))[..., None]
        - (between[:, None] * (nest - market[:, None]))[:, None, :, None]
        - (elasticities.market * market)[:, None, None, None]
    )
    return quantity, car, market


def subsidy_removal(market: SubsidisedMarket, credits: Credits, elasticities: NestElasticities) -> RemovalResult:
    """Remove credits from the first powertrain and let consumers choose again, at unchanged makers' prices.

    Makers' prices move only with the production credit (full pass-through). Raises OutsideDomain for shares outside
    0…1 and for credits that reach the price.
    """
    units, price_before, price_after = _leaves(market, credits)
    quantity, car, index = nested_demand(units * price_before, np.log(price_after / price_before), elasticities)
    after = units * np.exp(quantity)
    before = units.sum(axis=3)
    with np.errstate(invalid="ignore"):
        change = np.where(before > 0, after.sum(axis=3) / before - 1, 0.0)
    return RemovalResult(change, np.expm1(car), np.expm1(index), np.expm1(quantity[:, :, 0, :]))


def rank_drivers(inputs: Floats, output: Floats) -> Floats:
    """Spearman rank correlation of each input [D, M] with an output [D] → [M]; 0 for inputs that do not vary."""
    ranks = np.argsort(np.argsort(inputs, axis=0), axis=0).astype(np.float64)
    target = np.argsort(np.argsort(output)).astype(np.float64)
    ranks -= ranks.mean(axis=0)
    target -= target.mean()
    scale = np.sqrt((ranks**2).sum(axis=0) * (target**2).sum())
    varies = inputs.max(axis=0) > inputs.min(axis=0)
    return np.asarray(np.where(varies, target @ ranks / np.where(scale > 0, scale, 1.0), 0.0))


def triangular(points: Floats, low: Floats, mode: Floats, high: Floats) -> Floats:
    """Quantiles of triangular distributions [D, M] at `points` of U(0, 1) [D, M]; constants where low = high."""
    width = high - low
    safe = np.where(width > 0, width, 1.0)
    turn = (mode - low) / safe
    rising = low + np.sqrt(points * width * (mode - low))
    falling = high - np.sqrt((1 - points) * width * (high - mode))
    return np.asarray(np.where(points < turn, rising, falling))


def _leaves(market: SubsidisedMarket, credits: Credits) -> tuple[Floats, Floats, Floats]:
    """Units, consumers' price before and after, by leaf [D, G, K, L]; unsubsidised powertrains use the second leaf."""
    shares = (market.lease_share, market.eligible_purchase, market.eligible_lease)
    if any((share < 0).any() or (share > 1).any() for share in shares):
        raise OutsideDomain("A share of sales lies outside 0 to 1.", "Give shares as fractions.")
    buy, lease = 1 - market.lease_share, market.lease_share
    split = np.stack(
        [
            buy * market.eligible_purchase,
            buy * (1 - market.eligible_purchase),
            lease * market.eligible_lease,
            lease * (1 - market.eligible_lease),
        ],
        axis=2,
    )
    units = np.zeros((*market.units.shape, len(CHANNELS)))
    units[:, :, 0, :] = market.units[:, :, :1] * split
    units[:, :, 1:, 1] = market.units[:, :, 1:]
    price = np.broadcast_to(market.price[..., None], units.shape)
    before, after = price.copy(), price.copy()
    for leaf, credit, removed in (
        (0, credits.purchase, credits.purchase_removed),
        (2, credits.lease, credits.lease_removed),
    ):
        before[:, :, 0, leaf] -= credit[:, None]
        after[:, :, 0, leaf] -= (credit * (1 - removed))[:, None]
    after[:, :, 0, :] += (credits.production * credits.production_removed[:, None])[..., None]
    if before.min() <= 0:
        raise OutsideDomain("A credit is as large as the price it is paid on.", "Check prices and credits.")
    return units, before, after


def _index(weight: Floats, log_price: Floats, sigma: Floats, *, axis: int) -> Floats:
    """CES price index along `axis`, in logs; zero where the group has no weight. Stable near σ = 1."""
    total = weight.sum(axis=axis, keepdims=True)
    share = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    centre = (share * log_price).sum(axis=axis)
    power = 1 - np.broadcast_to(sigma, centre.shape)
    power = np.where(np.abs(power) < _COBB_DOUGLAS, _COBB_DOUGLAS, power)
    deviation = log_price - np.expand_dims(centre, axis)
    excess = (share * np.expm1(np.expand_dims(power, axis) * deviation)).sum(axis=axis)
    return np.asarray(centre + np.log1p(np.maximum(excess, 0.0)) / power)


def _check(value: Floats, elasticities: NestElasticities) -> None:
    if (value < 0).any() or (value.sum(axis=(1, 2, 3)) <= 0).any():
        raise OutsideDomain("A market has negative or no spending.", "Check units and prices.")
    levels = (elasticities.leaf, elasticities.within, elasticities.between)
    if any((level <= 0).any() for level in levels) or (elasticities.market < 0).any():
        raise OutsideDomain("A nest elasticity is not positive.", "Give positive elasticities.")
