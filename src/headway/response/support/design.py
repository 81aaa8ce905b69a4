"""From firms, rules and losses to the programme's arrays, with the reason why a firm may not have an instrument."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from headway.codes import items
from headway.errors import DataError
from headway.response.support.firms import Firms
from headway.response.support.losses import Losses
from headway.response.support.menu import Limits, Menu, build_menu, bundles_of
from headway.response.support.rules import Instrument, Rules

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

OPEN, WRONG_SIZE, WRONG_REGION, WRONG_ITEM, BELOW_THRESHOLD, GRANTED_BEFORE = range(6)
"""Why a firm may or may not have an instrument."""

BARS = {
    WRONG_SIZE: "not for its size",
    WRONG_REGION: "not for its region",
    WRONG_ITEM: "not for its item",
    BELOW_THRESHOLD: "below the export threshold",
    GRANTED_BEFORE: "granted in an earlier round",
}


@dataclass(frozen=True)
class Design:
    """The programme as arrays: `bar` [n, I] codes why an instrument is closed (0 is open); `cost`, `kept` [n, I] and
    central `loss` [n] are in the rule set's currency; `weight` [n] is what a unit of exports kept counts for."""

    menu: Menu
    limits: Limits
    bar: NDArray[np.int8]
    cost: Array
    kept: Array
    loss: Array
    weight: Array


def build(
    firms: Firms,
    rules: Rules,
    losses: Losses,
    budget: float,
    *,
    content: dict[str, float],
    granted: pl.DataFrame | None,
) -> Design:
    """Arrays of the programme. `budget` is in the rules' currency; `content` is home's share in the value of an item,
    used where the objective is value added; `granted` [firm_id, instrument] are grants of earlier rounds.

    Raises DataError for a budget that is not positive or smaller than every grant.
    """
    if not budget > 0:
        raise DataError(f"The budget is {budget:g}.", "Give a positive amount in the currency of the rules.")
    table = firms.table
    bar = _bars(table, rules, granted)
    cost = np.column_stack([_cost(table, one, rules.per_usd) for one in rules.instruments])
    _refuse_tiny_budget(budget, np.where(bar == OPEN, cost, np.inf), rules)
    central = losses.of(table["item"].to_list())[0]
    loss = central * table["us_exports_usd"].to_numpy() * rules.per_usd
    kept = np.column_stack(
        [_kept(loss, cost[:, j], one, one.effect.share) for j, one in enumerate(rules.instruments)]
    )
    weight = _weights(table, rules, content)
    group, names = _groups(table, rules)
    ids = [one.id for one in rules.instruments]
    menu = build_menu(
        bundles_of(len(ids), rules.max_per_firm, [(ids.index(a), ids.index(b)) for a, b in rules.exclusive]),
        eligible=bar == OPEN,
        cost=cost,
        kept=kept * weight[:, None],
        loss=loss * weight,
        most_amount=rules.max_amount_per_firm,
        group=group,
    )
    return Design(menu, _limits(rules, budget, names), bar, cost, kept, loss, weight)


def _bars(table: pl.DataFrame, rules: Rules, granted: pl.DataFrame | None) -> NDArray[np.int8]:
    """The first rule that closes each instrument to each firm [n, I]; grants of earlier rounds close it too."""
    bar = np.column_stack([_bar(table, one) for one in rules.instruments]).astype(np.int8)
    if granted is not None:
        for j, one in enumerate(rules.instruments):
            before = granted.filter(pl.col("instrument") == one.id)["firm_id"]
            held = table["firm_id"].is_in(before.implode()).to_numpy()
            bar[held & (bar[:, j] == OPEN), j] = GRANTED_BEFORE
    return bar


def _bar(table: pl.DataFrame, one: Instrument) -> NDArray[np.int8]:
    rules = one.eligibility
    known = [items.lookup(key).key for key in rules.items]
    passed = pl.lit(not rules.any_of)
    for threshold in rules.any_of:
        enough = (pl.col("exports_usd") >= threshold.min_exports_usd) & (
            pl.col("us_exports_usd") >= threshold.min_us_exports_usd
        )
        passed = passed | enough
    code = (
        pl.when(pl.lit(bool(rules.sizes)) & ~pl.col("size").is_in(rules.sizes))
        .then(WRONG_SIZE)
        .when(pl.lit(bool(rules.regions)) & ~pl.col("region").is_in(rules.regions))
        .then(WRONG_REGION)
        .when(pl.lit(bool(known)) & ~pl.col("item").is_in(known))
        .then(WRONG_ITEM)
        .when(~passed)
        .then(BELOW_THRESHOLD)
        .otherwise(OPEN)
    )
    return table.select(code=code.cast(pl.Int8))["code"].to_numpy()


