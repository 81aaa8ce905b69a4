"""Rank stability: ranks, Kendall's tau and shares against cases worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kendalltau

from headway.response.stability import kendall, ranks_of, stability, weight_draws


def test_ranks_and_ties() -> None:
    assert ranks_of(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [1, 4, 1, 3]


def test_kendall_equals_scipy_without_ties() -> None:
    rng = np.random.default_rng(0)
    one, other = rng.standard_normal((2, 12))
    assert kendall(one, other) == pytest.approx(kendalltau(one, other).statistic)
    assert kendall(one, one) == 1.0
    assert kendall(one, -one) == -1.0


def test_shares_by_hand() -> None:
    """Two states, one weight: the first package wins in one state, the second in the other."""
    changes = np.array([[[2.0], [1.0]], [[1.0], [2.0]]])
    found = stability(changes, np.array([[1.0]]), np.array([2.0, 1.0]))
    assert found.first.tolist() == [0.5, 0.5]
    assert found.top_three.tolist() == [1.0, 1.0]
    assert found.agreement == 0.0


def test_drawn_weights_keep_their_sign_and_median() -> None:
    drawn = weight_draws(np.array([1.0, -0.2]), np.random.default_rng(0), 4001)
    assert (drawn[:, 0] > 0).all()
    assert (drawn[:, 1] < 0).all()
    assert np.median(drawn, axis=0) == pytest.approx([1.0, -0.2], rel=0.05)
