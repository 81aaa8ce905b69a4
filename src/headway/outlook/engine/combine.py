"""Weights of the models' combination from their past errors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

POWER = 4.0
"""Weights fall with this power of a model's mean absolute error relative to the others."""

TRIM = 1.5
"""A model whose error exceeds that of the best by this factor gets no weight."""

EQUAL_SHARE = 0.3
"""Share of the weight spread evenly over the models kept: estimated weights are noisy."""

FEWEST = 12
"""Realised errors at one horizon below which all models weigh the same."""


def weights(errors: FloatArray) -> FloatArray:
    """Weights [M, S, O] from errors [M, S, O, H] (NaN where not realised), each origin seeing only its past.

    At origin o the error at horizon h of origin p is known if p + h ≤ o (origins are consecutive months). Horizons
    are compared after dividing by the mean over models, so that long ones do not dominate.
    """
    models, series, origins, horizon = errors.shape
    absolute = np.nan_to_num(np.abs(errors))
    running = np.concatenate([np.zeros((models, series, 1, horizon)), np.cumsum(absolute, axis=2)], axis=2)
    known = np.maximum(np.arange(origins)[:, None] - np.arange(horizon)[None], 0)
    sums = np.take_along_axis(running, np.broadcast_to(known, (models, series, origins, horizon)), axis=2)
    usable = known >= FEWEST
    mean = np.where(usable, sums / np.maximum(known, 1), 0.0)
    relative = mean / np.where(mean.mean(axis=0) > 0, mean.mean(axis=0), 1.0)
    counted = np.maximum(usable.sum(axis=1), 1)
    score = relative.sum(axis=3) / counted
    return _from_scores(score, usable.any(axis=1))


def _from_scores(score: FloatArray, enough: NDArray[np.bool_]) -> FloatArray:
    best = score.min(axis=0)
    kept = score <= TRIM * best
    raw = np.where(kept, np.where(best > 0, score / np.where(best > 0, best, 1.0), 1.0) ** -POWER, 0.0)
    chosen = (1 - EQUAL_SHARE) * raw / raw.sum(axis=0) + EQUAL_SHARE * kept / kept.sum(axis=0)
    return np.where(enough[None, None, :], chosen, 1.0 / len(score))