def _cost(table: pl.DataFrame, one: Instrument, per_usd: float) -> Array:
    varying = one.cost.share_of_us_exports * table["us_exports_usd"].to_numpy() * per_usd
    return np.minimum(one.cost.fixed + varying, one.cost.cap)


def _kept(loss: Array, cost: Array, one: Instrument, share: float) -> Array:
    """Exports that one grant alone keeps [n]: a share of the loss, at most `per_cost` times what it costs."""
    return np.minimum(share * loss, one.effect.per_cost * cost)


def kept_by(design: Design, rules: Rules, share: str, loss: Array) -> Array:
    """Exports kept by each instrument alone [n, I] at the "low" or "high" end of its effect and another loss [n]."""
    return np.column_stack(
        [
            _kept(loss, design.cost[:, j], one, float(getattr(one.effect, share)))
            for j, one in enumerate(rules.instruments)
        ]
    )


def _weights(table: pl.DataFrame, rules: Rules, content: dict[str, float]) -> Array:
    if rules.objective == "exports":
        return np.ones(table.height)
    return table["item"].replace_strict(content, return_dtype=pl.Float64).to_numpy().astype(np.float64)


def _refuse_tiny_budget(budget: float, cost: Array, rules: Rules) -> None:
    cheapest = float(cost.min(initial=np.inf))
    if not np.isfinite(cheapest):
        raise DataError(
            "No firm may have any instrument: every one is closed to it.", "Check the eligibility rules."
        )
    if cheapest > budget:
        raise DataError(
            f"The budget of {budget:g} {rules.currency} buys nothing: the cheapest grant costs {cheapest:g}.",
            "Raise the budget, or check its unit.",
        )


def _groups(table: pl.DataFrame, rules: Rules) -> tuple[NDArray[np.int64], list[dict[str, str]]]:
    """Firms grouped by what minimum shares tell apart: group of each firm [n], and size and region of each group."""
    used = sorted({rule.by for rule in rules.min_shares})
    if not used:
        return np.zeros(table.height, dtype=np.int64), [{}]
    kinds = table.select(used).unique(maintain_order=True).with_row_index("group")
    group = table.select(used).join(kinds, on=used, how="left", maintain_order="left")["group"]
    return group.to_numpy().astype(np.int64), [dict(row) for row in kinds.drop("group").iter_rows(named=True)]


def _limits(rules: Rules, budget: float, groups: list[dict[str, str]]) -> Limits:
    rows = [
        *_budget_rows(rules, budget, len(groups)),
        *_firm_rows(rules, len(groups)),
        *_share_rows(rules, groups),
    ]
    names, amount, count, weight, right, minimum = zip(*rows, strict=True)
    return Limits(
        names=tuple(names),
        amount=np.array(amount),
        count=np.array(count),
        weight=np.array(weight),
        right=np.array(right),
        minimum=np.array(minimum, dtype=np.bool_),
    )


_Row = tuple[str, Array, Array, Array, float, bool]


def _budget_rows(rules: Rules, budget: float, groups: int) -> Iterator[_Row]:
    size = len(rules.instruments)
    nothing, everybody = np.zeros(size), np.ones(groups)
    yield f"budget of {budget:,.0f} {rules.currency}", np.ones(size), nothing, everybody, budget, False
    for j, one in enumerate(rules.instruments):
        if one.max_share < 1:
            name = f"{one.name}: at most {100 * one.max_share:g} % of the budget"
            yield name, np.eye(size)[j], nothing, everybody, one.max_share * budget, False


def _firm_rows(rules: Rules, groups: int) -> Iterator[_Row]:
    size = len(rules.instruments)
    nothing, everybody = np.zeros(size), np.ones(groups)
    for j, one in enumerate(rules.instruments):
        if one.firms.high is not None:
            name = f"{one.name}: at most {one.firms.high} firms"
            yield name, nothing, np.eye(size)[j], everybody, float(one.firms.high), False
        if one.firms.low > 0:
            name = f"{one.name}: at least {one.firms.low} firms"
            yield name, nothing, -np.eye(size)[j], everybody, -float(one.firms.low), True


def _share_rows(rules: Rules, groups: list[dict[str, str]]) -> Iterator[_Row]:
    size = len(rules.instruments)
    for rule in rules.min_shares:
        inside = np.array([float(one[rule.by] in rule.of) for one in groups])
        yield rule.in_words, np.ones(size), np.zeros(size), rule.share - inside, 0.0, True
