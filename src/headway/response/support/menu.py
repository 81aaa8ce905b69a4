"""What each firm can get, as arrays: bundles of instruments, what they cost and keep, and limits that bind all firms.

n firms, I instruments, K bundles (sets of instruments that one firm may hold together), R limits, G groups of firms
that limits treat alike. Values and costs are in one currency.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

HIGHEST_SHARE = 0.999
"""No set of grants keeps more than this share of a loss, so that logarithms stay finite."""


@dataclass(frozen=True)
class Menu:
    """`value` [n, K] of every bundle to every firm, −inf where it may not have it; `cost` [n, I] of each instrument;
    `bundles` [K, I], the empty one first; `group` [n]."""

    value: Array
    cost: Array
    bundles: Bools
    group: Ints

    @property
    def firms(self) -> int:
        """n."""
        return int(self.cost.shape[0])

    @property
    def groups(self) -> int:
        """G."""
        return int(self.group.max(initial=0)) + 1

    def only(self, firms: Ints) -> Menu:
        """The menu of some firms."""
        return Menu(self.value[firms], self.cost[firms], self.bundles, self.group[firms])

    def without_value(self) -> Menu:
        """The same choices, all worth nothing: what is feasible, not what is good."""
        return Menu(np.where(np.isfinite(self.value), 0.0, -np.inf), self.cost, self.bundles, self.group)


@dataclass(frozen=True)
class Limits:
    """Limits Σ over firms and instruments of weight · (amount · cost + count) ≤ `right` [R].

    `amount`, `count` [R, I] and `weight` [R, G]; `names` in words; `minimum` marks those that ask for something.
    """

    names: tuple[str, ...]
    amount: Array
    count: Array
    weight: Array
    right: Array
    minimum: Bools

    @property
    def rows(self) -> int:
        """R."""
        return len(self.names)

    def use(self, spent: Array, granted: Array) -> Array:
        """Use of every limit [..., R] from money and grants by group and instrument [..., G, I]."""
        by_money = np.einsum("rg,ri,...gi->...r", self.weight, self.amount, spent)
        return np.asarray(by_money + np.einsum("rg,ri,...gi->...r", self.weight, self.count, granted))


def bundles_of(instruments: int, most: int, exclusive: Iterable[tuple[int, int]] = ()) -> Bools:
    """Every set of up to `most` instruments without an exclusive pair [K, I], the empty one first."""
    apart = [set(pair) for pair in exclusive]
    sets = [one for size in range(most + 1) for one in combinations(range(instruments), size)]
    allowed = [one for one in sets if not any(pair <= set(one) for pair in apart)]
    made = np.zeros((len(allowed), instruments), dtype=np.bool_)
    for k, one in enumerate(allowed):
        made[k, list(one)] = True
    return made


def build_menu(
    bundles: Bools,
    *,
    eligible: Bools,
    cost: Array,
    kept: Array,
    loss: Array,
    most_amount: float | None,
    group: Ints,
) -> Menu:
    """The menu from what each grant alone keeps, `kept` [n, I], of each firm's `loss` [n].

    Grants add up as chances do: a bundle keeps loss · (1 − Π(1 − kept/loss)), never more than the loss. A bundle may be
    had where every instrument in it is open to the firm, and its cost is at most `most_amount`.
    """
    share = np.divide(kept, loss[:, None], out=np.zeros_like(kept), where=loss[:, None] > 0)
    left = np.log1p(-np.minimum(share, HIGHEST_SHARE)) @ bundles.T.astype(np.float64)
    value = loss[:, None] * -np.expm1(left)
    barred = (~eligible).astype(np.float64) @ bundles.T.astype(np.float64) > 0
    if most_amount is not None:
        barred |= cost @ bundles.T.astype(np.float64) > most_amount * (1 + 1e-12)
    return Menu(np.where(barred, -np.inf, value), cost, bundles, group)


def net_values(menu: Menu, limits: Limits, prices: Array) -> Array:
    """Value of every bundle less what it uses of the limits at their prices [n, K]."""
    weighted = prices[:, None] * limits.weight
    by_money = (weighted.T @ limits.amount)[menu.group]
    by_grant = (weighted.T @ limits.count)[menu.group]
    charge = (menu.cost * by_money + by_grant) @ menu.bundles.T.astype(np.float64)
    return np.asarray(menu.value - charge)


def totals(menu: Menu, chosen: Ints, block: Ints | None = None) -> tuple[Array, Array]:
    """Money and grants of chosen bundles [n], by block of firms, group and instrument [B, G, I]; one block."""
    held = menu.bundles[chosen]
    block = np.zeros(menu.firms, dtype=np.int64) if block is None else block
    count, instruments = int(block.max(initial=0)) + 1, menu.bundles.shape[1]
    place = block * menu.groups + menu.group
    shape = (count, menu.groups, instruments)
    spent = np.empty((count * menu.groups, instruments))
    granted = np.empty_like(spent)
    for i in range(instruments):
        spent[:, i] = np.bincount(place, menu.cost[:, i] * held[:, i], count * menu.groups)
        granted[:, i] = np.bincount(place, held[:, i], count * menu.groups)
    return spent.reshape(shape), granted.reshape(shape)


def value_of(menu: Menu, chosen: Ints) -> Array:
    """Value of the chosen bundle of every firm [n]."""
    return np.asarray(menu.value[np.arange(menu.firms), chosen])
