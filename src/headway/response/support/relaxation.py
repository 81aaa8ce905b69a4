"""The relaxed programme and its prices: firms' choices convexified, the limits priced (Lagrange, Dantzig–Wolfe).

For prices λ ≥ 0 every firm takes its best bundle net of what it uses, so D(λ) = λ·right + Σ_i max_k (v_ik − λ·use_ik)
is an upper bound on the programme, and its minimum is the value of the linear relaxation over bundles. D is convex and
piecewise linear; it is minimised by cutting planes, one model for each block of firms, within a trust region
(Linderoth & Wright 2003). λ at the minimum are the shadow prices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from headway.errors import NotConverged
from headway.response.support.menu import Limits, Menu, net_values, totals, value_of

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

TOLERANCE = 2e-6
"""The bound is within this share of the relaxation's value."""

MOST_CUTS = 400
BLOCKS = 24
WIDEST = 1e6


@dataclass(frozen=True)
class Relaxation:
    """Prices of the limits [R], the bound D, the bundle each firm takes at these prices [n], evaluations used."""

    prices: Array
    bound: float
    chosen: Ints
    evaluations: int


@dataclass(frozen=True)
class _Cut:
    """One evaluation: prices, D, and by block the value and the use of limits of what firms take."""

    prices: Array
    dual: float
    value: Array
    use: Array
    chosen: Ints


def relax(menu: Menu, limits: Limits, *, highest: Array | None = None) -> Relaxation:
    """Minimise D over prices in [0, `highest`]; raises NotConverged after `MOST_CUTS` evaluations."""
    block = np.arange(menu.firms, dtype=np.int64) % min(BLOCKS, menu.firms)
    scale = _scale(menu, limits)
    top = np.full(limits.rows, np.inf) if highest is None else highest / scale
    best = _evaluate(menu, limits, np.zeros(limits.rows), block)
    cuts, radius = [best], 1.0
    for count in range(1, MOST_CUTS + 1):
        proposal, model = _master(cuts, limits.right, scale, (best.prices / scale, radius, top))
        slack = TOLERANCE * max(abs(best.dual), 1e-9)
        at_edge = np.any(np.abs(proposal - best.prices / scale) >= radius * (1 - 1e-9))
        if best.dual - model <= slack and not at_edge:
            return Relaxation(best.prices, best.dual, best.chosen, count)
        trial = _evaluate(menu, limits, proposal * scale, block)
        cuts.append(trial)
        if trial.dual < best.dual - 0.1 * max(best.dual - model, 0.0):
            best, radius = trial, radius * 2.0 if at_edge else radius
        elif at_edge and best.dual - model <= slack:
            radius = min(radius * 4.0, WIDEST)
        else:
            radius = max(radius / 1.5, 1e-9)
        if radius >= WIDEST:
            return Relaxation(best.prices, best.dual, best.chosen, count)
    raise NotConverged(
        f"The prices of the limits were not found in {MOST_CUTS} evaluations; the bound is {best.dual:.6g}.",
        "Drop limits that cannot bind, or split the programme.",
    )


def _scale(menu: Menu, limits: Limits) -> Array:
    """Typical size of each price: value per unit of money, or per grant, of the firms' best single instruments."""
    single = menu.bundles.sum(axis=1) == 1
    worth = np.where(np.isfinite(menu.value[:, single]), menu.value[:, single], 0.0)
    cost = menu.cost @ menu.bundles[single].T.astype(np.float64)
    used = worth > 0
    per_money = float(np.median(worth[used] / np.maximum(cost[used], 1e-12))) if used.any() else 1.0
    per_grant = float(np.median(worth[used])) if used.any() else float(np.median(cost)) or 1.0
    by_money = np.abs(limits.amount).max(axis=1, initial=0.0) > 0
    return np.where(by_money, max(per_money, 1e-9), max(per_grant, 1e-9))


def _evaluate(menu: Menu, limits: Limits, prices: Array, block: Ints) -> _Cut:
    net = net_values(menu, limits, prices)
    chosen = np.asarray(net.argmax(axis=1), dtype=np.int64)
    spent, granted = totals(menu, chosen, block)
    best = net[np.arange(menu.firms), chosen]
    return _Cut(
        prices=prices,
        dual=float(prices @ limits.right + best.sum()),
        value=np.bincount(block, value_of(menu, chosen)).astype(np.float64),
        use=limits.use(spent, granted),
        chosen=chosen,
    )


def _master(
    cuts: list[_Cut], right: Array, scale: Array, region: tuple[Array, float, Array]
) -> tuple[Array, float]:
    """Minimise the model over the trust region: θ_b ≥ value_b − λ·use_b for every cut. Scaled prices and the value."""
    centre, radius, top = region
    blocks, rows = len(cuts[0].value), len(right)
    use = np.concatenate([cut.use for cut in cuts]) * scale
    value = np.concatenate([cut.value for cut in cuts])
    above = np.tile(np.eye(blocks), (len(cuts), 1))
    bounds = [
        (max(0.0, c - radius), min(t, c + radius)) for c, t in zip(centre, np.maximum(top, 0.0), strict=True)
    ]
    found = linprog(
        np.concatenate([right * scale, np.ones(blocks)]),
        A_ub=np.hstack([-use, -above]),
        b_ub=-value,
        bounds=[*bounds, *[(None, None)] * blocks],
        method="highs",
    )
    if found.x is None or found.fun is None:
        raise NotConverged(
            f"The pricing programme failed: {found.message}", "Check amounts and limits for their size."
        )
    return np.asarray(found.x[:rows]), float(found.fun)
