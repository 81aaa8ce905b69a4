"""The accelerated loop on problems whose solutions are known."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from headway.models.device import float64
from headway.models.fixed_point import SolverOptions, anderson


def run(step, start, *, memory=8, most=200, longest=float("inf"), mixing=1.0):
    start = float64(start)
    limits = SolverOptions(max_iterations=most).limits()
    return anderson(
        lambda u: (step(u), {"twice": 2.0 * u}),
        start,
        mixing=jnp.full(start.shape, mixing),
        tolerance=limits[0],
        max_iterations=limits[1],
        memory=memory,
        longest_step=longest,
    )


@pytest.fixture(scope="module")
def linear():
    """A linear map with spectral radius above one, and its fixed point: plain iteration diverges."""
    rng = np.random.default_rng(0)
    matrix = np.diag(np.linspace(-2.0, 0.7, 6)) + 0.05 * rng.normal(size=(6, 6))
    right = rng.normal(size=6)
    return matrix, right, np.linalg.solve(np.eye(6) - matrix, right)


def test_a_linear_problem_takes_about_as_many_steps_as_it_has_unknowns(linear):
    matrix, right, solution = linear
    found = run(lambda u: float64(matrix) @ u + float64(right), np.zeros(6))
    assert int(found.iterations) <= 12
    assert float(found.error) <= 1e-10
    np.testing.assert_allclose(found.point, solution, atol=1e-8)
    np.testing.assert_allclose(found.found["twice"], 2.0 * found.point)


def test_a_start_at_the_solution_takes_one_evaluation(linear):
    matrix, right, solution = linear
    assert int(run(lambda u: float64(matrix) @ u + float64(right), solution).iterations) == 1


def test_cosine():
    found = run(jnp.cos, [0.0])
    np.testing.assert_allclose(found.point, 0.7390851332151607, atol=1e-10)


def test_a_step_is_bounded():
    far = run(lambda u: u + 100.0, [0.0], most=2, longest=1.5)
    np.testing.assert_allclose(far.point, 1.5)


def test_no_number_ends_the_loop():
    found = run(lambda u: jnp.log(u - 10.0), [0.0])
    assert int(found.iterations) == 1
    assert np.isnan(found.error)


def test_the_most_iterations_are_kept():
    found = run(lambda u: u + 1.0, [0.0], most=7, memory=2)
    assert int(found.iterations) == 7
    assert float(found.error) > 0.5
