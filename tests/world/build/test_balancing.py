"""Balancing: agrees with plain RAS, keeps signs, is the closest table, and says when there is none."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize

from headway.errors import NotConverged
from headway.world.build.balancing import balance

Array = NDArray[np.float64]


def margins_of(shape: tuple[int, int]) -> sp.csr_matrix:
    rows, columns = shape
    return sp.vstack(
        [sp.kron(sp.eye(rows), np.ones((1, columns))), sp.kron(np.ones((1, rows)), np.eye(columns)[:-1])]
    ).tocsr()


def targets_of(table: Array) -> Array:
    return np.concatenate([table.sum(axis=1), table.sum(axis=0)[:-1]])


def plain_ras(prior: Array, rows: Array, columns: Array) -> Array:
    table = prior.copy()
    for _ in range(5000):
        table *= (rows / table.sum(axis=1))[:, None]
        table *= (columns / table.sum(axis=0))[None, :]
    return table


def test_it_is_ras_where_every_cell_is_positive() -> None:
    rng = np.random.default_rng(1)
    prior, goal = rng.uniform(1.0, 9.0, (5, 4)), rng.uniform(1.0, 9.0, (5, 4))
    found = balance(prior.ravel(), margins_of((5, 4)), targets_of(goal), give=np.ones(20), tolerance=1e-12)
    np.testing.assert_allclose(
        found.values.reshape(5, 4), plain_ras(prior, goal.sum(axis=1), goal.sum(axis=0)), rtol=1e-9
    )


def test_signs_and_zeros_stay_and_negative_cells_are_divided() -> None:
    prior = np.array([[7.0, -3.0, 2.0], [-1.0, 5.0, 0.0], [3.0, 2.0, 6.0]])
    goal = np.array([[8.0, -2.5, 2.0], [-1.2, 7.0, 0.0], [4.0, 2.0, 5.0]])
    found = balance(prior.ravel(), margins_of((3, 3)), targets_of(goal), give=np.ones(9), tolerance=1e-12)
    table = found.values.reshape(3, 3)
    np.testing.assert_array_equal(np.sign(table), np.sign(prior))
    np.testing.assert_allclose(table.sum(axis=1), goal.sum(axis=1), atol=1e-11)
    # GRAS: a positive cell is multiplied by r·s, a negative one divided by it.
    ratio = np.where(prior == 0, 1.0, table / np.where(prior == 0, 1.0, prior)) ** np.sign(prior)
    logs = np.log(ratio)
    np.testing.assert_allclose(logs[0, 0] - logs[0, 1], logs[2, 0] - logs[2, 1], atol=1e-9)


def test_it_is_the_closest_in_information() -> None:
    prior = np.array([4.0, 2.0, 1.0, 3.0])
    constraint = sp.csr_matrix(np.array([[1.0, -0.5, 2.0, 1.0]]))
    found = balance(prior, constraint, np.array([12.0]), give=np.ones(4), tolerance=1e-12)

    def distance(values: Array) -> float:
        return float((values * np.log(values / prior) - values + prior).sum())

    direct = minimize(
        distance,
        prior,
        constraints={"type": "eq", "fun": lambda v: constraint @ v - 12.0},
        bounds=[(1e-6, None)] * 4,
        options={"ftol": 1e-14},
    )
    np.testing.assert_allclose(found.values, direct.x, rtol=1e-5)


def test_a_reluctant_cell_moves_less() -> None:
    prior, give = np.array([10.0, 10.0]), np.array([1.0, 0.1])
    found = balance(prior, sp.csr_matrix(np.ones((1, 2))), np.array([26.0]), give=give, tolerance=1e-12)
    logs = np.log(found.values / prior)
    assert logs[1] == pytest.approx(0.1 * logs[0], rel=1e-9)


def test_contradicting_targets_are_an_error() -> None:
    constraints = sp.csr_matrix(np.array([[1.0, 1.0], [1.0, 1.0]]))
    with pytest.raises(NotConverged, match="constraint"):
        balance(np.ones(2), constraints, np.array([2.0, 3.0]), give=np.ones(2), tolerance=1e-9)
