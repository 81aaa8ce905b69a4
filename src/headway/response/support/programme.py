"""The allocation itself: a mixed-integer programme over bundles, solved by HiGHS with a proven bound.

The relaxation's prices settle most firms: the bundle that is best at them by a clear margin. The few that are nearly
tied form a core, over which the programme is solved exactly with the other firms held; the core grows until value and
bound are within the gap asked for. The bound is the relaxation's, valid whatever the core; where the core is all firms
the solver's own bound may be better and is used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from headway.errors import DataError, NotConverged
from headway.response.support.menu import Limits, Menu, net_values, totals, value_of
from headway.response.support.relaxation import Relaxation, relax

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

GAP = 1e-4
FIRST_CORE = 250
COLUMNS = 8
"""Bundles of a core firm that are kept: those that lose least against its best at the prices."""

EXACT_BELOW = 60
"""Programmes of no more firms than this are solved whole."""

SECONDS = 60.0
"""Time that the solver has for one core."""


@dataclass(frozen=True)
class Allocation:
    """Bundle of every firm [n], the value of all and the proven bound on any allocation's value.

    `prices` of the limits from the relaxation and their `use` [R]; `evaluations` of prices, and firms in the `core`.
    """

    chosen: Ints
    value: float
    bound: float
    prices: Array
    use: Array
    evaluations: int
    core: int

    @property
    def gap(self) -> float:
        """Relative gap between bound and value; zero where nothing can be gained."""
        return max(self.bound - self.value, 0.0) / self.value if self.value > 0 else 0.0


def allocate(menu: Menu, limits: Limits, *, gap: float = GAP) -> Allocation:
    """The best allocation within the limits, to within `gap` of the proven bound.

    Raises DataError where no allocation meets the limits, naming those in conflict; NotConverged where the gap is not
    reached with every firm in the core.
    """
    check_feasible(menu, limits)
    relaxed = relax(menu, limits)
    net = net_values(menu, limits, relaxed.prices)
    lost = net.max(axis=1, keepdims=True) - net
    size = menu.firms if menu.firms <= EXACT_BELOW else FIRST_CORE
    best: Allocation | None = None
    while True:
        found = _solve_core(menu, limits, relaxed, lost, size=min(size, menu.firms), gap=gap)
        if found is not None and (best is None or found.value > best.value):
            best = found
        if best is not None and best.gap <= gap:
            return best
        if size >= menu.firms:
            break
        size *= 3
    if best is None:
        raise DataError("No allocation of whole grants meets the limits.", "Raise the budget or lower a minimum.")
    raise NotConverged(
        f"The allocation is within {best.gap:.2g} of its bound, not {gap:.2g}.", "Allow a wider gap: --gap."
    )


def check_feasible(menu: Menu, limits: Limits) -> None:
    """Raise DataError naming the limits that conflict, where even fractions of grants cannot meet them.

    The relaxation with nothing to gain, and minimum limits softened at a price of one for each unit of their own size:
    its value is minus the least shortfall, and limits with a price are those in conflict.
    """
    asks = limits.minimum & (limits.right < 0)
    if not asks.any():
        return
    size = np.where(asks, np.maximum(np.abs(limits.right), 1e-9), 1.0)
    highest = np.where(asks, 1.0 / size, np.inf)
    relaxed = relax(menu.without_value(), limits, highest=highest)
    if relaxed.bound >= -1e-6:
        return
    prices = relaxed.prices * size
    conflict = [name for name, price in zip(limits.names, prices, strict=True) if price > 1e-6]
    raise DataError(
        f"No allocation meets all limits; in conflict: {'; '.join(conflict)}.",
        "Raise the budget, lower a minimum, or widen who is eligible.",
    )


def _solve_core(
    menu: Menu, limits: Limits, relaxed: Relaxation, lost: Array, *, size: int, gap: float
) -> Allocation | None:
    """The programme over `size` firms near a tie, the others held at their best; None where it fails."""
    whole = size >= menu.firms
    core = _core(menu, lost, size)
    held = np.setdiff1d(np.arange(menu.firms), core)
    fixed = menu.only(held)
    used = _use(fixed, limits, relaxed.chosen[held]) if held.size else np.zeros(limits.rows)
    firm, bundle = _columns(menu, lost, core, whole=whole)
    at_stake = float(value_of(menu.only(core), relaxed.chosen[core]).sum())
    relative = gap * abs(relaxed.bound) / 3 / max(at_stake, 1e-12)
    solved = _milp(menu, limits, (core, firm, bundle), right=limits.right - used, relative=relative)
    if solved is None:
        return None
    picked, core_bound = solved
    chosen = relaxed.chosen.copy()
    chosen[core[firm[picked]]] = bundle[picked]
    value = float(value_of(menu, chosen).sum())
    bound = min(relaxed.bound, core_bound) if whole else relaxed.bound
    use = _use(menu, limits, chosen)
    return Allocation(chosen, value, max(bound, value), relaxed.prices, use, relaxed.evaluations, size)


def _core(menu: Menu, lost: Array, size: int) -> Ints:
    """The firms nearest to a tie between two bundles, about as many from every group that limits tell apart.

    What fits a limit on one group to the last unit are firms of that group; the nearest overall may hold none of it.
    """
    tie = np.partition(lost, 1, axis=1)[:, 1] if lost.shape[1] > 1 else np.zeros(menu.firms)
    order = np.lexsort((tie, menu.group))
    first = np.searchsorted(menu.group[order], np.arange(menu.groups))
    rank = np.empty(menu.firms, dtype=np.int64)
    rank[order] = np.arange(menu.firms) - first[menu.group[order]]
    return np.sort(np.lexsort((tie, rank))[:size])


def _use(menu: Menu, limits: Limits, chosen: Ints) -> Array:
    spent, granted = totals(menu, chosen)
    padded = np.zeros((2, limits.weight.shape[1], menu.cost.shape[1]))
    padded[0, : menu.groups], padded[1, : menu.groups] = spent[0], granted[0]
    return limits.use(padded[0], padded[1])


def _columns(menu: Menu, lost: Array, core: Ints, *, whole: bool) -> tuple[Ints, Ints]:
    """(position in the core, bundle) of each variable: all bundles where the programme is whole, else the best few."""
    open_to = np.isfinite(menu.value[core])
    if not whole:
        order = np.argsort(lost[core], axis=1, kind="stable")
        rank = np.empty_like(order)
        np.put_along_axis(rank, order, np.arange(order.shape[1])[None, :], axis=1)
        open_to &= (rank < COLUMNS) | (np.arange(order.shape[1]) == 0)
    firm, bundle = np.nonzero(open_to)
    return firm.astype(np.int64), bundle.astype(np.int64)


def _milp(
    menu: Menu, limits: Limits, columns: tuple[Ints, Ints, Ints], *, right: Array, relative: float
) -> tuple[Ints, float] | None:
    """Solve over (core, firm, bundle) variables; the variables set to one and the bound on value, None if it fails."""
    core, firm, bundle = columns
    value = menu.value[core[firm], bundle]
    use = _use_of_columns(menu, limits, core[firm], bundle)
    one_each = sparse.csr_matrix((np.ones(firm.size), (firm, np.arange(firm.size))), shape=(core.size, firm.size))
    size = np.maximum(np.abs(right), np.abs(use).max(axis=1, initial=0.0))
    size = np.where(size > 0, size, 1.0)
    worth = max(float(np.abs(value).max(initial=0.0)), 1e-12)
    found = milp(
        -value / worth,
        constraints=[
            LinearConstraint(one_each, 1.0, 1.0),
            LinearConstraint(sparse.csr_matrix(use / size[:, None]), -np.inf, right / size + 1e-9),
        ],
        integrality=np.ones(firm.size, dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": min(max(relative, 1e-9), 1e-2), "time_limit": SECONDS},
    )
    if found.x is None:
        return None
    bound = -float(found.mip_dual_bound) * worth if found.mip_dual_bound is not None else np.inf
    return np.flatnonzero(np.asarray(found.x) > 0.5), bound


def _use_of_columns(menu: Menu, limits: Limits, firm: Ints, bundle: Ints) -> Array:
    """Use of every limit by each variable [R, columns]."""
    held = menu.bundles[bundle].astype(np.float64)
    money = limits.amount @ (menu.cost[firm] * held).T
    grants = limits.count @ held.T
    return np.asarray(limits.weight[:, menu.group[firm]] * (money + grants))
