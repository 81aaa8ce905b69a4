"""The first-year model against closed forms, accounting and the limit of no shock."""

from __future__ import annotations

import numpy as np
import pytest

from headway.errors import OutsideDomain
from headway.models.equilibrium import Baseline
from headway.models.fixed_price import solve


def two_countries(theta: float, inputs: float = 0.0) -> Baseline:
    """One sector; importer 0 spends 40 % abroad, importer 1 half; inputs are a share of cost."""
    share = np.array([[[0.6, 0.4], [0.5, 0.5]]])
    expenditure = np.array([[100.0, 80.0]])
    sales = (share[0].T @ expenditure[0])[None]
    value_added = (1 - inputs) * sales[0]
    deficit = expenditure[0] - inputs * sales[0] - value_added
    return Baseline(
        expenditure=expenditure,
        trade_share=share,
        tariff=np.zeros((1, 2, 2)),
        value_added_share=np.full((1, 2), 1 - inputs),
        input_share=np.full((1, 1, 2), inputs),
        final_share=np.ones((1, 2)),
        value_added=value_added,
        deficit=deficit,
        trade_elasticity=np.array([theta]),
    )


def tariff_of(rate: float) -> np.ndarray:
    tariff = np.zeros((1, 2, 2))
    tariff[0, 0, 1] = rate
    return tariff


@pytest.mark.parametrize("theta", [-0.4, -0.24, 0.5, 4.0])
def test_no_shock_is_the_baseline(theta: float) -> None:
    baseline = two_countries(theta, inputs=0.4)
    outcome = solve(baseline, baseline.tariff)
    np.testing.assert_allclose(outcome.expenditure, baseline.expenditure, rtol=1e-10)
    np.testing.assert_allclose(outcome.real_income, 1.0, atol=1e-10)


@pytest.mark.parametrize("theta", [-0.24, 4.0])
def test_without_inputs_the_importer_follows_the_ces_formula(theta: float) -> None:
    """ŵ = 1 and no inputs: P̂ = [0.6 + 0.4 κ^{−θ}]^{−1/θ} and import share 0.4 κ^{−θ} P̂^{θ}."""
    outcome = solve(two_countries(theta), tariff_of(0.25))
    price = (0.6 + 0.4 * 1.25**-theta) ** (-1 / theta)
    assert outcome.price_change[0, 0] == pytest.approx(price)
    abroad = 0.4 * 1.25**-theta * price**theta
    spending = 100 / (1 - abroad * 0.25 / 1.25)  # 100 plus the revenue, which is respent
    assert outcome.flow[0, 0, 1] == pytest.approx(spending * abroad / 1.25)
    assert outcome.price_change[0, 1] == pytest.approx(1.0)


def test_inputs_carry_the_tariff_into_other_prices() -> None:
    plain, linked = (solve(two_countries(4.0, inputs), tariff_of(0.25)) for inputs in (0.0, 0.4))
    assert linked.cost_change[0, 0] > plain.cost_change[0, 0] == pytest.approx(1.0)
    assert linked.price_change[0, 1] > 1.0


def test_markets_clear_and_balances_sum_to_zero() -> None:
    baseline = two_countries(-0.24, inputs=0.4)
    outcome = solve(baseline, tariff_of(0.25))
    np.testing.assert_allclose(outcome.flow.sum(axis=1), outcome.output, rtol=1e-9)
    balance = outcome.flow.sum(axis=(0, 1)) - outcome.flow.sum(axis=(0, 2))
    assert balance.sum() == pytest.approx(0.0, abs=1e-9)
    assert outcome.flow_volume[0, 0, 1] < baseline.expenditure[0, 0] * 0.4


def test_elasticity_outside_the_domain() -> None:
    with pytest.raises(OutsideDomain):
        solve(two_countries(-1.0), tariff_of(0.1))
