"""Designs, quantiles and variance shares against cases with known answers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from headway.errors import OutsideDomain
from headway.models.sampling import LEVELS, crossed_design, quantiles, unit_points, variance_shares


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20250121)


@pytest.mark.parametrize("method", ["sobol", "latin"])
def test_each_margin_is_stratified(rng: np.random.Generator, method: str) -> None:
    """Both designs put exactly one point in each of n equal cells of every axis."""
    points = unit_points(16, 5, rng=rng, method=method)  # type: ignore[arg-type]
    assert points.shape == (16, 5)
    np.testing.assert_array_equal(np.sort((points * 16).astype(int), axis=0), np.tile(np.arange(16)[:, None], 5))


def test_sizes_that_are_no_power_of_two(rng: np.random.Generator) -> None:
    assert unit_points(12, 3, rng=rng).shape == (12, 3)
    with pytest.raises(OutsideDomain, match="powers of two"):
        unit_points(12, 3, rng=rng, method="sobol")
    with pytest.raises(OutsideDomain, match="at least one"):
        unit_points(0, 3, rng=rng)


def test_points_are_inside_and_reproducible(rng: np.random.Generator) -> None:
    points = unit_points(64, 40, rng=rng)
    assert np.isfinite(norm.ppf(points)).all()
    np.testing.assert_array_equal(points, unit_points(64, 40, rng=np.random.default_rng(20250121)))
    assert not np.array_equal(points, unit_points(64, 40, rng=np.random.default_rng(1)))


def test_crossed_design(rng: np.random.Generator) -> None:
    design = crossed_design((8, 16), (2, 7), rng=rng)
    assert design.shape == (8, 16)
    assert design.policy.shape == (8, 2)
    assert design.parameter.shape == (16, 7)


def test_sobol_integrates_better_than_chance(rng: np.random.Generator) -> None:
    """∫ Π (1 + (x_d − ½)) = 1; 256 independent points miss by about 0.03, scrambled Sobol by far less."""
    points = unit_points(256, 4, rng=rng, method="sobol")
    assert np.prod(0.5 + points, axis=1).mean() == pytest.approx(1, abs=5e-3)


def test_quantiles_of_a_uniform_grid() -> None:
    draws = np.linspace(0, 100, 101)
    np.testing.assert_allclose(quantiles(draws), [5, 25, 50, 75, 95])
    np.testing.assert_allclose(quantiles(np.stack([draws, -draws], axis=1))[:, 1], [-95, -75, -50, -25, -5])
    crossed = np.arange(101.0).reshape(101, 1).repeat(2, axis=1)
    np.testing.assert_allclose(quantiles(crossed, axes=2), [5, 25, 50, 75, 95], atol=0.5)
    assert len(LEVELS) == 5


def test_variance_shares_of_known_functions() -> None:
    a, b = np.array([-1.0, 0, 1])[:, None], np.array([-3.0, 0, 3])[None, :]
    additive = variance_shares(7 + a + b)
    assert (additive.policy, additive.parameter, additive.interaction) == pytest.approx((0.1, 0.9, 0))
    product = variance_shares(a * b)
    assert (product.policy, product.parameter, product.interaction) == pytest.approx((0, 0, 1))
    mixed = variance_shares(2 * a + b + a * b)
    assert (mixed.policy, mixed.parameter, mixed.interaction) == pytest.approx((4 / 19, 9 / 19, 6 / 19))


def test_variance_shares_add_to_one_and_keep_trailing_axes(rng: np.random.Generator) -> None:
    runs = rng.normal(size=(5, 6, 3, 2))
    shares = variance_shares(runs)
    np.testing.assert_allclose(shares.policy + shares.parameter + shares.interaction, 1)
    np.testing.assert_allclose(shares.variance, runs.reshape(30, 3, 2).var(axis=0))


def test_nothing_varies() -> None:
    shares = variance_shares(np.full((4, 4), 0.1) * 3)
    assert shares.policy == shares.parameter == shares.interaction == shares.variance == 0
