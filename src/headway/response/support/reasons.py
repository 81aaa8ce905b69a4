"""Why each firm gets what it gets, and why not the rest: a code by firm and instrument, and a sentence by firm."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from headway.response.support.design import BARS, OPEN, Design, kept_by
from headway.response.support.firms import Firms
from headway.response.support.menu import HIGHEST_SHARE, Menu, net_values
from headway.response.support.programme import Allocation
from headway.response.support.rules import Rules

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.int8]

GRANTED, NOTHING_AT_STAKE, HAS_ITS_NUMBER, EXCLUDED, OVER_AMOUNT, BELOW_CUT_OFF, NEAR_TIE = range(10, 17)
WORDS = BARS | {
    GRANTED: "granted",
    NOTHING_AT_STAKE: "nothing at stake",
    HAS_ITS_NUMBER: "has as many grants as a firm may hold",
    EXCLUDED: "excluded by another grant",
    OVER_AMOUNT: "over the amount that a firm may get",
    BELOW_CUT_OFF: "keeps less than the limits' prices ask",
    NEAR_TIE: "a near tie, decided by what fits the limits",
}
"""Every reason in words, by code; codes below ten are rules that close an instrument to a firm."""


def codes(design: Design, allocation: Allocation) -> Codes:
    """Reason for every firm and instrument [n, I]."""
    menu = design.menu
    net = net_values(menu, design.limits, allocation.prices)
    held = menu.bundles[allocation.chosen]
    made = np.full(held.shape, BELOW_CUT_OFF, dtype=np.int8)
    own = net[np.arange(menu.firms), allocation.chosen]
    for j in range(held.shape[1]):
        wider, missing = _with(menu, allocation.chosen, j)
        there = net[np.arange(menu.firms), wider]
        made[:, j] = np.where(there > own, NEAR_TIE, made[:, j])
        made[:, j] = np.where(~np.isfinite(there), OVER_AMOUNT, made[:, j])
        made[:, j] = np.where(missing, _why_missing(menu, allocation.chosen, j), made[:, j])
    made = np.where((design.loss <= 0)[:, None], NOTHING_AT_STAKE, made)
    made = np.where(design.bar != OPEN, design.bar, made)
    return np.where(held, GRANTED, made).astype(np.int8)


def _with(menu: Menu, chosen: NDArray[np.int64], j: int) -> tuple[NDArray[np.int64], Bools]:
    """For each firm the bundle that adds instrument j to what it has, and whether there is none."""
    index = {one.tobytes(): k for k, one in enumerate(menu.bundles)}
    wider = np.empty(len(menu.bundles), dtype=np.int64)
    for k, one in enumerate(menu.bundles):
        more = one.copy()
        more[j] = True
        wider[k] = index.get(more.tobytes(), -1)
    found = wider[chosen]
    return np.maximum(found, 0), found < 0


def _why_missing(menu: Menu, chosen: NDArray[np.int64], j: int) -> Codes:
    """Full where every bundle of one more instrument is missing, else excluded by a pair that may not be together."""
    size = menu.bundles.sum(axis=1)
    full = size[chosen] >= size.max()
    return np.where(full, HAS_ITS_NUMBER, EXCLUDED).astype(np.int8)


def table(
    firms: Firms, rules: Rules, design: Design, allocation: Allocation, spread: tuple[Array, Array]
) -> pl.DataFrame:
    """One row a firm: what it gets, what that costs and keeps with its range, and why.

    Columns: firm_id, size, region, item, granted, amount, kept, kept_low, kept_high (currency of the rules), reason,
    and why_INSTRUMENT for each. `spread` is (low, high) loss of each firm [n].
    """
    code = codes(design, allocation)
    held = design.menu.bundles[allocation.chosen]
    ids = [one.id for one in rules.instruments]
    amount = (design.cost * held).sum(axis=1)
    kept = kept_together(design.kept, design.loss, held)
    low = kept_together(kept_by(design, rules, "low", spread[0]), spread[0], held)
    high = kept_together(kept_by(design, rules, "high", spread[1]), spread[1], held)
    names = np.array(["+".join(np.array(ids)[one]) for one in design.menu.bundles])
    made = firms.table.select("firm_id", "size", "region", "item").with_columns(
        granted=pl.Series(names[allocation.chosen]),
        amount=pl.Series(amount),
        kept=pl.Series(kept),
        kept_low=pl.Series(low),
        kept_high=pl.Series(high),
        reason=_sentences(rules, design, allocation, code, kept=kept, amount=amount),
    )
    words = {f"why_{id}": _words(code[:, j]) for j, id in enumerate(ids)}
    return made.with_columns(**words)


def kept_together(kept: Array, loss: Array, held: Bools) -> Array:
    """Exports that each firm's grants keep together: loss · (1 − Π(1 − kept/loss)) over what it holds [n]."""
    share = np.divide(kept, loss[:, None], out=np.zeros_like(kept), where=loss[:, None] > 0)
    left = np.where(held, np.log1p(-np.minimum(share, HIGHEST_SHARE)), 0.0).sum(axis=1)
    return np.asarray(loss * -np.expm1(left))


def _words(code: Codes) -> pl.Series:
    return pl.Series([WORDS[int(one)] for one in np.unique(code)]).gather(np.searchsorted(np.unique(code), code))


def _sentences(
    rules: Rules, design: Design, allocation: Allocation, code: Codes, *, kept: Array, amount: Array
) -> pl.Series:
    """The main reason a firm: what its grants keep for a unit of cost, or why it gets none."""
    cut = allocation.prices[0]
    granted = amount > 0
    ratio = np.divide(kept, amount, out=np.zeros_like(kept), where=granted)
    for_grants = pl.Series(ratio).round(2).cast(pl.String)
    refused = _refusals(rules, design, code)
    table = pl.DataFrame({"granted": granted, "ratio": for_grants, "refused": refused})
    return table.select(
        reason=pl.when("granted")
        .then(
            pl.format(
                "keeps {} of exports for each unit that it costs; the last unit of the budget keeps {}",
                "ratio",
                pl.lit(f"{cut:.2f}"),
            )
        )
        .otherwise("refused")
    )["reason"]


def _refusals(rules: Rules, design: Design, code: Codes) -> pl.Series:
    """Why a firm gets nothing: one sentence for each pattern of codes, which are few."""
    patterns, place = np.unique(code, axis=0, return_inverse=True)
    sentences = [_refusal(rules, one) for one in patterns]
    return pl.Series(sentences, dtype=pl.String).gather(place.reshape(-1))


def _refusal(rules: Rules, pattern: Codes) -> str:
    open_to = pattern[pattern >= GRANTED]
    if open_to.size == 0:
        bars = dict.fromkeys(WORDS[int(one)] for one in pattern)
        return f"every instrument is closed to it: {', '.join(bars)}"
    if np.all(open_to == NOTHING_AT_STAKE):
        return "nothing at stake: it sells nothing to the market that is hit, or its item loses nothing there"
    return "; ".join(dict.fromkeys(WORDS[int(one)] for one in open_to if one != GRANTED))
