"""Diversion: what home would gain where rivals' tariffs rise more, by product in the US and by sector elsewhere.

The draws are those of an impact run of the same scenario, so the sums over products are its items' figures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.impact import general, product
from headway.impact.draws import solve_world
from headway.impact.plan import FOCUS, Plan
from headway.impact.surroundings import demand_elasticity, surroundings
from headway.policy.scenario import Horizon
from headway.world import World

Array = NDArray[np.float64]
Progress = Callable[[str, float], None]

MILLION_PER_BILLION = 1e3


@dataclass(frozen=True)
class ProductGains:
    """Products of the US market [G], USD million.

    `before` home's sales; `gain` [D, G] if home's own rate does not move, in every draw; `net` [D, G] with home's own
    rate too; `rival` and `rival_loss` [G], the origin that loses most and its mean change.
    """

    horizon: Horizon
    hs6: tuple[str, ...]
    before: Array
    gain: Array
    net: Array
    rival: tuple[str, ...]
    rival_loss: Array


@dataclass(frozen=True)
class MarketGains:
    """Home's exports by sector and market outside the US [J, N], USD million: `before`, and `gain` [D, J, N] if home's
    own rates do not move."""

    horizon: Horizon
    before: Array
    gain: Array


def gains(planned: Plan, horizon: Horizon, progress: Progress | None = None) -> tuple[ProductGains, MarketGains]:
    """Solve every draw of one horizon with home spared, and with all measures; raises errors of the solvers."""
    drawn = planned.elasticities[horizon]
    everything, alone = solve_world(planned, drawn, progress or (lambda what, share: None))
    moved = product.simulate_products(
        planned.scenario,
        planned.tariffs,
        planned.mix,
        origins=planned.origins,
        around=surroundings(planned.world, everything, alone),
        elasticity=(drawn.substitution, demand_elasticity(drawn)),
    )
    return _by_product(planned, horizon, moved), _by_market(planned, horizon, alone)


def _by_product(planned: Plan, horizon: Horizon, moved: product.ProductDraws) -> ProductGains:
    at = moved.of(planned.scenario.home)
    others = [k for k in range(len(moved.origins)) if k != at]
    loss = moved.without_home.mean(axis=(0, 1))[:, others]
    worst = loss.argmin(axis=1)
    return ProductGains(
        horizon=horizon,
        hs6=moved.items,
        before=moved.before[:, at],
        gain=moved.without_home[..., at].reshape(-1, len(moved.items)),
        net=moved.change[..., at].reshape(-1, len(moved.items)),
        rival=tuple(moved.origins[others[k]] for k in worst),
        rival_loss=loss[np.arange(len(worst)), worst],
    )


def _by_market(planned: Plan, horizon: Horizon, alone: general.GeneralDraws) -> MarketGains:
    change = (alone.home_exports - alone.before).reshape(-1, *alone.before.shape)
    elsewhere = np.array([region != FOCUS for region in planned.world.regions])
    goods = np.array([key in planned.world.goods for key in planned.world.sectors])
    shown = goods[:, None] & elsewhere[None, :]
    return MarketGains(horizon, alone.before, np.where(shown, change, 0.0))


def strain(world: World, region: str, gain_by_sector: Array) -> Array:
    """Gains over home's output by sector [J]: what share more would have to be made. Zero where nothing is made."""
    output = world.output[:, world.region(region)]
    return np.asarray(np.divide(gain_by_sector, output, out=np.zeros_like(output), where=output > 0))
