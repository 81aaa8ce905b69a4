"""Every draw of one horizon: the world economy, then the US market by product; on this machine or over an executor.

Draws of one set of elasticities are one task, complete before anything runs, so the numbers are the same whoever
computes them and however many workers there are.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from headway.errors import HeadwayError, NotConverged
from headway.impact import general, product
from headway.impact.plan import FOCUS, Plan
from headway.impact.surroundings import demand_elasticity, surroundings
from headway.policy.scenario import Horizon
from headway.world.elasticities import ElasticityDraws

logger = logging.getLogger(__name__)

Array = NDArray[np.float64]
Progress = Callable[[str, float], None]

WINDOW = 64
"""Tasks handed to an executor at a time: at least as many as it has workers."""


@dataclass(frozen=True)
class HorizonDraws:
    """Draws [P, Q, ...] of the world economy after all measures, and of home's and rivals' sales in the US.

    `reruns` counts the tasks whose worker was lost and that ran again here.
    """

    everything: general.GeneralDraws
    goods: product.ProductDraws
    reruns: int = 0


def horizon_draws(
    planned: Plan, horizon: Horizon, report: Progress, *, executor: Executor | None = None
) -> HorizonDraws:
    """Solve every draw of a horizon, on this machine's cores or, one set of elasticities at a time, over `executor`.

    A task whose worker is lost runs again here, and the log says so. Raises NotConverged naming the draw.
    """
    if executor is None:
        return _solve(planned, horizon, report)
    count = len(planned.elasticities[horizon].trade_elasticity)
    tasks = [partial(_solve_set, _with_set(planned, horizon, q), horizon, q, count) for q in range(count)]
    done: list[HorizonDraws] = []
    reruns = 0
    for found, again in _in_order(tasks, executor):
        done.append(found)
        reruns += again
        report("Draws on the executor", len(done) / count)
    return HorizonDraws(
        _general([one.everything for one in done]), _goods([one.goods for one in done]), reruns=reruns
    )


def solve_world(
    planned: Plan, drawn: ElasticityDraws, report: Progress
) -> tuple[general.GeneralDraws, general.GeneralDraws]:
    """The world economy after all measures, and after those that do not touch home's own exports.

    A home inside a pooled region is too small a part of it to be spared there: the product level alone spares it.
    """
    world, scenario = planned.world, planned.scenario
    spared = planned.region if planned.stands_alone else None
    everything, alone = (
        general.shocked_tariffs(world, planned.tariffs, planned.mix, scenario.date, spare=spare)
        for spare in (None, spared)
    )
    total = 2 * len(everything) * len(drawn.trade_elasticity)
    solved = general.simulate(
        world,
        (everything, alone),
        drawn=drawn,
        home=planned.region,
        focus=FOCUS,
        progress=lambda done: report("World economy", 0.9 * done / total),
    )
    return solved[0], solved[1]


def _solve(planned: Plan, horizon: Horizon, report: Progress) -> HorizonDraws:
    drawn = planned.elasticities[horizon]
    everything, alone = solve_world(planned, drawn, report)
    report("Products in the US market", 0.9)
    goods = product.simulate(
        planned.scenario,
        planned.tariffs,
        planned.mix,
        origins=planned.origins,
        around=surroundings(planned.world, everything, alone),
        elasticity=(drawn.substitution, demand_elasticity(drawn)),
    )
    return HorizonDraws(everything, goods)


def _solve_set(planned: Plan, horizon: Horizon, q: int, count: int) -> HorizonDraws:
    """What a worker does: every draw of rates with one set of elasticities, the q-th of `count`."""
    try:
        return _solve(planned, horizon, lambda what, share: None)
    except NotConverged as error:
        raise NotConverged(f"Elasticities {q + 1} of {count}: {error.message}", error.fix) from error


def _with_set(planned: Plan, horizon: Horizon, q: int) -> Plan:
    """The plan with one set of elasticities, and without tables that a worker reads for itself."""
    drawn = planned.elasticities[horizon]
    rows = {
        name: getattr(drawn, name)[q : q + 1] for name in ("weight", "trade_elasticity", "substitution", "demand")
    }
    return replace(planned, elasticities={horizon: replace(drawn, **rows)}, ends=())


def _in_order(tasks: list[partial[HorizonDraws]], executor: Executor) -> Iterator[tuple[HorizonDraws, bool]]:
    """Results in the order of `tasks`, and whether each had to run again here because its worker was lost."""
    waiting: deque[tuple[partial[HorizonDraws], Future[HorizonDraws] | None]] = deque()
    remaining = deque(tasks)
    while remaining or waiting:
        while remaining and len(waiting) < WINDOW:
            task = remaining.popleft()
            waiting.append((task, _submitted(task, executor)))
        task, future = waiting.popleft()
        error = BrokenExecutor("it takes no more work") if future is None else future.exception()
        if isinstance(error, HeadwayError):
            raise error
        if error is None and future is not None:
            yield future.result(), False
            continue
        _, _, q, count = task.args
        logger.warning(
            "Elasticities %d of %d: the worker was lost (%s); they run again here.", q + 1, count, error
        )
        yield task(), True


def _submitted(task: partial[HorizonDraws], executor: Executor) -> Future[HorizonDraws] | None:
    try:
        return executor.submit(task)
    except BrokenExecutor:
        return None


def _general(parts: list[general.GeneralDraws]) -> general.GeneralDraws:
    """Draws side by side along the axis of elasticities; what is before any draw is the same in each."""

    def beside(name: str) -> Array:
        return np.concatenate([getattr(one, name) for one in parts], axis=1)

    return replace(
        parts[0],
        home_exports=beside("home_exports"),
        goods_exports=beside("goods_exports"),
        goods_exports_to_focus=beside("goods_exports_to_focus"),
        real_income=beside("real_income"),
        seller_price=beside("seller_price"),
        focus_spending=beside("focus_spending"),
        worst_residual=max(one.worst_residual for one in parts),
        most_iterations=max(one.most_iterations for one in parts),
    )


def _goods(parts: list[product.ProductDraws]) -> product.ProductDraws:
    """As `_general`, for the US market."""
    return replace(
        parts[0],
        change=np.concatenate([one.change for one in parts], axis=1),
        without_home=np.concatenate([one.without_home for one in parts], axis=1),
    )
