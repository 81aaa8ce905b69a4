"""Draws and what they say: policy × parameter designs, quantiles, exact variance shares (METHODS section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from headway.errors import OutsideDomain

Floats = NDArray[np.float64]
Method = Literal["latin", "sobol"]

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Levels of the quantiles that every interval reports."""

_EDGE = 1e-9
"""Points keep this distance from 0 and 1, so that normal quantiles of them stay finite."""


@dataclass(frozen=True)
class CrossedDesign:
    """Points of U(0, 1): `policy` [P, policy dimensions] and `parameter` [Q, parameter dimensions].

    Every policy point is run with every parameter point: P × Q solves, results [P, Q, ...].
    """

    policy: Floats
    parameter: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """(P, Q)."""
        return self.policy.shape[0], self.parameter.shape[0]


@dataclass(frozen=True)
class VarianceShares:
    """Shares of the variance over the P × Q runs [...] that add to one; all zero where nothing varies."""

    policy: Floats
    parameter: Floats
    interaction: Floats
    variance: Floats


def crossed_design(
    size: tuple[int, int],
    dimensions: tuple[int, int],
    *,
    rng: np.random.Generator,
    method: Method = "latin",
) -> CrossedDesign:
    """Two independent low-discrepancy samples, `size` (P, Q) points in `dimensions` (policy, parameter)."""
    policy = unit_points(size[0], dimensions[0], rng=rng, method=method)
    return CrossedDesign(policy, unit_points(size[1], dimensions[1], rng=rng, method=method))


def unit_points(n: int, dimensions: int, *, rng: np.random.Generator, method: Method = "latin") -> Floats:
    """`n` points of U(0, 1) [n, dimensions]: a Latin hypercube, or scrambled Sobol points (n a power of two).

    A Latin hypercube has one point in each of n equal slices of every dimension, at a random place in it (McKay,
    Beckman & Conover 1979). Raises OutsideDomain for Sobol with another n, or n or dimensions < 1.
    """
    if n < 1 or dimensions < 1:
        raise OutsideDomain(f"Cannot draw {n} points in {dimensions} dimensions.", "Ask for at least one of each.")
    points = _sobol(n, dimensions, rng) if method == "sobol" else _latin(n, dimensions, rng)
    return np.asarray(np.clip(points, _EDGE, 1 - _EDGE), dtype=np.float64)


def _latin(n: int, dimensions: int, rng: np.random.Generator) -> Floats:
    """Written out because importing scipy.stats for it takes longer than a whole ensemble of the embedded world."""
    slices = rng.permuted(np.tile(np.arange(n), (dimensions, 1)), axis=1).T
    return (slices + rng.random((n, dimensions))) / n


def _sobol(n: int, dimensions: int, rng: np.random.Generator) -> Floats:
    if n & (n - 1):
        raise OutsideDomain(f"Sobol points come in powers of two, not {n}.", "Use 16, 32, ... or method='latin'.")
    from scipy.stats import qmc

    return np.asarray(qmc.Sobol(dimensions, rng=rng).random(n))


def quantiles(draws: ArrayLike, levels: tuple[float, ...] = LEVELS, *, axes: int = 1) -> Floats:
    """Quantiles [len(levels), ...] over the first `axes` axes of `draws` (1: draws; 2: a crossed design)."""
    values = np.asarray(draws, dtype=np.float64)
    flat = values.reshape(-1, *values.shape[axes:])
    return np.asarray(np.quantile(flat, levels, axis=0))


def variance_shares(runs: ArrayLike) -> VarianceShares:
    """Two-way analysis of variance of `runs` [P, Q, ...], one run per cell: exact, nothing estimated.

    y_pq = m + a_p + b_q + c_pq with zero sums, so var(y) = var(a) + var(b) + var(c) over the design's points.
    """
    values = np.asarray(runs, dtype=np.float64)
    mean = values.mean(axis=(0, 1))
    policy = values.mean(axis=1) - mean
    parameter = values.mean(axis=0) - mean
    interaction = values - mean - policy[:, None] - parameter[None]
    parts = [(policy**2).mean(axis=0), (parameter**2).mean(axis=0), (interaction**2).mean(axis=(0, 1))]
    variance = np.asarray(sum(parts))
    # Rounding leaves a variance near (ulp × level)² where nothing varies: that is zero, not a split of noise.
    varies = variance > (1e-12 * np.abs(values).max(axis=(0, 1))) ** 2
    divisor = np.where(varies, variance, 1.0)
    shares = [np.where(varies, part, 0.0) / divisor for part in parts]
    return VarianceShares(shares[0], shares[1], shares[2], np.where(varies, variance, 0.0))
