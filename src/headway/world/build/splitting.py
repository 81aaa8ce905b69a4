"""Step 2: electronics out of electrical equipment (c14), motor vehicles out of transport equipment (c15).

An assumption, named as such: US imports divide by their observed values of 2024; every other flow divides as the same
pair's trade did in Caliendo & Parro's data of 1993; inputs and value added divide in the proportions of the same
data, scaled (RAS) to the industry's totals in WIOD.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from headway.errors import DataError
from headway.world.build import caliendo_parro as cp
from headway.world.build.records import Array, Note, Structure

PAIRS: tuple[tuple[str, tuple[str, str]], ...] = (
    ("electrical_optical", ("electronics", "electrical")),
    ("transport_equipment", ("motor_vehicles", "other_transport")),
)
"""Industries of WIOD that are divided, and the two sectors that they become."""

LEAST_TRADE = 1.0
"""USD million of 1993; a pair that traded less divides like all exports of the exporter."""
LEAST_OWN = 0.05
"""Below this share of output, own sales of 1993 (output less exports) are taken for a gap in the data."""
LEAST_FINAL = 0.5
"""Final use of 1993 is at least this part of the world's share of purchases, times the region's purchases: in the data
it is a residual, and for some regions negative."""
WORLD_SHARE = 0.02
"""Share of the world's structure mixed into a region's, so that no entry is impossible."""


@dataclass(frozen=True)
class Weights:
    """How an industry divides, first sector's share or relative weights, for the regions of the world.

    `first_share[importer, exporter]`; `inputs[input, 2, region]` and `value_added[2, region]`: weights of costs;
    `uses[2, user, region]` and `final_use[2, region]`: weights of use.
    """

    first_share: Array
    inputs: Array
    value_added: Array
    uses: Array
    final_use: Array


def in_two(weights: Array, entries: Array, totals: Array) -> Array:
    """The biproportional (RAS) division [entry, 2] of `entries` in two with these `totals`, from `weights` [entry, 2].

    With two columns the scaling has one unknown r: entry·w₁r/(w₁r + w₂) sums to the first total; its root is found
    directly. Raises DataError if the totals do not add up to the entries.
    """
    if abs(entries.sum() - totals.sum()) > 1e-8 * entries.sum():
        raise DataError(
            "A division of an industry does not reach its totals.", "Check the shares that it starts from."
        )
    ratio = np.log(weights[:, 0] / weights[:, 1])

    def gap(shift: float) -> float:
        return float((entries * expit(ratio + shift)).sum() - totals[0])

    shift = brentq(gap, -200.0, 200.0, xtol=1e-14, rtol=1e-15)
    first = entries * expit(ratio + shift)
    return np.stack([first, entries - first], axis=1)


def _positions(keys: tuple[str, ...]) -> list[list[int]]:
    return [[i for i, owner in enumerate(cp.SECTOR_OF) if owner == key] for key in keys]


def first_shares(data: cp.CaliendoParro, pair: tuple[str, str], regions: tuple[str, ...]) -> Array:
    """Share of the first sector in trade of the pair, [importer, exporter], with own sales on the diagonal."""
    traded = [data.trade[where].sum(axis=0) for where in _positions(pair)]
    shares = np.empty((len(regions), len(regions)))
    for i, exporter in enumerate(regions):
        origin = cp.members(exporter)
        abroad = [float(t[:, origin].sum() - t[np.ix_(origin, origin)].sum()) for t in traded]
        for n, importer in enumerate(regions):
            place = cp.members(importer)
            values = [float(t[np.ix_(place, origin)].sum()) for t in traded]
            if n == i:
                values = _own_sales(data, pair, origin, values)
            confounded = n != i and place == origin
            shares[n, i] = _share(abroad if confounded or sum(values) < LEAST_TRADE else values)
    return shares


def _own_sales(
    data: cp.CaliendoParro, pair: tuple[str, str], origin: list[int], values: list[float]
) -> list[float]:
    """Own sales of the two sectors; output in place of both where exports leave hardly any output of one at home."""
    made = [float(data.output[np.ix_(group, origin)].sum()) for group in _positions(pair)]
    return values if all(v >= LEAST_OWN * m for v, m in zip(values, made, strict=True)) else made


def _share(values: list[float]) -> float:
    # Bounds keep both sectors alive in every flow, so that later targets can be met.
    return float(np.clip(values[0] / max(sum(values), 1e-12), 0.002, 0.998))


def _mix(weights: Array) -> Array:
    """Regions' weights with a little of the world's structure: the last axis is the region."""
    world = weights.sum(axis=-1, keepdims=True)
    size = weights.sum(axis=tuple(range(weights.ndim - 1)), keepdims=True)
    return np.asarray(weights + WORLD_SHARE * world * size / max(float(world.sum()), 1e-300))


def weights(
    data: cp.CaliendoParro, pair: tuple[str, str], *, regions: tuple[str, ...], sectors: tuple[str, ...]
) -> Weights:
    """Weights that divide an industry into `pair`, where the table's other sectors are `sectors`, before division."""
    merged = {part: whole for whole, parts in PAIRS for part in parts if whole in sectors}
    groups = [[i for i, owner in enumerate(cp.SECTOR_OF) if merged.get(owner, owner) == key] for key in sectors]
    parts = _positions(pair)
    places = [cp.members(region) for region in regions]
    costs = np.array([[[data.inputs[np.ix_(p, g, part)].sum() for p in places] for part in parts] for g in groups])
    added = np.array([[data.value_added[np.ix_(part, p)].sum() for p in places] for part in parts])
    uses = np.array([[[data.inputs[np.ix_(p, part, g)].sum() for p in places] for g in groups] for part in parts])
    bought = np.array([[data.trade[np.ix_(part, p, range(31))].sum() for p in places] for part in parts])
    kept = bought - uses.sum(axis=1)
    usual = np.maximum(kept.sum(axis=1) / bought.sum(axis=1), 0.02)
    final = np.maximum(kept, LEAST_FINAL * usual[:, None] * bought)
    return Weights(first_shares(data, pair, regions), _mix(costs), _mix(added), _mix(uses), _mix(final))


