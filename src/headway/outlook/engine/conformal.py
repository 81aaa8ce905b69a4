"""Adaptive conformal intervals: past errors, scaled by how large errors have lately been, set the width."""

from __future__ import annotations

import dataclasses

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
    nominal = 1.0 - np.array(levels)[:, None]
    count, origins = scores.shape
    aimed = np.repeat(nominal, count, axis=1)
    shape = (len(levels), count, origins)
    half_width, rates, hit = (np.full(shape, np.nan) for _ in range(3))
    for index in range(origins):
        known = index - lag
        if known >= 0 and np.isfinite(half_width[0, 0, known]):
            missed = 1.0 - hit[:, :, known]
            aimed = np.clip(aimed + STEP * (nominal - missed), FLOOR * nominal, CEILING * nominal)
        rates[:, :, index] = aimed
        past = _past(scores, known, lent)
        if past.shape[1] >= START:
            factor = 1.0 if known + 1 >= FEWEST else BORROWED
            half_width[:, :, index] = factor * conformal_quantile(past, aimed)
            inside = (scores[:, index][None] <= half_width[:, :, index]).astype(float)
            hit[:, :, index] = np.where(np.isfinite(scores[:, index])[None], inside, np.nan)
    return Bands(np.maximum.accumulate(half_width, axis=0), rates, hit)


def _past(scores: FloatArray, known: int, lent: FloatArray | None) -> FloatArray:
    """Scores [S, N] known once origin `known` is settled: own ones if there are enough, else pooled with others'."""
    own = scores[:, : max(known + 1, 0)]
    if own.shape[1] >= FEWEST:
        return own
    pool = own.reshape(-1)
    if lent is not None:
        settled = lent[: max(len(lent) - scores.shape[1] + known + 1, 0)]
        pool = np.concatenate([pool, settled[np.isfinite(settled)]])
    return np.repeat(pool[None], len(scores), axis=0)


def conformal_quantile(past: FloatArray, miss_rate: FloatArray) -> FloatArray:
    """Quantiles [L, S] of scores [S, N] at miss rates [L, S]: the ⌈(n+1)(1−α)⌉-th smallest, or beyond the largest."""
    ordered = np.sort(past, axis=1)
    count = ordered.shape[1]
    rank = np.ceil((count + 1) * (1.0 - miss_rate)).astype(int) - 1
    picked = np.take_along_axis(ordered, np.clip(rank, 0, count - 1).T, axis=1).T
    return np.where(rank >= count, BEYOND * ordered[None, :, -1], picked)
