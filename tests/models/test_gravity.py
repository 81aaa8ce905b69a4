"""Known answer: gegravity 0.3's Canada-Japan agreement, 30 countries of 2006, and what its experiment leaves out."""

from __future__ import annotations

import numpy as np
import pytest

from headway.errors import DataError, OutsideDomain
from headway.models.equilibrium import Baseline, Closure, Shock, solve
from headway.models.gravity import conditional_response, gravity_trade

# The coefficients that gegravity's own estimation finds, to six digits.
COEFFICIENTS = (0.471138, 0.891577, 0.032625, -0.389862, -3.412584)
PRINTED = {"CAN": 0.995835, "JPN": 0.999463, "KOR": 1.000043, "USA": 1.000074}


@pytest.fixture(scope="module")
def agreement(shared_data, load_known_answer):
    return load_known_answer.agreement(shared_data)


def test_the_estimates_are_the_peers(agreement):
    np.testing.assert_allclose(agreement.coefficients, COEFFICIENTS, atol=1e-6)


def test_welfare_statistic_and_prices_of_every_country(agreement):
    reference = agreement.countries.index("DEU")
    response = conditional_response(agreement.trade, agreement.effect, 4.0, reference=reference)
    # Its statistic is below one for a gain.
    np.testing.assert_allclose(1.0 / response.real_income, agreement.welfare, atol=1e-7)
    np.testing.assert_allclose(response.seller_price, agreement.price, atol=1e-7)
    for name, printed in PRINTED.items():
        computed = 1.0 / response.real_income[agreement.countries.index(name)]
        assert computed == pytest.approx(printed, abs=5e-7)


def test_with_outputs_that_adjust_the_gains_differ(agreement):
    """The full equilibrium moves Canada by 1e-4 more: holding output shares fixed is not an innocent step."""
    count = len(agreement.trade)
    spending, output = agreement.trade.sum(axis=1), agreement.trade.sum(axis=0)
    baseline = Baseline(
        expenditure=spending[None],
        trade_share=(agreement.trade / spending[:, None])[None],
        tariff=np.zeros((1, count, count)),
        value_added_share=np.ones((1, count)),
        input_share=np.zeros((1, 1, count)),
        final_share=np.ones((1, count)),
        value_added=output,
        deficit=spending - output,
        trade_elasticity=np.array([4.0]),
    )
    shock = Shock(iceberg=agreement.effect[None] ** -0.25)
    full = solve(baseline, shock, Closure(trade_balance="own_income"))
    gap = 1.0 / full.real_wage - agreement.welfare
    assert gap[agreement.countries.index("CAN")] == pytest.approx(-9.9e-5, abs=1e-6)
    assert np.max(np.abs(gap)) < 1.1e-4


def test_predicted_trade_meets_both_margins():
    rng = np.random.default_rng(0)
    output, spending, cost = rng.random(5) + 1.0, rng.random(5) + 1.0, rng.random((5, 5)) + 0.1
    trade = gravity_trade(output, spending, cost)
    np.testing.assert_allclose(trade.sum(axis=0), output, rtol=1e-11)
    np.testing.assert_allclose(trade.sum(axis=1), spending * output.sum() / spending.sum(), rtol=1e-11)


def test_no_change_in_costs_changes_nothing():
    trade = np.random.default_rng(1).random((4, 4)) + 0.1
    response = conditional_response(trade, np.ones((4, 4)), 4.0, reference=0)
    np.testing.assert_allclose(response.real_income, 1.0, atol=1e-11)
    np.testing.assert_allclose(response.trade, 1.0, atol=1e-11)


def test_values_outside_the_domain():
    with pytest.raises(DataError):
        gravity_trade(np.array([1.0, 0.0]), np.ones(2), np.ones((2, 2)))
    with pytest.raises(OutsideDomain):
        conditional_response(np.ones((2, 2)), np.ones((2, 2)), 0.0, reference=0)
