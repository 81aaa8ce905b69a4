"""Known answer: one sector, 44 countries of 2000, EU enlargement, two deficit rules, computed by another program.

The data are GPL-3 (an R package), so they are read from the folder beside the repository and not copied.
"""

from __future__ import annotations

import numpy as np
import pytest

from headway.models.equilibrium import Closure, solve


@pytest.fixture(scope="module")
def enlargement(shared_data, load_known_answer):
    return load_known_answer.enlargement(shared_data)


def test_additive_deficits(enlargement):
    assert enlargement.baseline.regions == 44
    equilibrium = solve(enlargement.baseline, enlargement.shock)
    np.testing.assert_allclose(equilibrium.welfare, enlargement.additive_welfare, atol=1e-6)
    np.testing.assert_allclose(equilibrium.flow[0], enlargement.additive_trade, rtol=1e-6)


def test_multiplicative_deficits(enlargement):
    """The other program spends E' = (E/Y) Y' without letting the world add up, and reports welfare as Ŷ/P̂.

    Here spending is scaled so that it does (by 1.5e-6): real wages agree as they are, trade after one common factor.
    """
    equilibrium = solve(enlargement.baseline, enlargement.shock, Closure(trade_balance="own_income"))
    np.testing.assert_allclose(equilibrium.real_wage, enlargement.multiplicative_real_wage, atol=1e-6)
    scale = enlargement.multiplicative_trade.sum() / equilibrium.flow.sum()
    assert scale == pytest.approx(1.0, abs=2e-6)
    np.testing.assert_allclose(equilibrium.flow[0] * scale, enlargement.multiplicative_trade, rtol=1e-6)


def test_the_two_rules_differ(enlargement):
    difference = enlargement.additive_welfare - enlargement.multiplicative_real_wage
    assert np.max(np.abs(difference)) > 1e-4
