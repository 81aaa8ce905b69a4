"""Adaptive conformal intervals: past errors, scaled by how large errors have lately been, set the width."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

LEVELS = (0.5, 0.8, 0.95)

MEMORY = 0.9
"""Monthly memory of the local error scale: ten months, so that bands widen within months of a break."""

STEP = 0.03
"""How far one hit or miss moves the miss rate that a band aims at (Gibbs & Candès 2021)."""

FLOOR, CEILING = 0.3, 1.5
"""Bounds of the aimed miss rate relative to the nominal one."""

BEYOND = 1.1
"""A band asked for more than the largest score seen is that score times this."""

FEWEST = 24
"""Scores of a series' own below which the scores of the whole group are pooled."""

BORROWED = 1.25
"""Factor on widths that rest on pooled scores: the series' own scale is known from few errors."""

START = 4


@dataclasses.dataclass(frozen=True)
class Bands:
    """Half-widths [L, S, O] in units of the score, the aimed miss rates [L, S, O], and hits [L, S, O] (NaN unknown)."""

    half_width: FloatArray
    aimed: FloatArray
    hit: FloatArray


def local_scale(one_step: FloatArray, start: FloatArray) -> FloatArray:
    """Scale [S, O] known at each origin from one-step errors [S, O] of earlier origins (NaN where unrealised).

    An exponentially weighted mean of absolute errors that begins at `start` [S].
    """
    absolute = np.abs(one_step)
    current = np.maximum(start, 1e-6)
    scale = np.empty_like(absolute)
    for index in range(absolute.shape[1]):
        if index:
            seen = absolute[:, index - 1]
            current = np.where(np.isfinite(seen), MEMORY * current + (1 - MEMORY) * seen, current)
        scale[:, index] = current
    return np.maximum(scale, 1e-6)


def typical_change(adjusted: FloatArray, stated: NDArray[np.bool_]) -> FloatArray:
    """Robust mean absolute monthly change [S] of adjusted logs [S, T]: what a one-step error is before any is seen.

    Changes into or out of a month that no source states (`stated` [S, T] False) are left out where six others
    remain: filled months move too little.
    """
    changes = np.diff(adjusted, axis=1)
    real = stated[:, 1:] & stated[:, :-1]
    spreads = []
    for row, kept in zip(changes, real, strict=True):
        used = row[kept] if kept.sum() >= 6 else row
        spreads.append(1.4826 * 0.8 * np.median(np.abs(used - np.median(used))))
    return np.array(spreads)


def adaptive_bands(
    scores: FloatArray, lag: int, *, lent: FloatArray | None = None, levels: tuple[float, ...] = LEVELS
) -> Bands:
    """Bands for scores [S, O] (absolute scaled errors, NaN where unrealised) that become known `lag` origins later.

    At each origin the band is the conformal quantile of the scores known then at the aimed miss rate, which rises
    after a hit and falls after a miss. Series with fewer than 24 known scores of their own use those of the group
    and `lent` [N], scores of a longer series whose last entries belong to the same origins.
    """
    found = many_bands(scores[None], np.array([lag]), lent=[lent], levels=levels)
    return Bands(found.half_width[:, 0], found.aimed[:, 0], found.hit[:, 0])


def many_bands(
    scores: FloatArray,
    lags: NDArray[np.int64],
    *,
    lent: Sequence[FloatArray | None],
    levels: tuple[float, ...] = LEVELS,
) -> Bands:
    """`adaptive_bands` of several groups at once: scores [K, S, O], a lag and lent scores for each of the K.

    Arrays of the result are [L, K, S, O]: one loop over origins serves every horizon of a forecast.
    """
    nominal = 1.0 - np.array(levels)[:, None, None]
    groups, series, origins = scores.shape
    shape = (len(levels), groups, series, origins)
    aimed = np.broadcast_to(nominal, shape[:-1]).copy()
    half_width, rates, hit = (np.full(shape, np.nan) for _ in range(3))
    places, everyone = np.arange(origins), np.arange(groups)
    for index in range(origins):
        known = index - lags
        if index >= lags.min():
            settled = everyone[(known >= 0) & np.isfinite(half_width[0, everyone, 0, np.maximum(known, 0)])]
            missed = 1.0 - hit[:, settled, :, known[settled]].swapaxes(0, 1)
            step = aimed[:, settled] + STEP * (nominal - missed)
            aimed[:, settled] = np.minimum(np.maximum(step, FLOOR * nominal), CEILING * nominal)
        rates[..., index] = aimed
        width, now = half_width[..., index], scores[..., index]
        own = everyone[known + 1 >= FEWEST]
        if own.size:
            until = int(known.max()) + 1
            past = np.where(places[:until] <= known[own, None, None], scores[own, :, :until], np.inf)
            width[:, own] = conformal_quantile(past, aimed[:, own], known[own, None] + 1)
        for one in everyone[known + 1 < FEWEST]:
            pool = _pooled(scores[one], int(known[one]), lent[one])
            if len(pool) >= START:
                width[:, one] = BORROWED * conformal_quantile(pool, aimed[:, one])
        inside = np.where(np.isfinite(now), now <= width, np.nan)
        hit[..., index] = np.where(np.isfinite(width), inside, np.nan)
    return Bands(np.maximum.accumulate(half_width, axis=0), rates, hit)


def _pooled(scores: FloatArray, known: int, lent: FloatArray | None) -> FloatArray:
    """Scores [N] of a whole group [S, O] known once origin `known` is settled, and what another series lends."""
    pool = scores[:, : max(known + 1, 0)].reshape(-1)
    if lent is None:
        return pool
    settled = lent[: max(len(lent) - scores.shape[1] + known + 1, 0)]
    return np.concatenate([pool, settled[np.isfinite(settled)]])


def conformal_quantile(
    past: FloatArray, miss_rate: FloatArray, count: int | NDArray[np.int64] | None = None
) -> FloatArray:
    """Quantiles [L, ...] of scores [..., N] at miss rates [L, ...]: the ⌈(n+1)(1−α)⌉-th smallest, or beyond all.

    `count` [...] are the scores that each row holds, the rest of it being infinite; all N without it. A single row
    [N] serves every miss rate.
    """
    ordered = np.sort(past, axis=-1)
    held = np.asarray(past.shape[-1] if count is None else count)
    rank = np.ceil((held + 1) * (1.0 - miss_rate)).astype(int) - 1
    picked = _at(ordered, np.minimum(np.maximum(rank, 0), held - 1))
    largest = _at(ordered, np.broadcast_to(held - 1, rank.shape))
    return np.where(rank >= held, BEYOND * largest, picked)


def _at(ordered: FloatArray, rank: NDArray[np.int64]) -> FloatArray:
    """Entries [L, ...] of rows [..., N] at ranks [L, ...]; a single row [N] serves all."""
    if ordered.ndim == 1:
        return np.asarray(ordered[rank])
    rows = np.indices(ordered.shape[:-1], sparse=True)
    return np.asarray(ordered[(*rows, rank)])
