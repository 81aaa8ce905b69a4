"""How firm a ranking is: ranks of packages under draws of weights, elasticities and the announced range."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

WEIGHT_LOG_SD = 0.5
"""Spread of each weight around its stated value, in logs: nine in ten draws lie between 0.44 and 2.3 times it."""

WEIGHT_DRAWS = 64


@dataclass(frozen=True)
class Stability:
    """Ranks of K packages over all draws of states × weights.

    `low` and `high` are 5 % and 95 % ends; `first`, `top_three` the shares of draws in which each is first, or among
    the first three; `agreement` is Kendall's τ of each draw's ranking with the central one, on average.
    """

    low: Array
    high: Array
    first: Array
    top_three: Array
    agreement: float


def weight_draws(weights: Array, rng: np.random.Generator, count: int = WEIGHT_DRAWS) -> Array:
    """Weights [count, n], each times a log-normal factor with median one; their signs stay."""
    return np.asarray(weights * np.exp(WEIGHT_LOG_SD * rng.standard_normal((count, len(weights)))))


def stability(changes: Array, weights: Array, central: Array) -> Stability:
    """Ranks from changes of objectives [D states, K packages, n] and weights [W, n].

    `central` [K] are the scores behind the ranking that is shown.
    """
    scores = np.einsum("dkn,wn->dwk", changes, weights).reshape(-1, changes.shape[1])
    ranks = ranks_of(scores)
    low, high = np.quantile(ranks, (0.05, 0.95), axis=0)
    return Stability(
        low=low,
        high=high,
        first=(ranks == 1).mean(axis=0),
        top_three=(ranks <= 3).mean(axis=0),
        agreement=float(np.mean([kendall(one, central) for one in scores])),
    )


def ranks_of(scores: Array) -> Array:
    """Ranks [..., K], one for the highest score; ties share the better rank."""
    higher = scores[..., None, :] > scores[..., :, None]
    return np.asarray(1 + higher.sum(axis=-1))


def kendall(one: Array, other: Array) -> float:
    """Kendall's τ_a: concordant less discordant pairs over all pairs; 1 for one item."""
    count = len(one)
    if count < 2:
        return 1.0
    first = np.sign(one[:, None] - one[None, :])
    second = np.sign(other[:, None] - other[None, :])
    return float((first * second).sum() / (count * (count - 1)))