def divide(table: Structure, whole: str, pair: tuple[str, str], weights: Weights) -> Structure:
    """The table with the industry `whole` divided into `pair`, all totals kept."""
    at = table.sector(whole)
    share = np.stack([weights.first_share, 1.0 - weights.first_share])
    flow = _insert(table.flow, at, share * table.flow[at][None], axis=0)
    output = flow[at : at + 2].sum(axis=1)
    bought = flow[at : at + 2].sum(axis=2)
    regions = range(len(table.regions))
    costs = np.stack([_divide_costs(table, at, weights, output, n) for n in regions], axis=2)
    by_user = _insert(table.input_use, at, costs[:-1].transpose(1, 0, 2), axis=1, users=True)
    value_added = _insert(table.value_added, at, costs[-1], axis=0)
    uses = np.stack([_divide_uses(by_user, table.final_use, at, weights, bought, n) for n in regions], axis=2)
    input_use = _insert(by_user, at, uses[:, :-1], axis=0)
    final_use = _insert(table.final_use, at, uses[:, -1], axis=0)
    sectors = (*table.sectors[:at], *pair, *table.sectors[at + 1 :])
    return Structure(table.regions, sectors, flow, input_use, final_use, value_added)


def _insert(array: Array, at: int, two: Array, *, axis: int, users: bool = False) -> Array:
    if users:
        two = two.transpose(1, 0, 2)
    before, after = np.split(array, [at], axis=axis)
    return np.concatenate([before, two, np.delete(after, 0, axis=axis)], axis=axis)


def _divide_costs(table: Structure, at: int, weights: Weights, output: Array, n: int) -> Array:
    rows = np.append(table.input_use[:, at, n], table.value_added[at, n])
    prior = np.vstack([weights.inputs[:, :, n], weights.value_added[None, :, n]])
    return in_two(_spread(prior, output[:, n]), rows, output[:, n])


def _divide_uses(by_user: Array, final: Array, at: int, weights: Weights, bought: Array, n: int) -> Array:
    # The two new users share the industry's own use of itself in the proportions of its weight as one user.
    columns = np.append(by_user[at, :, n], final[at, n])
    own = weights.uses[:, at : at + 1, n]
    prior = np.hstack(
        [weights.uses[:, :at, n], own, own, weights.uses[:, at + 1 :, n], weights.final_use[:, None, n]]
    )
    return in_two(_spread(prior.T, bought[:, n]), columns, bought[:, n]).T


def _spread(prior: Array, totals: Array) -> Array:
    """Prior [entry, 2] scaled so that each of the two sums to its total, with rows nowhere zero."""
    scaled = prior / prior.sum(axis=0, keepdims=True) * totals[None, :]
    return np.asarray(scaled + 1e-9 * totals.sum() * totals[None, :] / totals.sum())


def divide_all(
    table: Structure, data: cp.CaliendoParro, us_first_share: dict[str, Array]
) -> tuple[Structure, list[Note]]:
    """The table with both industries divided; `us_first_share[industry][exporter]`: observed US shares, 2024."""
    notes = []
    for whole, pair in PAIRS:
        found = weights(data, pair, regions=table.regions, sectors=table.sectors)
        observed = us_first_share[whole]
        us = table.region("USA")
        others = np.arange(len(table.regions)) != us
        shares = found.first_share.copy()
        shares[us, others] = np.clip(observed[others], 0.002, 0.998)
        found = Weights(shares, found.inputs, found.value_added, found.uses, found.final_use)
        amount = float(table.flow[table.sector(whole)].sum())
        table = divide(table, whole, pair, found)
        notes.append(Note("split", f"{whole} divided into {pair[0]} and {pair[1]}", "all regions", amount))
    stood = [f"{region} by {', '.join(codes)}" for region, codes in cp.STAND_IN.items()]
    notes.append(
        Note("split", "structure of a region that the data lack taken from another", "; ".join(stood), 0.0)
    )
    return table, notes
