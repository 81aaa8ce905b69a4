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

START = 4


@dataclasses.dataclass(frozen=True)
class Bands:
    """Half-widths [L, S, O] in units of the score, the aimed miss rates [L, S, O], and hits [L, S, O] (NaN unknown)."""

    half_width: FloatArray
    aimed: FloatArray
    hit: FloatArray


def local_scale(one_step: FloatArray) -> FloatArray:
    """Scale [S, O] known at each origin from one-step errors [S, O] of earlier origins (NaN where unrealised).

    An exponentially weighted mean of absolute errors; the first twelve errors set its start.
    """
    absolute = np.abs(one_step)
    with np.errstate(invalid="ignore"):
        start = np.nanmean(absolute[:, :12], axis=1) if absolute.shape[1] else np.zeros(len(absolute))
    current = np.where(np.isfinite(start) & (start > 0), start, 1e-3)
    scale = np.empty_like(absolute)
    for index in range(absolute.shape[1]):
        if index:
            seen = absolute[:, index - 1]
            current = np.where(np.isfinite(seen), MEMORY * current + (1 - MEMORY) * seen, current)
        scale[:, index] = current
    return np.maximum(scale, 1e-6)


def adaptive_bands(scores: FloatArray, lag: int, levels: tuple[float, ...] = LEVELS) -> Bands:
    """Bands for scores [S, O] (absolute scaled errors, NaN where unrealised) that become known `lag` origins later.

    At each origin the band is the conformal quantile of the scores known then at the aimed miss rate, which rises
    after a hit and falls after a miss. Series with fewer than 24 known scores use those of the whole group.
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
        if known + 1 >= START:
            half_width[:, :, index] = conformal_quantile(scores[:, : known + 1], aimed)
            inside = (scores[:, index][None] <= half_width[:, :, index]).astype(float)
            hit[:, :, index] = np.where(np.isfinite(scores[:, index])[None], inside, np.nan)
    return Bands(np.maximum.accumulate(half_width, axis=0), rates, hit)


def conformal_quantile(past: FloatArray, miss_rate: FloatArray) -> FloatArray:
    """Quantiles [L, S] of scores [S, N] at miss rates [L, S]: the ⌈(n+1)(1−α)⌉-th smallest, or beyond the largest."""
    if past.shape[1] < FEWEST:
        pooled = past.reshape(1, -1)
        past = np.repeat(pooled, len(past), axis=0) if pooled.shape[1] > past.shape[1] else past
    ordered = np.sort(past, axis=1)
    count = ordered.shape[1]
    rank = np.ceil((count + 1) * (1.0 - miss_rate)).astype(int) - 1
    picked = np.take_along_axis(ordered, np.clip(rank, 0, count - 1).T, axis=1).T
    return np.where(rank >= count, BEYOND * ordered[None, :, -1], picked)
